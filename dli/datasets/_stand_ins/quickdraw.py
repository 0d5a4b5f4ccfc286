"""Stand-in of the apples of Quick, Draw!"""

import numpy as np

from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import drawing


def make() -> Arrays:
    """4,000 doodles of apples: an outline, a stem, often a leaf, in quick strokes.

    Returns:
        "sketches": uint8 of shape (4000, 784).
    """
    rng = np.random.RandomState(12)
    return {"sketches": np.stack([_drawn(_apple(rng), rng) for _ in range(4000)])}


def _apple(rng: np.random.RandomState) -> list[np.ndarray]:
    """The strokes of an apple with a radius of 1: points (n, 2), y downward."""
    angle = np.linspace(0, rng.uniform(5.9, 6.5), 60)  # from the top, clockwise
    radius = 1 - 0.3 * rng.rand() * np.exp(-((angle / 0.35) ** 2))  # the dimple,
    radius -= 0.3 * rng.rand() * np.exp(-(((angle - 6.28) / 0.35) ** 2))  # both sides
    radius -= 0.2 * rng.rand() * np.exp(-(((angle - 3.14) / 0.4) ** 2))  # the bottom
    for waves in (2, 3, 4, 5):  # no hand draws a perfect curve
        radius += rng.normal(0, 0.1 / waves) * np.cos(waves * angle + 6.28 * rng.rand())
    x, y = radius * np.sin(angle), -radius * np.cos(angle)
    body = np.stack([x * rng.normal(1.05, 0.17) * (1 - 0.1 * y), y], axis=1)
    t = np.linspace(0, 1, 8)[:, None]
    stem = body[0] + t * [rng.normal(0, 0.3), -rng.uniform(0.35, 0.9)]
    if rng.rand() < 0.45:
        return [body, stem]
    tip = rng.uniform(0.35, 0.8) * np.array([rng.choice([-1, 1]), -rng.rand()])
    bulge = t * (1 - t) * tip[::-1] * (-1, 1) * rng.uniform(0.5, 1.2)
    leaf = np.concatenate([t * tip + bulge, (t * tip - bulge)[::-1]])
    return [body, stem, stem[rng.randint(2, 8)] + leaf]


def _drawn(strokes: list[np.ndarray], rng: np.random.RandomState) -> np.ndarray:
    """The strokes enlarged to the size of the picture: uint8 of shape (784,)."""
    low = np.min([stroke.min(axis=0) for stroke in strokes], axis=0)
    high = np.max([stroke.max(axis=0) for stroke in strokes], axis=0)
    centred = [s + rng.normal(0, 0.012, s.shape) - (low + high) / 2 for s in strokes]
    scale = (drawing.SIDE - 5) / (high - low).max()
    placed = [stroke * scale + drawing.SIDE / 2 for stroke in centred]
    return drawing.drawn(placed, width=rng.uniform(1.3, 1.85)).ravel()
