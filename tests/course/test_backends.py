"""Keras on another backend: which notebooks run, which kernel, and what is said."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from course import bootstrap
from course.publish import readme


@pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="JAX is not installed: `make jax`"
)
def test_the_test_verb_runs_there_and_says_what_it_leaves_out():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "course",
            "test",
            "--backend",
            "jax",
            "softmax",
            "in_tens",
        ],
        capture_output=True,
        text=True,
        cwd=bootstrap.ROOT,
        env={**os.environ, "DLI_ENV": "current"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "02_deep_net_in_tensorflow.ipynb: it teaches TensorFlow" in done.stdout
    assert " passed" in done.stdout


def test_the_readme_tells_what_was_tried(tmp_path, monkeypatch):
    name = "ch07_artificial_neural_networks/01_softmax_demo"
    found = {
        "tensorflow": {"version": "1", "notebooks": {name: "runs"}},
        "jax": {"version": "2", "notebooks": {name: "fails: Oh"}},
        "torch": {"version": "3+cpu", "notebooks": {}},
    }
    path = tmp_path / "backends.json"
    path.write_text(json.dumps(found))
    monkeypatch.setattr(readme, "BACKENDS", path)
    table = readme.backends()
    assert "| notebook | TensorFlow 1 | JAX 2 | PyTorch 3 |" in table
    assert "| 7: Softmax Demo | runs | fails: Oh | not tried |" in table
