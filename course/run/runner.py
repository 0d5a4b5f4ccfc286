"""`course run`: notebooks into `runs/`, a result and a page each, and a table."""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import nbformat

from course.catalogue import Notebook
from course.files import exclusive_lock, write_whole
from course.kernels import Backend, Pace
from course.publish import page
from course.recording import code_hash
from course.run import crew, results
from course.run.results import Outcome, Result, Run, State
from dli.files import remove_leftovers

# What follows could not be kept either.
_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
    *(errno.EACCES, errno.EPERM),
}


def run(
    notebooks: Sequence[Notebook],
    pace: Pace,
    backend: Backend = Backend.TENSORFLOW,
    *,
    jobs: int = 1,
    afresh: bool = False,
) -> list[Result]:
    """Run notebooks into their folder of `runs/`.

    If the last run there was of the same notebooks and was interrupted, this one goes
    on with it: what ran to its end, and has not changed since, is not run again.

    Args:
        notebooks: in the order of the table.
        pace: how much of the work is done.
        backend: the backend of Keras.
        jobs: how many at once, at least 1.
        afresh: run again also what an interrupted run has done.

    Returns:
        One result a notebook, also after an interruption, and where the disk is full.

    Raises:
        ValueError: no job.
    """
    if jobs < 1:
        raise ValueError(f"{jobs} jobs at once: say 1 or more")
    folder = results.folder(pace, backend)
    found = {notebook.name: Result(notebook.name) for notebook in notebooks}
    with (
        crew.interruptible() as stop,
        exclusive_lock(folder / ".lock", lambda: stop.asked) as held,
    ):
        if not held:
            return results.ended(found.values())
        for name in found:
            for ending in ("ipynb", "html", "json"):
                remove_leftovers(folder / f"{name}.{ending}", seconds=0)
        done = {} if afresh else _done_before(folder, notebooks)
        if done:
            print(f"{len(done)} done before the interruption; ", end="")
            print("`--afresh` runs them again", flush=True)
        found |= done
        Run(tuple(found)).save(folder)
        for name in found.keys() - done.keys():
            (folder / f"{name}.json").unlink(missing_ok=True)
        page.write_index(folder, found.values(), pace)
        started = time.monotonic()
        left = [notebook for notebook in notebooks if notebook.name not in done]
        why = ""
        try:
            for outcome in crew.outcomes(left, pace, backend, stop, jobs, _short):
                found[outcome.notebook.name] = keep(folder, outcome)
                page.write_index(folder, found.values(), pace)
            if not stop.asked:
                seconds = 0 if done else time.monotonic() - started
                Run(tuple(found), True, seconds).save(folder)
        except OSError as error:  # a full disk: what follows could not be kept either
            why = str(error)
        ended = results.ended(found.values(), why)
        with suppress(OSError):
            page.write_index(folder, ended, pace)
    return ended


def _short(_: Notebook) -> dict[str, str]:
    """Nobody reads the solutions in these runs: their trainings are short ones."""
    return {"DLI_SOLUTIONS": "short"}  # for trained pace: `dli.kept.player`


def keep(folder: Path, outcome: Outcome, key: str = "") -> Result:
    """Write what became of a notebook into a folder of `runs/`.

    Whatever goes wrong with its page is the result of this notebook alone.

    Args:
        folder: of the pace and the backend.
        outcome: of the notebook.
        key: what it depended on when it started, where it was compared as well.

    Raises:
        OSError: nothing can be written there.
    """
    notebook, content = outcome.notebook, outcome.content
    result = results.of_outcome(outcome)
    if content is not None:
        target = folder / f"{notebook.name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_whole(target, nbformat.writes(content))
            write_whole(target.with_suffix(".html"), page.render(content, notebook.id))
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _DISK:
                raise
            why = f"its page could not be made: {type(error).__name__}: {error}"
            result = replace(result, state=State.FAILED, reason=result.reason or why)
    if key and result.state == State.RAN and not result.is_outside:
        result = replace(result, key=key, passed=time.time())
    results.save(folder, result)
    return result


def _done_before(folder: Path, notebooks: Sequence[Notebook]) -> dict[str, Result]:
    """What an interrupted run of the same notebooks has done, if it still holds."""
    last = Run.load(folder)
    if not last or last.complete or last.notebooks != tuple(n.name for n in notebooks):
        return {}
    done = {}
    for notebook in notebooks:
        result = results.load(folder, notebook.name)
        if not result or result.state not in (State.RAN, State.LACKS):
            continue
        with suppress(OSError, ValueError):
            same = result.code_sha256 == code_hash(notebook.content)
            if same or result.state == State.LACKS:
                done[notebook.name] = result
    return done
