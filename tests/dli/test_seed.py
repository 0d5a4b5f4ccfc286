"""One number repeats a run, and `import dli` stays light."""

import random
import subprocess
import sys

import numpy as np
import pytest

import dli


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_same_number_repeats_python_and_numpy():
    def draws():
        dli.seed(7)
        return random.random(), np.random.rand()

    assert draws() == draws()


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_numpy_refuses_is_refused_in_words(number):
    with pytest.raises(ValueError, match="whole number from 0"):
        dli.seed(number)


def test_keras_repeats_as_under_its_own_function():
    code = """
import keras, dli
def weights():
    layer = keras.layers.Dense(3)
    layer.build((None, 4))
    return layer.get_weights()[0].tolist()
dli.seed(42)
ours = weights()
keras.utils.set_random_seed(42)
print(ours == weights(), 'torch' in __import__('sys').modules)
"""
    assert run(code).startswith("True")


def test_import_is_light_and_seed_imports_no_framework():
    code = """
import sys, dli
dli.seed(1)
heavy = {'numpy', 'keras', 'tensorflow', 'torch', 'IPython', 'requests'}
print(sorted(heavy & set(sys.modules)))
"""
    assert run(code) == "[]"
