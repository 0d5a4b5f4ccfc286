"""nbval for notebooks whose original data can't be had here: executed, not compared.

Such a notebook runs on a sample or a stand-in; its recorded outputs belong to the
original data. The summary names every notebook this happened to.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

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


def pytest_collection_modifyitems(items):
    cells = [item for item in items if item.path.suffix == ".ipynb"]
    lacking = _without_data({item.path for item in cells})
    for item in cells:
        if item.path in lacking:
            item.options["check"] = False


def pytest_terminal_summary(terminalreporter, config):
    paths = {Path(arg.split("::")[0]) for arg in config.args}
    lacking = _without_data(path for path in paths if path.suffix == ".ipynb")
    if lacking:
        terminalreporter.section("executed without their original data, not compared")
        for path, names in sorted(lacking.items()):
            terminalreporter.line(f"{path.parent.name}/{path.name}: {', '.join(names)}")
