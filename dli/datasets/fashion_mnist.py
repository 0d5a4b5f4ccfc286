"""Fashion-MNIST: 70,000 pictures of clothing (Xiao, Rasul & Vollgraf 2017)."""

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import drawing

Split = tuple[np.ndarray, np.ndarray]

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_data() -> tuple[Split, Split]:
    """Fashion-MNIST as `keras.datasets.fashion_mnist.load_data` gives it.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`: images, uint8 of shapes
        (60000, 28, 28) and (10000, 28, 28), 0 for the ground; labels 0 to 9 as in
        `CLASSES`, uint8 of shapes (60000,) and (10000,).

    Raises:
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    data = loader.arrays("fashion_mnist")
    return (data["x_train"], data["y_train"]), (data["x_test"], data["y_test"])


def stand_in() -> Arrays:
    """70,000 silhouettes of clothing: Fashion-MNIST's shapes, dtypes and classes.

    Each class is an outline with jittered corners in one shade, with seams and straps,
    slightly scaled, turned and shifted at random.
    """
    return drawing.labelled_images(_draw_garment, 60_000, 10_000, seed=14)


def _draw_garment(
    canvas: drawing.Canvas, label: int, rng: np.random.RandomState
) -> None:
    """One piece of clothing, its outline jittered."""
    ink = int(rng.uniform(110, 255))
    canvas.fill(drawing.jitter(_OUTLINES[label], rng, 0.45), ink)
    if label in (6, 4):  # a shirt and a coat open in front
        canvas.stroke(drawing.jitter([(14, 6), (14, 25)], rng, 0.3), 0.7, ink // 3)
    if label == 6:  # a shirt has a collar
        for x in (11.5, 16.5):
            canvas.stroke([(14, 7.5), (x, 4)], 1.0, ink // 3)
    if label == 8:  # the strap of a bag
        strap = drawing.arc(14, 12, rng.uniform(4, 6), rng.uniform(5, 8), 180, 360)
        canvas.stroke(strap, 1.2, ink)
    if label == 5:  # the straps of a sandal
        for x in (9, 14, 19):
            ends = [(x, 20 - (x - 9) * 0.4), (x + 4, 14 - (x - 9) * 0.2)]
            canvas.stroke(drawing.jitter(ends, rng, 0.6), 1.0, ink)


def _mirrored(half: drawing.Points) -> drawing.Points:
    """A closed outline from its left half, top to bottom."""
    return [*half, *[(28 - x, y) for x, y in reversed(half)]]


_LONG_SLEEVE = [(11, 3), (7, 5), (3.5, 22), (6.5, 22.5), (8.5, 11)]
_OUTLINES = {
    0: _mirrored([(11, 4), (7, 5), (3, 11), (6, 13), (8.5, 11), (8.5, 24.5)]),
    1: _mirrored([(9, 3), (8, 25.5), (12.5, 25.5), (13.7, 9)]),
    2: _mirrored([*_LONG_SLEEVE, (8, 24)]),
    3: _mirrored([(11.5, 2.5), (10.5, 9), (11.5, 13), (8, 26)]),
    4: _mirrored([(11.5, 2), (8, 4), (4.5, 24), (6.8, 24.5), (8.3, 12), (7.5, 26.5)]),
    5: [(3, 22), (25, 14), (25.5, 18), (14, 21), (3, 24)],
    6: _mirrored([(11, 3), (7, 5), (4, 19), (6.5, 20), (8.5, 11), (8.5, 25)]),
    7: [(2.5, 17), (10, 16), (17, 10.5), (24, 13), (25.5, 19), (25, 21), (2.5, 21)],
    8: [(4, 12), (24, 12), (25, 24), (3, 24)],
    9: [(3, 19), (11, 15), (13, 5), (23, 4), (24.5, 23.5), (3, 24)],
}


recipes.register("fashion_mnist", stand_in=stand_in)
