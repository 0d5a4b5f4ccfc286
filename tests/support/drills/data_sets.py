"""Four data sets, one of each kind, that the drills on data fetch from a server."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager

import numpy as np

from dli.datasets._fetch import cache, disk, sources
from tests.support.datasets import clean, npz, publisher, send, serving, table_text, tar

NAMES = ("known", "first", "packed", "plain")


def noise(seed: int, size: int) -> bytes:
    """Bytes that nothing compresses."""
    return np.random.default_rng(seed).bytes(size)


def arrays(version: int) -> dict[str, np.ndarray]:
    """What the .npz files hold: "x" uint8 (300, 16, 16), "y" float64 (9,)."""
    rng = np.random.default_rng(version)
    return {"x": rng.integers(0, 256, (300, 16, 16), np.uint8), "y": rng.normal(size=9)}


UNPACKED = {f"{n}.bin": noise(n, 20_000) for n in range(4)}
ARCHIVE = tar({f"top/{name}": body for name, body in UNPACKED.items()}, "w")
FILES = {
    "known.npz": [npz(arrays(0))],
    "first.npz": [npz(arrays(1)), npz(arrays(2))],  # a publisher who changes it
    "packed.tar": [ARCHIVE],
    "plain.bin": [noise(9, 80_000)],
}
GOOD = {
    "known": {cache.digest(arrays(0))},
    "first": {cache.digest(arrays(1)), cache.digest(arrays(2))},
    "packed": {hashlib.sha256(ARCHIVE).hexdigest()},
    "plain": {hashlib.sha256(FILES["plain.bin"][0]).hexdigest()},
}


def table(address: str) -> str:
    """Four data sets, one of each kind, each with one publisher."""

    def entry(name: str, artefact: str, kind: str, complete: str) -> str:
        source = publisher(f"{address}/{artefact}")
        if kind != "arrays":
            source = source.replace('format = "npz"', "")
        text = table_text(source, kind=kind, artefact=artefact, complete=complete)
        text = text.replace("[tiny]", f'[{name}]\nmodule = "tiny"')
        return text.replace("tiny.source", f"{name}.source")

    return "\n".join(
        (
            entry("known", "known.npz", "arrays", *GOOD["known"]),
            entry("first", "first.npz", "arrays", sources.FIRST_USE),
            entry("packed", "packed.tar", "archive", *GOOD["packed"]),
            entry("plain", "plain.bin", "file", *GOOD["plain"]),
        )
    )


def file(handler) -> None:
    """Answer with the requested file in its first version."""
    send(handler, FILES[handler.path.lstrip("/")][0])


@contextmanager
def four_sets(monkeypatch, folder, answer=file):
    """A server of four data sets, the only ones this process knows; none is cached.

    Args:
        monkeypatch: undoes it.
        folder: of the test; the cache is in it.
        answer: see `tests.support.datasets.serving`.

    Yields:
        The table and the list of requested paths.
    """
    clean(monkeypatch, folder)
    monkeypatch.setenv("DLI_STANDIN", "0")
    with serving(answer) as (address, asked):
        text = table(address)
        parsed = sources.parse(text)
        monkeypatch.setattr(sources, "table", lambda: parsed)
        yield text, asked


def unpacked() -> dict[str, bytes]:
    """The unpacked files of the archive in the cache, by name."""
    return {p.name: p.read_bytes() for p in (disk.folder() / "packed").glob("*.bin")}
