"""What became of a notebook: one JSON file each, which all that follows looks at.

    runs/quick/ch10_machine_vision/01_lenet_in_keras.ipynb    as it was executed
    runs/quick/ch10_machine_vision/01_lenet_in_keras.html     its page
    runs/quick/ch10_machine_vision/01_lenet_in_keras.json     its result
    runs/quick/run.json                                       which run they are of
    runs/quick/index.html                                     the table

On another backend than TensorFlow: `runs/quick-jax/…`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from nbformat import NotebookNode

from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.files import write_whole
from course.kernels import Backend, Pace
from course.recording import code_hash
from dli import book, facts, tables
from dli.book import Row, Verdict

RUNS = ROOT / "runs"


class State(StrEnum):
    """How far a notebook came."""

    RAN = "ran"
    FAILED = "failed"
    LACKS = "not for running here"
    NO_NOTEBOOK = "not a notebook"
    INTERRUPTED = "interrupted"
    NOT_KEPT = "its result could not be written"
    PENDING = "not reached yet"


@dataclass(frozen=True)
class Outcome:
    """One notebook that had its turn.

    Attributes:
        notebook: which.
        state: `RAN` or `FAILED`, or why it was not executed.
        reason: the error, or what it lacks.
        content: as it was executed (nbformat 4); None if it was not.
        seconds: from the start of its kernel to the end.
        memory: bytes, the most that its kernel held.
    """

    notebook: Notebook
    state: State
    reason: str = ""
    content: NotebookNode | None = None
    seconds: float = 0.0
    memory: int = 0


@dataclass(frozen=True)
class Result:
    """What became of one notebook.

    Attributes:
        name: as in the catalogue.
        state: how far it came.
        reason: why it did not come further; what the error was.
        seconds: from the start of its kernel to the end.
        memory: bytes, the most that its kernel held; 0 if not measured.
        rows: of its scoreboard.
        trained: how: `"now"`, `"kept weights"`, `"briefly"`; empty if nothing trains.
        code_sha256: hash of the code that was executed.
        key: of all it depends on, if it passed `course verify` (`course.check.passed`).
        passed: when that was, in seconds since 1970.
    """

    name: str
    state: State = State.PENDING
    reason: str = ""
    seconds: float = 0.0
    memory: int = 0
    rows: tuple[Row, ...] = ()
    trained: str = ""
    code_sha256: str = ""
    key: str = ""
    passed: float = 0.0

    @property
    def is_outside(self) -> bool:
        """Whether a measure is outside its band."""
        return any(Verdict.of(row.verdict) == Verdict.OUTSIDE for row in self.rows)

    @property
    def is_ok(self) -> bool:
        """Whether nothing is to be mended: it ran, or is not for running here."""
        return self.state in (State.RAN, State.LACKS) and not self.is_outside


def folder(pace: Pace, backend: Backend = Backend.TENSORFLOW) -> Path:
    """Where results of a pace and a backend lie."""
    if backend == Backend.TENSORFLOW:
        return RUNS / pace
    return RUNS / f"{pace}-{backend}"


def save(into: Path, result: Result) -> None:
    """Write a result file.

    Raises:
        OSError: it can't be written.
    """
    target = into / f"{result.name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, json.dumps(asdict(result), indent=1) + "\n")


def load(inside: Path, name: str) -> Result | None:
    """The result of a notebook; None where there is none that can be read."""
    try:
        found = json.loads((inside / f"{name}.json").read_text(encoding="utf-8"))
        rows = tuple(Row(**row) for row in found.pop("rows"))
        return Result(state=State(found.pop("state")), rows=rows, **found)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ended(found: Iterable[Result], why: str = "") -> list[Result]:
    """Results at the end of a run: what was not reached was interrupted.

    Args:
        found: one a notebook.
        why: the error of the disk that ended the run, if there was one.
    """
    state = State.NOT_KEPT if why else State.INTERRUPTED
    return [
        replace(result, state=state, reason=why)
        if result.state == State.PENDING
        else result
        for result in found
    ]


@dataclass(frozen=True)
class Run:
    """Which notebooks the results of a folder belong to.

    Attributes:
        notebooks: their names, in the order of the table.
        complete: whether all had their turn.
        seconds: of the whole run; 0 if it was interrupted and went on later.
    """

    notebooks: tuple[str, ...]
    complete: bool = False
    seconds: float = 0.0

    def save(self, into: Path) -> None:
        """Write `run.json`."""
        into.mkdir(parents=True, exist_ok=True)
        write_whole(into / "run.json", json.dumps(asdict(self), indent=1) + "\n")

    @staticmethod
    def load(inside: Path) -> Run | None:
        """The last run into a folder; None where there is none that can be read."""
        try:
            found = json.loads((inside / "run.json").read_text(encoding="utf-8"))
            return Run(tuple(found.pop("notebooks")), **found)
        except (OSError, ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True)
class Headline:
    """The measure that stands for a notebook, and the worst of its verdicts."""

    label: str
    printed: str
    value: str
    verdict: str


def headline(result: Result) -> Headline | None:
    """The headline of a result; None where its scoreboard holds none."""
    entries = (e for e in facts.entries().values() if e.name == result.name)
    entry = next(entries, None)
    measure = entry.headline_measure if entry else None
    values = {row.name: row.value for row in result.rows}
    if measure is None or measure.name not in values:
        return None
    verdicts = [row.verdict.removesuffix(f": {book.KEPT}") for row in result.rows]
    worst = next((v for v in verdicts if v != Verdict.WITHIN), Verdict.WITHIN)
    known = facts.recorded().get(entry.id, {}).get(measure.name)
    if Verdict.of(worst) == Verdict.NOT_COMPARABLE and known is not None:
        worst += f"; the recorded run: {measure.text(known)}"
    return Headline(
        measure.label, measure.printed, measure.text(float(values[measure.name])), worst
    )


HEAD = ("notebook", "seconds", "peak MB", "trained", "measure", "book", "this run")
HEAD += ("verdict",)


def cells(result: Result) -> tuple[str, ...]:
    """A result as one row of the table, in the order of `HEAD`."""
    if result.state not in (State.RAN, State.FAILED):
        return (result.name, *[""] * 6, f"not run: {result.reason or result.state}")
    memory = f"{result.memory / 1e6:.0f}" if result.memory else ""
    head = (result.name, f"{result.seconds:.0f}", memory, result.trained)
    if result.state == State.FAILED:
        return (*head, "", "", "", f"FAILED: {result.reason}")
    shown = headline(result)
    if shown is None:
        return (*head, "", "", "", "ran")
    return (*head, shown.label, shown.printed, shown.value, shown.verdict)


def table(results: Iterable[Result]) -> str:
    """The columns of `HEAD`, as text."""
    lines = [HEAD]
    for result in results:
        *head, last = cells(result)
        lines.append((*head, (last.splitlines() or [""])[0][:90]))
    return tables.text(lines)


def of_outcome(outcome: Outcome) -> Result:
    """The result of a notebook that had its turn."""
    content = outcome.content
    return Result(
        outcome.notebook.name,
        outcome.state,
        outcome.reason,
        outcome.seconds,
        outcome.memory,
        tuple(book.rows_of(content)) if content else (),
        _trained(content) if content else "",
        code_hash(content) if content else "",
    )


def _trained(content: NotebookNode) -> str:
    """How the networks of an executed notebook were trained."""
    cells = [cell for cell in content.cells if cell.cell_type == "code"]
    if not any("training" in cell.metadata.get("tags", ()) for cell in cells):
        return ""
    said = "".join(output.get("text", "") for c in cells for output in c.outputs)
    lines = [line for line in said.splitlines() if line.startswith("quick pace")]
    if any("results mean nothing" in line for line in lines):
        return "briefly"
    return book.KEPT if f"{book.KEPT}: " in said else "now"
