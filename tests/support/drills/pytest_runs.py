"""Runs of pytest in a process of their own, as `make test` starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from course.bootstrap import ROOT

_NOTED = """
import json, pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" or report.failed:
        with open({file!r}, "a", encoding="utf-8") as opened:
            line = [str(item.path), item.name, report.outcome]
            opened.write(json.dumps(line) + "\\n")
    return report
"""
_LEFT_OUT = ("DLI_PACE", "DLI_DRILLS_REPORT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS")
_QUIET = {"DLI_PROGRESS": "0"}  # as `course test` sets it

#: A plugin: the conftest of the repository, for notebooks in another folder.
CONFTEST = 'pytest_plugins = ["conftest"]\n'


def with_runs_in(folder: Path) -> str:
    """A plugin: what is executed is written into another folder."""
    return (
        "from pathlib import Path\nfrom course.run import results\n"
        f"results.RUNS = Path({str(folder)!r})\n"
    )


def run(folder: Path, *arguments, plugin: str = "", **environment: str):
    """Run pytest with a plugin.

    Args:
        folder: a scratch folder.
        arguments: of pytest.
        plugin: Python code.
        environment: variables to be set.

    Returns:
        The failed and the other tests, as sets of (path, name of the test or cell).
    """
    noted = folder / "noted.jsonl"
    noted.unlink(missing_ok=True)
    code = plugin + _NOTED.format(file=str(noted))
    (folder / "elsewhere.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "elsewhere", f"--rootdir={ROOT}"]
    command += [f"--confcutdir={ROOT}", "--color=no", *map(str, arguments)]
    env = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
    env["PYTHONPATH"] = os.pathsep.join([str(folder), str(ROOT)])
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env | _QUIET | environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert noted.exists(), done.stdout + done.stderr
    failed, others = set(), set()
    for line in noted.read_text("utf-8").splitlines():
        path, name, outcome = json.loads(line)
        (failed if outcome == "failed" else others).add((Path(path), name))
    assert (done.returncode == 0) == (not failed), done.stdout
    return failed, others - failed
