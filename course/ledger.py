"""The ledger of the book's numbers: each statement, and where it is checked.

`ledger.toml` beside the notebooks of a chapter lists the statements of the book that
can be computed or measured. Each points to a measure, to an output of a recording or to
a test, names a slip and what is right, or says why it can't be had. Prose never counts.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from pathlib import Path

from course import catalogue
from course.bootstrap import ROOT
from dli import facts

LEDGER = "ledger.toml"

#: Statements of the book that can be computed or measured, by chapter.
STATEMENTS = {
    **{"1": 14, "2": 27, "3": 14, "4": 24, "5": 21, "6": 23, "7": 15, "8": 38, "9": 59},
    **{"10": 54, "11": 83, "12": 44, "13": 35, "14": 26, "A": 4, "B": 7, "C": 17},
}

_COLOUR = re.compile(r"\x1b\[[\d;]*m")  # Keras's summaries have it


class Check(StrEnum):
    """How a statement is checked."""

    MEASURE = "measure"  # on the scoreboard of a notebook
    OUTPUT = "output"  # in the recorded output of a cell
    SLIP = "slip"  # the book is wrong: an output proves what is right
    TEST = "test"
    NONE = "none"


@dataclass(frozen=True)
class Statement:
    """One statement of the book.

    Attributes:
        id: chapter and number, `"3.05"`.
        statement: in our own words.
        printed: the printed values.
        kind: arithmetic, measured, claim or setting.
        check: how it is checked.
        notebook: id of the notebook that checks it, or several: `"a, b"`.
        measure: of that notebook, or several.
        cell: id of the code cell whose output shows it, or several.
        shows: the texts that stand there, one a line; white space does not matter.
        test: `path::name` of a test.
        because: why it can't be had; for a slip, what is right.
    """

    id: str
    statement: str
    printed: tuple
    kind: str
    check: Check
    notebook: str = ""
    measure: str = ""
    cell: str = ""
    shows: str = ""
    test: str = ""
    because: str = ""

    @property
    def chapter(self) -> str:
        """The chapter that prints it."""
        return self.id.partition(".")[0]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Notebook and measure, or notebook and cell, of each place it points to.

        Raises:
            ValueError: there are several of both, and not as many.
        """
        notebooks = self.notebook.split(", ")
        names = (self.measure or self.cell).split(", ")
        count = max(len(notebooks), len(names))
        notebooks, names = (
            part * count if len(part) == 1 else part for part in (notebooks, names)
        )
        return list(zip(notebooks, names, strict=True))

    @property
    def is_checked(self) -> bool:
        """Whether something that is executed looks at it."""
        return self.check != Check.NONE


def statements() -> list[Statement]:
    """All statements of all ledgers, in the book's order.

    Raises:
        ValueError: a ledger is not as it must be; file and row are named.
    """
    found = []
    for path in sorted(catalogue.folder().glob(f"*/{LEDGER}")):
        found += parse(path.read_text(encoding="utf-8"), path.parent.name)
    return sorted(found, key=_place)


def _place(statement: Statement) -> tuple:
    chapter, _, number = statement.id.partition(".")
    digits = int(chapter) if chapter.isdigit() else 0
    return (not chapter.isdigit(), digits, chapter, number)


def parse(text: str, folder: str) -> list[Statement]:
    """The statements of one ledger.

    Raises:
        ValueError: a field is missing or unknown, or no such way to check.
    """
    known = {field.name for field in fields(Statement)}
    found = []
    for id, row in tomllib.loads(text).items():
        try:
            if unknown := row.keys() - known:
                raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
            check = Check(row.pop("check"))
            printed = tuple(row.pop("printed"))
            found.append(Statement(id=id, check=check, printed=printed, **row))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{folder}/{LEDGER}, {id}: {error}") from error
    return found


def problems(statement: Statement) -> list[str]:
    """Why the pointer of a statement leads nowhere; empty if it holds."""
    return list(_FOLLOW[statement.check](statement))


def _measure(statement: Statement) -> Iterator[str]:
    try:
        measures = [facts.entry(id).measure(name) for id, name in statement.places]
    except (KeyError, ValueError) as error:
        yield str(error.args[0])
        return
    for id, name in statement.places:
        if name not in facts.recorded().get(id, {}):
            yield f"{name} is not recorded"
    numbers = [n for n in statement.printed if isinstance(n, int | float)]
    if len(numbers) != len(measures):
        return  # a claim, or numbers that are not measured one by one
    for number, measure in zip(numbers, measures):
        shown = {measure.text(number), measure.text(number / 100)}
        if measure.book is not None and measure.printed not in shown:
            yield f"{number} is printed, {measure.name} has {measure.printed}"


def _output(statement: Statement) -> Iterator[str]:
    shown = ""
    try:
        for id, cell in statement.places:
            shown += f"{_shown(id, cell)} "
    except (KeyError, ValueError) as error:
        yield str(error.args[0])
        return
    for line in statement.shows.splitlines() or [""]:
        if not line.strip() or _spaced(line) not in _spaced(shown):
            yield f"{statement.cell} of {statement.notebook} does not show {line!r}"


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _shown(id: str, cell: str) -> str:
    """What a listener gets of a cell's outputs: text, tables, alt texts."""
    cells = catalogue.find(id).content["cells"]
    found = [c for c in cells if c.get("id") == cell and c["cell_type"] == "code"]
    if len(found) != 1:
        raise KeyError(f"{id} has no code cell {cell!r}")
    parts = []
    for output in found[0]["outputs"]:
        data = output.get("data", {})
        parts.append("".join(output.get("text", "")))
        parts.append(re.sub(r"<[^>]+>", " ", "".join(data.get("text/html", ""))))
        parts.append("".join(data.get("text/plain", "")))
    return _COLOUR.sub("", "\n".join(parts))


def _slip(statement: Statement) -> Iterator[str]:
    yield from _output(statement)
    if len(statement.because) < 10:
        yield "a slip says what is right (because)"


def _test(statement: Statement) -> Iterator[str]:
    path, _, name = statement.test.partition("::")
    name = name.partition("[")[0]
    if not name.startswith("test_") or name not in _tests_of(ROOT / path):
        yield f"there is no test {statement.test!r}"


@cache
def _tests_of(path: Path) -> set[str]:
    if not path.is_file() or path.suffix != ".py":
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _none(statement: Statement) -> Iterator[str]:
    if len(statement.because) < 10:
        yield "what is not checked says why (because)"


_FOLLOW = {
    Check.MEASURE: _measure,
    Check.OUTPUT: _output,
    Check.SLIP: _slip,
    Check.TEST: _test,
    Check.NONE: _none,
}
