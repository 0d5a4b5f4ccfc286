"""Quick, Draw!: sketches that people drew in Google's game, 28 × 28 pixels each.

The complete file of a category lies in `quickdraw_data/`, as in the book: fetched
there when it is first needed, or put there by the reader. The table of sources names
the apples only; every other category is asked for at the same places under its own
name.
"""

import difflib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from dli.datasets._fetch import cache, loader, readers, sources
from dli.datasets._fetch.errors import Attempt
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import DataSet
from dli.datasets._stand_ins import quickdraw as made_up

FOLDER = Path(__file__).parents[2] / "quickdraw_data"
APPLES = 144_722
PIXELS = 784


def load_data(category: str = "apple") -> np.ndarray:
    """All sketches of one category.

    Args:
        category: one of `categories()`.

    Returns:
        uint8 of shape (n, 784), a sketch a row: 0 for the paper, 255 for ink. n is
        144,722 for the complete apples.

    Raises:
        ValueError: no category of that name; near matches are named.
        DataUnavailable: no source has it, and there is no stand-in (which only the
            apples have) or it is turned off; or the reader's own file holds something
            else; or the cache can't be written.
    """
    data_set = _entry(category)
    own = FOLDER / f"{category}.npy"
    if own.exists():
        sketches = _own(data_set, own)
        complete = category != "apple" or len(sketches) == APPLES
        extent = "complete" if complete else "sample"
        loader.note(data_set, own, f"{len(sketches):,} sketches", extent=extent)
        return sketches
    (sketches,) = loader.arrays(data_set).values()
    if loader.provenance()[data_set.name].extent == "complete":
        _land(sketches, own)
    return sketches


@lru_cache(maxsize=1)
def categories() -> tuple[str, ...]:
    """The names of Google's 345 categories."""
    listed = Path(__file__).with_name("quickdraw_categories.toml")
    return tuple(tomllib.loads(listed.read_text(encoding="utf-8"))["names"])


def _entry(category: str) -> DataSet:
    """The apples' entry of the table, or one like it for another category."""
    if category not in categories():
        names = {name.casefold(): name for name in categories()}
        near = difflib.get_close_matches(str(category).casefold(), names, n=3)
        said = f"did you mean {' or '.join(names[name] for name in near)}?"
        raise ValueError(
            f"no Quick, Draw! category {category!r}; "
            f"{said if near else 'quickdraw.categories() lists them'}"
        )
    apples = sources.table()["quickdraw"]
    if category == "apple":
        return apples
    return replace(
        apples,
        name=f"quickdraw-{category}",
        title=f"Quick, Draw! sketches of the category {category}",
        artefact=f"quickdraw_{category}.npz",
        size=0,
        sha256={"complete": apples.sha256["complete"]},
        sources=tuple(
            replace(
                source,
                locator=source.locator.replace("apple", category),
                format="npz" if source.format == "npz" else "sketches",
                size=0,
            )
            for source in apples.sources
            if source.extent == "complete"
        ),
        by_hand=apples.by_hand.replace("apple", category),
        stand_in="",
    )


def _own(data_set: DataSet, file: Path) -> np.ndarray:
    """The sketches in a file that lies in `quickdraw_data/`; it is only read."""
    try:
        return _sketches(file)
    except (OSError, ValueError, EOFError) as error:
        where = f"{FOLDER.name}/{file.name}"
        tried = [Attempt("file", where, f"{error}; move it away to have it fetched")]
        raise loader.unavailable(data_set, tried) from error


def _land(sketches: np.ndarray, target: Path) -> None:
    """Writes a fetched category where the book has it; never over another file.

    Where that can't be done, the cache still has it.
    """
    with suppress(OSError):
        cache.clear_leftovers(target)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as opened:
                np.save(opened, sketches)
            os.chmod(name, 0o644)
            os.link(name, target)  # fails if the name was taken meanwhile
        finally:
            os.unlink(name)


# --- readers (see _fetch.readers) -----------------------------------------------------


def read_sketches(files: Mapping[str, Path]) -> Arrays:
    """The publisher's file of a category.

    Raises:
        ValueError: it is not a .npy file, or holds something else than sketches.
    """
    return {"sketches": _sketches(files["file"])}


def read_apples(files: Mapping[str, Path]) -> Arrays:
    """The publisher's file of all apples; otherwise as `read_sketches`."""
    found = read_sketches(files)
    rows = len(found["sketches"])
    if rows != APPLES:
        raise ValueError(f"{rows:,} sketches instead of {APPLES:,}")
    return found


def _sketches(file: Path) -> np.ndarray:
    with open(file, "rb") as opened:
        readers.check_npy(opened, file.stat().st_size)
        opened.seek(0)
        values = np.lib.format.read_array(opened, allow_pickle=False)
    if values.dtype != np.uint8 or values.ndim != 2 or values.shape[1] != PIXELS:
        raise ValueError(
            f"it holds {values.dtype} of shape {values.shape}, "
            f"not uint8 of shape (n, {PIXELS})"
        )
    if not len(values):
        raise ValueError("it holds no sketch")
    return values


stand_in = made_up.make
