"""Wrong answers of chapter 12 are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers


def by_linspace(a, b, steps):
    return np.linspace(a, b, steps)


def by_rows(a, b, steps):
    return [a + i / (steps - 1) * (b - a) for i in range(steps)]


def backwards(a, b, steps):
    return np.linspace(b, a, steps)


def without_the_end(a, b, steps):
    return np.linspace(a, b, steps, endpoint=False)


def one_too_many(a, b, steps):
    return np.linspace(a, b, steps + 1)


def uneven(a, b, steps):
    return a + (b - a) * np.linspace(0, 1, steps)[:, None] ** 2


def by_squares(sketch, sketches):
    return ((sketches - sketch) ** 2).sum(axis=(1, 2, 3)).argmin()


def by_norm(sketch, sketches):
    flat = (sketches - sketch).reshape(len(sketches), -1)
    return int(np.argmin(np.linalg.norm(flat, axis=1)))


def by_loop(sketch, sketches):
    found = [float(np.sum(np.square(other - sketch))) for other in sketches]
    return found.index(min(found))


def farthest(sketch, sketches):
    return ((sketches - sketch) ** 2).sum(axis=(1, 2, 3)).argmax()


def unsquared(sketch, sketches):
    return abs((sketches - sketch).sum(axis=(1, 2, 3))).argmin()


def absolute(sketch, sketches):
    return abs(sketches - sketch).sum(axis=(1, 2, 3)).argmin()


def over_all_pixels(sketch, sketches):
    return ((sketches - sketch) ** 2).argmin()


def sketch_itself(sketch, sketches):
    return sketches[by_squares(sketch, sketches)]


WRONG = {
    ("generative_adversarial_network", 1): [
        ("stay", by_linspace),
        ("grow", by_linspace),
        ("shrink", backwards),
        ("shrink", without_the_end),
        ("shrink", one_too_many),
        ("shrink", uneven),
    ],
    ("generative_adversarial_network", 2): [
        (farthest,),
        (unsquared,),
        (absolute,),
        (over_all_pixels,),
        (sketch_itself,),
        (lambda sketch, sketches: 0,),
    ],
    ("generative_adversarial_network", 3): [
        (lambda dimensions: 1 / 3,),
        (lambda dimensions: 1 / (3 * dimensions),),
        (lambda dimensions: 0,),
        (lambda dimensions: 2 / 3**dimensions,),
        (lambda dimensions: "nearly none",),
    ],
}

RIGHT = {
    ("generative_adversarial_network", 1): [
        ("shrink", by_linspace),
        (" Shrink", by_rows),
    ],
    ("generative_adversarial_network", 2): [(by_squares,), (by_norm,), (by_loop,)],
    ("generative_adversarial_network", 3): [
        (lambda dimensions: (1 / 3) ** dimensions,),
        (lambda dimensions: np.float64(2) ** dimensions / 6.0**dimensions,),
        (lambda dimensions: float(np.prod([1 / 3] * dimensions)),),
    ],
}


TestAnswers = answers(WRONG, RIGHT)
