"""Exercises of chapter 12: walking the latent space, copies, and strange noise."""

import math

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect


@exercise(
    "generative_adversarial_network",
    1,
    hint="Mix them: all of a and nothing of b at first, nothing of a at last.",
)
def _(prediction, between):
    choice(
        prediction,
        {
            "shrink": "A chain of continuous functions cannot jump.",
            "stay": "Is there a layer in the generator whose output jumps?",
        },
        right="shrink",
    )
    rng = np.random.default_rng(12)
    for dimensions, steps in ((2, 3), (32, 5), (5, 2), (1, 11)):
        a, b = rng.uniform(-1, 1, (2, dimensions)).round(2)
        wanted = np.stack([a + (b - a) * i / (steps - 1) for i in range(steps)])
        what = f"between({a}, {b}, {steps})"
        if dimensions > 5:
            what = f"between(a, b, {steps}) for {dimensions} numbers each"
        expect(between(a, b, steps), wanted, what, tolerance=1e-5)
    return "Smaller steps, smaller changes: that makes it a space to walk in."


@exercise(
    "generative_adversarial_network",
    2,
    hint="sketches - sketch subtracts it from each. Which axes are the pixels?",
)
def _(nearest):
    rng = np.random.default_rng(12)
    for count in (2, 7, 30):
        sketches = rng.random((count, 28, 28, 1)).astype("float32")
        for wanted in {0, count // 2, count - 1}:
            noise = rng.uniform(-0.02, 0.02, (28, 28, 1)).astype("float32")
            sketch = sketches[wanted] + noise
            what = f"the place of a slightly changed sketch {wanted} of {count}"
            expect(nearest(sketch, sketches), wanted, what)
    # few large differences weigh more, squared, than many small ones
    blank = np.zeros((28, 28, 1), dtype="float32")
    many, few = blank + np.float32(0.05), blank.copy()
    few[:5, 0, 0] = 1
    what = "the place of the sketch that is nearest by squared differences"
    expect(nearest(blank, np.stack([few, many])), 1, what)
    # and darker or lighter must not cancel out
    mixed = blank.copy()
    mixed[:14], mixed[14:] = 0.5, -0.5
    expect(nearest(blank, np.stack([mixed, many])), 1, what)
    return "The same could be asked of any generator: does it make, or does it copy?"


@exercise(
    "generative_adversarial_network",
    3,
    hint="For one number it is a third. And both of two numbers?",
)
def _(share):
    for dimensions in (1, 2, 5, 32):
        wanted = 3.0**-dimensions
        came = share(dimensions)
        what = f"share_met_in_training({dimensions})"
        if not isinstance(came, (int, float, np.number)) or isinstance(came, bool):
            raise Wrong(f"{what}\nshould be a number but is {came!r}")
        if not math.isclose(came, wanted, rel_tol=1e-6):
            raise Wrong(f"{what}\nshould be {_kind(dimensions)} but is {came:.3g}")
    return "In many dimensions nearly all of a larger cube lies outside the smaller."


def _kind(dimensions):
    if dimensions == 1:
        return "the share of −1 to 1 in −3 to 3"
    return f"the share at which all {dimensions} numbers lie inside at once"
