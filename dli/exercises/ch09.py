"""Exercises of chapter 9: starting weights, the deep net, regression, TensorBoard."""

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

# Weight Initialization


@exercise(
    "weight_initialization",
    1,
    hint="What is z where every weight and every bias is zero?",
)
def _(different):
    expect(different, len({1 / (1 + np.exp(-0.0 * x)) for x in range(9)}), "different")
    return (
        "Every z is 0 and every activation 0.5. Neurons that agree get the same "
        "gradient, and stay alike for ever: that is why weights are drawn."
    )


@exercise(
    "weight_initialization",
    2,
    hint="How large is the mean of an input's square between 0 and brightest?",
)
def _(spread_of_z):
    rng = np.random.default_rng(9)
    cases = [(784, 256), (784, 64), (1, 1), *rng.integers(2, 3000, (3, 2)).tolist()]
    for (n_in, n_out), brightest in zip(cases, (1, 1, 1, 1, 255, 0.5)):
        squares = n_in * brightest**2 / 3
        wanted = np.sqrt(squares * 2 / (n_in + n_out))
        what = f"spread_of_z({n_in}, {n_out}, {brightest})"
        expect(spread_of_z(n_in, n_out, brightest), wanted, what, tolerance=1e-6)
    return "A little more widely with 64 neurons: the many inputs decide."


@exercise(
    "weight_initialization",
    3,
    hint="By what factor does z grow? Compare with the edge at 2.2.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "as few as before": "The weights know nothing of the pixels' size.",
            "about half": "z is 255 times as wide, and the sigmoid's slope as narrow.",
            "nearly all": "Glorot's formula counts on inputs of about size 1.",
        },
        right="nearly all",
    )
