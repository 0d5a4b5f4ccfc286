"""`course environments`: the notebooks among the packages that other places have.

`tests/environments/NAME.txt` lists what a place has: a hosted service, the oldest
versions that `dli` promises, the newest of everything. An environment is made from the
list; the launcher's first cell installs `dli` into it and may replace nothing; then
nbval, from our own environment, runs the notebooks on a kernel of that one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_cache_path

from course import catalogue
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.environments import results
from course.environments.place import Listed, Place, Took
from course.environments.results import Found
from course.kernels import CELL_TIMEOUT, Pace
from course.run.execution import kernel_environment

_INTERRUPTED = 2  # pytest's exit status; the last notebook did not come to its end

FIRST = "shallow_net_in_keras"  # its first figure is waited for


def folder() -> Path:
    """Where environments are made: outside the clone."""
    cache = user_cache_path("deep-learning-illustrated", appauthor=False)
    return cache / "environments"


def check(name: str, notebooks: Sequence[Notebook], into: Path) -> Found:
    """Make one environment, and run notebooks in it.

    Args:
        name: of its list.
        notebooks: those that lack a package in our own environment are left out.
        into: the folder in which it is made.

    Raises:
        LookupError: there is no such list.
        ValueError: the list names no Python.
    """
    listed = Listed.read(name)
    place = Place(listed, into / name)
    day = datetime.now(UTC).date().isoformat()
    try:
        print(f"{name}: making it", flush=True)
        place.make()
        before = place.versions()
        print(f"{name}: the launcher's first cell, to the first figure", flush=True)
        figure, error = place.first_figure(catalogue.find(FIRST))
        if error:
            raise OSError(f"first figure: {error}")
        place.install(notebooks)
        after = place.versions()
    except OSError as error:
        return Found(name, listed.python, {}, day, trouble=str(error))
    replaced, added = results.differences(before, after)
    print(f"{name}: {len(notebooks)} notebooks", flush=True)
    took = Took.begin()
    ran, failed = _run(place, notebooks, into / f"{name}.xml")
    return Found(
        name,
        after["python"],
        {package: after[package] for package in results.SHOWN if package in after},
        day,
        replaced,
        added,
        [round(figure.seconds), round(figure.cpu)],
        ran,
        [round(took.end().seconds), round(took.end().cpu)],
        failed,
        results.deprecations(place.deprecations),
        there=len(catalogue.notebooks()),
    )


def _run(
    place: Place, notebooks: Sequence[Notebook], report: Path
) -> tuple[list[str], dict[str, str]]:
    """Notebooks under nbval, in that environment; which ran, and what failed."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--color=no", "--quiet"]
    command += [f"--nbval-kernel-name={place.add_kernel()}"]
    command += [f"--nbval-cell-timeout={CELL_TIMEOUT[Pace.QUICK]}"]
    command += [f"--junit-xml={report}"]
    env = kernel_environment() | {"JUPYTER_PATH": str(place.jupyter_path)}
    env.pop("DLI_HOT_DOGS", None)
    report.unlink(missing_ok=True)
    paths = [n.path.relative_to(ROOT).as_posix() for n in notebooks]
    log = report.with_suffix(".log")
    with log.open("w") as stream:
        status = subprocess.call([*command, *paths], cwd=ROOT, env=env, stdout=stream)
    try:
        ran, failed = results.outcomes(report)
    except OSError:
        return [], {"all": f"nbval came to no end; see {log.name}"}
    return (ran[:-1] if status == _INTERRUPTED else ran), failed
