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
_LINES = {
    4: [[(14, 6), (14, 25)]],  # a coat opens in front
    5: [[(x, 23.6 - 0.4 * x), (x + 4, 15.8 - 0.2 * x)] for x in (9, 14, 19)],  # straps
    6: [[(14, 6), (14, 25)], [(11.5, 4), (14, 7.5), (16.5, 4)]],  # and a collar
    8: [[(9, 12), (10, 6), (18, 6), (19, 12)]],  # a handle
}


def make() -> Arrays:
    """70,000 silhouettes with Fashion-MNIST's shapes and dtypes; see `drawing.varied`.

    Each class is an outline with jittered corners in one shade of grey, with a few
    lines.
    """
    rng = np.random.RandomState(14)
    labels = np.arange(400) % 10
    return drawing.varied(np.stack([_piece(n, rng) for n in labels]), labels, seed=14)


def _piece(label: int, rng: np.random.RandomState) -> np.ndarray:
    """One piece of clothing: uint8 of shape (28, 28)."""

    def jittered(points):
        return np.add(points, rng.normal(0, 0.7, (len(points), 2)))

    canvas, ink = drawing.Canvas(), rng.randint(110, 256)
    canvas.area(jittered(_OUTLINES[label]), ink)
    for points in _LINES.get(label, []):
        canvas.line(jittered(points), 1, ink // 3 if label in (4, 6) else ink)
    return canvas.pixels()
