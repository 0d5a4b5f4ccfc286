"""The lesson plans of `teaching/`: their seconds, and what is wrong with them.

A plan begins with a line such as `**60 minutes**`; the table after it holds its steps.
The column *run* names a notebook by a link, parts of it by their headings, in italics,
or the ids of their cells, in backticks, and exercises by their numbers. Whoever teaches
runs all of a notebook when a step opens it, so the column *seconds* holds what the
whole notebook takes at trained pace. A step without a link goes on in the same one.

    python -m course run --jobs 1 --afresh      measures, on an idle machine
    python -m course lessons                    writes seconds.json, and the columns
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from course import catalogue, machine
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.files import write_whole
from course.kernels import Pace
from course.recording import code_hash
from course.run import results
from course.run.results import State

FOLDER = ROOT / "teaching"
SECONDS = FOLDER / "seconds.json"

#: How far stated seconds may lie from measured ones: a share, and at least so many.
SHARE, FLOOR = 0.15, 3.0
UNKNOWN = "–"

_PLAN = re.compile(r"^\*\*(\d+) minutes\b", re.M)
_LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.M)
_EXERCISES = re.compile(r"[Ee]xercises? (\d+(?:(?:,| and) \d+)*)")
_DIGITS = re.compile(r"\d+").findall
_EXERCISE_OF = re.compile(r"[Ee]xercise (\d+)\b[^.\[|]*\[[^\]]+\]\(([^)#]+\.ipynb)")


@dataclass(frozen=True)
class Step:
    """A row of a plan's table.

    Attributes:
        number: of its line in the file, from 0.
        minutes: how long it takes.
        cells: by the name of their column.
    """

    number: int
    minutes: int
    cells: dict[str, str]

    @property
    def notebook(self) -> str:
        """The address of the notebook that it runs; empty for none."""
        links = _LINK.findall(self.cells.get("run", ""))
        return next((link for link in links if link.endswith(".ipynb")), "")

    @property
    def plans(self) -> list[str]:
        """Addresses of the plans that it takes up as a whole."""
        links = _LINK.findall(self.cells["what"])
        return [link for link in links if re.fullmatch(r"ch\d+\.md", link)]


@dataclass(frozen=True)
class Plan:
    """A lesson, or a course, as it stands in a file.

    Attributes:
        file: that file.
        minutes: how long it says that it takes.
        steps: its table.
    """

    file: Path
    minutes: int
    steps: list[Step] = field(default_factory=list)


def files() -> list[Path]:
    """All pages of `teaching/`."""
    return sorted(FOLDER.glob("*.md"))


def plans(file: Path, text: str) -> list[Plan]:
    """The plans of a page.

    Raises:
        ValueError: a plan has no table, or a row of it no minutes.
    """
    found = []
    lines = text.splitlines()
    for match in _PLAN.finditer(text):
        first = text[: match.start()].count("\n")
        table = [n for n in range(first, len(lines)) if lines[n].startswith("|")]
        if not table:
            raise ValueError(f"{file.name}: a plan without a table")
        head = _cells(lines[table[0]])
        if "minutes" not in head or "what" not in head:
            raise ValueError(f"{file.name}: its table lacks minutes or what")
        steps = []
        for number in range(table[0] + 2, len(lines)):
            if not lines[number].startswith("|"):
                break
            row = dict(zip(head, _cells(lines[number])))
            if not row["minutes"].isdigit():
                raise ValueError(f"{file.name}, line {number + 1}: no minutes")
            steps.append(Step(number, int(row["minutes"]), row))
        found.append(Plan(file, int(match[1]), steps))
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def measured() -> dict[str, float]:
    """Seconds of each notebook at trained pace, by its id."""
    try:
        found = json.loads(SECONDS.read_text("utf-8"))["notebooks"]
    except FileNotFoundError:
        return {}
    return {id: entry["seconds"] for id, entry in found.items()}


def errors(file: Path, text: str, seconds: dict[str, float]) -> list[str]:
    """What is wrong with the plans of a page; empty if nothing.

    Args:
        file: the page.
        text: what it holds.
        seconds: as `measured` gives them.
    """
    try:
        found = plans(file, text)
    except ValueError as error:
        return [str(error)]
    wrong = []
    for plan in found:
        total = sum(step.minutes for step in plan.steps)
        if total != plan.minutes:
            wrong.append(f"its steps take {total} minutes, not {plan.minutes}")
        here: Notebook | None = None
        for step in plan.steps:
            if step.notebook:
                here = _at(file, step.notebook)
            wrong += _wrong_times(step, here, seconds)
            wrong += _wrong_names(step, here)
            wrong += _wrong_plans(file, step)
    for link in _LINK.findall(text):
        if not re.match(r"[a-z]+:", link) and not (file.parent / link).exists():
            wrong.append(f"there is no {link}")
    for number, address in _EXERCISE_OF.findall(text):
        notebook = _at(file, address)
        if notebook and int(number) not in _parts(notebook).exercises:
            wrong.append(f"{notebook.id} has no exercise {number}")
    return [f"{file.name}: {what}" for what in dict.fromkeys(wrong)]


def all_errors() -> list[str]:
    """What is wrong with all pages, by the seconds as they are measured now."""
    seconds = measured()
    return [e for f in files() for e in errors(f, f.read_text("utf-8"), seconds)]


def _wrong_times(
    step: Step, here: Notebook | None, seconds: dict[str, float]
) -> list[str]:
    stated = step.cells.get("seconds", "")
    if not step.notebook or here is None:
        return [f"seconds of no notebook: {stated}"] if stated else []
    known = seconds.get(here.id)
    if known is None:
        return [] if stated == UNKNOWN else [f"{here.id} was not measured: {stated}"]
    if not stated.isdigit():
        return [f"{here.id} was measured, run `make lessons`: {stated}"]
    wrong = []
    if abs(int(stated) - known) > max(SHARE * known, FLOOR):
        wrong.append(f"{here.id} takes {known:.0f} seconds, not {stated}")
    if step.minutes * 60 < known:
        wrong.append(f"{here.id} takes {known:.0f} s, and gets {step.minutes} minutes")
    return wrong


def _wrong_names(step: Step, here: Notebook | None) -> list[str]:
    run = step.cells.get("run", "")
    if step.notebook and here is None:
        return [f"no notebook of ours: {step.notebook}"]
    names = re.sub(r"\[[^\]]*\]\([^)]*\)", "", run)
    headings = re.findall(r"\*([^*]+)\*", names)
    ids = re.findall(r"`([^`]+)`", names)
    numbers = [int(n) for all_ in _EXERCISES.findall(names) for n in _DIGITS(all_)]
    if here is None:
        return [f"a part of no notebook: {run}"] if headings + ids + numbers else []
    parts = _parts(here)
    wrong = [h for h in headings if h not in parts.headings]
    wrong += [id for id in ids if id not in parts.ids]
    wrong += [f"exercise {n}" for n in numbers if n not in parts.exercises]
    return [f"{here.id} has no {what!r}" for what in wrong]


def _wrong_plans(file: Path, step: Step) -> list[str]:
    total = 0
    for link in step.plans:
        other = file.parent / link
        if not other.exists():
            return [f"there is no plan {link}"]
        total += plans(other, other.read_text("utf-8"))[0].minutes
    if step.plans and total != step.minutes:
        return [f"{' and '.join(step.plans)} take {total} minutes, not {step.minutes}"]
    return []


@dataclass(frozen=True)
class _Parts:
    headings: frozenset[str]
    ids: frozenset[str]
    exercises: frozenset[int]


def _parts(notebook: Notebook) -> _Parts:
    return _parts_of(notebook.path)


@cache
def _parts_of(path: Path) -> _Parts:
    """What of a notebook a plan may name."""
    notebook = catalogue.at(path)
    headings = set()
    for cell in notebook.content["cells"]:
        if cell["cell_type"] == "markdown":
            found = _HEADING.findall("".join(cell["source"]))
            headings |= {re.sub(r"[*`]", "", heading) for heading in found}
    cells = notebook.cells()
    asked = re.compile(rf"""exercises\.check\(\s*["']{notebook.id}["']\s*,\s*(\d+)""")
    numbers = [
        n for c in cells if "exercise" in c.tags for n in asked.findall(c.source)
    ]
    return _Parts(
        frozenset(headings),
        frozenset(c.id for c in cells),
        frozenset(map(int, numbers)),
    )


def _at(file: Path, address: str) -> Notebook | None:
    path = Path(os.path.normpath(file.parent / address))
    return catalogue.at(path) if path.exists() else None


def with_seconds(file: Path, text: str, seconds: dict[str, float]) -> str:
    """A page whose column of seconds says what was measured."""
    lines = text.split("\n")
    for plan in plans(file, text):
        for step in plan.steps:
            here = _at(file, step.notebook) if step.notebook else None
            if here is not None and "seconds" in step.cells:
                known = seconds.get(here.id)
                said = UNKNOWN if known is None else str(max(1, round(known)))
                head, _, _ = lines[step.number].rstrip().rstrip("|").rpartition("|")
                lines[step.number] = f"{head}| {said} |"
    return "\n".join(lines)


def measure(notebooks: Iterable[Notebook] | None = None) -> dict:
    """What the last run at trained pace took: the content of `seconds.json`.

    A result counts if it ran, and if it is of the code as it is today. What was
    measured earlier on the same machine stays.
    """
    told = f"{machine.cores()} cores of {machine.processor()}"
    try:
        old = json.loads(SECONDS.read_text("utf-8"))
    except FileNotFoundError:
        old = {}
    known = old.get("notebooks", {}) if old.get("machine") == told else {}
    inside = results.folder(Pace.TRAINED)
    for notebook in notebooks or catalogue.notebooks():
        found = results.load(inside, notebook.name)
        if found is None or found.state != State.RAN:
            continue
        if found.code_sha256 == code_hash(notebook.content):
            when = (inside / f"{notebook.name}.json").stat().st_mtime
            known[notebook.id] = {
                "seconds": round(found.seconds, 1),
                "date": time.strftime("%Y-%m-%d", time.gmtime(when)),
            }
    order = [n.id for n in catalogue.notebooks()]
    return {
        "machine": told,
        "pace": str(Pace.TRAINED),
        "notebooks": {id: known[id] for id in order if id in known},
    }


def write() -> dict[str, float]:
    """Write `seconds.json` from the last run, and the plans' columns from it.

    Raises:
        OSError: they can't be written.
        ValueError: a plan has no table.
    """
    write_whole(SECONDS, json.dumps(measure(), indent=1) + "\n")
    seconds = measured()
    for file in files():
        text = file.read_text("utf-8")
        write_whole(file, with_seconds(file, text, seconds))
    return seconds
