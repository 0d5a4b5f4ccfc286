"""Stand-in of the hot dogs and other food."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from dli.datasets._stand_ins.painting import Painting, turned

_TABLES = ["sienna", "gainsboro", "black", "darkslategray"]
_PLATES = ["whitesmoke", "whitesmoke", "dimgray"]
_SIZES = ((224, 149), (149, 224), (224, 168), (168, 224))


class _Layer(NamedTuple):
    """Pieces of food, side by side in a row or strewn over the plate."""

    strewn: bool
    count: int  # the most
    length: float  # for a plate of radius 1; as the width for round pieces
    width: float
    colours: str  # in turn
    wave: float = 0  # across, of the width


_MEALS = {  # by class, the layers of each meal from below
    "hot_dog": (
        (
            _Layer(False, 3, 1.5, 0.6, "peru"),
            _Layer(False, 3, 1.6, 0.25, "brown"),
            _Layer(False, 3, 1.3, 0.07, "goldenrod darkred cornsilk", 1),
        ),
    ),
    "not_hot_dog": (
        (_Layer(False, 3, 1.5, 0.6, "peru"),),
        (_Layer(False, 5, 1.6, 0.25, "brown"),),
        (  # pizza
            _Layer(True, 1, 2.1, 2.1, "peru"),
            _Layer(True, 1, 1.9, 1.9, "firebrick"),
            _Layer(True, 60, 0.25, 0.25, "khaki khaki brown"),
        ),
        # burger, noodles
        (_Layer(False, 6, 1.2, 0.35, "peru olivedrab firebrick khaki saddlebrown"),),
        (_Layer(True, 140, 0.5, 0.08, "khaki khaki firebrick", 1),),
        (  # salad
            _Layer(True, 90, 0.5, 0.25, "olivedrab"),
            _Layer(True, 12, 0.35, 0.35, "firebrick cornsilk"),
        ),
        # fruit, vegetables
        (_Layer(True, 40, 0.5, 0.5, "firebrick gold darkslateblue"),),
        (_Layer(False, 6, 1.6, 0.35, "darkred olivedrab gold"),),
        (  # meat and chips
            _Layer(False, 1, 1.5, 0.9, "saddlebrown"),
            _Layer(True, 30, 0.5, 0.1, "goldenrod"),
        ),
    ),
}


def make(into: Path) -> None:
    """Paints food in the layout of the photographs: 100 + 100 and 25 + 25 JPEGs.

    A hot dog is a sausage in a bun with a line of sauce. Other food has its colours
    and its shapes, but never all together.

    Args:
        into: an existing, empty folder.
    """
    rng = np.random.RandomState(10)
    for part, count in (("train", 100), ("test", 25)):
        for name, meals in _MEALS.items():
            folder = into / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                image = Image.fromarray(_meal(meals[number % len(meals)], rng))
                image.save(folder / f"{number:04}.jpg", quality=88)


def _meal(layers: tuple[_Layer, ...], rng: np.random.RandomState) -> np.ndarray:
    """Food on a table, often on a plate: uint8 of shape (height, width, 3)."""
    size = _SIZES[rng.randint(len(_SIZES))]
    picture = Painting(size, rng.choice(_TABLES), rng)
    middle = np.array(size) / 2 + rng.normal(0, 10, 2)
    reach = rng.uniform(0.36, 0.48) * min(size)
    if rng.rand() < 0.6:
        picture.disc(middle, 1.2 * reach, rng.choice(_PLATES))
    share, row, bow = rng.uniform(0.2, 1), rng.uniform(0, np.pi), rng.normal(0, 0.08)
    t = np.linspace(-1, 1, 24)
    for layer in layers:
        x = t / 2 * (layer.length - layer.width)
        y = bow * (1 - t**2) + layer.wave * layer.width * np.sin(14 * t)
        colours, first = layer.colours.split(), rng.randint(9)
        count = int(np.ceil(share * layer.count))
        for number in range(count):
            if layer.strewn:
                far = max(0, 1 - layer.length / 2) * rng.rand() ** 0.5
                angle, way = rng.uniform(0, 2 * np.pi, 2)
                at = turned([0, far], way)
            else:
                step, angle = 1.1 * layers[0].width, row
                at = turned([0, step * (number - (count - 1) / 2)], row)
            points = middle + reach * (turned(np.stack([x, y], axis=1), angle) + at)
            colour = colours[(first + number) % len(colours)]
            picture.line(points, layer.width * reach, colour, dark=60)  # the rim
            picture.line(points, 0.85 * layer.width * reach, colour)
    return picture.photograph()
