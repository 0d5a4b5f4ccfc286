"""Hints for a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Close matches of a word, as the end of an error message.

    Args:
        word: what was asked for.
        known: what there is.
        otherwise: said where nothing comes close; all known words where it is empty.
    """
    known = list(known)
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.4)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return otherwise or f"known: {', '.join(known)}"
