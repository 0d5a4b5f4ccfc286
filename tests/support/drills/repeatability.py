"""What is identical from run to run, and what changes with the machine's settings?

    python -m tests.support.drills.repeatability [--notebooks NB …]
    python -m tests.support.drills.repeatability --report            report only

Every notebook of chapters 5 to 9 is executed at full pace twice as it is, once on one
thread and once without oneDNN, one after the other: about ten minutes a setting on 2
CPU cores. Each run is kept in `runs/repeatability/` as soon as it ends, and is not
repeated there while code, packages and machine are the same. The report,
`repeatability.md`, is made from what is kept.

The exit status is 1 if a run failed, a second run differed, or a verdict changed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import nbformat

from benchmarks import pages
from course import catalogue, recording
from course import machine as this
from course.catalogue import Notebook
from course.check.rules import code_cells
from course.files import write_whole
from course.kernels import Pace
from course.run import results
from course.run.execution import Execution
from dli import book
from tests.support.drills import figures
from tests.support.drills.moves import Moves, compare

FOLDER = results.RUNS / "repeatability"
REPORT = figures.PAGE.with_name("repeatability.md")
PACKAGES = ["tensorflow", "keras", "numpy", "scikit-learn", "matplotlib"]
CHAPTERS = ["ch05", "ch06", "ch07", "ch08", "ch09"]

#: Name of a setting: the environment variables that make it.
SETTINGS = {
    "first run": {},
    "second run": {},
    "one thread": {
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    },
    "oneDNN off": {"TF_ENABLE_ONEDNN_OPTS": "0"},
}

# These would change what a notebook does, too.
_LEFT_OUT = ("DLI_PACE", "DLI_VERIFY", "DLI_HOT_DOGS")

# Asked in a process of its own, with the environment of a setting: did it work?
_PROBE = """
import json, psutil
import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port as port
def spent():
    return {t.id: t.user_time for t in psutil.Process().threads()}
a = tf.random.normal((2000, 2000))
before = spent()
for _ in range(20):
    (a @ a).numpy()
worked = [new - before.get(id, 0) for id, new in spent().items()]
threads = sum(seconds > 0.2 * max(worked) for seconds in worked)
print(json.dumps({"onednn": port.IsMklEnabled(), "threads": threads}))
"""


def execute(notebook: Notebook, setting: str, folder: Path = FOLDER) -> dict:
    """Execute a notebook under a setting, unless that was done, and keep the run.

    Returns:
        What is kept in `folder`: `key` (code, packages, machine), `seconds`, `error`
        (empty if all cells ran), `measured` (date) and `notebook` (nbformat 4).
    """
    place = folder / setting.replace(" ", "_") / f"{notebook.name}.json"
    key = _key(notebook)
    if (kept := _kept(place, key)) and not kept["error"]:
        return kept
    with _environment(setting):
        started = time.monotonic()
        execution = Execution(notebook, Pace.FULL)
        error = execution.run()
        seconds = time.monotonic() - started
    run = {
        "key": key,
        "measured": time.strftime("%Y-%m-%d"),
        "seconds": seconds,
        "error": error,
        "notebook": json.loads(nbformat.writes(execution.content)),
    }
    _write(place, json.dumps(run, indent=1))
    return _kept(place, key)


def probe(setting: str, folder: Path = FOLDER) -> dict:
    """Ask TensorFlow under a setting, and keep the answer.

    Returns:
        `onednn` (bool) and `threads`, on how many of them a matrix product ran.
    """
    place = folder / setting.replace(" ", "_") / "probe.json"
    with _environment(setting):
        done = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True
        )
    _write(place, done.stdout.splitlines()[-1])
    return json.loads(place.read_text("utf-8"))


def _environment(setting: str):
    """A context in which the environment is this setting's and no other's."""
    others = {name for settings in SETTINGS.values() for name in settings}
    left = {k: v for k, v in os.environ.items() if k not in {*others, *_LEFT_OUT}}
    return mock.patch.dict(os.environ, {**left, **SETTINGS[setting]}, clear=True)


def _key(notebook: Notebook) -> dict:
    content = catalogue.find(notebook.id).content  # as it is on disk now
    return {"code_sha256": recording.code_hash(content), "machine": machine()}


def machine() -> dict[str, str]:
    """What a run depends on besides the notebook."""
    found = this.description(PACKAGES)
    return {
        "processor": f"{found['processor']}, {found['cores']} cores",
        "system": found["system"],
        **found["versions"],
    }


def _kept(place: Path, key: dict) -> dict | None:
    """A run that was kept for the same code on the same machine, or None."""
    if not place.exists():
        return None
    run = json.loads(place.read_text("utf-8"))
    content = nbformat.reads(json.dumps(run["notebook"]), as_version=4)
    run["notebook"] = recording.canonical(content)  # as a recording is today
    return run if run["key"] == key else None


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, text)


def report(notebooks: list[Notebook], folder: Path = FOLDER) -> tuple[str, bool]:
    """The report on what is kept, as Markdown, and whether all is as it should be."""
    runs = {notebook: _runs(notebook, folder) for notebook in notebooks}
    repeated = [_repeated(notebook, of) for notebook, of in runs.items()]
    others = [s for s in SETTINGS if s not in ("first run", "second run")]
    changed: list[str] = []
    verdicts, under, complete = 0, [], True
    for notebook, of in runs.items():
        name, cells = notebook.name, []
        for setting in others:
            moves = _between(of, setting)
            if moves is None:
                cells.append((_why_not(of), ""))
                complete = False
                continue
            content = of[setting]["notebook"]
            verdicts += len(book.rows_of(content))
            changed += [f"{name}, {setting}: {m}" for m in moves.verdicts]
            most = f"{moves.measure}: {moves.relative:.1e}" if moves.measure else "none"
            count = f"{len(moves.moved)} of {len(code_cells(content))}"
            cells.append((count, most))
        under.append((name, cells))
    dates = sorted({run["measured"] for of in runs.values() for run in of.values()})
    text = pages.render(
        figures.TEMPLATES / "repeatability.md.j2",
        machine=machine(),
        measured=" to ".join(dict.fromkeys([*dates[:1], *dates[-1:]])) or "never",
        repeated=repeated,
        same=sum(row["same"] for row in repeated),
        others=others,
        under=under,
        changed=changed,
        verdicts=verdicts,
        settings=[_setting(setting, runs, folder) for setting in SETTINGS],
    )
    return text, all(row["well"] for row in repeated) and complete and not changed


def _runs(notebook: Notebook, folder: Path) -> dict[str, dict]:
    """The kept runs of a notebook by setting, those of its present code only."""
    key, found = _key(notebook), {}
    for setting in SETTINGS:
        place = folder / setting.replace(" ", "_") / f"{notebook.name}.json"
        if run := _kept(place, key):
            found[setting] = run
    return found


def _between(runs: dict, setting: str) -> Moves | None:
    """The difference between the first run and one under a setting; None: no runs."""
    if not {"first run", setting} <= set(runs):
        return None
    if runs["first run"]["error"] or runs[setting]["error"]:
        return None
    return compare(runs["first run"]["notebook"], runs[setting]["notebook"])


def _repeated(notebook: Notebook, runs: dict) -> dict:
    """What the second run of a notebook, and the recorded notebook, have moved."""
    row = {"name": notebook.name, "outputs": "", "recorded": ""}
    again = _between(runs, "second run")
    if again is None:
        return {**row, "second": _why_not(runs), "same": False, "well": False}
    recorded = nbformat.read(notebook.path, as_version=4)
    recorded = compare(recorded, runs["first run"]["notebook"])
    return row | {
        "outputs": again.outputs,
        "second": _moved(again),
        "recorded": _moved(recorded),
        "same": not again.moved,
        "well": not again.moved and not again.verdicts,
    }


def _moved(moves: Moves) -> str:
    words = []
    if cells := [str(cell) for cell in moves.moved if cell not in moves.drawn]:
        words.append(f"differs in code cells {', '.join(cells)}")
    if moves.drawn:
        cells = ", ".join(map(str, moves.drawn))
        words.append(f"the pictures of code cells {cells} differ, nothing else there")
    return "; ".join(words) or "identical"


def _why_not(runs: dict) -> str:
    errors = [f"{s} failed: {run['error']}" for s, run in runs.items() if run["error"]]
    return errors[0].splitlines()[0].replace("|", "/") if errors else "not measured"


def _setting(setting: str, runs: dict, folder: Path) -> dict:
    """What a setting is, what it did to TensorFlow, and how long it took."""
    place = folder / setting.replace(" ", "_") / "probe.json"
    probed = json.loads(place.read_text("utf-8")) if place.exists() else {}
    of = [found[setting] for found in runs.values() if setting in found]
    return {
        "name": setting,
        "variables": [f"{name}={value}" for name, value in SETTINGS[setting].items()],
        "onednn": {True: "on", False: "off", None: ""}[probed.get("onednn")],
        "threads": probed.get("threads", ""),
        "notebooks": len(of),
        "minutes": sum(run["seconds"] for run in of) / 60,
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notebooks", nargs="+", metavar="NB", default=CHAPTERS)
    parser.add_argument("--report", action="store_true", help="execute nothing")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of the kept runs")
    parser.add_argument("--to", type=Path, default=REPORT, help="the report")
    options = parser.parse_args(arguments)
    notebooks = catalogue.select(options.notebooks)
    if not options.report:
        for setting in SETTINGS:
            print(f"{setting}: {probe(setting, options.folder)}", flush=True)
        for number, notebook in enumerate(notebooks, 1):
            for setting in SETTINGS:
                run = execute(notebook, setting, options.folder)
                print(
                    f"{number}/{len(notebooks)} {notebook.name}, {setting}: "
                    f"{run['seconds']:.0f} s {run['error'].partition(chr(10))[0]}",
                    flush=True,
                )
    text, well = report(notebooks, options.folder)
    _write(options.to, text)
    print(text)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
