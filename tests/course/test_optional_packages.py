"""PyTorch and JAX are optional: what happens without them, the verbs that add them, and
the peace that the notebook on PyTorch keeps with TensorFlow."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course import bootstrap, catalogue, cli

HINT = "PyTorch is not installed: `make pytorch`"


def test_nbval_skips_it_by_name(tmp_path):
    """`test` and `verify`: the real notebook, where PyTorch can't be found."""
    (tmp_path / "no_torch.py").write_text(
        "import importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'torch' else real(name, *a)\n"
    )
    notebook = "notebooks/appendix_c_pytorch/01_pytorch.ipynb"
    command = [sys.executable, "-m", "pytest", "-p", "no_torch", "--nbval", notebook]
    done = subprocess.run(
        [*command, "--nbval-kernel-name=dli-quick", "--color=no"],
        capture_output=True,
        text=True,
        cwd=bootstrap.ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = done.stdout.partition(" not run ")[2]
    assert f"appendix_c_pytorch/01_pytorch.ipynb: {HINT}" in summary
    assert re.search(r"\d+ skipped in", summary) and "passed" not in summary


@pytest.fixture
def calls(monkeypatch):
    """Commands in place of their execution, with the constraints pip would read."""
    monkeypatch.setattr(bootstrap, "ensure", lambda **_: None)
    found = []

    def call(command, advice="", env=None):
        command = [str(part) for part in command]
        constraints = ""
        if "-c" in command and command[1:3] == ["-m", "pip"]:
            constraints = Path(command[command.index("-c") + 1]).read_text()
        found.append((command, constraints, env))

    monkeypatch.setattr(bootstrap, "_call", call)
    return found


@pytest.mark.parametrize(
    ("verb", "package", "backend"),
    [("pytorch", "torch==2.13.0", "torch"), ("jax", "jax==0.10.2", "jax")],
)
def test_the_verb_adds_a_backend_and_changes_nothing_else(
    calls, capsys, verb, package, backend
):
    assert cli.main([verb]) == 0
    (install, constraints, _), (trial, _, env), (kernels, *_) = calls
    assert install[0] == sys.executable and install[-1] == package
    assert "--upgrade" not in install and "--force-reinstall" not in install
    lock = bootstrap.REQUIREMENTS.read_text()
    locked = [line for line in lock.splitlines() if line and line[0] not in " #"]
    assert constraints.splitlines() == [line.removesuffix(" \\") for line in locked]
    assert "--hash" not in constraints
    assert "import keras" in trial[-1], "a library that does not load is found here"
    assert env["KERAS_BACKEND"] == backend
    assert kernels[1:] == ["-m", "course.bootstrap"], "the kernels are written there"
    assert f"make test BACKEND={backend}" in capsys.readouterr().out


def test_pip_reads_the_constraints(tmp_path):
    """And refuses another version of what is locked."""
    constraints = tmp_path / "locked.txt"
    constraints.write_text("\n".join(bootstrap.pins()))
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index"]
    done = [
        subprocess.run([*pip, "-c", constraints, what], capture_output=True, text=True)
        for what in ("numpy", "numpy==1.26.4")
    ]
    assert done[0].returncode == 0, done[0].stderr
    assert done[1].returncode != 0 and "numpy" in done[1].stderr


def test_a_failed_installation_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ensure", lambda **_: None)
    bad = "import sys; sys.exit('no matching distribution')"
    real = bootstrap._call
    monkeypatch.setattr(
        bootstrap,
        "_call",
        lambda command, advice="", env=None: real([sys.executable, "-c", bad], advice),
    )
    assert cli.main(["pytorch"]) == 2
    said = capsys.readouterr().err
    assert "no matching distribution" in said
    assert "python -m course pytorch" in said and "do without PyTorch" in said
    assert "python -m course setup" not in said


@pytest.mark.parametrize("pace", ["full", "quick"])
def test_its_notebook_brings_no_other_framework(pace):
    """PyTorch's CUDA build and TensorFlow crash in one process."""
    code = """
import sys
import dli
from dli import book, exercises, figures
from dli.datasets import mnist
from dli.progress import track
dli.seed(42)
for _ in track(range(5), "steps"):
    pass
book.recorded("deep_net_in_keras")
measures = {m["name"]: 1 for m in book.entry("pytorch")["measures"]}
book.compare("pytorch", **measures)
print("loaded:", [n for n in ("keras", "tensorflow", "jax") if n in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=bootstrap.ROOT,
        env={**os.environ, "DLI_PACE": pace},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


def test_its_notebook_imports_only_what_is_tested_above():
    code = catalogue.find("pytorch").code()
    assert re.findall(r"^(?:from|import) dli.*", code, re.M) == [
        "import dli",
        "from dli import book, exercises, figures",
        "from dli.datasets import mnist",
        "from dli.progress import track",
    ]
    assert not re.search(r"import (keras|tensorflow)|fit_progress", code)
