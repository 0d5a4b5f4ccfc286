"""Exercises of chapter 6: the perceptron, and the neurons that came after it."""

from itertools import product

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

_INGREDIENTS = ("ketchup", "mustard", "bun")

# Perceptron


@exercise(
    "perceptron",
    1,
    hint="Write the eight sums down. Does a sum that equals the threshold give 1 or 0?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "none": "No sum lies between 4 and 5, but one of them is 5.",
            "one": "Ketchup and mustard add up to 5, and 5 is not more than 5.",
            "three": "Sums of 6 and more stay above 5, sums up to 3 stay below 4.",
        },
        right="one",
    )


@exercise(
    "perceptron",
    2,
    hint="Let all three count alike. Between which two sums does the bar have to lie?",
)
def _(weights, bias):
    numbers = _numbers(weights, 3, "my_weights")
    (bias,) = _numbers([bias], 1, "my_bias")
    for snack in product((0, 1), repeat=3):
        z = float(np.dot(snack, numbers) + bias)
        what = f"the answer to {_named(snack)} (z = {z:.6g})"
        expect(int(z > 0), int(sum(snack) >= 2), what)
    return "Two ingredients must reach the bar, and one must not."


@exercise(
    "perceptron",
    3,
    hint="Let one say 'at least one of them' and another 'both of them'.",
)
def _(first, second, third):
    parts = [
        _numbers(part, 3, name)
        for part, name in ((first, "first"), (second, "second"), (third, "third"))
    ]
    for ketchup, mustard in product((0, 1), repeat=2):
        said = [
            int(w1 * ketchup + w2 * mustard + bias > 0) for w1, w2, bias in parts[:2]
        ]
        w1, w2, bias = parts[2]
        z = float(w1 * said[0] + w2 * said[1] + bias)
        what = (
            f"ketchup {ketchup}, mustard {mustard} (first says {said[0]}, second "
            f"{said[1]}, so z = {z:.6g}): the answer"
        )
        expect(int(z > 0), ketchup ^ mustard, what)
    return "Two lines part what one line can't: that is what a hidden layer is for."


def _numbers(values, count, name):
    """The reader's numbers as floats."""
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Wrong(f"{name} should be numbers\nbut is {values!r}") from None
    if numbers.shape != (count,):
        raise Wrong(f"{name} should be {count} numbers\nbut is {values!r}")
    if not np.isfinite(numbers).all():
        raise Wrong(f"{name} should be finite numbers\nbut is {values!r}")
    return numbers


def _named(snack):
    return " + ".join(i for i, x in zip(_INGREDIENTS, snack) if x) or "nothing"


# Tanh, ReLU and Their Relatives


@exercise(
    "activation_functions",
    1,
    hint="What does one ReLU draw on the side where it is silent?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "one": "A single ReLU is flat on one of its sides.",
            "two": "One rises to the right of 0, the other, turned round, to the left.",
            "endlessly many": "Only curves need many; |x| has a single bend.",
        },
        right="two",
    )


@exercise(
    "activation_functions",
    2,
    hint="At 0 the sigmoid is 0.5 and tanh 0; tanh is four times as steep there.",
)
def _(my_tanh):
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))

    for z in (0.0, 1.0, -1.0, 0.3, -2.5, 6.0):
        expect(my_tanh(z, sigmoid), float(np.tanh(z)), f"my_tanh({z}, sigmoid)")
    calls = []

    def spy(z):
        calls.append(z)
        return sigmoid(z)

    my_tanh(0.7, spy)
    if not calls:
        raise Wrong(
            "my_tanh(0.7, sigmoid) should use the sigmoid it is given\nbut does not"
        )
    return "So they are one curve in two sizes."


@exercise(
    "activation_functions",
    3,
    hint="Each ReLU that starts adds its weight to the slope from there on.",
)
def _(relu_weights):
    rng = np.random.default_rng(6)
    cases = [([0, 1], [0, 2]), ([0, 1, 3], [0, 2, 0]), ([-1, 0, 2, 3], [1, 1, 5, 5])]
    xs = np.cumsum(rng.integers(1, 4, size=6))
    cases.append((xs.tolist(), rng.integers(-5, 6, size=6).tolist()))
    for xs, ys in cases:
        slopes = np.diff(ys) / np.diff(xs)
        wanted = np.diff(slopes, prepend=0.0)
        expect(relu_weights(xs, ys), wanted, f"relu_weights({xs}, {ys})")
    return "As many ReLUs as pieces: any chain of straight lines is a ReLU network."


# Sigmoid Function


@exercise(
    "sigmoid_function",
    1,
    hint="Turn the curve half round about its middle, (0, 0.5): it falls on itself.",
)
def _(sigmoid_of_1):
    expect(sigmoid_of_1, _sigmoid(1), "the sigmoid of 1", tolerance=1e-4)
    return "What the curve lacks on one side of 0 it has on the other."


@exercise(
    "sigmoid_function",
    2,
    hint="Turn it over: 1 / a is 1 + e to the power -z. Then take logarithms.",
)
def _(z_of):
    for z in (0.0, 1.0, -1.0, 2.5, -6.0):
        activation = round(_sigmoid(z), 9)
        expect(z_of(activation), z, f"z_of({activation})", tolerance=1e-4)
    return "Each further nine costs the same, about 2.3."


@exercise(
    "sigmoid_function",
    3,
    hint="It is twice as tall. And how fast does 2z move, when z does?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "flatter": "It climbs twice as far, and does not take more room for it.",
            "twice as steep": "That is its height alone; it also runs twice as fast.",
            "four times as steep": "Twice as tall, and twice as fast along z.",
        },
        right="four times as steep",
    )


def _sigmoid(z):
    return float(1 / (1 + np.exp(-z)))
