"""Exercises of chapter 9: momentum, and the optimizers that adapt."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Momentum


@exercise(
    "momentum",
    1,
    hint="What share is forgotten at each step? One over that share.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "ten": "That is so with 0.9, which forgets a tenth at each step.",
            "a hundred": "A hundredth is forgotten at each step: 1 / (1 - 0.99).",
            "a thousand": "That would take 0.999.",
        },
        right="a hundred",
    )


def _rolled(step, peek, name):
    slopes = {"2 * p": lambda p: 2 * p, "np.sin(p)": np.sin}
    for text, slope in slopes.items():
        for p, v, rate, beta in (
            (1.0, 0.0, 0.1, 0.9),
            (1.5, -0.4, 0.1, 0.9),
            (-2.0, 0.3, 0.5, 0.5),
        ):
            new = beta * v - rate * slope(p + beta * v if peek else p)
            came = step(p, v, slope, rate, beta)
            what = f"{name}({p}, {v}, slope, {rate}, {beta}) with slope {text}"
            expect(came, (p + new, new), what)


@exercise(
    "momentum",
    2,
    hint="Keep a share beta of v, push it downhill by rate times slope, then move.",
)
def _(momentum_step):
    _rolled(momentum_step, False, "momentum_step")
    return "The velocity first; the place then moves by the new one."


@exercise(
    "momentum",
    3,
    hint="Where would the ball be after this step if there were no slope at all?",
)
def _(nesterov_step):
    _rolled(nesterov_step, True, "nesterov_step")
    return "One word more than momentum: the slope is asked for at p + beta * v."


# AdaGrad to Adam


@exercise(
    "adaptive_optimizers",
    1,
    hint="The step is m over the root of v. What does the factor do to each of them?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "a thousand times as long": "So it would be for plain gradient descent.",
            "a million times as long": "v grows a million times, but it is divided by.",
            "as long as before": "m grows a thousand times, and so does the root of v.",
        },
        right="as long as before",
    )


@exercise(
    "adaptive_optimizers",
    2,
    hint="Let all values be 1. What is the average after one step, after two?",
)
def _(corrected_average):
    for value, beta, steps in ((1, 0.9, 1), (1, 0.9, 2), (-3, 0.999, 10), (2, 0.5, 40)):
        average = 0.0
        for _ in range(steps):
            average = beta * average + (1 - beta) * value
        what = f"corrected_average({average:.6g}, {beta}, {steps})"
        expect(corrected_average(average, beta, steps), float(value), what)
    return (
        "Of equal values, the corrected average is that value from the first step on."
    )


@exercise(
    "adaptive_optimizers",
    3,
    hint="First the average of squares, then divide by its root.",
)
def _(rmsprop_step):
    for g, square, rho, rate in (
        (2.0, 1.0, 0.9, 0.001),
        (-0.5, 0.0, 0.95, 0.01),
        (3.0, 4.0, 0.0, 1.0),
    ):
        new = rho * square + (1 - rho) * g**2
        wanted = (-rate * g / np.sqrt(new), new)
        what = f"rmsprop_step({g}, {square}, {rho}, {rate})"
        expect(rmsprop_step(g, square, rho, rate), wanted, what)
    return "The gradient counts in its own division, so no step is wildly long."
