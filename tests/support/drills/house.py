"""A small house of notebooks, in which `course`'s own code runs as another process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
from nbformat import v4

from course import recording
from dli import facts

DRIVER = """
import sys
from pathlib import Path
from course import cli, kernels
from course.publish import readme
from course.run import results

house = Path(sys.argv[1])
cli.NOTEBOOKS, results.RUNS = house / "notebooks", house / "runs"
for pace in kernels.CELL_TIMEOUT:
    kernels.CELL_TIMEOUT[pace] = 2 if "--hang" in sys.argv else 100
readme.write = lambda: None
sys.exit(cli.main([word for word in sys.argv[2:] if word != "--hang"]))
"""
SHORT = ["import time", "time.sleep(0.2)\nprint('a')", "time.sleep(0.2)\nprint('b')"]
PRINTED = {1: "a\n", 2: "b\n"}  # outputs of the cells of SHORT
ENDLESS = ["import time\nprint('now')", "time.sleep(300)"]


_ENTRY = """
[{id}]
file = "{file}"
kind = "book"
title = "T"
shows = "something"
minutes = 0.1
"""


def write(house: Path, name: str, sources: list[str]) -> Path:
    """A listed notebook in a house with these code cells, the last with an old output.

    The name's end without its number must differ from notebook to notebook.
    """
    path = house / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    (house / "notebooks" / facts.RECORDED).write_text("{}\n")
    chapter, id = path.parent / facts.CHAPTER, path.stem[3:]
    if not chapter.exists():
        number = path.parent.name[2:4].lstrip("0")
        chapter.write_text(f'chapter = "{number}"\ntitle = "T"\n')
    if f"[{id}]" not in (text := chapter.read_text()):
        chapter.write_text(text + _ENTRY.format(id=id, file=path.stem))
    cells = [*map(v4.new_code_cell, sources)]
    old = v4.new_output("stream", name="stdout", text="recorded\n")
    cells[-1].outputs, cells[-1].execution_count = [old], len(cells)
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def start(house: Path, *words: str, before=lambda: None) -> subprocess.Popen:
    """A process of `python -m course` in a house.

    Args:
        house: the folder; it knows its processes by a variable in their environment.
        words: of the command line; `--hang` shortens the time that a cell may take.
        before: called in the new process before the program.
    """

    def first() -> None:
        """Signals count that are ignored where the tests run (`nohup`, `&`)."""
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        before()

    env = {**os.environ, "DLI_ENV": "current", "DLI_DRILL_HOUSE": str(house)}
    env.pop("DLI_DRILLS_REPORT", None)
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(house), *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=first,
    )


def run(house: Path, *words: str, **options) -> tuple[int, str]:
    """`start` until its end: exit status, and what it printed."""
    with start(house, *words, **options) as process:
        printed = process.communicate(timeout=120)[0]
    return process.returncode, printed


def processes(house: Path) -> list[psutil.Process]:
    """All processes that were started for a house, with kernels and their children."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("DLI_DRILL_HOUSE") == str(house):
                found.append(process)
    return found


def has_survivors(house: Path, seconds: float) -> bool:
    """Whether any process is left after some seconds."""
    until = time.monotonic() + seconds
    while processes(house):
        if time.monotonic() > until:
            return True
        time.sleep(0.2)
    return False


def wait_until(happened, seconds: float = 60) -> None:
    """Return when `happened()` is true; fail if it is not after some seconds."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def contents(house: Path) -> dict[str, bytes]:
    """Name and content of all notebooks and what lies beside them, hidden files too.

    But for `recorded.json`, which tells what was recorded.
    """
    folder = house / "notebooks"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != facts.RECORDED
    }


def is_whole(content: bytes) -> bool:
    """Whether it is a recording of `SHORT` from its first cell to its last."""
    notebook = nbformat.reads(content.decode(), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in code]
    printed = {n: cell.outputs[0].text for n, cell in enumerate(code) if cell.outputs}
    return (
        counts == [1, 2, 3] and printed == PRINTED and not recording.is_stale(notebook)
    )


def table_rows(printed: str, names: list[str]) -> dict[str, str]:
    """What the printed table has for each notebook, after its name."""
    rows = {}
    for line in printed.partition("\nnotebook ")[2].splitlines():
        name, _, rest = line.partition("  ")
        if name in names:
            rows[name] = rest.strip()
    return rows


def index_rows(house: Path) -> int:
    """Number of notebooks in the index of a run at quick pace."""
    return (house / "runs/quick/index.html").read_text("utf-8").count("<tr>") - 1
