"""The scoreboard: what the book printed against what this run measured.

`book.toml` holds, per notebook, the book's results and the band within which an
honest rerun falls, with the reason for the band. Notebooks, tests and the README's
table all read that one file.
"""

from __future__ import annotations

import difflib
import functools
import json
import math
import os
import tomllib
from pathlib import Path

from dli import tables
from dli.kernel import pace

#: Type of the output in which a notebook records its scoreboard for tests and tables.
MIME = "application/vnd.dli.scoreboard+json"

_NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


class OutsideBand(AssertionError):
    """A measure of a verifying run (`DLI_VERIFY=1`) is outside its band."""


@functools.cache
def entries() -> dict[str, dict]:
    """All entries of `book.toml` in book order: notebook id to its table."""
    return tomllib.loads((Path(__file__).parent / "book.toml").read_text("utf-8"))


def entry(notebook: str) -> dict:
    """The entry of one notebook.

    Raises:
        KeyError: there is no such notebook; near matches are named.
    """
    try:
        return entries()[notebook]
    except KeyError:
        raise KeyError(_unknown("notebook", notebook, entries())) from None


def compare(notebook: str, **measures: float) -> None:
    """Show the scoreboard: measure · book · this run · difference · verdict.

    Args:
        notebook: id of an entry of `book.toml`, such as "deep_net_in_keras".
        **measures: a number for every measure of that entry.

    Raises:
        KeyError: unknown notebook or measure.
        ValueError: a measure of the entry was not given.
        OutsideBand: `DLI_VERIFY=1`, and a measure is outside its band.
    """
    expected = {m["name"]: m for m in entry(notebook).get("measure", ())}
    for name in measures:
        if name not in expected:
            raise KeyError(_unknown(f"measure of {notebook}", name, expected))
    missing = [name for name in expected if name not in measures]
    if missing:
        raise ValueError(f"{notebook} also needs: {', '.join(missing)}")

    obstacle = _obstacle()
    rows = []
    for name, measure in expected.items():
        value = float(measures[name])
        rows.append(
            {
                "name": name,
                "label": measure["label"],
                "book": measure.get("book"),
                "value": value if math.isfinite(value) else str(value),
                "cells": _cells(measure, value, obstacle),
                "verdict": _verdict(measure, value, obstacle),
            }
        )
    _show(notebook, rows)
    outside = [row["label"] for row in rows if row["verdict"] == "outside the band"]
    if outside and os.environ.get("DLI_VERIFY") == "1":
        raise OutsideBand(f"{notebook}: outside the band: {', '.join(outside)}")


def table(measure: str) -> list[dict]:
    """The same measure over all notebooks that have it, in book order.

    Returns:
        Rows with keys `notebook` (id), `title`, `book` (float or None) and `recorded`
        (float, or None where no recorded notebook holds it).
    """
    rows = []
    for notebook, found in entries().items():
        for candidate in found.get("measure", ()):
            if candidate["name"] == measure:
                rows.append(
                    {
                        "notebook": notebook,
                        "title": found["title"],
                        "book": candidate.get("book"),
                        "recorded": recorded(notebook).get(measure),
                    }
                )
    return rows


def recorded(notebook: str) -> dict[str, float]:
    """Measures in the recorded outputs of a notebook; empty if it has none."""
    path = _NOTEBOOKS / f"{entry(notebook)['notebook']}.ipynb"
    if not path.exists():
        return {}
    return {
        row["name"]: row["value"]
        for row in scoreboard(json.loads(path.read_text("utf-8")))
    }


def scoreboard(notebook: dict) -> list[dict]:
    """Scoreboard rows among the outputs of an executed notebook (nbformat 4)."""
    rows = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            rows += output.get("data", {}).get(MIME, {}).get("rows", ())
    return rows


def within(measure: dict, value: float) -> bool:
    """Whether a value is inside the band of a measure (ends included)."""
    low, high = measure["band"]
    return low <= value <= high


def _obstacle() -> str | None:
    """Why this run can't be compared with the book, or None."""
    from dli import datasets

    for found in datasets.provenance().values():
        if found.extent == "stand-in":
            return "stand-in data"
        if found.extent == "sample" and not found.comparable:
            return "a sample of the data"
        if found.extent == "own":
            return "data of your own"
    return "quick pace" if pace.is_quick() else None


def _verdict(measure: dict, value: float, obstacle: str | None) -> str:
    if obstacle == "quick pace" and measure.get("exact"):
        obstacle = None  # arithmetic, or a count: the same at every pace
    if obstacle:
        return f"not comparable: {obstacle}"
    return "within the band" if within(measure, value) else "outside the band"


def _cells(measure: dict, value: float, obstacle: str | None) -> list[str]:
    spec = measure.get("format", ".4g")
    book = measure.get("book")
    return [
        measure["label"],
        "not printed" if book is None else format(book, spec),
        format(value, spec),
        "" if book is None else _difference(value, book, spec),
        _band(measure, spec),
        _verdict(measure, value, obstacle),
    ]


def _band(measure: dict, spec: str) -> str:
    if measure.get("exact"):
        return "as printed" if "book" in measure else "exact"
    low, high = measure["band"]
    return f"{low:{spec}} to {high:{spec}}"


def _difference(value: float, book: float, spec: str) -> str:
    if format(value, spec) == format(book, spec):
        return "none"
    return format(value - book, f"+{spec}")


_HEAD = ["measure", "book", "this run", "difference", "band", "verdict"]


def _show(notebook: str, rows: list[dict]) -> None:
    lines = [_HEAD, *(row["cells"] for row in rows)]
    text = tables.text(lines)
    try:
        from IPython.display import display
    except ImportError:
        print(text)
        return
    data = {
        "text/plain": text,
        "text/html": tables.html(lines),
        MIME: {
            "notebook": notebook,
            "rows": [
                {key: row[key] for key in ("name", "book", "value", "verdict")}
                for row in rows
            ],
        },
    }
    display(data, raw=True)


def _unknown(kind: str, name: str, known) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = (
        f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
    )
    return f"no {kind} named {name!r}; {hint}"
