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
        kind: arithmetic, measured, claim or history.
        check: how it is checked.
        notebook: id of the notebook that checks it.
        measure: of that notebook; several with commas between them.
        cell: id of the code cell whose output shows it.
        shows: the text that stands there.
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
    def measures(self) -> list[str]:
        """The names in `measure`."""
        return self.measure.split(", ")

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
        entry = facts.entry(statement.notebook)
        measures = [entry.measure(name) for name in statement.measures]
    except KeyError as error:
        yield str(error.args[0])
        return
    recorded = facts.recorded().get(statement.notebook, {})
    yield from (f"{m.name} is not recorded" for m in measures if m.name not in recorded)
    numbers = [n for n in statement.printed if isinstance(n, int | float)]
    if len(numbers) != len(measures):
        return  # a claim, or numbers that are not measured one by one
    for number, measure in zip(numbers, measures):
        shown = {measure.text(number), measure.text(number / 100)}
        if measure.book is not None and measure.printed not in shown:
            yield f"{number} is printed, {measure.name} has {measure.printed}"


def _output(statement: Statement) -> Iterator[str]:
    try:
        content = catalogue.find(statement.notebook).content
    except KeyError as error:
        yield str(error.args[0])
        return
    cells = [c for c in content["cells"] if c.get("id") == statement.cell]
    if len(cells) != 1 or cells[0]["cell_type"] != "code":
        yield f"{statement.notebook} has no code cell {statement.cell!r}"
    elif not statement.shows or statement.shows not in _shown(cells[0]):
        yield f"cell {statement.cell} does not show {statement.shows!r}"


def _shown(cell: dict) -> str:
    """What a listener gets of a cell's outputs: text, tables, alt texts."""
    parts = []
    for output in cell["outputs"]:
        parts.append("".join(output.get("text", "")))
        for mime in ("text/plain", "text/html"):
            text = "".join(output.get("data", {}).get(mime, ""))
            parts.append(
                re.sub(r"<[^>]+>", " ", text) if mime.endswith("html") else text
            )
    return "\n".join(parts)


def _slip(statement: Statement) -> Iterator[str]:
    yield from _output(statement)
    if len(statement.because) < 10:
        yield "a slip says what is right (because)"


def _test(statement: Statement) -> Iterator[str]:
    path, _, name = statement.test.partition("::")
    if name.partition("[")[0] not in _tests_of(ROOT / path):
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
