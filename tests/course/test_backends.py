"""Keras on another backend: which notebooks run, which kernel, and what is said."""

import importlib.util
import os
import subprocess
import sys

import pytest

from course import bootstrap


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
