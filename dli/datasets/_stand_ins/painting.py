"""Pictures in colour for stand-ins: flat shapes on a blurred ground, like a photograph.

Points are arrays (n, 2), x to the right and y downward, in pixels.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]

_COARSE, _FINE = 7, 56  # blotches and grains along the picture's longer side


class Painting:
    """A picture that is painted from back to front.

    Attributes:
        size: width and height in pixels.
    """

    def __init__(
        self,
        size: tuple[int, int],
        ground: Sequence[Colour],
        rng: np.random.RandomState,
    ) -> None:
        """Begins with a ground: blotches of the given colours, out of focus."""
        self.size = size
        self._rng = rng
        self._image = self._field(_COARSE, ground, spread=0)
        grains = self._field(_FINE, ground, spread=30)
        self._image = Image.blend(self._image, grains, rng.uniform(0.1, 0.5))
        self._pen = ImageDraw.Draw(self._image)

    def _field(self, cells: int, colours: Sequence[Colour], spread: float):
        """Random cells of the colours, enlarged to the picture's size."""
        long = max(self.size)
        wide, high = (max(2, round(cells * side / long)) for side in self.size)
        chosen = self._rng.randint(0, len(colours), (high, wide))
        values = np.asarray(colours, float)[chosen]
        values += self._rng.normal(0, 12 + spread, (high, wide, 1))
        small = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        return small.resize(self.size, Image.Resampling.BICUBIC)

    def fill(self, points: np.ndarray, colour: Colour) -> None:
        """A filled polygon."""
        self._pen.polygon(points.ravel().tolist(), fill=colour)

    def line(self, points: np.ndarray, width: float, colour: Colour) -> None:
        """A line with round ends through the points."""
        broad = max(1, round(width))
        self._pen.line(points.ravel().tolist(), colour, broad, joint="curve")
        if broad > 2:
            for end in (points[0], points[-1]):
                self.disc(end, broad / 2, colour)

    def disc(
        self, at: np.ndarray, radius: float, colour: Colour, squash: float = 1
    ) -> None:
        """A filled circle, or an ellipse that is `squash` times as high as wide."""
        x, y = at
        box = (x - radius, y - radius * squash, x + radius, y + radius * squash)
        self._pen.ellipse(box, fill=colour)

    def developed(self) -> Image.Image:
        """The finished picture: edges softened, exposure and tint a little off."""
        rng = self._rng
        soft = self._image.filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 1.1)))
        light = rng.uniform(0.75, 1.12) * rng.normal(1, 0.04, (3, 1))
        curve = 255 * (np.arange(256) / 255) ** rng.uniform(0.85, 1.25)
        table = (light * curve).clip(0, 255).astype(int)
        return soft.point(table.ravel().tolist())


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """A colour with some share (0 to 1) of another in it."""
    return tuple(round(a + share * (b - a)) for a, b in zip(colour, other))


def varied(colour: Colour, rng: np.random.RandomState, by: float = 12) -> Colour:
    """A colour that is a little lighter or darker, and a little off."""
    values = np.asarray(colour) + rng.normal(0, by) + rng.normal(0, by / 3, 3)
    return tuple(values.clip(0, 255).astype(int).tolist())


def petal(length: float, width: float, widest: float, blunt: float) -> np.ndarray:
    """The outline of a petal that grows from (0, 0) to (0, -length).

    Args:
        length: in pixels.
        width: the largest, in pixels.
        widest: where that is, 0 for the foot and 1 for the tip.
        blunt: below 1 for a round tip, above 1 for a pointed one.
    """
    along = np.linspace(0, 1, 12)
    bend = np.log(0.5) / np.log(widest)
    half = width / 2 * np.sin(np.pi * along**bend) ** blunt
    one = np.stack([half, -length * along], axis=1)
    return np.concatenate([one, one[::-1] * (-1, 1)])


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    """The points turned about (0, 0), clockwise as seen; in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]])
