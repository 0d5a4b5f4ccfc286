"""Pictures of 17 kinds of flowers that grow nowhere: the stand-in of `flowers17`.

Each kind has its form, its number, shape and colours of petals and its surroundings.
Several kinds share a colour or a form, as real ones do: colour alone does not tell
buttercup from dandelion, nor form alone daisy from sunflower.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dli.datasets._stand_ins import painting
from dli.datasets._stand_ins.painting import Colour, Painting

SIDE = 224  # pixels

_YELLOW, _GOLD, _ORANGE = (245, 215, 40), (240, 175, 25), (230, 110, 30)
_WHITE, _CREAM, _PINK = (240, 240, 238), (238, 232, 190), (225, 160, 195)
_VIOLET, _BLUE, _MAROON = (130, 65, 190), (95, 95, 215), (130, 45, 85)
_BROWN, _BLACK, _GREEN = (90, 55, 25), (35, 20, 35), (75, 135, 50)

_GROUNDS = {
    "grass": ((60, 110, 40), (95, 145, 60), (40, 75, 30), (120, 150, 80)),
    "shade": ((25, 45, 22), (12, 25, 14), (45, 75, 35), (20, 30, 25)),
    "soil": ((95, 75, 55), (130, 110, 85), (70, 60, 45), (85, 95, 55)),
    "sky": ((90, 140, 215), (150, 185, 230), (70, 115, 190), (190, 205, 220)),
}


@dataclass(frozen=True)
class Kind:
    """How flowers of one kind look.

    Attributes:
        form: the function below that draws one.
        petals: the fewest and the most.
        width: of a petal, for a length of 1.
        blunt: of its tip (see `painting.petal`).
        colours: of petals; a picture has one of them.
        heart: colour of the middle.
        middle: its radius, for a flower of radius 1.
        crowd: the fewest and the most flowers in a picture.
        grounds: what is behind them.
        marks: colour of what is on the petals (dots, squares, a blotch) or between.
    """

    form: str
    petals: tuple[int, int]
    width: float
    blunt: float
    colours: tuple[Colour, ...]
    heart: Colour
    middle: float
    crowd: tuple[int, int]
    grounds: tuple[str, ...]
    marks: Colour | None = None


KINDS = {
    "daffodil": Kind("trumpet", (6, 6), 0.55, 0.9, (_YELLOW, _YELLOW, _CREAM),
                     _ORANGE, 0.42, (1, 3), ("grass", "soil", "shade")),
    "snowdrop": Kind("drop", (3, 3), 0.5, 0.8, (_WHITE,),
                     _GREEN, 0.2, (1, 6), ("soil", "shade", "grass")),
    "lily of the valley": Kind("spike", (6, 11), 0.95, 0.45, (_WHITE, _CREAM),
                               _GREEN, 0.2, (1, 2), ("shade", "grass")),
    "bluebell": Kind("spike", (5, 9), 0.5, 0.6, (_BLUE, _VIOLET, _BLUE),
                     _GREEN, 0.3, (1, 3), ("grass", "shade")),
    "crocus": Kind("cup", (3, 5), 0.62, 0.75, (_VIOLET, _VIOLET, _WHITE),
                   _GREEN, 0.1, (1, 5), ("soil", "grass"), _ORANGE),
    "iris": Kind("flag", (3, 3), 0.8, 0.6, (_VIOLET, _BLUE, _YELLOW, _PINK, _WHITE),
                 _YELLOW, 0.2, (1, 1), ("grass", "shade")),
    "tiger lily": Kind("star", (6, 6), 0.34, 1.0, (_ORANGE, _ORANGE, _GOLD),
                       _BROWN, 0.1, (1, 4), ("grass", "sky", "shade"), _BROWN),
    "tulip": Kind("cup", (3, 4), 0.42, 1.0, (_YELLOW, _YELLOW, _GOLD),
                  _GREEN, 0.1, (1, 3), ("grass", "soil")),
    "fritillary": Kind("bell", (3, 4), 0.62, 0.5, (_MAROON, _PINK, _MAROON, _CREAM),
                       _GREEN, 0.2, (1, 3), ("grass", "shade"), _PINK),
    "sunflower": Kind("star", (20, 30), 0.2, 1.0, (_GOLD, _YELLOW),
                      _BROWN, 0.42, (1, 2), ("sky", "grass", "shade")),
    "daisy": Kind("star", (14, 24), 0.22, 0.6, (_WHITE,),
                  _GOLD, 0.3, (1, 5), ("grass", "shade")),
    "colt's foot": Kind("star", (40, 56), 0.06, 0.7, (_YELLOW,),
                        _GOLD, 0.34, (1, 6), ("soil", "soil", "shade")),
    "dandelion": Kind("tuft", (26, 38), 0.13, 0.6, (_YELLOW, _GOLD),
                      _GOLD, 0.1, (1, 3), ("grass", "grass", "shade")),
    "cowslip": Kind("bunch", (5, 10), 0.45, 0.6, (_YELLOW,),
                    _GREEN, 0.2, (1, 2), ("grass", "soil", "shade"), _GOLD),
    "buttercup": Kind("star", (5, 5), 0.95, 0.45, (_YELLOW, _GOLD),
                      _GOLD, 0.26, (1, 4), ("grass", "shade")),
    "windflower": Kind("star", (6, 7), 0.6, 0.75, (_WHITE, _WHITE, _PINK),
                       _CREAM, 0.16, (1, 4), ("shade", "grass", "soil")),
    "pansy": Kind("face", (5, 5), 0.95, 0.45, (_VIOLET, _YELLOW, _WHITE, _BLUE),
                  _YELLOW, 0.1, (1, 2), ("grass", "soil", "shade"), _BLACK),
}  # fmt: skip


def photograph(kind: Kind, rng: np.random.RandomState) -> np.ndarray:
    """One picture: uint8 of shape (224, 224, 3)."""
    ground = kind.grounds[rng.randint(len(kind.grounds))]
    picture = Painting((SIDE, SIDE), _GROUNDS[ground], rng)
    crowd = rng.randint(kind.crowd[0], kind.crowd[1] + 1)
    colour = kind.colours[rng.randint(len(kind.colours))]
    radius = rng.uniform(50, 92) / crowd**0.6
    places = SIDE / 2 + rng.normal(0, 12 + 14 * (crowd - 1), (crowd, 2))
    places = places.clip(radius * 0.7, SIDE - radius * 0.7)
    for at in places:
        _stem(picture, at, radius, rng)
    for at in places[np.argsort(places[:, 1])]:
        size = radius * rng.uniform(0.85, 1.1)
        _FORMS[kind.form](picture, at, size, kind, colour, rng)
    return np.asarray(picture.developed())


def _stem(picture: Painting, at, radius: float, rng) -> None:
    """A stem down from a flower, and blades of grass about it."""
    green = painting.varied(_GREEN, rng, 20)
    foot = np.array([at[0] + rng.normal(0, 25), SIDE + 5])
    middle = (at + foot) / 2 + rng.normal(0, 8, 2)
    picture.line(np.array([at, middle, foot]), radius / 11, green)
    for _ in range(rng.randint(0, 4)):
        blade = painting.petal(
            rng.uniform(60, 150), rng.uniform(6, 22), 0.4, rng.uniform(0.8, 1.4)
        )
        placed = painting.turned(blade, rng.normal(0, 0.5)) + foot
        picture.fill(placed, painting.varied(_GREEN, rng, 28))


# --- forms: each draws one flower of a radius about a point ---------------------------


def _whorl(picture, at, radius, kind, colour, rng, foot=0.0) -> None:
    """Petals all round, of which the nearer hide the farther ones."""
    count = rng.randint(kind.petals[0], kind.petals[1] + 1)
    shape = painting.petal(radius * (1 - foot), radius * kind.width, 0.58, kind.blunt)
    shape = shape - (0, radius * foot)
    start = rng.uniform(0, 2 * np.pi)
    tilt = rng.uniform(0.7, 1)  # seen from the side
    for number in rng.permutation(count):
        angle = start + 2 * np.pi * number / count + rng.normal(0, 0.5 / count)
        placed = painting.turned(shape * rng.uniform(0.88, 1.08), angle) * (1, tilt)
        picture.fill(placed + at, painting.varied(colour, rng, 16))
        vein = painting.mixed(colour, kind.heart, 0.35)
        line = painting.turned(np.array([(0, 0), (0, -0.8 * radius)]), angle)
        if kind.width > 0.3:
            picture.line(line * (1, tilt) + at, 1, vein)
        for far in rng.uniform(0.2, 0.75, 5 if kind.marks else 0):
            spot = painting.turned(np.array([rng.normal(0, 3), -far * radius]), angle)
            picture.disc(spot * (1, tilt) + at, radius * 0.025 + 0.5, kind.marks)


def _star(picture, at, radius, kind, colour, rng) -> None:
    """Petals about a middle with grains in it."""
    _whorl(picture, at, radius, kind, colour, rng, foot=kind.middle * 0.6)
    middle = radius * kind.middle
    picture.disc(at, middle, painting.varied(kind.heart, rng), 0.9)
    for _ in range(14):
        grain = at + rng.uniform(-0.6, 0.6, 2) * middle
        picture.disc(grain, 0.1 * middle + 0.5, painting.mixed(kind.heart, _BLACK, 0.3))


def _tuft(picture, at, radius, kind, colour, rng) -> None:
    """Ever smaller rings of petals, no middle."""
    for size in (1, 0.75, 0.5, 0.28):
        shade = painting.mixed(colour, _ORANGE, 0.25 * (1 - size))
        _whorl(picture, at, radius * size, kind, shade, rng)


def _trumpet(picture, at, radius, kind, colour, rng) -> None:
    """Petals behind a tube that looks at the viewer."""
    _whorl(picture, at, radius, kind, colour, rng)
    tube = painting.mixed(colour, kind.heart, rng.uniform(0.2, 0.9))
    at = at + rng.normal(0, 0.08, 2) * radius
    for size, dark in ((1, 0.0), (0.72, 0.25)):
        angle = np.linspace(0, 2 * np.pi, 40)
        frill = radius * kind.middle * size * (1 + 0.07 * np.sin(9 * angle))
        rim = frill[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        picture.fill(rim + at, painting.mixed(tube, _BROWN, dark))


def _cup(picture, at, radius, kind, colour, rng) -> None:
    """Petals that stand up, seen from the side."""
    shape = painting.petal(1.7 * radius, 1.7 * radius * kind.width, 0.55, kind.blunt)
    count = rng.randint(kind.petals[0], kind.petals[1] + 1)
    foot = np.add(at, (0, 0.8 * radius))
    lean, gape = rng.normal(0, 0.15), rng.uniform(0.2, 0.75)
    spread = np.linspace(-1, 1, count) * gape
    if kind.marks:
        pistil = np.array([foot, at - (0, 0.55 * radius)])
        picture.line(pistil, radius * 0.14, kind.marks)
    for angle in spread[np.argsort(-np.abs(spread))]:
        placed = painting.turned(shape * (1 - 0.25 * abs(angle)), angle + lean)
        picture.fill(placed + foot, painting.varied(colour, rng, 18))
        line = painting.turned(np.array([(0, 0), (0, -1.3 * radius)]), angle + lean)
        picture.line(line + foot, 1, painting.mixed(colour, _WHITE, 0.4))


def _drop(picture, at, radius, kind, colour, rng) -> None:
    """Three long petals that hang from a bent stem."""
    top = at - (0, 0.7 * radius)
    hook = np.array([(0.55, 0.5), (0.45, -0.2), (0.2, -0.35), (0, 0)]) * radius
    hook *= (rng.choice([-1, 1]), 1)
    picture.line(hook + top, radius / 12, painting.varied(_GREEN, rng, 20))
    shape = painting.petal(1.45 * radius, 1.3 * radius * kind.width, 0.55, kind.blunt)
    lean = np.pi + rng.normal(0, 0.15)
    for angle in (-0.42, 0.42, 0.0):
        placed = painting.turned(shape, lean + angle * rng.uniform(0.6, 1.3))
        picture.fill(placed + top, painting.varied(colour, rng, 12))
    picture.disc(top, radius * kind.middle, painting.varied(kind.heart, rng, 20), 1.3)


def _bell(picture, at, radius, kind, colour, rng) -> None:
    """One large bell with a chequered pattern."""
    top = at - (0, 0.8 * radius)
    hook = np.array([(0.5, 0.6), (0.4, -0.3), (0, 0)]) * radius
    picture.line(hook * (rng.choice([-1, 1]), 1) + top, radius / 12, _GREEN)
    lean = rng.normal(0, 0.15)
    shape = painting.petal(1.6 * radius, 1.6 * radius * kind.width, 0.6, kind.blunt)
    for angle in (-0.22, 0.22, 0.0):
        placed = painting.turned(shape, np.pi + angle + lean)
        picture.fill(placed + top, painting.varied(colour, rng, 12))
    light = painting.mixed(colour, kind.marks, rng.uniform(0.4, 0.9))
    step = 0.2 * radius
    for row in range(1, 8):
        for column in range(-3, 4):
            if (row + column) % 2 and abs(column) < 3.4 * np.sin(np.pi * row / 8.5):
                spot = np.array([column * step * 0.75, row * step])
                picture.disc(painting.turned(spot, lean) + top, step * 0.33, light)


def _spike(picture, at, radius, kind, colour, rng) -> None:
    """Small bells to both sides of an arching stem."""
    count = rng.randint(kind.petals[0], kind.petals[1] + 1)
    along = np.linspace(0, 1, count)[:, None]
    side = rng.choice([-1, 1])
    arch = np.concatenate([0.6 * along**2 * side, 1 - 2.1 * along], axis=1) * radius
    picture.line(arch + at, radius / 14, painting.varied(kind.heart, rng, 20))
    size = radius * (0.56 if kind.width > 0.8 else 0.75)
    shape = painting.petal(size, size * kind.width, 0.62, kind.blunt)
    for number, foot in enumerate(arch + at):
        angle = np.pi + rng.normal(0, 0.2) - 0.8 * (1 if number % 2 else -1)
        placed = painting.turned(shape, angle) + foot
        picture.fill(placed, painting.varied(colour, rng, 16))
        tip = painting.turned(np.array([0, -0.95 * size]), angle) + foot
        picture.disc(tip, size * 0.12, painting.mixed(colour, _WHITE, 0.5))


def _bunch(picture, at, radius, kind, colour, rng) -> None:
    """Small bells that nod to all sides, half in green sleeves, a star at each end."""
    foot = np.add(at, (0, 0.3 * radius))
    size = 0.9 * radius
    shape = painting.petal(size, size * kind.width, 0.62, kind.blunt)
    for angle in rng.uniform(
        -2.2, 2.2, rng.randint(kind.petals[0], kind.petals[1] + 1)
    ):
        bell = painting.turned(shape, angle)
        picture.fill(bell + foot, painting.varied(colour, rng, 16))
        sleeve = painting.mixed(kind.heart, colour, 0.4)
        picture.fill(0.65 * bell + foot, painting.varied(sleeve, rng, 16))
        tip = painting.turned(np.array([0, -0.95 * size]), angle) + foot
        picture.disc(tip, size * 0.27, painting.varied(colour, rng, 16))
        picture.disc(tip, size * 0.1, kind.marks)


def _flag(picture, at, radius, kind, colour, rng) -> None:
    """Three petals that stand and three that hang, these with a beard."""
    stand = painting.mixed(colour, _WHITE, rng.uniform(0, 0.5))
    wide = radius * kind.width
    for angles, shade in (((-0.45, 0.45, 0.0), stand), ((1.9, -1.9, np.pi), colour)):
        for angle in angles:
            shape = painting.petal(radius * 1.05, wide, 0.65, kind.blunt)
            placed = painting.turned(shape, angle + rng.normal(0, 0.1)) + at
            picture.fill(placed, painting.varied(shade, rng, 14))
    for angle in (1.9, -1.9, np.pi):
        beard = painting.turned(np.array([(0, 0), (0, -0.45 * radius)]), angle)
        picture.line(beard + at, radius * 0.09, kind.heart)


def _face(picture, at, radius, kind, colour, rng) -> None:
    """Two petals above, two beside, one below, with dark blotches."""
    upper = kind.colours[rng.randint(len(kind.colours))]
    tall = radius * 0.95
    shape = painting.petal(tall, tall * kind.width, 0.66, kind.blunt)
    for angle, shade in (
        (-0.45, upper), (0.45, upper), (-1.6, colour), (1.6, colour), (np.pi, colour)
    ):  # fmt: skip
        turn = angle + rng.normal(0, 0.08)
        picture.fill(painting.turned(shape, turn) + at, painting.varied(shade, rng, 14))
        if abs(angle) > 1:
            blotch = painting.turned(shape * 0.55, turn) + at
            picture.fill(blotch, painting.mixed(colour, kind.marks, 0.75))
    picture.disc(at, radius * kind.middle, kind.heart)


_FORMS: dict[str, Callable] = {
    "star": _star,
    "tuft": _tuft,
    "trumpet": _trumpet,
    "cup": _cup,
    "drop": _drop,
    "bell": _bell,
    "spike": _spike,
    "bunch": _bunch,
    "flag": _flag,
    "face": _face,
}
