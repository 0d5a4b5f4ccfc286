"""Stand-in of Fashion-MNIST."""

import numpy as np

from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import drawing

# Outlines by label; of the symmetric ones the left half, from the top down.
_HALVES = {
    0: [(11, 4), (7, 5), (3, 11), (6, 13), (8.5, 11), (8.5, 24.5)],
    1: [(9, 3), (8, 25.5), (12.5, 25.5), (13.7, 9)],
    2: [(11, 3), (7, 5), (3.5, 22), (6.5, 22.5), (8.5, 11), (8, 24)],
    3: [(11.5, 2.5), (10.5, 9), (11.5, 13), (8, 26)],
    4: [(11.5, 2), (8, 4), (4.5, 24), (6.8, 24.5), (8.3, 12), (7.5, 26.5)],
    6: [(11, 3), (7, 5), (4, 19), (6.5, 20), (8.5, 11), (8.5, 25)],
}
_OUTLINES = {
    label: [*half, *[(28 - x, y) for x, y in reversed(half)]]
    for label, half in _HALVES.items()
} | {
    5: [(3, 22), (25, 14), (25.5, 18), (14, 21), (3, 24)],
    7: [(2.5, 17), (10, 16), (17, 10.5), (24, 13), (25.5, 19), (25, 21), (2.5, 21)],
    8: [(4, 12), (24, 12), (25, 24), (3, 24)],
    9: [(3, 19), (11, 15), (13, 5), (23, 4), (24.5, 23.5), (3, 24)],
}


def make() -> Arrays:
    """70,000 silhouettes with Fashion-MNIST's shapes and dtypes; see `drawing.varied`.

    Each class is an outline with jittered corners, in any shade of grey.
    """
    rng = np.random.RandomState(14)
    labels = np.arange(400) % 10
    masters = np.empty((400, drawing.SIDE, drawing.SIDE), np.uint8)
    for master, label in zip(masters, labels):
        corners = np.array(_OUTLINES[label], float)
        corners += rng.normal(0, 0.8, corners.shape)
        master[:] = drawing.drawn([corners], ink=rng.randint(110, 256))
    return drawing.varied(masters, labels, seed=14)
