"""Hot dogs and other food: photographs in folders, as Keras reads them.

The book's own set, Kaggle's *seefood*, can't be fetched by a program: its page asks for
a login. What a mirror can hold is another, smaller set of the same kind. A reader who
has either, or photographs of their own, names the folder.
"""

import hashlib
import os
from pathlib import Path

from dli.datasets._fetch import live, loader, sources
from dli.datasets._stand_ins import hot_dogs as made_up

PARTS = ("train", "test")
CLASSES = ("hot_dog", "not_hot_dog")
SETTING = "DLI_HOT_DOGS"

# What Keras looks for in a folder, and what it can decode.
_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_FORMATS = ("BMP", "GIF", "JPEG", "PNG")

# Of the mirror's photographs, by `_fingerprint`.
_KNOWN = "a6357664ba385c84d76f89848fafc325eb9f2e509acee7aa1030d65dc04d4958"
_NAMED = 3  # broken pictures that an error names


def load_folder(folder: str | Path | None = None) -> Path:
    """A folder with `train/` and `test/`, in each `hot_dog/` and `not_hot_dog/`.

    For `keras.utils.image_dataset_from_directory(folder / "train")`. A reader's own
    folder is only read; unless it holds the known photographs, a line says that it is
    the reader's own, and results on it are not held against the book's.

    Args:
        folder: one of the reader's own; without it, the one that `DLI_HOT_DOGS` names;
            without that, the mirror's photographs or a stand-in.

    Returns:
        The folder: 100 + 100 photographs to train on and 25 + 25 to validate, of at
        most 224 pixels a side; or what the reader's holds.

    Raises:
        ValueError: the reader's folder is missing, lacks a part or a class, has a
            class too many or one without pictures, or pictures that do not decode.
        DataUnavailable: no source has the photographs and stand-ins are turned off, or
            the cache can't be written.
    """
    named = os.environ.get(SETTING, "").strip()
    if folder is not None:
        return _own(Path(folder).expanduser(), "drop the argument")
    if named:
        return _own(Path(named).expanduser(), f"unset {SETTING}")
    return loader.folder("hot_dogs")


# --- a reader's own folder ------------------------------------------------------------


def _own(folder: Path, otherwise: str) -> Path:
    """Checks a reader's folder and notes that it was used.

    Args:
        folder: it need not exist.
        otherwise: what to do for going on without it.
    """
    try:
        pictures = _pictures(folder)
        with live.line(f"looking at the pictures in {folder}"):
            _decode([file for files in pictures.values() for file in files])
    except ValueError as error:
        raise ValueError(
            f"the folder {folder} can't be used: {error}. It needs train/ and test/, "
            f"in each hot_dog/ and not_hot_dog/, in each pictures "
            f"({', '.join(_SUFFIXES)}). Mend it, or {otherwise} to go on without it."
        ) from None
    counts = [" + ".join(str(len(pictures[p, c])) for c in CLASSES) for p in PARTS]
    loader.note(
        sources.table()["hot_dogs"],
        folder.resolve(),
        f"{counts[0]} pictures to train on and {counts[1]} to validate",
        extent="complete" if _fingerprint(pictures) == _KNOWN else "own",
    )
    return folder


def _pictures(folder: Path) -> dict[tuple[str, str], list[Path]]:
    """The pictures of each part and class, as Keras finds them.

    Raises:
        ValueError: the layout is another.
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
            pictures[part, name] = [
                Path(root, file)
                for root, _, files in sorted(os.walk(folder / part / name))
                for file in sorted(files)
                if file.lower().endswith(_SUFFIXES)
            ]
            if not pictures[part, name]:
                raise ValueError(f"{part}/{name}/ holds no picture")
    return pictures


def _folders(folder: Path) -> list[str]:
    """The names of the folders in a folder; hidden ones don't count, as in Keras."""
    return sorted(
        inner.name
        for inner in folder.iterdir()
        if inner.is_dir() and not inner.name.startswith(".")
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"{name}/" for name in names[:6]) or "no folder at all"


def _decode(files: list[Path]) -> None:
    """Decodes pictures, JPEGs at an eighth of their size, which shows every break.

    Raises:
        ValueError: some do not decode; they are named.
    """
    from PIL import Image

    broken = []
    for file in files:
        try:
            with Image.open(file, formats=_FORMATS) as picture:
                picture.draft("RGB", (32, 32))
                picture.load()
        except Exception as error:  # a broken picture fails in many ways
            # Pillow names the file in full, which is known here.
            why = "no picture" if "cannot identify" in str(error) else error
            broken.append(f"{'/'.join(file.parts[-3:])} ({why})")
    if broken:
        more = f" and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
        raise ValueError(
            f"these do not decode: {', '.join(broken[:_NAMED])}{more}; remove or "
            "replace them"
        )


def _fingerprint(pictures: dict[tuple[str, str], list[Path]]) -> str:
    """One hash of the bytes of all pictures and their classes, whatever their names."""
    hashes = sorted(
        f"{part}/{name} {sources.file_hash(file)}"
        for (part, name), files in pictures.items()
        for file in files
    )
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


stand_in = made_up.make
