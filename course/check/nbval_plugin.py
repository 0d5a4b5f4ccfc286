"""What nbval does with our notebooks beyond comparing their cells.

The summary names every notebook that lacks something here. One whose original data
can't be had is executed, but not compared: it runs on a sample or a stand-in, and its
recorded outputs belong to the original data. One that needs a package which is not
installed is skipped, and so is one that teaches another backend than the kernel's.

`course verify` leaves what it executed in `runs/full/`, as `course run` does: it takes
an hour, and whoever wants to know why a cell differs need not spend another.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import nbval.kernel
import pytest

from course import catalogue, kernels
from course.check import passed
from course.files import exclusive_lock
from course.kernels import Pace
from course.publish import page
from course.run import results, runner
from course.run.results import Outcome, Result, State
from dli import datasets


def with_second_try(start):
    """`nbval.kernel.start_new_kernel`, tried once more where the kernel is not heard.

    A kernel's ports are chosen before it takes them, so that another process can be
    first; a second one has others.
    """

    @functools.wraps(start)
    def start_again(*args, **kwargs):
        try:
            return start(*args, **kwargs)
        except RuntimeError:
            return start(*args, **kwargs)

    return start_again


nbval.kernel.start_new_kernel = with_second_try(nbval.kernel.start_new_kernel)


@functools.cache
def _notebook(path: Path) -> catalogue.Notebook | None:
    return catalogue.at(path)


@functools.cache
def is_complete(name: str) -> bool:
    """Whether the original data are here, or could be fetched just now."""
    try:
        fetched = datasets.fetch([name])  # a module may hold several data sets
        return all(found.extent == "complete" for found in fetched.values())
    except datasets.DataUnavailable:
        return False


def _lacking_data(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """Notebooks without their original data, and which data those are."""
    found = {
        path: [name for name in notebook.data_sets if not is_complete(name)]
        for path in paths
        if (notebook := _notebook(path))
    }
    return {path: names for path, names in found.items() if names}


def _reason_not_to_run(path: Path, config) -> str:
    """Why a notebook is not executed under this kernel; empty if it is."""
    notebook = _notebook(path)
    if notebook is None:
        return "not a notebook of ours"
    backend = kernels.backend_of(config.getoption("nbval_kernel_name", None))
    return notebook.lacks(backend)


def pytest_collection_modifyitems(config, items):
    cells = [item for item in items if item.path.suffix == ".ipynb"]
    paths = {item.path for item in cells}
    lacking_data = _lacking_data(paths)
    reasons = {path: _reason_not_to_run(path, config) for path in paths}
    if _is_verifying():
        for path in paths - lacking_data.keys():  # compared with the original data
            if notebook := _notebook(path):
                _keys[path] = passed.key(notebook)
    for item in cells:
        if item.path in lacking_data:
            item.options["check"] = False
        if why := reasons[item.path]:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Kernels are told which notebook they run: what they note bears its name."""
    if item.path.suffix == ".ipynb" and (notebook := _notebook(item.path)):
        os.environ["DLI_NOTEBOOK"] = notebook.name


_keys: dict[Path, str] = {}  # as they were before the first cell
_seconds: dict[Path, float] = {}
_errors: dict[Path, str] = {}
_kept: list[Result] = []


def _is_verifying() -> bool:
    return os.environ.get("DLI_VERIFY") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if _is_verifying() and item.path.suffix == ".ipynb":
        _seconds[item.path] = _seconds.get(item.path, 0) + call.duration
        if call.excinfo and not report.skipped:
            _errors.setdefault(item.path, f"{item.name}: {call.excinfo.value}")
        if call.when == "call":  # compared by now: the recorded outputs can go
            item.cell.outputs = item.test_outputs or []
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    yield
    ended = nextitem is None or nextitem.path != item.path
    if ended and item.path in _seconds:
        _keep(item)


def _keep(item) -> None:
    """Write a notebook whose last cell was executed into `runs/`."""
    notebook = _notebook(item.path)
    if notebook is None:
        return
    if why := _reason_not_to_run(item.path, item.config):
        outcome = Outcome(notebook, State.LACKS, why)
    else:
        error = _errors.get(item.path, "")
        state = State.FAILED if error else State.RAN
        content, seconds = item.parent.nb, _seconds[item.path]
        outcome = Outcome(notebook, state, error, content, seconds)
    key = _keys.get(item.path, "")
    _kept.append(runner.keep(results.folder(Pace.FULL), outcome, key))


_lock = ExitStack()


def pytest_sessionstart():
    if _is_verifying():  # no other runner writes there meanwhile
        _lock.enter_context(exclusive_lock(results.folder(Pace.FULL) / ".lock"))


def pytest_sessionfinish():
    if _kept:
        page.write_index(results.folder(Pace.FULL), _kept, Pace.FULL)
    _lock.close()


def pytest_terminal_summary(terminalreporter, config):
    if _kept:
        terminalreporter.section("results; pages: runs/full/index.html")
        terminalreporter.write_line(results.table(_kept))
    paths = {Path(arg.split("::")[0]).resolve() for arg in config.args}
    notebooks = sorted(path for path in paths if path.suffix == ".ipynb")
    reasons = {p: why for p in notebooks if (why := _reason_not_to_run(p, config))}
    if reasons:
        terminalreporter.section("not run")
        for path, why in reasons.items():
            terminalreporter.line(f"{path.parent.name}/{path.name}: {why}")
    lacking = _lacking_data(path for path in notebooks if path not in reasons)
    if lacking:
        terminalreporter.section("executed without their original data, not compared")
        for path, names in sorted(lacking.items()):
            terminalreporter.line(f"{path.parent.name}/{path.name}: {', '.join(names)}")
