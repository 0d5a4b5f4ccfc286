"""`course verify` leaves what it executed, and the table, in `runs/`."""

import os
import subprocess
import sys

import nbformat
from nbformat import v4

from course.bootstrap import ROOT


def test_verify_keeps_what_it_executed(house):
    notebook = house.add("ch99_trial/01_differs", "")
    recorded = v4.new_output("stream", name="stdout", text="recorded\n")
    cells = [
        v4.new_code_cell("print('now')", outputs=[recorded], execution_count=1),
        v4.new_code_cell("print('later')", execution_count=2),
    ]
    nbformat.write(v4.new_notebook(cells=cells), notebook.path)
    before = notebook.path.read_bytes()
    # The repository's plugin, but another runs/.
    (house.root / "elsewhere.py").write_text(
        "from pathlib import Path\nfrom course.run import results\n"
        f"results.RUNS = Path({str(house.runs)!r})\n"
    )
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name=python3"]
    command += ["-p", "elsewhere", "-p", "conftest", str(notebook.path)]
    paths = os.pathsep.join([str(house.root), str(ROOT)])
    env = {**os.environ, "DLI_VERIFY": "1", "PYTHONPATH": paths}
    done = subprocess.run(
        command, cwd=house.root, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1, done.stdout + done.stderr
    folder = house.runs / "full"
    kept = nbformat.read(folder / "ch99_trial/01_differs.ipynb", as_version=4)
    assert [cell.outputs[0].text for cell in kept.cells] == ["now\n", "later\n"]
    assert "now" in (folder / "ch99_trial/01_differs.html").read_text("utf-8")
    index = (folder / "index.html").read_text("utf-8")
    assert "Cell 0: Cell outputs differ" in index
    assert "ch99_trial/01_differs" in done.stdout
    assert notebook.path.read_bytes() == before
