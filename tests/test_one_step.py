"""`steps_per_execution` and `jit_compile` on the backend that can't, and elsewhere."""

import importlib.util
import os
import subprocess
import sys

import pytest

from dli.environment import ROOT

CODE = """
import importlib, dli, keras, numpy as np
importlib.reload(dli)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="sgd", steps_per_execution=2, jit_compile=True)
model.fit(np.ones((8, 3)), np.ones((8, 1)), batch_size=2, verbose=0)
print(keras.backend.backend(), model.steps_per_execution, model.jit_compile)
"""


@pytest.mark.parametrize(
    ("backend", "steps", "compiled"),
    [("torch", 1, False), ("jax", 2, True), ("tensorflow", 2, True)],
)
def test_it_trains_on_every_backend(backend, steps, compiled):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": backend},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[:3] == [backend, str(steps), str(compiled)]
