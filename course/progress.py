"""Which exercises are done, from notebook files alone: nothing is executed.

What counts is what a cell said when it was last run: an answer that was changed since
then, and not run, still counts as it was.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dli.exercises.checking import RIGHT, WRONG

UNANSWERED = "not answered"
_CHECK = re.compile(r"""exercises\.check\(\s*["'](\w+)["']\s*,\s*(\d+)""")


@dataclass(frozen=True)
class Done:
    """One notebook file.

    Attributes:
        who: the folder below which it was found, such as a student's; "" for none.
        notebook: its id; the file's name where it can't be read.
        states: by number of the exercise, RIGHT, WRONG or UNANSWERED; None where the
            file can't be read.
    """

    who: str
    notebook: str
    states: dict[int, str] | None


def of(content: dict) -> tuple[str, dict[int, str]]:
    """A notebook's id and its exercises; "" and none where it has no exercise.

    Args:
        content: nbformat 4.
    """
    id, states = "", {}
    for cell in content["cells"]:
        asked = _CHECK.search("".join(cell["source"]))
        is_solution = "solution" in cell["metadata"].get("tags", ())
        if cell["cell_type"] != "code" or is_solution or not asked:
            continue
        id, number = asked[1], int(asked[2])
        said = "".join("".join(o.get("text", "")) for o in cell["outputs"])
        found = re.search(rf"^Exercise {number}: ({RIGHT}|{WRONG})\b", said, re.M)
        states[number] = found[1] if found else UNANSWERED
    return id, states


def look(places: Iterable[Path]) -> list[Done]:
    """The notebooks with exercises among files, and in folders and those below them.

    Raises:
        FileNotFoundError: there is no such file or folder.
    """
    found = []
    for place in places:
        if not place.exists():
            raise FileNotFoundError(f"there is no {place}")
        for path in sorted(place.rglob("*.ipynb")) if place.is_dir() else [place]:
            below = path.relative_to(place).parts if place.is_dir() else ()
            if any(part.startswith(".") for part in below):
                continue
            who = below[0] if len(below) > 1 else ""
            try:
                id, states = of(json.loads(path.read_bytes()))
            except (ValueError, KeyError, TypeError, AttributeError):
                found.append(Done(who, path.name, None))
                continue
            if states:
                found.append(Done(who, id, states))
    return found


def table(found: Iterable[Done]) -> str:
    """For the terminal: a line each, `+` right, `-` not yet, `.` not answered."""
    marks = {RIGHT: "+", WRONG: "-", UNANSWERED: "."}
    lines, right, all_ = [], 0, 0
    for done in found:
        name = f"{done.who}  {done.notebook}" if done.who else done.notebook
        if done.states is None:
            lines.append((name, "can't be read", ""))
            continue
        states = [done.states[number] for number in sorted(done.states)]
        right, all_ = right + states.count(RIGHT), all_ + len(states)
        told = f"{states.count(RIGHT)} of {len(states)}"
        lines.append((name, "".join(marks[state] for state in states), told))
    wide = max((len(name) for name, *_ in lines), default=0)
    told = [
        f"{name:<{wide}}  {states:<5}  {count}".rstrip()
        for name, states, count in lines
    ]
    end = f"{right} of {all_} exercises right; + right, - not yet, . not answered"
    return "\n".join([*told, "", end])


def as_csv(found: Iterable[Done]) -> str:
    """A line for each exercise: who, notebook, exercise, state."""
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["who", "notebook", "exercise", "state"])
    for done in found:
        if done.states is None:
            write([done.who, done.notebook, "", "can't be read"])
        for number, state in sorted((done.states or {}).items()):
            write([done.who, done.notebook, number, state])
    return stream.getvalue()
