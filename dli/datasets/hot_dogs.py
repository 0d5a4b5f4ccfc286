"""Hot dogs and other food: photographs in folders, as Keras reads them.

The book's own set, Kaggle's *seefood*, can't be fetched by a program: its page asks for
a login. What a mirror can hold is another, smaller set of the same kind. A reader who
has either, or photographs of their own, names the folder.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dli import files, folders
from dli.datasets import _photographs as photographs
from dli.datasets._fetch import disk, live, loader, recipes, sources
from dli.datasets._fetch.errors import CacheUnusable
from dli.datasets._stand_ins import painting
from dli.datasets._stand_ins.painting import Colour, Painting

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


# --- stand-in -------------------------------------------------------------------------


def stand_in(into: Path) -> None:
    """Painted food in the layout of the photographs: 100 + 100 and 25 + 25 JPEGs.

    A hot dog is a sausage in a bun, with something on it. Other food has its colours
    and its shapes, but never both together: buns without, sausages without, tomatoes,
    and more.

    Args:
        into: an existing, empty folder.
    """
    rng = np.random.RandomState(10)
    for part, count in zip(PARTS, (100, 25)):
        for name in CLASSES:
            folder = into / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                picture = _food(name, number, rng).developed()
                picture.save(folder / f"{number:04}.jpg", quality=88)


_TABLES = (
    ((120, 80, 50), (95, 60, 38), (140, 100, 65)),  # wood
    ((225, 222, 215), (235, 233, 228), (205, 200, 195)),  # cloth
    ((45, 42, 45), (30, 28, 30), (65, 60, 62)),  # slate
    ((60, 95, 75), (80, 115, 90), (45, 75, 60)),
)
_SIZES = ((224, 149), (149, 224), (224, 168), (168, 224))
_BUN, _CRUST = (205, 145, 80), (170, 105, 50)
_SAUSAGE, _TOMATO, _CHEESE = (165, 70, 45), (190, 45, 35), (235, 195, 95)
_MUSTARD, _KETCHUP, _MAYONNAISE = (230, 185, 40), (180, 25, 25), (240, 230, 205)
_LEAF, _LEMON, _BERRY = (80, 130, 50), (240, 210, 70), (60, 55, 105)


def _food(name: str, number: int, rng: np.random.RandomState) -> Painting:
    """One meal on a table, often on a plate."""
    size = _SIZES[rng.randint(len(_SIZES))]
    picture = Painting(size, _TABLES[rng.randint(len(_TABLES))], rng)
    middle = np.array(size) / 2 + rng.normal(0, 10, 2)
    reach = rng.uniform(0.3, 0.47) * min(size)
    if rng.rand() < 0.6:
        china = (235, 235, 232) if rng.rand() < 0.7 else (40, 40, 42)
        china = painting.varied(china, rng)
        picture.disc(middle, reach * 1.25, painting.mixed(china, (120, 120, 120), 0.3))
        picture.disc(middle, reach * 1.2, china)
    if rng.rand() < 0.4:  # something beside it
        _leaves(picture, middle + rng.normal(0, reach, 2), reach * 0.5, rng)
    if name == "hot_dog":
        _hot_dogs(picture, middle, reach, rng)
    else:
        _DISHES[number % len(_DISHES)](picture, middle, reach, rng)
    return picture


def _bar(picture, middle, angle, length, width, colour: Colour, bow=0.0) -> np.ndarray:
    """A thick line with round ends, straight or bowed; returns its points."""
    along = np.linspace(-1, 1, 12)
    points = np.stack([along * length / 2, bow * width * (1 - along**2)], axis=1)
    points = painting.turned(points, angle) + middle
    picture.line(points, width, colour)
    return points


def _side_by_side(middle, angle, count, step):
    """Places in a row, across the angle."""
    across = painting.turned(np.array([0, 1]), angle)
    return [middle + across * step * (k - (count - 1) / 2) for k in range(count)]


def _bread(picture, middle, angle, length, width, rng, bow) -> Colour:
    """A bun with its darker rim; returns its colour."""
    bun = painting.varied(_BUN, rng, 18)
    _bar(picture, middle, angle, length, width, painting.mixed(bun, _CRUST, 0.7), bow)
    _bar(picture, middle, angle, length, width * 0.85, bun, bow)
    return bun


def _sauce(picture, middle, angle, length, width, rng) -> None:
    """A wave of something along a sausage."""
    along = np.linspace(-1, 1, 40)
    wave = np.sin(along * rng.uniform(9, 16)) * width
    line = painting.turned(np.stack([along * length / 2, wave], axis=1), angle)
    kinds = (_MUSTARD, _KETCHUP, _MAYONNAISE)
    colour = painting.varied(kinds[rng.randint(len(kinds))], rng)
    picture.line(line + middle, max(2, width * 0.6), colour)


def _hot_dogs(picture, middle, reach, rng) -> None:
    """One to three, side by side."""
    count = rng.choice([1, 1, 2, 3])
    angle = rng.uniform(0, np.pi)
    length = reach * rng.uniform(1.4, 1.9)
    width = min(length * rng.uniform(0.33, 0.45), 2.2 * reach / count)
    bow = rng.normal(0, 0.12)
    for place in _side_by_side(middle, angle, count, width * 1.1):
        bun = _bread(picture, place, angle, length * 0.75, width, rng, bow)
        groove = painting.mixed(bun, (90, 50, 25), 0.6)
        _bar(picture, place, angle, length * 0.8, width * 0.5, groove, bow)
        meat = painting.varied(_SAUSAGE, rng, 18)
        _bar(picture, place, angle, length * 0.88, width * 0.4, meat, bow)
        if rng.rand() < 0.85:
            _sauce(picture, place, angle, length * 0.8, width * 0.14, rng)
        if rng.rand() < 0.3:
            _leaves(picture, place, width * 0.5, rng)


def _buns(picture, middle, reach, rng) -> None:
    """Bread with nothing in it."""
    count, angle = rng.randint(1, 4), rng.uniform(0, np.pi)
    length, width = reach * rng.uniform(0.6, 1.5), reach * rng.uniform(0.5, 0.7)
    for place in _side_by_side(middle, angle, count, width * 1.1):
        bun = _bread(picture, place, angle, length, width, rng, rng.normal(0, 0.1))
        for cut in np.linspace(-0.3, 0.3, rng.randint(0, 4)):
            at = place + painting.turned(np.array([cut * length, 0]), angle)
            light = painting.mixed(bun, _MAYONNAISE, 0.5)
            _bar(picture, at, angle + 1.2, width * 0.5, 3, light)


def _sausages(picture, middle, reach, rng) -> None:
    """Sausages without bread, side by side or crossed."""
    angle, count = rng.uniform(0, np.pi), rng.randint(2, 5)
    length, width = reach * rng.uniform(1.1, 1.6), reach * rng.uniform(0.2, 0.32)
    for place in _side_by_side(middle, angle, count, width * rng.uniform(1.1, 1.6)):
        meat = painting.varied(_SAUSAGE, rng, 18)
        turn = angle + rng.normal(0, 0.15)
        points = _bar(picture, place, turn, length, width, meat, rng.normal(0, 0.3))
        shine = painting.mixed(meat, _MAYONNAISE, 0.3)
        picture.line(points - (0, width * 0.2), width * 0.15, shine)


def _pizza(picture, middle, reach, rng) -> None:
    """A round of crust, tomato, cheese and slices of sausage."""
    picture.disc(middle, reach * 1.05, painting.varied(_CRUST, rng))
    picture.disc(middle, reach * 0.93, painting.varied(_TOMATO, rng, 18))
    for _ in range(30):
        at = middle + _somewhere(reach * 0.8, rng)
        picture.disc(at, reach * rng.uniform(0.06, 0.2), painting.varied(_CHEESE, rng))
    for _ in range(rng.randint(5, 12)):
        at = middle + _somewhere(reach * 0.75, rng)
        picture.disc(at, reach * 0.13, painting.varied(_SAUSAGE, rng))


def _burger(picture, middle, reach, rng) -> None:
    """Bun, leaf, cheese, meat, tomato and bun, from the side."""
    layers = (_BUN, _LEAF, _TOMATO, _CHEESE, (85, 50, 35), _BUN)
    step = reach * 0.32
    for level, colour in reversed(list(enumerate(layers))):
        at = np.add(middle, (0, (level - 2.5) * step))
        thick = step * (2 if colour == _BUN else 1.1)
        _bar(picture, at, 0, reach * 1.1, thick, painting.varied(colour, rng))


def _pasta(picture, middle, reach, rng) -> None:
    """A heap of noodles, with sauce or without."""
    colour = painting.mixed(_CHEESE, _TOMATO, rng.choice([0, 0.2, 0.6]))
    for _ in range(90):
        at = middle + _somewhere(reach * 0.85, rng)
        shade = painting.varied(colour, rng, 22)
        angle = rng.uniform(0, np.pi)
        _bar(picture, at, angle, reach * 0.4, reach * 0.08, shade, rng.normal(0, 1))


def _leaves(picture, middle, reach, rng) -> None:
    """A heap of leaves."""
    for _ in range(35):
        size = reach * rng.uniform(0.25, 0.6)
        leaf = painting.petal(size, size * 0.6, 0.5, 0.7)
        placed = painting.turned(leaf, rng.uniform(0, 2 * np.pi))
        at = middle + _somewhere(reach * 0.8, rng)
        picture.fill(placed + at, painting.varied(_LEAF, rng, 25))


def _salad(picture, middle, reach, rng) -> None:
    """Leaves with slices of tomato and egg."""
    _leaves(picture, middle, reach * 1.1, rng)
    for _ in range(rng.randint(3, 9)):
        at, size = (
            middle + _somewhere(reach * 0.8, rng),
            reach * rng.uniform(0.12, 0.25),
        )
        outer, inner = ((_TOMATO, (215, 90, 70)), (_MAYONNAISE, _LEMON))[rng.randint(2)]
        picture.disc(at, size, painting.varied(outer, rng))
        picture.disc(at, size * 0.6, painting.varied(inner, rng))


def _fruit(picture, middle, reach, rng) -> None:
    """Round fruit of one or two kinds, whole."""
    kinds = (_TOMATO, _LEMON, _BERRY, (225, 125, 35), (120, 160, 60))
    pair = [kinds[k] for k in rng.randint(0, len(kinds), 2)]
    size = reach * rng.uniform(0.15, 0.4)
    for _ in range(int(14 * reach / size)):
        at = middle + rng.uniform(-1.6, 1.6, 2) * reach
        colour = painting.varied(pair[rng.randint(2)], rng, 14)
        picture.disc(at, size, painting.mixed(colour, (30, 25, 25), 0.35))
        picture.disc(at - size * 0.08, size * 0.88, colour)
        picture.disc(
            at - size * 0.35, size * 0.15, painting.mixed(colour, _MAYONNAISE, 0.6)
        )


def _vegetables(picture, middle, reach, rng) -> None:
    """Carrots, peppers, cucumbers and maize, side by side."""
    kinds = ((225, 120, 40), _KETCHUP, _LEAF, _LEMON, (120, 60, 90))
    angle, count = rng.uniform(0, np.pi), rng.randint(3, 6)
    for place in _side_by_side(middle, angle, count, reach * 0.45):
        colour = painting.varied(kinds[rng.randint(len(kinds))], rng, 14)
        root = painting.petal(reach * 1.7, reach * rng.uniform(0.25, 0.5), 0.7, 0.6)
        placed = painting.turned(np.add(root, (0, reach * 0.85)), angle + np.pi / 2)
        picture.fill(placed + place, colour)


def _steak(picture, middle, reach, rng) -> None:
    """A piece of meat with marks of the grill, and chips."""
    angle = np.linspace(0, 2 * np.pi, 24)
    round_about = reach * (
        0.75 + 0.15 * np.sin(2 * angle + 1) + rng.normal(0, 0.03, 24)
    )
    rim = round_about[:, None] * np.stack([np.cos(angle), 0.7 * np.sin(angle)], axis=1)
    meat = painting.varied((115, 65, 45), rng, 15)
    picture.fill(rim + middle, meat)
    turn = rng.uniform(0, np.pi)
    for place in _side_by_side(middle, turn, 4, reach * 0.22):
        _bar(
            picture,
            place,
            turn,
            reach * 0.8,
            3,
            painting.mixed(meat, (30, 20, 15), 0.6),
        )
    for _ in range(14):
        at = _somewhere(reach * 0.6, rng) + middle + np.array([0, reach * 0.7])
        chip = painting.varied(_MUSTARD, rng, 18)
        _bar(picture, at, rng.uniform(0, np.pi), reach * 0.5, reach * 0.1, chip)


def _somewhere(radius: float, rng: np.random.RandomState) -> np.ndarray:
    """A point in a circle about (0, 0)."""
    angle, far = rng.uniform(0, 2 * np.pi), radius * rng.rand() ** 0.5
    return far * np.array([np.cos(angle), np.sin(angle)])


_DISHES: tuple[Callable, ...] = (
    _buns,
    _sausages,
    _pizza,
    _burger,
    _pasta,
    _salad,
    _fruit,
    _vegetables,
    _steak,
)


recipes.register("hot_dogs", stand_in=stand_in)
