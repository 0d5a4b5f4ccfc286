"""What is known of the notebooks: their titles, the book's numbers, bands, recordings.

`notebooks/chNN_topic/chapter.toml` holds the facts of a chapter's notebooks, and
`notebooks/recorded.json` the measures of all recordings (`course record` writes it).
This module finds and parses both; nothing else does.
"""

from __future__ import annotations

import functools
import json
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from pathlib import Path

from dli.words import did_you_mean

CHAPTER = "chapter.toml"
RECORDED = "recorded.json"
KEPT = "weights/"  # what `record` notes in RECORDED beside a notebook's measures
SIZE_KB = 500  # of a recorded notebook, unless its entry says otherwise


class Kind(StrEnum):
    """Whether the book has the notebook too, or only explains what it shows."""

    BOOK = "book"
    CONCEPT = "concept"


@dataclass(frozen=True)
class Measure:
    """One number that a notebook measures.

    Attributes:
        name: its name in the code of the notebook.
        label: its name on the scoreboard.
        band: the lowest and the highest value of an honest run.
        why: the reason for the band.
        format: format specification of the value.
        book: the printed value; None where the book prints none.
        where: where the book prints it.
        exact: arithmetic or a count, the same at every pace.
        words: what the book says in place of a number, `"few, if any"`; `book` may hold
            the number that they come closest to.
        seeds: pairs of a seed and the value of its run, from `course seeds`.
    """

    name: str
    label: str
    band: tuple[float, float]
    why: str
    format: str = ".4g"
    book: float | None = None
    where: str = ""
    exact: bool = False
    words: str = ""
    seeds: tuple[tuple[int, float], ...] = ()

    def holds(self, value: float) -> bool:
        """Whether a value is inside the band (ends included)."""
        low, high = self.band
        return low <= value <= high

    def text(self, value: float) -> str:
        """A value as the scoreboard shows it."""
        return format(value, self.format)

    @property
    def printed(self) -> str:
        """The book's value as the scoreboard shows it."""
        if self.words:
            return self.words
        return "not printed" if self.book is None else self.text(self.book)

    @property
    def theirs(self) -> bool:
        """Whether the value is that of the authors' notebooks, not of the book."""
        return bool(re.search(r"authors'|repository", self.where))


@dataclass(frozen=True)
class Entry:
    """One notebook's facts.

    Attributes:
        id: the file name without its number: `"lenet_in_keras"`.
        folder: of its chapter, `"ch10_machine_vision"`.
        file: its file name without the suffix, `"01_lenet_in_keras"`.
        chapter: as in the book: `"10"`, `"C"`.
        title: as in its first cell.
        shows: what a reader sees in it, in half a sentence.
        minutes: at full pace on 2 CPU cores.
        kind: of the book, or a concept notebook of ours.
        measures: what its scoreboard holds, in that order.
        headline: name of the measure that stands for the notebook; may be empty.
        teaches: the backend of Keras that it is about; empty for the others.
        size_kb: the most that its recording may take, in kB.
        keep: whether `record` keeps what its trainings leave (`dli.kept`).
    """

    id: str
    folder: str
    file: str
    chapter: str
    title: str
    shows: str
    minutes: float
    kind: Kind
    measures: tuple[Measure, ...] = ()
    headline: str = ""
    teaches: str = ""
    size_kb: int = SIZE_KB
    keep: bool = False

    @property
    def name(self) -> str:
        """`"ch10_machine_vision/01_lenet_in_keras"`."""
        return f"{self.folder}/{self.file}"

    @property
    def headline_measure(self) -> Measure | None:
        """The measure that stands for the notebook."""
        return self.measure(self.headline) if self.headline else None

    def measure(self, name: str) -> Measure:
        """One of its measures.

        Raises:
            KeyError: it has none of that name.
        """
        known = {measure.name: measure for measure in self.measures}
        try:
            return known[name]
        except KeyError:
            hint = did_you_mean(name, known)
            raise KeyError(f"no measure of {self.id} named {name!r}; {hint}") from None


@dataclass(frozen=True)
class Chapter:
    """A folder of notebooks.

    Attributes:
        folder: its name.
        number: as in the book: `"10"`, `"C"`.
        title: as in the book.
        entries: its notebooks by id, in order.
    """

    folder: str
    number: str
    title: str
    entries: Mapping[str, Entry] = field(default_factory=dict)


def folder():
    """Where the facts lie.

    In this order: the folder that `DLI_NOTEBOOKS` names, a folder `notebooks` here or
    above, that of the clone which the kernel belongs to (`DLI_CLONE`, which our kernels
    set), and the copy that is installed with the package.

    Returns:
        A path, or what `importlib.resources` has in its place.

    Raises:
        FileNotFoundError: there is none of them.
    """
    if named := os.environ.get("DLI_NOTEBOOKS", "").strip():
        return Path(named).expanduser()
    here = Path.cwd()
    for place in (here, *here.parents):
        for found in (place, place / "notebooks"):
            if (found / RECORDED).is_file():
                return found
    clone = os.environ.get("DLI_CLONE", "").strip()
    if clone and (found := Path(clone) / "notebooks").is_dir():
        return found
    installed = resources.files("dli") / "_notebooks"
    if installed.is_dir():
        return installed
    raise FileNotFoundError(
        "the facts about the notebooks (chapter.toml) are not here: open the notebook "
        "in its own folder, or set DLI_NOTEBOOKS to the folder `notebooks`"
    )


def chapters() -> tuple[Chapter, ...]:
    """All chapters in the book's order, appendices last.

    Raises:
        ValueError: a `chapter.toml` is not as it must be; it is named.
    """
    return _chapters(folder())


@functools.cache
def _chapters(place) -> tuple[Chapter, ...]:
    found = [
        parse((inside / CHAPTER).read_text(encoding="utf-8"), inside.name)
        for inside in place.iterdir()
        if inside.is_dir() and (inside / CHAPTER).is_file()
    ]
    return tuple(sorted(found, key=_place))


def _place(chapter: Chapter) -> tuple[bool, int, str]:
    number = chapter.number
    return (not number.isdigit(), int(number) if number.isdigit() else 0, number)


def entries() -> dict[str, Entry]:
    """All notebooks by id, in the book's order."""
    return {
        id: entry for chapter in chapters() for id, entry in chapter.entries.items()
    }


def entry(id: str) -> Entry:
    """The entry of one notebook.

    Raises:
        KeyError: there is no such notebook; near matches are named.
    """
    known = entries()
    try:
        return known[id]
    except KeyError:
        hint = did_you_mean(id, known)
        raise KeyError(f"no notebook named {id!r}; {hint}") from None


def recorded() -> dict[str, dict[str, float]]:
    """Measures of all recordings: notebook id to measure name to value."""
    return {
        id: {name: value for name, value in found.items() if name != KEPT}
        for id, found in _recorded().items()
        if found.keys() - {KEPT}
    }


def kept() -> dict[str, dict[str, str]]:
    """Files of kept trainings: notebook id to file name to SHA-256 of its bytes."""
    return {id: found[KEPT] for id, found in _recorded().items() if KEPT in found}


def _recorded() -> dict[str, dict]:
    return json.loads((folder() / RECORDED).read_text(encoding="utf-8"))


def parse(text: str, folder: str) -> Chapter:
    """The facts of one chapter.

    Args:
        text: of its `chapter.toml`.
        folder: the name of the folder that it lies in.

    Raises:
        ValueError: a field is missing, unknown, or has a wrong value.
    """
    try:
        tables = tomllib.loads(text)
        number, title = str(tables.pop("chapter")), tables.pop("title")
        found = {id: _entry(id, folder, number, table) for id, table in tables.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{folder}/{CHAPTER}: {_said(error)}") from error
    return Chapter(folder, number, title, found)


def _entry(id: str, folder: str, chapter: str, table: dict) -> Entry:
    try:
        measures = tuple(_measure(fields) for fields in table.pop("measure", ()))
        found = Entry(
            id=id,
            folder=folder,
            chapter=chapter,
            kind=Kind(table.pop("kind")),
            measures=measures,
            **table,
        )
        if not re.fullmatch(rf"\d\d_{id}", found.file):
            raise ValueError(f"file is {found.file!r}, not its number and the id")
        if not found.minutes > 0:
            raise ValueError("minutes must be more than 0")
        names = [measure.name for measure in measures]
        if names and found.headline not in names:
            raise ValueError(f"headline {found.headline!r} is not one of its measures")
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"[{id}]: {_said(error)}") from error
    return found


def _measure(fields: dict) -> Measure:
    seeds = {int(seed): float(v) for seed, v in fields.get("seeds", {}).items()}
    fields = {**fields, "seeds": tuple(sorted(seeds.items()))}
    measure = Measure(**fields | {"band": tuple(fields.get("band", ()))})
    if len(measure.band) != 2 or not measure.band[0] <= measure.band[1]:
        raise ValueError(f"{measure.name}: band must be [lowest, highest]")
    if not math.isfinite(sum(measure.band)) or not measure.why or not measure.label:
        raise ValueError(f"{measure.name}: the band must be finite and have a why")
    if measure.why.isupper():
        raise ValueError(f"{measure.name}: {measure.why} is a placeholder, not a why")
    if measure.book is not None and not measure.where:
        raise ValueError(f"{measure.name}: say where the book prints it")
    measure.text(measure.band[1])  # ValueError where the format is none
    return measure


def _said(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error.args[0]}"
    return (
        str(error)
        .replace("Entry.__init__() got", "it has")
        .replace("Measure.__init__() got", "a measure has")
    )
