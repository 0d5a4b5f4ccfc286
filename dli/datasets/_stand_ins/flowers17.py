"""Stand-in of Oxford Flowers-17."""

from typing import NamedTuple

import numpy as np

from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins.painting import Painting, petal, turned

_SIDE, _EACH = 224, 80  # pixels; pictures of a kind


class _Kind(NamedTuple):
    """How flowers of one kind look."""

    petals: int  # of a head
    width: float  # of a petal 1 long
    blunt: float  # see `painting.petal`
    colours: str  # of the petals; a picture has one of them
    heart: str  # the colour of the middle
    middle: float  # its radius, for a flower of radius 1
    crowd: int  # the most stems
    grounds: str  # one of them is behind the flowers
    arc: int = 360  # degrees that the petals span
    facing: int = 0  # degrees; a head that spans less hangs at 180
    heads: int = 1  # on a stem
    marks: str = ""  # the colour of dots on the petals


_KINDS = (  # in the order of the labels
    _Kind(6, 0.55, 0.9, "gold ivory", "coral", 0.42, 3, "green gray"),  # daffodil
    _Kind(3, 0.45, 0.8, "white", "green", 0.2, 6, "gray black", 80, 180),  # snowdrop
    # lily of the valley, bluebell
    _Kind(3, 0.6, 0.5, "white ivory", "green", 0.2, 2, "black green", 70, 180, 9),
    _Kind(3, 0.5, 0.6, "blue indigo", "green", 0.3, 3, "green black", 60, 180, 7),
    _Kind(4, 0.6, 0.75, "indigo white", "coral", 0.1, 5, "gray green", 70),  # crocus
    _Kind(6, 0.8, 0.6, "indigo blue plum", "gold", 0.2, 1, "green", 330),  # iris
    # tiger lily, tulip, fritillary
    _Kind(6, 0.34, 1, "coral", "sienna", 0.1, 4, "green skyblue", marks="sienna"),
    _Kind(3, 0.42, 1, "gold orange", "green", 0.1, 3, "green gray", 60),
    _Kind(3, 0.6, 0.5, "purple plum", "green", 0.2, 3, "green", 50, 180, 1, "plum"),
    _Kind(25, 0.2, 1, "orange gold", "sienna", 0.42, 2, "skyblue green"),  # sunflower
    _Kind(19, 0.22, 0.6, "white", "orange", 0.3, 5, "green black"),  # daisy
    _Kind(44, 0.06, 0.7, "gold", "orange", 0.34, 6, "gray black"),  # colt's foot
    _Kind(32, 0.13, 0.6, "gold orange", "coral", 0.1, 3, "green black"),  # dandelion
    # cowslip, buttercup, windflower, pansy
    _Kind(4, 0.5, 0.6, "gold", "green", 0.25, 2, "green gray", 100, 0, 7, "orange"),
    _Kind(5, 0.95, 0.45, "gold orange", "orange", 0.26, 4, "green black"),
    _Kind(7, 0.6, 0.75, "white plum", "ivory", 0.16, 4, "black gray"),
    _Kind(5, 0.95, 0.45, "indigo gold white", "gold", 0.1, 2, "gray", marks="purple"),
)


def make() -> Arrays:
    """1,360 pictures of made-up flowers, 80 of each kind one after the other.

    Kinds share colours and forms, as real ones do, so that neither is enough to tell
    them apart.

    Returns:
        "images": (1360, 224, 224, 3), "labels": (1360,); uint8.
    """
    rng = np.random.RandomState(17)
    labels = np.repeat(np.arange(len(_KINDS), dtype=np.uint8), _EACH)
    images = np.stack([_flowers(_KINDS[label], rng) for label in labels])
    return {"images": images, "labels": labels}


def _flowers(kind: _Kind, rng: np.random.RandomState) -> np.ndarray:
    """One picture: uint8 of shape (224, 224, 3)."""
    picture = Painting((_SIDE, _SIDE), rng.choice(kind.grounds.split()), rng)
    colour = rng.choice(kind.colours.split())
    crowd = rng.randint(1, kind.crowd + 1)
    radius = rng.uniform(50, 92) / crowd**0.6
    places = _SIDE / 2 + rng.normal(0, 12 + 14 * (crowd - 1), (crowd, 2))
    places = places.clip(0.7 * radius, _SIDE - 0.7 * radius)
    for place in places[np.argsort(places[:, 1])]:
        foot = np.array([place[0] + rng.normal(0, 25), _SIDE + 5])
        picture.line(np.stack([place, foot]), radius / 11, "green")
        for _ in range(rng.randint(4)):
            blade = petal(rng.uniform(60, 150), rng.uniform(6, 22), 1)
            picture.area(turned(blade, rng.normal(0, 0.5)) + foot, "green")
        if kind.heads == 1:
            _head(picture, kind, place, radius, colour)
        else:  # small ones along an arched stem
            for y in np.linspace(-1, 1, kind.heads):
                x = 0.5 * y**2 + rng.normal(0, 0.2)
                _head(
                    picture, kind, place + radius * np.array([x, y]), radius / 3, colour
                )
    return picture.photograph()


def _head(picture: Painting, kind: _Kind, at, radius: float, colour: str) -> None:
    """One head: petals about a middle, or from a foot that is off the middle."""
    rng = picture.rng
    facing = np.radians(kind.facing) + rng.normal(0, 0.15)
    radius *= rng.uniform(0.85, 1.1)
    if kind.arc < 180:
        at = at + turned([0, 0.8 * radius], facing)
        radius = 1.7 * radius
    fan = (rng.permutation(kind.petals) + 0.5) / kind.petals - 0.5
    tilt = (1, rng.uniform(0.75, 1))  # seen from the side
    for angle in facing + np.radians(kind.arc) * fan + rng.normal(0, 0.08, kind.petals):
        shape = petal(radius, radius * kind.width, kind.blunt) * rng.uniform(0.88, 1.08)
        picture.area(turned(shape, angle) * tilt + at, colour)
        if kind.marks:
            for far in rng.uniform(0.2, 0.75, 5):
                dot = turned([rng.normal(0, 0.07) * radius, -far * radius], angle)
                picture.disc(dot * tilt + at, 0.03 * radius + 0.5, kind.marks)
    picture.disc(at, radius * kind.middle, kind.heart)
