"""nbval for notebooks that lack something here; the summary names every one of them.

One whose original data can't be had is executed, but not compared: it runs on a sample
or a stand-in, and its recorded outputs belong to the original data. One that needs a
package which is not installed is skipped.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from dli import datasets, runner

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


def pytest_collection_modifyitems(items):
    cells = [item for item in items if item.path.suffix == ".ipynb"]
    lacking = _without_data({item.path for item in cells})
    for item in cells:
        if item.path in lacking:
            item.options["check"] = False
        if why := runner.lacking(item.path):
            item.add_marker(pytest.mark.skip(reason=why))


def pytest_terminal_summary(terminalreporter, config):
    paths = {Path(arg.split("::")[0]) for arg in config.args}
    notebooks = sorted(path for path in paths if path.suffix == ".ipynb")
    not_run = {path: why for path in notebooks if (why := runner.lacking(path))}
    if not_run:
        terminalreporter.section("not run, for lack of a package")
        for path, why in not_run.items():
            terminalreporter.line(f"{path.parent.name}/{path.name}: {why}")
    lacking = _without_data(path for path in notebooks if path not in not_run)
    if lacking:
        terminalreporter.section("executed without their original data, not compared")
        for path, names in sorted(lacking.items()):
            terminalreporter.line(f"{path.parent.name}/{path.name}: {', '.join(names)}")
