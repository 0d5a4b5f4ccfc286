"""`dli verify` leaves what it executed, and the table, in `runs/`."""

import os
import subprocess
import sys

import nbformat
from nbformat import v4

from course.bootstrap import ROOT


def test_verify_keeps_what_it_executed(tmp_path):
    path = tmp_path / "ch99_trial" / "01_differs.ipynb"
    path.parent.mkdir()
    recorded = v4.new_output("stream", name="stdout", text="recorded\n")
    cells = [
        v4.new_code_cell("print('now')", outputs=[recorded], execution_count=1),
        v4.new_code_cell("print('later')", execution_count=2),
    ]
    nbformat.write(v4.new_notebook(cells=cells), path)
    before = path.read_bytes()
    # The repository's conftest.py, but another runs/.
    (tmp_path / "elsewhere.py").write_text(
        "from pathlib import Path\nfrom dli import runner\n"
        f"runner.RUNS = Path({str(tmp_path / 'runs')!r})\n"
    )
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name=python3"]
    command += ["-p", "elsewhere", "-p", "conftest", str(path)]
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    env = {**os.environ, "DLI_VERIFY": "1", "PYTHONPATH": paths}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1, done.stdout + done.stderr
    kept = nbformat.read(tmp_path / "runs/ch99_trial/01_differs.ipynb", as_version=4)
    assert [cell.outputs[0].text for cell in kept.cells] == ["now\n", "later\n"]
    assert "now" in (tmp_path / "runs/ch99_trial/01_differs.html").read_text("utf-8")
    index = (tmp_path / "runs/index.html").read_text("utf-8")
    assert "Cell 0: Cell outputs differ" in index
    assert "ch99_trial/01_differs" in done.stdout
    assert path.read_bytes() == before
