"""`course record`: execute at full pace and store the outputs in the notebooks.

A recorded notebook is only ever replaced by one that ran to its end on the original
data. What a recording looks like says `course.recording`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import nbformat

from course import catalogue
from course.catalogue import Notebook
from course.files import exclusive_lock, write_whole
from course.kernels import Backend, Pace
from course.recording import canonical
from course.run import crew, results
from course.run.results import Outcome, Result, State
from dli import book, facts
from dli.book import Verdict
from dli.files import remove_leftovers


def record(notebooks: Sequence[Notebook]) -> list[Result]:
    """Run notebooks at full pace and write their outputs into them.

    A notebook that does not run to its end, not on the original data, or not at all for
    lack of a package, is left as it was.

    Returns:
        One result a notebook, also after an interruption, and where the disk is full.
    """
    found = {notebook.name: Result(notebook.name) for notebook in notebooks}
    why = ""
    with (
        crew.interruptible() as stop,
        exclusive_lock(results.RUNS / ".recording.lock", lambda: stop.asked) as held,
    ):
        if held:
            for notebook in notebooks:
                remove_leftovers(notebook.path, seconds=0)
            paced = (Pace.FULL, Backend.TENSORFLOW)
            try:
                for outcome in crew.outcomes(notebooks, *paced, stop):
                    found[outcome.notebook.name] = _store(outcome)
            except OSError as error:  # a full disk: no other could be written either
                why = str(error)
    return results.ended(found.values(), why)


def _store(outcome: Outcome) -> Result:
    """Write a notebook's outputs into it, if they may be."""
    notebook, content = outcome.notebook, outcome.content
    result = results.of_outcome(outcome)
    if result.state != State.RAN:
        return result
    verdicts = [row.verdict for row in result.rows]
    other = [v for v in verdicts if Verdict.of(v) == Verdict.NOT_COMPARABLE]
    if other:
        why = f"{other[0]}; recorded are only results on the original data"
        return replace(result, state=State.FAILED, reason=why)
    write_whole(notebook.path, nbformat.writes(canonical(content)) + "\n")
    _note_measures(result, notebook.id)
    return result


def _note_measures(result: Result, id: str) -> None:
    """Bring `recorded.json` up to date with one recording."""
    known: dict = {}
    with suppress(FileNotFoundError):
        known = facts.recorded()
    known[id] = {row.name: row.value for row in result.rows}
    write_recorded(known)


def write_recorded(measures: dict[str, dict[str, float]]) -> None:
    """Write `recorded.json`, the notebooks in the book's order.

    Args:
        measures: of each notebook's recording, by id; those of no entry are left out.
    """
    ordered = {id: measures[id] for id in facts.entries() if measures.get(id)}
    target = catalogue.folder() / facts.RECORDED
    write_whole(target, json.dumps(ordered, indent=1) + "\n")


def measured(notebook: Notebook) -> dict[str, float | str]:
    """Measures in the recorded outputs of a notebook, by name."""
    return {row.name: row.value for row in book.rows_of(notebook.content)}
