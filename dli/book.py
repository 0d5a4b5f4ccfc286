"""The scoreboard: what the book printed against what this run measured.

The book's values and the bands within which an honest run falls are facts of a chapter
(`dli.facts`); here they are compared with a run and shown.
"""

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass

from dli import board, facts
from dli.board import Verdict
from dli.facts import Measure
from dli.kept import player
from dli.kernel import pace
from dli.words import did_you_mean

#: Type of the output in which a notebook records its scoreboard for tests and tables.
MIME = "application/vnd.dli.scoreboard+json"


#: What the scoreboard says of rows for which kept weights were used.
KEPT = "kept weights"


class OutsideBand(AssertionError):
    """A measure of a verifying run (`DLI_VERIFY=1`) is outside its band."""


@dataclass(frozen=True)
class Row:
    """One row of a recorded scoreboard.

    Attributes:
        name: of the measure.
        book: the printed value, if there is one.
        value: what was measured; text where it is no finite number.
        verdict: as it was shown, with its reason.
    """

    name: str
    book: float | None
    value: float | str
    verdict: str


def compare(notebook: str, **measures: float) -> None:
    """Show the scoreboard: what the book gives, what this run measured, the verdicts.

    Args:
        notebook: id of an entry, such as "deep_net_in_keras".
        **measures: a number for every measure of that entry.

    Raises:
        KeyError: unknown notebook or measure.
        ValueError: a measure of the entry was not given.
        OutsideBand: `DLI_VERIFY=1`, and a measure is outside its band.
    """
    expected = {measure.name: measure for measure in facts.entry(notebook).measures}
    for name in measures:
        if name not in expected:
            hint = did_you_mean(name, expected)
            raise KeyError(f"no measure of {notebook} named {name!r}; {hint}")
    missing = [name for name in expected if name not in measures]
    if missing:
        raise ValueError(f"{notebook} also needs: {', '.join(missing)}")

    shown = scoreboard(
        notebook,
        [(measure, float(measures[name])) for name, measure in expected.items()],
        _obstacle(),
    )
    _display(shown)
    outside = [
        expected[row["name"]].label
        for row in shown[MIME]["rows"]
        if Verdict.of(row["verdict"]) == Verdict.OUTSIDE
    ]
    if outside and os.environ.get("DLI_VERIFY") == "1":
        raise OutsideBand(f"{notebook}: outside the band: {', '.join(outside)}")


def entry(notebook: str) -> dict:
    """The facts of one notebook as a plain dictionary, for use in notebooks.

    Raises:
        KeyError: there is no such notebook; near matches are named.
    """
    return asdict(facts.entry(notebook))


def table(measure: str) -> list[dict]:
    """The same measure over all notebooks that have it, in book order.

    Returns:
        Rows with keys `notebook` (id), `title`, `book` (float or None) and `recorded`
        (float, or None where no recorded notebook holds it).
    """
    return [
        {
            "notebook": id,
            "title": found.title,
            "book": candidate.book,
            "recorded": recorded(id).get(measure),
        }
        for id, found in facts.entries().items()
        for candidate in found.measures
        if candidate.name == measure
    ]


def recorded(notebook: str) -> dict[str, float]:
    """Measures of the recorded run of a notebook; empty where none is recorded.

    Raises:
        KeyError: there is no such notebook.
    """
    return facts.recorded().get(facts.entry(notebook).id, {})


def rows_of(notebook: dict) -> list[Row]:
    """Scoreboard rows among the outputs of an executed notebook (nbformat 4)."""
    return [
        Row(**row)
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        for row in output.get("data", {}).get(MIME, {}).get("rows", ())
    ]


def scoreboard(
    notebook: str, values: list[tuple[Measure, float]], obstacle: str | None = None
) -> dict:
    """What `compare` displays, by MIME type.

    Args:
        notebook: its id.
        values: the measures in the order of the table, and what was measured.
        obstacle: why this run can't be compared with the book; None if it can.
    """
    lines = [
        board.Line(measure, value, _verdict(measure, value, obstacle))
        for measure, value in values
    ]
    rows = [
        {
            "name": line.measure.name,
            "book": line.measure.book,
            "value": line.value if math.isfinite(line.value) else str(line.value),
            "verdict": line.verdict,
        }
        for line in lines
    ]
    return {**board.shown(lines), MIME: {"notebook": notebook, "rows": rows}}


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
    return "quick pace" if pace.is_quick() or player.state.shortened else None


def _verdict(measure: Measure, value: float, obstacle: str | None) -> str:
    if obstacle == "quick pace" and measure.exact:
        obstacle = None
    if obstacle:
        return f"{Verdict.NOT_COMPARABLE}: {obstacle}"
    verdict = Verdict.WITHIN if measure.holds(value) else Verdict.OUTSIDE
    mark = f": {KEPT}" if player.state.used and not measure.exact else ""
    return f"{verdict}{mark}"


def _display(bundle: dict) -> None:
    try:
        from IPython.display import display
    except ImportError:
        print(bundle["text/plain"])
        return
    display(bundle, raw=True)
