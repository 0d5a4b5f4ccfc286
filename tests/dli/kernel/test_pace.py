"""The quick pace really shortens, keeps shapes, and full pace changes nothing."""

import os
import subprocess
import sys
import textwrap

import pytest

from dli.kernel import pace

# Keras is patched for the whole process, so each case gets one of its own.
SETUP = """
import numpy as np, keras
import dli.kernel; dli.kernel.activate()
keras.utils.set_random_seed(1)
x, y = np.random.rand(1000, 3).astype("float32"), np.random.rand(1000, 1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="sgd", steps_per_execution=2)
class Count(keras.callbacks.Callback):
    batches = 0
    def on_train_batch_end(self, batch, logs=None):
        self.batches = max(self.batches, batch + 1)
count = Count()
"""


def python(code, pace):
    done = subprocess.run(
        [sys.executable, "-c", SETUP + textwrap.dedent(code)],
        env={**os.environ, "DLI_PACE": pace},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


FIT = """
h = model.fit(x, y, batch_size=10, epochs=5, verbose=0, callbacks=[count],
              validation_data=(x, y))
print("epochs", len(h.history["loss"]), "batches", count.batches)
print("predicted", model.predict(x, verbose=0).shape)
"""


def test_quick_fit_and_predict_are_cut_and_say_so():
    text = python(FIT, "quick")
    assert "epochs 2 batches 4" in text
    assert "predicted (1000, 1)" in text
    assert text.count("quick pace: a small share") == 1
    assert "predicted 512 of 1,000 rows" in text


def test_full_pace_changes_nothing():
    text = python(FIT, "full")
    assert "epochs 5 batches 100" in text
    assert "quick" not in text


def test_quick_validation_split_data_sets_and_evaluate():
    text = python(
        """
        import tensorflow as tf
        data = tf.data.Dataset.from_tensor_slices((x, y)).batch(10)
        h = model.fit(x, y, validation_split=0.5, epochs=1, verbose=0)
        print("split", len(h.history["val_loss"]))
        h = model.fit(data, epochs=9, verbose=0, callbacks=[count],
                      validation_data=data)
        print("data set", len(h.history["loss"]), count.batches)
        print("loss", model.evaluate(x, y, verbose=0) > 0)
        """,
        "quick",
    )
    assert "split 1" in text
    assert "data set 2 4" in text
    assert "loss True" in text


def test_quick_predictions_repeat_the_computed_rows():
    text = python(
        """
        p = model.predict(x, verbose=0)
        print("same", np.array_equal(p[:488], p[512:]))
        print("real", np.allclose(p[:512], np.asarray(model(x[:512])), atol=1e-6))
        """,
        "quick",
    )
    assert "same True" in text and "real True" in text


def test_photographs_are_cut_harder_than_digits():
    text = python(
        """
        side = 224
        photos = np.zeros((100, side, side, 3), "uint8")
        model = keras.Sequential([keras.Input((side, side, 3)),
                                  keras.layers.GlobalAveragePooling2D(),
                                  keras.layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd")
        model.fit(photos, np.zeros(100), batch_size=4, verbose=0, callbacks=[count])
        print("array", count.batches)
        model.predict(photos, verbose=0)
        import tensorflow as tf
        data = tf.data.Dataset.from_tensor_slices((photos, np.zeros(100))).batch(32)
        count.batches = 0
        model.fit(data, verbose=0, callbacks=[count])
        print("data set", count.batches)
        """,
        "quick",
    )
    assert "array 4" in text  # 16 photographs
    assert "predicted 16 of 100 rows" in text
    assert "data set 1" in text


def test_cap(monkeypatch):
    monkeypatch.setenv("DLI_PACE", "quick")
    assert pace.cap(100) == pace.ITERATIONS and pace.cap(1) == 1
    monkeypatch.delenv("DLI_PACE")
    assert pace.cap(100) == 100


def test_unknown_pace_is_an_error(monkeypatch):
    monkeypatch.setenv("DLI_PACE", "fast")
    with pytest.raises(ValueError, match="'full', 'trained', 'quick'"):
        pace.current()
