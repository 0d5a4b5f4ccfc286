"""What nbval is to do with notebooks beyond comparing their cells.

The summary names every notebook that lacks something here.

One whose original data can't be had is executed, but not compared: it runs on a sample
or a stand-in, and its recorded outputs belong to the original data. One that needs a
package which is not installed is skipped, and so is one that teaches another backend
than the kernel's.

`dli verify` leaves what it executed in `runs/`, as `dli run` does: it takes an hour,
and who wants to know why a cell differs need not spend another.
"""

from __future__ import annotations

import functools
import os
import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from course import runner
from dli import datasets

_IMPORT = re.compile(r"from dli\.datasets import ([\w, ]+)")


def needed(notebook: Path) -> list[str]:
    """Names of the data sets that a notebook loads."""
    found = _IMPORT.findall(notebook.read_text("utf-8"))
    return sorted({name.strip() for names in found for name in names.split(",")})


@functools.cache
def complete(name: str) -> bool:
    """Whether the original data are here, or could be fetched just now."""
    try:
        fetched = datasets.fetch([name])  # a module may hold several data sets
        return all(found.extent == "complete" for found in fetched.values())
    except datasets.DataUnavailable:
        return False


def _without_data(paths) -> dict[Path, list[str]]:
    found = {path: [n for n in needed(path) if not complete(n)] for path in paths}
    return {path: names for path, names in found.items() if names}


def _not_run(path: Path, config) -> str:
    """Why a notebook is not executed under this kernel; empty if it is."""
    backend = runner.backend_of(config.getoption("nbval_kernel_name", None))
    return runner.lacking(path, backend)


def pytest_collection_modifyitems(config, items):
    cells = [item for item in items if item.path.suffix == ".ipynb"]
    paths = {item.path for item in cells}
    without_data = _without_data(paths)
    not_run = {path: _not_run(path, config) for path in paths}
    for item in cells:
        if item.path in without_data:
            item.options["check"] = False
        if why := not_run[item.path]:
            item.add_marker(pytest.mark.skip(reason=why))


_seconds: dict[Path, float] = {}
_errors: dict[Path, str] = {}
_kept: list[runner.Result] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if os.environ.get("DLI_VERIFY") == "1" and item.path.suffix == ".ipynb":
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
    path, why = item.path, _not_run(item.path, item.config)
    if why:
        _kept.append(runner.Result(runner.name_of(path), 0, lacking=why))
        return
    error = _errors.get(path, "")
    _kept.append(runner.keep(path, item.parent.nb, _seconds[path], error))


_lock = ExitStack()


def pytest_sessionstart():
    if os.environ.get("DLI_VERIFY") == "1":  # no other runner writes there meanwhile
        _lock.enter_context(runner.alone(runner.RUNS / ".lock"))


def pytest_sessionfinish():
    if _kept:
        runner.write_index(_kept, "full")
    _lock.close()


def pytest_terminal_summary(terminalreporter, config):
    if _kept:
        terminalreporter.section("results; pages: runs/index.html")
        terminalreporter.write_line(runner.table(_kept))
    paths = {Path(arg.split("::")[0]) for arg in config.args}
    notebooks = sorted(path for path in paths if path.suffix == ".ipynb")
    not_run = {path: why for path in notebooks if (why := _not_run(path, config))}
    if not_run:
        terminalreporter.section("not run")
        for path, why in not_run.items():
            terminalreporter.line(f"{path.parent.name}/{path.name}: {why}")
    lacking = _without_data(path for path in notebooks if path not in not_run)
    if lacking:
        terminalreporter.section("executed without their original data, not compared")
        for path, names in sorted(lacking.items()):
            terminalreporter.line(f"{path.parent.name}/{path.name}: {', '.join(names)}")
