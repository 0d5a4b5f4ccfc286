"""Small grey pictures for the stand-ins of MNIST, Fashion-MNIST and Quick, Draw!"""

import numpy as np

from dli.datasets._fetch.readers import Arrays

SIDE = 28  # pixels
_FINE = 4  # pictures are drawn this many times larger, for smooth edges


def drawn(shapes, ink: int = 255, width: float = 0) -> np.ndarray:
    """Shapes on black, uint8 of shape (28, 28).

    Args:
        shapes: polygons or lines; of each the points (n, 2), in pixels from the top
            left, x to the right and y downward.
        ink: of the shapes, 0 to 255.
        width: of lines, in pixels; 0 for filled polygons.
    """
    from PIL import Image, ImageDraw

    image = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    pen = ImageDraw.Draw(image)
    for points in shapes:
        fine = (points * _FINE).ravel().tolist()
        if width:
            pen.line(fine, ink, round(width * _FINE), joint="curve")
        else:
            pen.polygon(fine, ink)
    return np.asarray(image.reduce(_FINE))


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
    pictures = [Image.fromarray(master) for master in masters]
    how = (SIDE, SIDE), Image.Transform.AFFINE
    images = np.stack(
        [
            pictures[master].transform(*how, numbers, Image.Resampling.BILINEAR)
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
