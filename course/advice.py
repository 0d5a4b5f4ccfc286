"""What to do where an installation has failed: each failure gets its own advice."""

import re

_ADVICE = (
    ("no space left|disk quota", "The disk is full: free some space (3 GB)."),
    (
        "no matching distribution|no solution found|not a supported wheel",
        "A package does not exist for this machine or this Python; README.md says what "
        "is supported.",
    ),
    (
        "do not match the hashes|hash mismatch",
        "What the network delivered is not what was locked: a proxy or a mirror may "
        "have changed it. Try another network.",
    ),
    ("permission denied", "This folder can't be written: copy it to one that can."),
    (
        "certificate|ssl",
        "The connection is not trusted: behind a company's proxy, tell pip its "
        "certificate (PIP_CERT).",
    ),
    ("proxy", "The proxy refuses: check HTTPS_PROXY."),
    (
        "name resolution|getaddrinfo|connection|timed out|timeout|unreachable|network",
        "The package index can't be reached: check the network.",
    ),
)


def advice_on(said: str) -> str:
    """What to do about what pip or uv has said; empty where it is not known."""
    known = (text for mark, text in _ADVICE if re.search(mark, said, re.I))
    return next(known, "")
