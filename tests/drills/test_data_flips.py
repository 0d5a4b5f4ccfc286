"""A cached file with a wrong byte is never used; it is set aside and fetched again."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dli.datasets._fetch import cache, disk, loader, sources
from tests.support.drills import data_child
from tests.support.drills.data_sets import GOOD, NAMES, UNPACKED, four_sets, unpacked
from tests.support.drills.figures import times

SEED = 7
KINDS = {
    "known": ".npz of known hash",
    "first": ".npz known by its first use",
    "packed": "archive",
    "plain": "file",
}


def sound(name: str) -> bool:
    """Whether the artefact still holds the same values, whatever its bytes are."""
    try:
        cache.read(sources.table()[name], "complete")
    except Exception:
        return False
    return True


def aside(file: Path) -> list[bytes]:
    """The damaged copies that were set aside, beside an artefact."""
    return [f.read_bytes() for f in file.parent.glob(f"{file.name}.damaged-*")]


@pytest.mark.parametrize("name", NAMES)
def test_flipped_bytes(figures, monkeypatch, tmp_path, capsys, name):
    """One to four random bytes are changed in a cached file: an artefact of each kind
    of data set, its record, an unpacked file, the list of hashes.

    The next load returns what was published. An artefact that holds something else is
    set aside with a message, and fetched again, once.
    """
    chance = random.Random(f"{SEED} {name}")
    missed, harmless, tries = [], 0, times(12, 500)
    with four_sets(monkeypatch, tmp_path) as (_, asked):
        first = data_child.load(name)
        artefact = cache.path(sources.table()[name], "complete")
        files = sorted(f for f in disk.folder().rglob("*") if f.is_file())
        files = [file for file in files if not file.name.endswith(".lock")]
        for number in range(tries):
            target = artefact if number % 2 else chance.choice(files)
            body = bytearray(target.read_bytes())
            ends = [*range(400), *range(len(body) - 400, len(body))]  # headers
            span = (
                ends if len(body) > 800 and chance.random() < 0.5 else range(len(body))
            )
            places = chance.sample(span, chance.randint(1, 4))
            for place in places:
                body[place] ^= chance.randint(1, 255)
            target.write_bytes(body)
            for old in artefact.parent.glob("*.damaged-*"):
                old.unlink()
            intact = sound(name)
            asked.clear()
            capsys.readouterr()
            what = f"{target.name}, bytes {', '.join(map(str, sorted(places)))}"
            if data_child.load(name) != first or first not in GOOD[name]:
                missed.append(f"{what}: another content")
            elif name == "packed" and unpacked() != UNPACKED:
                missed.append(f"{what}: other unpacked files")
            elif intact:  # a date in a zip, the words of a record
                harmless += target == artefact
                if asked or aside(artefact):
                    missed.append(f"{what}: fetched without need")
            elif len(asked) != 1 or "damaged: " not in capsys.readouterr().out:
                missed.append(f"{what}: fetched {len(asked)} times")
            elif target == artefact and aside(artefact) != [bytes(body)]:
                missed.append(f"{what}: not set aside")
    figures.all_caught(
        f"bytes flipped in a cached {KINDS[name]}",
        tries=tries,
        detail=f"{harmless} left all values as they were" if harmless else "",
        missed=missed,
    )


def claiming(shape: tuple[int, ...], descr: str = "|u1") -> bytes:
    """An .npz file whose array claims a shape and holds three bytes."""
    array, out = io.BytesIO(), io.BytesIO()
    claim = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(array, claim)
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("x.npy", array.getvalue() + b"abc")
    return out.getvalue()


CLAIMS = [(10**10,), (10**13,), (10**19,), (2**32, 2**32), (2**62, 4, 4), (-1,)]


@pytest.mark.parametrize("shape", CLAIMS, ids=str)
def test_an_array_that_claims_more_than_memory(figures, monkeypatch, tmp_path, shape):
    """A cached .npz claims an array of up to 2⁶⁶ values and holds three: it is set
    aside and fetched again; no memory is allocated for it.
    """
    with four_sets(monkeypatch, tmp_path):
        first = data_child.load("known")
        cache.path(sources.table()["known"], "complete").write_bytes(claiming(shape))
        again = data_child.load("known")
        figures.note("arrays that claim too much", tries=1, caught=int(again == first))
    assert again == first
    assert loader.provenance()["known"].extent == "complete"
