"""Keras on PyTorch trains what is written for the others, and as fast."""

import importlib.util
import os
import subprocess
import sys

import pytest

from course.bootstrap import ROOT


def _said(code: str, backend: str, **environment: str) -> list[str]:
    """The words that `code` prints, with Keras on that backend."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": backend, **environment},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


CODE = """
import dli.kernel; dli.kernel.activate()
import keras, numpy as np
dli.kernel.activate()
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
    said = _said(CODE, backend)
    assert said[:3] == [backend, str(steps), str(compiled)]


LSTM = """
import dli.kernel; dli.kernel.activate()
import keras, numpy as np, sys, torch
from keras import layers

rnn = sys.modules["keras.src.backend.torch.rnn"]
ours = rnn._fallback_lstm
calls, own = [], torch._VF.lstm
torch._VF.lstm = lambda *args: calls.append(len(args)) or own(*args)


def trained(settings, fallback):
    rnn._fallback_lstm = fallback
    keras.utils.set_random_seed(42)
    first = layers.LSTM(4, return_sequences=True, **settings)
    model = keras.Sequential([keras.Input((7, 3)), layers.Bidirectional(first)])
    model.add(layers.LSTM(5, go_backwards=True, dropout=0.2, **settings))
    model.add(layers.Dense(1))
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
    x = np.random.default_rng(0).normal(size=(16, 7, 3)).astype("float32")
    losses = [float(model.train_on_batch(x, x[:, :1, 0])) for _ in range(20)]
    return losses, model.predict(x, verbose=0), model.get_weights()


for settings in ({}, {"use_bias": False}, {"recurrent_activation": "hard_sigmoid"}):
    calls.clear()
    losses, outputs, weights = trained(settings, ours)
    print(len(calls) > 0, end=" ")
    others = trained(settings, ours.__wrapped__)
    assert losses[-1] < losses[0]
    np.testing.assert_allclose(losses, others[0], rtol=1e-4)
    np.testing.assert_allclose(outputs, others[1], atol=1e-4)
    for one, other in zip(weights, others[2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
"""


def test_lstm_is_pytorchs_own_and_learns_the_same():
    """Where PyTorch has no such LSTM (no bias, other activations), Keras's is left."""
    said = _said(LSTM, "torch", CUDA_VISIBLE_DEVICES="")
    assert said == ["True", "False", "False"]
