"""What is bit-stable from run to run, and what moves with the machine's settings?

    python tests/drills/repeatability.py [--notebooks NB …]    execute, then report
    python tests/drills/repeatability.py --report              report what is there

Every notebook of chapters 5 to 9 is executed at full pace twice as it is, once on one
thread and once without oneDNN, one after the other: about ten minutes a setting on 2
CPU cores. Each run is kept in `runs/repeatability/` as soon as it ends, and is not
repeated there while code, packages and machine are the same. The report,
`repeatability.md`, is made from what is kept.

The exit status is 1 if a run failed, a second run differed, or a verdict changed.
"""

from __future__ import annotations

import argparse
import base64
import importlib.metadata
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import nbformat

from course import runner
from dli import book
from tests.drills import figures

FOLDER = runner.RUNS / "repeatability"
REPORT = Path(__file__).with_name("repeatability.md")
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

#: Outputs that may differ between two runs of one machine: (notebook, number of the
#: code cell from 1) to the reason.
EXCEPTIONS: dict[tuple[str, int], str] = {}

# Also these would change what a notebook does.
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


@dataclass
class Moves:
    """How one execution of a notebook differs from another."""

    outputs: int = 0  # compared
    moved: list[int] = field(default_factory=list)  # code cells, from 1
    drawn: list[int] = field(default_factory=list)  # of these, only pictures moved
    excused: list[int] = field(default_factory=list)  # the same, declared exceptions
    verdicts: list[str] = field(default_factory=list)  # measures with another verdict
    measure: str = ""  # the one that differs most
    relative: float = 0.0  # by how much


def compare(first, second, exceptions: dict[int, str]) -> Moves:
    """Compare two executions of one notebook, output by output, byte by byte.

    Args:
        first, second: executed notebooks (nbformat 4) with the same code.
        exceptions: numbers of code cells whose outputs may differ, to the reason.

    Returns:
        The cells whose outputs differ, the measures whose verdicts do, and the measure
        with the largest relative difference.

    Raises:
        ValueError: the notebooks do not hold the same code.
    """
    if runner.code_hash(first) != runner.code_hash(second):
        raise ValueError("two notebooks with different code can't be compared")
    found = Moves()
    for number, (one, other) in enumerate(zip(_code(first), _code(second)), 1):
        found.outputs += len(one.outputs)
        text, pictures = _bytes(one.outputs)
        other_text, other_pictures = _bytes(other.outputs)
        if text == other_text and pictures == other_pictures:
            continue
        if number in exceptions:
            found.excused.append(number)
            continue
        found.moved.append(number)
        if text == other_text:
            found.drawn.append(number)
    others = {row["name"]: row for row in book.scoreboard(second)}
    for row in book.scoreboard(first):
        other = others.pop(row["name"], None)
        if other is None or other["verdict"] != row["verdict"]:
            found.verdicts.append(row["name"])
        if other is not None:
            moved = relative_difference(float(row["value"]), float(other["value"]))
            if moved > found.relative:
                found.measure, found.relative = row["name"], moved
    found.verdicts += others
    return found


def relative_difference(one: float, other: float) -> float:
    """|one - other| as a share of the larger; 0 if equal, infinite if one isn't finite.

    Two NaN are equal.
    """
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf
    return abs(one - other) / max(abs(one), abs(other))


def _code(notebook):
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def _bytes(outputs) -> tuple[str, list[bytes]]:
    """Outputs to be compared: what is said, and the files of the pictures.

    How base64 is wrapped into lines is no difference.
    """
    said, pictures = json.loads(json.dumps(outputs)), []
    for output in said:
        for mime in sorted(output.get("data", {})):
            if mime in ("image/png", "image/jpeg"):
                pictures.append(base64.b64decode(output["data"].pop(mime)))
    return json.dumps(said, sort_keys=True), pictures


def execute(path: Path, setting: str, folder: Path = FOLDER) -> dict:
    """Execute a notebook under a setting, unless that was done, and keep the run.

    Returns:
        What is kept in `folder`: `key` (code, packages, machine), `seconds`, `error`
        (empty if all cells ran), `measured` (date) and `notebook` (nbformat 4).
    """
    place = folder / setting.replace(" ", "_") / f"{runner.name_of(path)}.json"
    key = _key(path)
    if (kept := _kept(place, key)) and not kept["error"]:
        return kept
    with _environment(setting):
        started = time.monotonic()
        notebook, error = runner.execute(path, "full")
        seconds = time.monotonic() - started
    run = {
        "key": key,
        "measured": time.strftime("%Y-%m-%d"),
        "seconds": seconds,
        "error": error,
        "notebook": json.loads(nbformat.writes(notebook)),
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


def _key(path: Path) -> dict:
    notebook = nbformat.read(path, as_version=4)
    return {"code_sha256": runner.code_hash(notebook), "machine": machine()}


def machine() -> dict[str, str]:
    """What a run depends on besides the notebook."""
    found = figures.machine()
    packages = ("tensorflow", "keras", "numpy", "scikit-learn", "matplotlib")
    return {
        "processor": f"{found['processor']}, {found['cores']} cores",
        "system": found["system"],
        "Python": found["packages"]["python"],
        **{name: importlib.metadata.version(name) for name in packages},
    }


def _kept(place: Path, key: dict) -> dict | None:
    """A run that was kept for the same code on the same machine, or None."""
    if not place.exists():
        return None
    run = json.loads(place.read_text("utf-8"))
    notebook = nbformat.reads(json.dumps(run["notebook"]), as_version=4)
    run["notebook"] = runner.tidy(notebook)  # as a recording is today
    return run if run["key"] == key else None


def _write(place: Path, text: str) -> None:
    """A file is there whole or not at all, also after an interruption."""
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, place)


def report(paths: list[Path], folder: Path = FOLDER) -> tuple[str, bool]:
    """The report on what is kept, as Markdown, and whether all is as it should be."""
    runs = {path: _runs(path, folder) for path in paths}
    stable, well = _stable_table(runs)
    settings, unchanged = _settings_table(runs)
    about = " · ".join(f"{name} {value}" for name, value in machine().items())
    about = about.removeprefix("processor ").replace("system ", "")
    dates = sorted({r["measured"] for of in runs.values() for r in of.values()})
    measured = " to ".join(dict.fromkeys([dates[0], dates[-1]])) if dates else "never"
    lines = [
        "# Repeatability: what is bit-stable, and what moves",
        "",
        "Written by `python tests/drills/repeatability.py`. Notebooks of chapters 5 to "
        "9, executed at full pace; text, tables and pictures compared byte for byte.",
        "",
        f"Measured {measured}: {about}.",
        "",
        "## The same machine, the same seed, two runs",
        "",
        *stable,
        "",
        "## Other settings",
        "",
        "Compared with the first run: outputs that move, verdicts of the scoreboard, "
        "and the measure that moves most, relative to its size.",
        "",
        *settings,
        "",
        "## The settings",
        "",
        *_legend(runs, folder),
    ]
    return "\n".join(lines) + "\n", well and unchanged


def _runs(path: Path, folder: Path) -> dict[str, dict]:
    """The kept runs of a notebook by setting, those of its present code only."""
    key, found = _key(path), {}
    for setting in SETTINGS:
        place = folder / setting.replace(" ", "_") / f"{runner.name_of(path)}.json"
        if run := _kept(place, key):
            found[setting] = run
    return found


def _between(path: Path, runs: dict, setting: str) -> Moves | None:
    """The difference between the first run and one under a setting; None: no runs."""
    if not {"first run", setting} <= set(runs):
        return None
    if runs["first run"]["error"] or runs[setting]["error"]:
        return None
    exceptions = _exceptions(path) if setting == "second run" else {}
    return compare(runs["first run"]["notebook"], runs[setting]["notebook"], exceptions)


def _exceptions(path: Path) -> dict[int, str]:
    name = runner.name_of(path)
    return {cell: why for (found, cell), why in EXCEPTIONS.items() if found == name}


def _stable_table(runs: dict) -> tuple[list[str], bool]:
    lines = [
        "| notebook | outputs | second run | against the recorded notebook |",
        "|---|---:|---|---|",
    ]
    well = True
    same = 0
    for path, of in runs.items():
        again = _between(path, of, "second run")
        if again is None:
            lines.append(f"| {runner.name_of(path)} | | {_why_not(of)} | |")
            well = False
            continue
        same += not again.moved
        well &= not again.moved and not again.verdicts
        recorded = nbformat.read(path, as_version=4)
        recorded = compare(recorded, of["first run"]["notebook"], _exceptions(path))
        lines.append(
            f"| {runner.name_of(path)} | {again.outputs} | {_moved(again)} "
            f"| {_moved(recorded)} |"
        )
    lines += ["", f"Identical in both runs: {same} of {len(runs)} notebooks."]
    if EXCEPTIONS:
        lines += ["", "Declared exceptions:", ""]
        lines += [
            f"- {nb}, cell {cell}: {why}" for (nb, cell), why in EXCEPTIONS.items()
        ]
    return lines, well


def _moved(moves: Moves) -> str:
    words = []
    if said := [str(cell) for cell in moves.moved if cell not in moves.drawn]:
        words.append(f"differs in code cells {', '.join(said)}")
    if moves.drawn:
        cells = ", ".join(map(str, moves.drawn))
        words.append(f"the pictures of code cells {cells} differ, nothing else there")
    if moves.excused:
        cells = ", ".join(map(str, moves.excused))
        words.append(f"identical but for the declared cells {cells}")
    return "; ".join(words) or "identical"


def _why_not(runs: dict) -> str:
    errors = [f"{s} failed: {run['error']}" for s, run in runs.items() if run["error"]]
    return errors[0].splitlines()[0].replace("|", "/") if errors else "not measured"


def _settings_table(runs: dict) -> tuple[list[str], bool]:
    others = [s for s in SETTINGS if s not in ("first run", "second run")]
    lines = [
        "| notebook |"
        + "".join(f" {s}: cells that move | moves most |" for s in others),
        "|---|" + "---|---|" * len(others),
    ]
    changed, verdicts, unmeasured = [], 0, 0
    for path, of in runs.items():
        row = f"| {runner.name_of(path)} |"
        for setting in others:
            moves = _between(path, of, setting)
            if moves is None:
                row += f" {_why_not(of)} | |"
                unmeasured += 1
                continue
            notebook = of[setting]["notebook"]
            verdicts += len(book.scoreboard(notebook))
            name = runner.name_of(path)
            changed += [f"{name}, {setting}: {m}" for m in moves.verdicts]
            cells = len(_code(notebook))
            most = f"{moves.measure}: {moves.relative:.1e}" if moves.measure else "none"
            row += f" {len(moves.moved)} of {cells} | {most} |"
        lines.append(row)
    lines += ["", f"Verdicts that changed: {len(changed)} of {verdicts}."]
    lines += [f"- {words}" for words in changed]
    return lines, not changed and not unmeasured


def _legend(runs: dict, folder: Path) -> list[str]:
    lines = [
        "| setting | environment | oneDNN | threads of a matrix product | notebooks "
        "| minutes |",
        "|---|---|---|---:|---:|---:|",
    ]
    for setting, variables in SETTINGS.items():
        names = " ".join(f"`{name}={value}`" for name, value in variables.items())
        place = folder / setting.replace(" ", "_") / "probe.json"
        onednn, threads = "", ""
        if place.exists():
            answer = json.loads(place.read_text("utf-8"))
            onednn = "on" if answer["onednn"] else "off"
            threads = str(answer["threads"])
        of = [found[setting] for found in runs.values() if setting in found]
        minutes = sum(run["seconds"] for run in of) / 60
        lines.append(
            f"| {setting} | {names or 'as it is'} | {onednn} | {threads} | {len(of)} "
            f"| {minutes:.1f} |"
        )
    return lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notebooks", nargs="+", metavar="NB", default=CHAPTERS)
    parser.add_argument("--report", action="store_true", help="execute nothing")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of the kept runs")
    parser.add_argument("--to", type=Path, default=REPORT, help="the report")
    options = parser.parse_args(arguments)
    paths = runner.select(options.notebooks)
    if not options.report:
        for setting in SETTINGS:
            print(f"{setting}: {probe(setting, options.folder)}", flush=True)
        for number, path in enumerate(paths, 1):
            for setting in SETTINGS:
                run = execute(path, setting, options.folder)
                print(
                    f"{number}/{len(paths)} {runner.name_of(path)}, {setting}: "
                    f"{run['seconds']:.0f} s {run['error'].partition(chr(10))[0]}",
                    flush=True,
                )
    text, well = report(paths, options.folder)
    _write(options.to, text)
    print(text)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
