"""Small grey pictures for the stand-ins of MNIST, Fashion-MNIST and Quick, Draw!"""

import numpy as np

from dli.datasets._fetch.readers import Arrays

SIDE = 28  # pixels
_FINE = 4  # pictures are drawn this many times larger, for smooth edges


class Canvas:
    """A black picture of 28 × 28 pixels, the origin at the top left.

    Points are pairs of pixels, x to the right and y downward; ink is 0 to 255.
    """

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
        self._pen = ImageDraw.Draw(self._image)

    def line(self, points, width: float, ink: int = 255) -> None:
        """A line through the points, of a width in pixels."""
        fine = (np.asarray(points) * _FINE).ravel().tolist()
        self._pen.line(fine, ink, round(width * _FINE), joint="curve")

    def area(self, points, ink: int = 255) -> None:
        """A filled polygon."""
        self._pen.polygon((np.asarray(points) * _FINE).ravel().tolist(), ink)

    def pixels(self) -> np.ndarray:
        """The picture, uint8 of shape (28, 28)."""
        return np.asarray(self._image.reduce(_FINE))


def varied(masters: np.ndarray, labels: np.ndarray, seed: int) -> Arrays:
    """70,000 pictures: masters, each turned, slanted, scaled and shifted at random.

    The pictures to validate with come from the last fifth of the masters, those to
    train on from the others.

    Args:
        masters: uint8 of shape (n, 28, 28).
        labels: of the masters, shape (n,).
        seed: of the choice and the changes.

    Returns:
        x_train (60000, 28, 28), y_train (60000,), x_test (10000, 28, 28), y_test
        (10000,): uint8.
    """
    from PIL import Image

    rng = np.random.RandomState(seed)
    train, test = 60_000, 10_000
    total, cut = train + test, len(masters) * 4 // 5
    chosen = np.append(
        rng.randint(cut, size=train), rng.randint(cut, len(masters), test)
    )
    turn, slant = rng.normal(0, 0.07, (2, total))
    # From a pixel of the picture back to the place in the master that it shows.
    maps = np.array(
        [[np.cos(turn), np.sin(turn) + slant], [-np.sin(turn), np.cos(turn)]]
    )
    maps /= rng.normal(1, 0.06, (2, 1, total)).clip(0.8, 1.25)
    shift = rng.normal(0, 0.7, (2, 1, total)).clip(-3, 3)
    shift += SIDE / 2 * (1 - maps.sum(axis=1, keepdims=True))  # the centre stays
    affine = np.concatenate([maps, shift], axis=1).reshape(6, total).T.tolist()
    drawn = [Image.fromarray(master) for master in masters]
    how = (SIDE, SIDE), Image.Transform.AFFINE
    images = np.stack(
        [
            drawn[master].transform(*how, numbers, Image.Resampling.BILINEAR)
            for master, numbers in zip(chosen, affine)
        ]
    )
    kinds = labels[chosen].astype(np.uint8)
    return {
        "x_train": images[:train],
        "y_train": kinds[:train],
        "x_test": images[train:],
        "y_test": kinds[train:],
    }
