"""Exercises of the notebooks that chapter 8 has no code for."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Gradient Descent


@exercise(
    "gradient_descent",
    1,
    hint="A step is rate times slope. Write it down for a rate of 0.5.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "one": "Half of the slope 2 (p - valley) is the whole distance.",
            "about ten": "Work out the first step: 0.5 times 2 (p - valley).",
            "endlessly many": "That is so at rates where some distance always remains.",
        },
        right="one",
    )


@exercise(
    "gradient_descent",
    2,
    hint="The new place is the old one minus rate times the slope at the old one.",
)
def _(descend):
    slopes = {
        "2 * p": lambda p: 2 * p,
        "p**3 - 4 * p": lambda p: p**3 - 4 * p,
        "np.sin(p)": np.sin,
    }
    for text, slope in slopes.items():
        for start, rate, steps in ((1.5, 0.1, 0), (1.5, 0.1, 1), (-0.7, 0.05, 12)):
            wanted = start
            for _ in range(steps):
                wanted = wanted - rate * slope(wanted)
            what = f"descend({start}, slope, {rate}, {steps}) with slope {text}"
            expect(descend(start, slope, rate, steps), wanted, what)
    return "A loop of one line: that is all there is to gradient descent."


@exercise(
    "gradient_descent",
    3,
    hint="A step turns p into (1 - 2 k rate) p. When does that get longer?",
)
def _(largest_rate):
    for k in (1.0, 0.5, 4.0, 12.5):
        expect(largest_rate(k), 1 / k, f"largest_rate({k})")
    return "Twice the curvature, half the largest rate."
