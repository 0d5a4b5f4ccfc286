"""`course record`: execute at full pace and store the outputs in the notebooks.

A recorded notebook is only ever replaced by one that ran to its end on the original
data. What a recording looks like says `course.recording`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import nbformat

from course import catalogue, gpu, keeping, machine
from course.catalogue import Notebook
from course.files import exclusive_lock, write_whole
from course.kernels import Backend, Pace
from course.recording import canonical
from course.run import crew, results
from course.run.results import Outcome, Result, State
from dli import book, facts
from dli.book import Verdict
from dli.files import remove_leftovers

_IMPORTED = re.compile(r"^\s*(?:from|import) (\w+)", re.M)


def record(notebooks: Sequence[Notebook]) -> list[Result]:
    """Run notebooks at full pace and write their outputs into them.

    A notebook that does not run to its end, not on the original data, or not at all for
    lack of a package, is left as it was; what came out of it lies in `runs/rejected/`.

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
                rejected(notebook.name).unlink(missing_ok=True)
            paced = (Pace.FULL, Backend.TENSORFLOW)
            try:
                outcomes = crew.outcomes(
                    notebooks, *paced, stop, settings=keeping.settings
                )
                for outcome in outcomes:
                    result = found[outcome.notebook.name] = _store(outcome)
                    if result.state != State.RAN and outcome.content is not None:
                        _set_aside(outcome)
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
    try:
        kept = keeping.packed(notebook, content)
    except ValueError as error:
        return replace(result, state=State.FAILED, reason=str(error))
    recorded = canonical(content, _made_with(notebook))
    write_whole(notebook.path, nbformat.writes(recorded) + "\n")
    keeping.write(notebook, kept)
    _note(result, notebook.id, keeping.hashes(notebook))
    return result


def _made_with(notebook: Notebook) -> dict[str, str]:
    """Versions that decide a notebook's outputs, and the device."""
    used = set(_IMPORTED.findall(notebook.code()))
    if used & {"keras", "tensorflow"}:
        backend, packages = Backend.TENSORFLOW, ["numpy", "keras", "tensorflow"]
    elif "torch" in used:
        backend, packages = Backend.TORCH, ["numpy", "torch"]
    else:
        return machine.versions(["numpy"])
    told = {"backend": str(backend), "device": gpu.device()}
    return machine.versions(packages) | told


def rejected(name: str) -> Path:
    """Where lies what came out of a notebook of that name that was not stored."""
    return results.RUNS / "rejected" / f"{name}.ipynb"


def _set_aside(outcome: Outcome) -> None:
    """Keep what came out of a notebook that may not be stored: hours, perhaps."""
    target = rejected(outcome.notebook.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, nbformat.writes(outcome.content))


def _note(result: Result, id: str, kept: dict[str, str]) -> None:
    """Bring `recorded.json` up to date with one recording."""
    measures, hashes = {}, {}
    with suppress(FileNotFoundError):
        measures, hashes = facts.recorded(), facts.kept()
    measures[id] = {row.name: row.value for row in result.rows}
    write_recorded(measures, hashes | {id: kept})


def write_recorded(
    measures: Mapping[str, Mapping[str, float]],
    kept: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Write `recorded.json`, the notebooks in the book's order.

    Args:
        measures: of each notebook's recording, by id; those of no entry are left out.
        kept: files of kept trainings and their SHA-256, by id; None for those noted.
    """
    kept = facts.kept() if kept is None else kept
    ordered = {
        id: dict(measures.get(id, {}))
        | ({facts.KEPT: kept[id]} if kept.get(id) else {})
        for id in facts.entries()
    }
    ordered = {id: found for id, found in ordered.items() if found}
    target = catalogue.folder() / facts.RECORDED
    write_whole(target, json.dumps(ordered, indent=1) + "\n")


def collect() -> None:
    """Write `recorded.json` from the recordings on disk, as after a merge of two."""
    notebooks = catalogue.notebooks()
    write_recorded(
        {notebook.id: measured(notebook) for notebook in notebooks},
        {notebook.id: keeping.hashes(notebook) for notebook in notebooks},
    )


def measured(notebook: Notebook) -> dict[str, float | str]:
    """Measures in the recorded outputs of a notebook, by name."""
    return {row.name: row.value for row in book.rows_of(notebook.content)}
