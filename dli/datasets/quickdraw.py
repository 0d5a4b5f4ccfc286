"""Quick, Draw!: sketches that people drew in Google's game, 28 × 28 pixels each.

The complete file of a category lies in `quickdraw_data/`, as in the book: fetched
there when it is first needed, or put there by the reader. Where there is no such
folder, the cache has it. The table of sources names the apples only; every other
category is asked for at the same places under its own name.
"""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from dli import files, folders
from dli.datasets._fetch import loader, readers, recipes, sources
from dli.datasets._fetch.errors import Attempt
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import DataSet
from dli.datasets._stand_ins import quickdraw as made_up
from dli.words import did_you_mean

FOLDER = "quickdraw_data"  # beside the notebook, or in a folder above it
APPLES = 144_722
FEWEST = 3_000  # that a generative adversarial network of the notebook gets by with
PIXELS = 784


def load_data(category: str = "apple", fewest: int = FEWEST) -> np.ndarray:
    """All sketches of one category.

    Args:
        category: one of `categories()`.
        fewest: sketches that a reader's own file must hold, so that one that is too
            small is refused before a training rather than after it.

    Returns:
        uint8 of shape (n, 784), a sketch a row: 0 for the paper, 255 for ink. n is
        144,722 for the complete apples.

    Raises:
        ValueError: no category of that name; near matches are named. Or the reader's
            own file holds too few sketches.
        DataUnavailable: no source has it, and there is no stand-in (which only the
            apples have) or it is turned off; or the reader's own file holds something
            else; or the cache can't be written.
    """
    data_set = _entry(category)
    folder = folders.above(FOLDER)
    own = _own_file(folder, category) if folder else None
    if own:
        sketches = _own(data_set, own)
        if len(sketches) < fewest:
            raise ValueError(
                f"{FOLDER}/{own.name} holds {len(sketches):,} sketches, too few to "
                f"train on: {fewest:,} are needed. Move it away to have the sketches "
                f"fetched, or say load_data({category!r}, fewest={len(sketches)})"
            )
        complete = category != "apple" or len(sketches) == APPLES
        extent = "complete" if complete else "sample"
        loader.note(data_set, own, f"{len(sketches):,} sketches", extent=extent)
        return sketches
    (sketches,) = loader.arrays(data_set).values()
    if folder and loader.provenance()[data_set.name].extent == "complete":
        _land(sketches, folder / f"{category}.npy")
    return sketches


def _own_file(folder: Path, category: str) -> Path | None:
    """A category's file: by the name of the address, or of a browser's download."""
    names = (f"{category}.npy", f"full_numpy_bitmap_{category}.npy")
    return next((folder / n for n in names if (folder / n).exists()), None)


@lru_cache(maxsize=1)
def categories() -> tuple[str, ...]:
    """The names of Google's 345 categories."""
    listed = Path(__file__).with_name("quickdraw_categories.toml")
    return tuple(tomllib.loads(listed.read_text(encoding="utf-8"))["names"])


def _entry(category: str) -> DataSet:
    """The apples' entry of the table, or one like it for another category."""
    if category not in categories():
        hint = did_you_mean(
            str(category), categories(), "quickdraw.categories() lists them"
        )
        raise ValueError(f"no Quick, Draw! category {category!r}; {hint}")
    apples = sources.table()["quickdraw"]
    if category == "apple":
        return apples
    name = f"quickdraw-{category}"
    recipes.register(name, readers=_READERS)
    return replace(
        apples,
        name=name,
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
    )


def _own(data_set: DataSet, file: Path) -> np.ndarray:
    """The sketches in a file that lies in `quickdraw_data/`; it is only read."""
    try:
        return _sketches(file)
    except (OSError, ValueError, EOFError) as error:
        where = f"{FOLDER}/{file.name}"
        tried = [Attempt("file", where, f"{error}; move it away to have it fetched")]
        raise loader.unavailable(data_set, tried) from error


def _land(sketches: np.ndarray, target: Path) -> None:
    """Writes a fetched category where the book has it; never over another file.

    Where that can't be done, the cache still has it.
    """
    with suppress(OSError):
        files.remove_leftovers(target)
        with files.replacing(target) as temporary:
            with open(temporary, "wb") as opened:
                np.save(opened, sketches)
            if target.exists():  # made by someone else meanwhile
                raise FileExistsError(target)


# --- readers (see _fetch.readers) -----------------------------------------------------


def read_sketches(delivered: Mapping[str, Path]) -> Arrays:
    """The publisher's file of a category.

    Raises:
        ValueError: it is not a .npy file, or holds something else than sketches.
    """
    return {"sketches": _sketches(delivered["file"])}


def read_apples(delivered: Mapping[str, Path]) -> Arrays:
    """The publisher's file of all apples; otherwise as `read_sketches`."""
    found = read_sketches(delivered)
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


_READERS = {"sketches": read_sketches, "apples": read_apples}
recipes.register("quickdraw", readers=_READERS, stand_in=made_up.make)
