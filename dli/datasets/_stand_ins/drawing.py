"""Small grey pictures for stand-ins: masters drawn once, then bent into many.

A master is drawn with Pillow at four times the size. A picture is a master under a
random affine map (turn, slant, scale, shift), all pictures of a batch at once.
"""

from collections.abc import Callable

import numpy as np

from dli.datasets._fetch.readers import Arrays

SIDE = 28  # pixels
FINE = 4  # a master is drawn this many times larger
MASTERS = 40  # of each class
BATCH = 4096

# Draws one master of a class on a canvas of SIDE × SIDE units: fn(pen, label, rng)
Draw = Callable[["Canvas", int, np.random.RandomState], None]
Points = list[tuple[float, float]]


class Canvas:
    """A dark picture of 28 × 28 units to draw on, with the origin at the top left."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("L", (SIDE * FINE, SIDE * FINE), 0)
        self.pen = ImageDraw.Draw(self.image)

    def stroke(self, points: Points, width: float, ink: int = 255) -> None:
        """A line of the given width through the points, with round ends and joints."""
        fine = [(x * FINE, y * FINE) for x, y in points]
        self.pen.line(fine, fill=ink, width=round(width * FINE), joint="curve")
        r = width * FINE / 2
        for x, y in (fine[0], fine[-1]):
            self.pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def fill(self, points: Points, ink: int = 255) -> None:
        """A filled polygon; ink 0 cuts a hole."""
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=ink)

    def pixels(self) -> np.ndarray:
        """The picture: float32 of shape (28, 28), 0 to 255."""
        from PIL import Image

        small = self.image.resize((SIDE, SIDE), Image.Resampling.BOX)
        return np.asarray(small, dtype=np.float32)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Points on an ellipse, angles in degrees, 0 to the right and 90 downward."""
    angles = np.radians(np.linspace(start, end, 24))
    return [(x + rx * np.cos(a), y + ry * np.sin(a)) for a in angles]


def jitter(points: Points, rng: np.random.RandomState, by: float) -> Points:
    """The points, each moved a little."""
    return [(x + rng.normal(0, by), y + rng.normal(0, by)) for x, y in points]


def labelled_images(draw: Draw, train: int, test: int, seed: int) -> Arrays:
    """Pictures of ten classes in random order, with their labels.

    Args:
        draw: draws one master of a class.
        train: number of pictures to train on.
        test: number of pictures to validate with.
        seed: fixes everything.

    Returns:
        x_train (train, 28, 28), y_train (train,), x_test, y_test: uint8.
    """
    rng = np.random.RandomState(seed)
    masters = np.zeros((10 * MASTERS, SIDE, SIDE), np.float32)
    for number in range(len(masters)):
        canvas = Canvas()
        draw(canvas, number // MASTERS, rng)
        masters[number] = canvas.pixels()
    chosen = rng.randint(0, len(masters), train + test)
    images = bend(masters, chosen, rng)
    labels = (chosen // MASTERS).astype(np.uint8)
    return {
        "x_train": images[:train],
        "y_train": labels[:train],
        "x_test": images[train:],
        "y_test": labels[train:],
    }


def bend(
    masters: np.ndarray, chosen: np.ndarray, rng: np.random.RandomState
) -> np.ndarray:
    """Masters under random affine maps.

    Args:
        masters: float32 of shape (m, 28, 28), 0 to 255.
        chosen: the master for each picture, integers of shape (n,).
        rng: draws the maps.

    Returns:
        uint8 of shape (n, 28, 28).
    """
    n, side = len(chosen), masters.shape[1]
    turn = rng.normal(0, 0.10, n)
    slant = rng.normal(0, 0.10, n)
    zoom = rng.normal(1, 0.06, (2, n)).clip(0.8, 1.25)
    shift = rng.normal(0, 0.9, (2, n)).clip(-3, 3)
    strength = rng.uniform(0.8, 1.1, n).astype(np.float32)
    # From a pixel of the picture back to the point of the master that it shows.
    maps = np.empty((n, 2, 2), np.float32)
    maps[:, 0, 0] = np.cos(turn) / zoom[0]
    maps[:, 0, 1] = (np.sin(turn) + slant) / zoom[0]
    maps[:, 1, 0] = -np.sin(turn) / zoom[1]
    maps[:, 1, 1] = np.cos(turn) / zoom[1]
    axis = np.arange(side, dtype=np.float32) - (side - 1) / 2
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)  # x, then y
    padded = np.pad(masters, ((0, 0), (1, 1), (1, 1))).ravel()
    wide = side + 2
    images = np.empty((n, side, side), np.uint8)
    for at in range(0, n, BATCH):
        part = slice(at, at + BATCH)
        points = maps[part] @ grid + shift.T[part, :, None].astype(np.float32)
        points += np.float32((side - 1) / 2 + 1)
        np.clip(points, 0, side + 0.999, out=points)
        whole = points.astype(np.int32)
        points -= whole
        dx, dy = points[:, 0], points[:, 1]
        corner = whole[:, 1] * wide + whole[:, 0]
        corner += (chosen[part, None] * wide * wide).astype(np.int32)
        top = padded[corner] * (1 - dx) + padded[corner + 1] * dx
        corner += wide
        bottom = padded[corner] * (1 - dx) + padded[corner + 1] * dx
        shown = (top * (1 - dy) + bottom * dy) * strength[part, None]
        images[part] = shown.clip(0, 255).reshape(-1, side, side)
    return images
