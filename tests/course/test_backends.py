"""Keras on another backend: which notebooks run, which kernel, and what is said."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from course import bootstrap, runner
from course.publish import readme
from dli import book


def test_every_kernel_of_the_runner_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: "here")
    written = {path.parent.name for path in bootstrap.install_kernels()}
    paces = ("full", "quick")
    names = {runner.kernel_name(p, b) for p in paces for b in runner.BACKENDS}
    assert names == written
    for pace in paces:
        for backend in runner.BACKENDS:
            assert runner.backend_of(runner.kernel_name(pace, backend)) == backend


def test_only_what_teaches_a_backend_is_bound_to_it():
    teaching = {n: e["teaches"] for n, e in book.entries().items() if "teaches" in e}
    assert teaching == {"deep_net_in_tensorflow": "tensorflow", "pytorch": "torch"}
    (tensorflow,) = runner.select(["deep_net_in_tensorflow"])
    (shallow,) = runner.select(["shallow_net"])
    (pytorch,) = runner.select(["01_pytorch"])
    assert runner.lacking(tensorflow) == ""
    assert runner.lacking(tensorflow, "jax") == "it teaches TensorFlow"
    assert runner.lacking(pytorch, "jax") == "it teaches PyTorch"
    assert "teaches" not in runner.lacking(pytorch, "torch")
    assert {runner.lacking(shallow, b) for b in runner.BACKENDS} == {""}


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
