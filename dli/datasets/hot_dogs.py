"""Hot dogs and other food: photographs in folders, as Keras reads them.

The book's own set, Kaggle's *seefood*, can't be fetched by a program: its page asks for
a login. What a mirror can hold is another, smaller set of the same kind. A reader who
has either, or photographs of their own, names the folder.
"""

import hashlib
import os
from collections import Counter
from pathlib import Path

import numpy as np

from dli import files, folders
from dli.datasets import _photographs as photographs
from dli.datasets._fetch import disk, live, loader, recipes, sources
from dli.datasets._fetch.errors import CacheUnusable
from dli.datasets._stand_ins import hot_dogs as made_up

SIDE = 224  # pixels
PARTS = ("train", "test")
CLASSES = ("hot_dog", "not_hot_dog")
SETTING = "DLI_HOT_DOGS"

# Of the mirror's photographs, by `_fingerprint`.
_KNOWN = "a6357664ba385c84d76f89848fafc325eb9f2e509acee7aa1030d65dc04d4958"

Pictures = dict[tuple[str, str], list[Path]]  # by part and class


def load_folder(folder: str | Path | None = None) -> Path:
    """A folder with `train/` and `test/`, in each `hot_dog/` and `not_hot_dog/`.

    For `keras.utils.image_dataset_from_directory(folder / "train")`. A reader's own
    folder is only read: its photographs are turned upright and copied into the cache.
    Unless they are the known ones, a line says that they are the reader's own, and
    results on them are not held against the book's.

    Args:
        folder: one of the reader's own; without it, the one that `DLI_HOT_DOGS` names;
            without that, the mirror's photographs or a stand-in.

    Returns:
        The folder: 100 + 100 photographs to train on and 25 + 25 to validate, of at
        most 224 pixels a side; or JPEGs of what the reader's holds, of at most 512
        pixels on the shorter side.

    Raises:
        ValueError: the reader's folder is missing, lacks a part or a class, has a
            class too many or one without pictures, or pictures that do not decode.
        DataUnavailable: no source has the photographs and stand-ins are turned off, or
            the cache can't be written.
    """
    if folder is not None:
        return _own(folders.given(folder), "drop the argument")
    if named := folders.named(SETTING):
        return _own(named, f"unset {SETTING}")
    return loader.folder("hot_dogs")


def load_photograph(path: str | Path) -> np.ndarray:
    """One photograph, as the networks look at them: the middle of it, upright.

    Args:
        path: of a JPEG, PNG, GIF or BMP; `~` stands for the home folder.

    Returns:
        uint8 of shape (224, 224, 3): red, green and blue.

    Raises:
        ValueError: it is missing, or is no photograph that can be read.
    """
    return photographs.square(folders.given(path), SIDE)


# --- a reader's own folder ------------------------------------------------------------


def _own(folder: Path, otherwise: str) -> Path:
    """A reader's photographs, ready for Keras; notes that they were used.

    Args:
        folder: it need not exist.
        otherwise: what to do for going on without it.
    """
    data_set = sources.table()["hot_dogs"]
    try:
        pictures = _pictures(folder)
        fingerprint = _fingerprint(pictures)
        known = fingerprint == _KNOWN
        with live.line(f"looking at the pictures in {folder}"):
            usable = folder if known else _prepared(pictures, fingerprint)
    except (ValueError, OSError) as error:
        raise ValueError(
            f"the folder {folder} can't be used: {error}. It needs train/ and test/, "
            f"in each hot_dog/ and not_hot_dog/, in each pictures "
            f"({', '.join(photographs.SUFFIXES)}). Mend it, or {otherwise} to go on "
            "without it."
        ) from None
    except CacheUnusable as error:
        raise loader.unavailable(data_set, [], error) from error
    if passed_over := _passed_over(folder):
        print(f"passed over: {passed_over}; save them as JPEG to have them used")
    counts = [" + ".join(str(len(pictures[p, c])) for c in CLASSES) for p in PARTS]
    loader.note(
        data_set,
        folder.resolve(),
        f"{counts[0]} pictures to train on and {counts[1]} to validate",
        extent="complete" if known else "own",
    )
    return usable


def _prepared(pictures: Pictures, fingerprint: str) -> Path:
    """A folder in the cache with the same pictures, as Keras reads them."""
    by_folder = {Path(part, name): found for (part, name), found in pictures.items()}
    return disk.made_folder(
        "hot_dogs",
        disk.folder() / "own" / f"hot_dogs-{fingerprint[:16]}",
        fingerprint,
        lambda into: photographs.prepare(by_folder, into),
    )


def _pictures(folder: Path) -> Pictures:
    """The pictures of each part and class, as Keras finds them.

    Raises:
        ValueError: the layout is another.
        OSError: a folder can't be read.
    """
    if not folder.is_dir():
        raise ValueError("it is not there" if not folder.exists() else "it is a file")
    for part in PARTS:
        if not (folder / part).is_dir():
            inner = [
                f for f in _folders(folder) if set(_folders(folder / f)) >= {*PARTS}
            ]
            hint = f" (do you mean {folder / inner[0]}?)" if inner else ""
            raise ValueError(f"it has no {part}/ but {_listed(_folders(folder))}{hint}")
    pictures = {}
    for part in PARTS:
        there = _folders(folder / part)
        lacking = [name for name in CLASSES if name not in there]
        if lacking:
            raise ValueError(f"{part}/ has no {lacking[0]}/ but {_listed(there)}")
        if len(there) > len(CLASSES):
            raise ValueError(f"{part}/ has {len(there)} classes: {_listed(there)}")
        for name in CLASSES:
            inside = folder / part / name
            pictures[part, name] = _found(inside, photographs.SUFFIXES)
            if not pictures[part, name]:
                others = _passed_over(inside)
                hint = f" but {others}: save them as JPEG" if others else ""
                raise ValueError(f"{part}/{name}/ holds no picture{hint}")
    return pictures


def _found(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files below a folder whose names end so, in Keras's order."""
    return [
        Path(root, file)
        for root, _, inside in sorted(os.walk(folder))
        for file in sorted(inside)
        if file.lower().endswith(suffixes)
    ]


def _passed_over(folder: Path) -> str:
    """Photographs of kinds that can't be used, counted: "40 .heic, 2 .webp"."""
    kinds = Counter(file.suffix.lower() for file in _found(folder, photographs.FOREIGN))
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def _folders(folder: Path) -> list[str]:
    """The names of the folders in a folder; hidden ones don't count, as in Keras."""
    return sorted(
        inner.name
        for inner in folder.iterdir()
        if inner.is_dir() and not inner.name.startswith(".")
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"{name}/" for name in names[:6]) or "no folder at all"


def _fingerprint(pictures: Pictures) -> str:
    """One hash of the bytes of all pictures and their classes, whatever their names."""
    hashes = sorted(
        f"{part}/{name} {files.sha256(file)}"
        for (part, name), found in pictures.items()
        for file in found
    )
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


recipes.register("hot_dogs", stand_in=made_up.make)
