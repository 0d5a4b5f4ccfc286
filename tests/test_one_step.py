"""`steps_per_execution` where the backend takes one step at a time, and elsewhere."""

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
model.compile(loss="mse", optimizer="sgd", steps_per_execution=2)
model.fit(np.ones((8, 3)), np.ones((8, 1)), batch_size=2, verbose=0)
print(keras.backend.backend(), model.steps_per_execution)
"""


@pytest.mark.parametrize(
    ("backend", "package", "steps"),
    [("torch", "torch", 1), ("jax", "jax", 2), ("tensorflow", "tensorflow", 2)],
)
def test_it_trains_on_every_backend(backend, package, steps):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": backend},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[:2] == [backend, str(steps)]
