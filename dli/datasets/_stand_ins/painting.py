"""Pictures in colour for the stand-ins of Flowers-17 and the hot dogs.

Points are arrays (n, 2) in pixels, x to the right and y downward; colours are names
that Pillow knows (CSS's); angles are radians, clockwise as seen.
"""

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter


class Painting:
    """A picture that is painted from back to front, every shape in a shade of its own.

    Attributes:
        size: width and height in pixels.
        rng: of all that is random in it.
    """

    def __init__(self, size, ground: str, rng: np.random.RandomState) -> None:
        """Begins with a ground of one colour in blotches and grains."""
        self.size, self.rng = size, rng
        blotches, grains = self._cells(ground, 28), self._cells(ground, 4)
        self._image = Image.blend(blotches, grains, rng.uniform(0.1, 0.5))
        self._pen = ImageDraw.Draw(self._image)

    def _cells(self, ground: str, side: int) -> Image.Image:
        wide, high = (pixels // side for pixels in self.size)
        values = ImageColor.getrgb(ground) + self.rng.normal(0, 24, (high, wide, 1))
        values = values + self.rng.normal(0, 8, (high, wide, 3))
        cells = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        return cells.resize(self.size, Image.Resampling.BICUBIC)

    def _shade(self, colour: str, dark: float = 0) -> tuple[int, ...]:
        change = self.rng.normal(-dark, 14) + self.rng.normal(0, 5, 3)
        return tuple(
            (ImageColor.getrgb(colour) + change).clip(0, 255).astype(int).tolist()
        )

    def area(self, points: np.ndarray, colour: str) -> None:
        """A filled polygon."""
        self._pen.polygon(points.ravel().tolist(), self._shade(colour))

    def line(
        self, points: np.ndarray, width: float, colour: str, dark: float = 0
    ) -> None:
        """A line with round ends through the points, darker by some of 255 shades."""
        ink, width = self._shade(colour, dark), max(1, round(width))
        self._pen.line(points.ravel().tolist(), ink, width, joint="curve")
        for x, y in points[[0, -1]].tolist():
            self._pen.circle((x, y), width / 2, ink)

    def disc(self, at: np.ndarray, radius: float, colour: str) -> None:
        """A filled circle."""
        self._pen.circle(tuple(np.asarray(at).tolist()), radius, self._shade(colour))

    def photograph(self) -> np.ndarray:
        """The picture, a little soft and off in light and tint: uint8 (h, w, 3)."""
        blur = ImageFilter.GaussianBlur(self.rng.uniform(0.6, 1.1))
        light = self.rng.uniform(0.7, 1.1) * self.rng.normal(1, 0.05, 3)
        soft = np.asarray(self._image.filter(blur), np.float32) * light
        return soft.clip(0, 255).astype(np.uint8)


def petal(length: float, width: float, blunt: float) -> np.ndarray:
    """The outline of a petal or leaf from (0, 0) up to (0, -length).

    Args:
        length: in pixels.
        width: the largest, in pixels.
        blunt: below 1 for a round tip, above 1 for a pointed one.
    """
    along = np.linspace(0, 1, 12)
    half = width / 2 * np.sin(np.pi * along**1.3) ** blunt
    right = np.stack([half, -length * along], axis=1)
    return np.concatenate([right, right[::-1] * (-1, 1)])


def turned(points, angle: float) -> np.ndarray:
    """The points turned about (0, 0)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(points) @ np.array([[cos, sin], [-sin, cos]])
