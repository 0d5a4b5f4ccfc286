"""Servers that fail in many ways: bounded time, the next source, a clear error."""

from __future__ import annotations

import random
import socket
import struct
import time

import pytest

from dli.datasets import DataUnavailable, provenance
from dli.datasets._fetch import cache, download, loader
from tests.support.datasets import (
    clean,
    npz,
    publisher,
    same,
    send,
    serving,
    table_text,
    use,
)
from tests.support.drills.data_sets import arrays
from tests.support.drills.figures import FULL, times

SEED = 13
GOOD = arrays(0)
BODY = npz(GOOD)
WRONG = npz({**GOOD, "y": GOOD["y"][::-1].copy()})
assert len(WRONG) == len(BODY)


def hold(handler, seconds: float = 12) -> None:
    """Keep a connection open and send nothing until the other side leaves."""
    handler.connection.settimeout(seconds)
    try:
        while handler.connection.recv(1024):
            pass
    except OSError:
        pass


def reset(handler) -> None:
    """Ends a connection as a crashed machine does."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def half(handler) -> None:
    send(handler, BODY[: len(BODY) // 2], length=len(BODY))
    handler.wfile.flush()


def stalls_half_way(handler) -> None:
    half(handler)
    hold(handler)


def resets_half_way(handler) -> None:
    half(handler)
    reset(handler)


def trickles(handler) -> None:
    send(handler, b"", length=len(BODY))
    try:
        for place in range(0, len(BODY), 64):  # 3 kB a second
            handler.wfile.write(BODY[place : place + 64])
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass


def redirects(handler, to: str) -> None:
    handler.send_response(302)
    handler.send_header("Location", to)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def redirects_slowly(handler) -> None:
    time.sleep(0.2)
    redirects(handler, handler.path)


def speaks_nonsense(handler) -> None:
    handler.wfile.write(b"\x16\x03\x01" + bytes(300))
    handler.close_connection = True


def endless_headers(handler) -> None:
    handler.send_response(200)
    for number in range(400):
        handler.send_header(f"X-{number}", "x" * 200)
    handler.end_headers()
    handler.wfile.write(BODY)


# A fault by name: what the server does, and what the reason must contain.
FAULTS = {
    "stalls": (hold, "sent nothing|did not answer in time"),
    "stalls half way": (stalls_half_way, "sent nothing|broke off|in time"),
    "resets": (reset, "no connection|broke off"),
    "resets half way": (resets_half_way, "broke off"),
    "trickles": (trickles, "too slow"),
    "404": (lambda h: send(h, b"gone", status=404), "answered 404"),
    "403": (lambda h: send(h, b"no", status=403), "answered 403"),
    "500": (lambda h: send(h, b"oh", status=500), "answered 500"),
    "429": (lambda h: send(h, b"later", status=429), "answered 429"),
    "truncated": (half, "broke off"),
    "says more than comes": (
        lambda h: send(h, BODY, length=len(BODY) + 9),
        "broke off",
    ),
    "says less than comes": (
        lambda h: send(h, BODY, length=len(BODY) - 9),
        "can't be read|not the data set",
    ),
    "says nothing comes": (
        lambda h: send(h, BODY, length=0),
        "can't be read|not the data set",
    ),
    "redirects in a loop": (lambda h: redirects(h, h.path), "redirects without end"),
    "redirects slowly": (redirects_slowly, "sent nothing|without end"),
    "redirects off https": (
        lambda h: redirects(h, "http://192.0.2.1/tiny.npz"),
        "not an https address",
    ),
    "redirects to a file": (lambda h: redirects(h, "file:///etc/passwd"), "https"),
    "wrong file, right size": (lambda h: send(h, WRONG), "is not the data set"),
    "a login page": (lambda h: send(h, b"<html>log in</html>"), "can't be read"),
    "empty": (lambda h: send(h, b""), "can't be read"),
    "nonsense": (speaks_nonsense, "no connection|broke off"),
    "endless headers": (endless_headers, "no connection|broke off"),
}
QUICK = {
    "FIRST_BYTE_SECONDS": 0.6,
    "READ_SECONDS": 0.6,
    "CONNECT_SECONDS": 0.6,
    "PATIENCE_SECONDS": 0.9,
    "CHUNK_BYTES": 64,
}


def bound() -> float:
    """Seconds that one source may take, by the settings of `download`."""
    longest = max(download.FIRST_BYTE_SECONDS, download.PATIENCE_SECONDS)
    once = longest + download.READ_SECONDS
    pauses = sum(download.RETRY_PAUSE_SECONDS * 2**n for n in range(download.RETRIES))
    return once * (1 + download.RETRIES) + pauses


@pytest.fixture
def bad_server(tmp_path, monkeypatch):
    """A server that fails as the path asks for; `good` is the right file."""
    clean(monkeypatch, tmp_path)
    names = list(FAULTS)

    def answer(handler):
        last = handler.path.rpartition("/")[2]
        if last == "good":
            send(handler, BODY)
        else:
            FAULTS[names[int(last)]][0](handler)

    with serving(answer) as (address, asked):

        def sources_of(faults: list[str], *, good: bool) -> list[str]:
            found = [f"{address}/{names.index(fault)}" for fault in faults]
            found += [f"{address}/good"] * good
            complete = cache.digest(GOOD)
            use(monkeypatch, table_text(*map(publisher, found), complete=complete))
            asked.clear()
            return found

        yield sources_of, asked


def has_right_reason(fault: str, reason: str) -> bool:
    return any(words in reason for words in FAULTS[fault][1].split("|"))


def one_by_one(faults, bad_server, monkeypatch, folder) -> tuple[list[str], float, str]:
    """Try every fault by itself; what went wrong, and the slowest."""
    sources_of, _ = bad_server
    monkeypatch.setenv("DLI_STANDIN", "0")
    missed, slowest = [], (0.0, "")
    for number, fault in enumerate(faults):
        monkeypatch.setenv("DLI_DATA_DIR", str(folder / f"alone{number}"))
        [address] = sources_of([fault], good=False)
        began = time.monotonic()
        try:
            loader.arrays("tiny")
            missed.append(f"{fault}: was taken")
            continue
        except DataUnavailable as error:
            seconds = time.monotonic() - began
            tried = {attempt.what: attempt.reason for attempt in error.tried}
            printed = str(error)
        slowest = max(slowest, (seconds, fault))
        reason = tried.get(address, "")
        if not has_right_reason(fault, reason):
            missed.append(f"{fault}: {reason}")
        if f"publisher, {address}: {reason}" not in printed:
            missed.append(f"{fault}: not named")
        if seconds > bound():
            missed.append(f"{fault}: {seconds:.1f} s")
    return missed, *slowest


def test_every_fault_alone(figures, monkeypatch, tmp_path, bad_server):
    """A publisher that stalls, resets, trickles, answers 403, 404, 429 or 500, lies
    about the length, redirects in a loop or off https, sends another file of the right
    size.

    The error names address and reason, within the time that the settings allow (made
    short here).
    """
    for name, value in QUICK.items():
        monkeypatch.setattr(download, name, value)
    chosen = list(FAULTS) if FULL else random.Random(SEED).sample(list(FAULTS), 14)
    missed, seconds, fault = one_by_one(chosen, bad_server, monkeypatch, tmp_path)
    figures.all_caught(
        "bad servers, alone",
        tries=len(chosen),
        missed=missed,
        detail=f"Slowest: {fault}, {seconds:.1f} s.",
    )


@pytest.mark.drill
def test_every_fault_alone_with_the_patience_of_a_reader(
    figures, monkeypatch, tmp_path, bad_server
):
    """The same with the settings as they are."""
    monkeypatch.setattr(download, "RETRY_PAUSE_SECONDS", 0.5)  # `clean` shortened it
    missed, seconds, fault = one_by_one(FAULTS, bad_server, monkeypatch, tmp_path)
    figures.all_caught(
        "bad servers, alone, unshortened settings",
        tries=len(FAULTS),
        missed=missed,
        detail=f"Slowest: {fault}, {seconds:.1f} s.",
    )


def test_faults_in_a_row(figures, monkeypatch, tmp_path, bad_server):
    """Two to five bad publishers in random order before a good one: each is asked, then
    the next, and the data are loaded.
    """
    for name, value in QUICK.items():
        monkeypatch.setattr(download, name, value)
    chance = random.Random(SEED)
    sources_of, asked = bad_server
    missed, slowest, tries = [], 0.0, times(2, 60)
    for number in range(tries):
        faults = chance.sample(list(FAULTS), chance.randint(2, 5))
        monkeypatch.setenv("DLI_DATA_DIR", str(tmp_path / f"row{number}"))
        addresses = sources_of(faults, good=True)
        began = time.monotonic()
        found = loader.arrays("tiny")
        seconds = time.monotonic() - began
        slowest = max(slowest, seconds)
        wanted = [f"/{address.rpartition('/')[2]}" for address in addresses]
        # A transfer that was given up in the row before may have had a last word.
        order = list(dict.fromkeys(path for path in asked if path in wanted))
        complete = provenance()["tiny"].extent == "complete"
        what = " → ".join(faults)
        if not complete or not same(found, GOOD):
            missed.append(f"{what}: {provenance()['tiny'].reason}")
        elif order != wanted:
            missed.append(f"{what}: asked in the order {order}")
        elif seconds > bound() * len(faults):
            missed.append(f"{what}: {seconds:.1f} s")
    figures.all_caught(
        "bad servers before a good one",
        tries=tries,
        missed=missed,
        detail=f"Slowest row: {slowest:.1f} s.",
    )
