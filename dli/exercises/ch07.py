"""Exercises of chapter 7: the hot dog network by hand."""

from itertools import pairwise

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# The Hot Dog Network by Hand


@exercise(
    "hot_dog_network",
    1,
    hint="Walk through it by hand. Which of the numbers double, and which do not?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "-4.0": "z would double if every bias were 0; no bias here is.",
            "-2.0": "The amounts reach the output: a1 alone goes from 1.6 to 4.1.",
            "above 0": "The products double, the biases stay: z is 1.7, a 84.55 %.",
        },
        right="above 0",
    )


@exercise(
    "hot_dog_network",
    2,
    hint="The new neuron listens to the layer before; the layer after listens to it.",
)
def _(added):
    cases = (
        ([2, 3, 2, 1], 1),
        ([2, 3, 2, 1], 2),
        ([2, 3, 2, 1], 3),
        ([784, 64, 10], 1),
        ([2, 8, 8, 4, 2, 1], 3),
    )
    for layers, layer in cases:
        wider = [size + (place == layer) for place, size in enumerate(layers)]
        wanted = _parameters(wider) - _parameters(layers)
        expect(added(layers, layer), wanted, f"added({layers}, {layer})")
    return "So a neuron costs what the two layers beside it make it cost."


@exercise(
    "hot_dog_network",
    3,
    hint="How sure is a network that says 0.03? As sure as one that says 0.97.",
)
def _(answered):
    rng = np.random.default_rng(7)
    cases = [
        ([0.03, 0.97], 0.9),
        ([0.25, 0.5, 0.75, 1.0], 0.75),
        ([0.4, 0.5, 0.6], 0.5),
        (np.round(rng.random(40), 3), 0.8),
    ]
    for probabilities, threshold in cases:
        p = np.asarray(probabilities)
        wanted = float(np.mean(np.maximum(p, 1 - p) >= threshold))
        shown = probabilities if len(p) < 9 else "40 probabilities"
        expect(
            answered(probabilities, threshold),
            wanted,
            f"answered({shown}, {threshold})",
        )
    return "A sure no counts as much as a sure yes."


def _parameters(layers):
    return sum((before + 1) * after for before, after in pairwise(layers))


# Softmax Demo


@exercise(
    "softmax_demo",
    1,
    hint="Only differences count. What becomes of the lead of pizza?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "more sure": "That needs larger leads; divided by ten they are smaller.",
            "less sure": "Its lead over burger falls from 4 to 0.4.",
            "as sure": "Adding a number to all changes nothing; dividing does.",
        },
        right="less sure",
    )


@exercise(
    "softmax_demo",
    2,
    hint="All powers of e are the same. Which share of their total is one of them?",
)
def _(each):
    for n, z in ((3, -5.0), (3, 5.0), (10, 0.0), (1, 2.0), (1000, -1.5)):
        powers = np.exp(np.full(n, z))
        expect(each(n, z), float(powers[0] / powers.sum()), f"each({n}, {z})")
    return "Only n matters; ten digits and no idea make one tenth each."


@exercise(
    "softmax_demo",
    3,
    hint="The total cancels: what is one power of e divided by another?",
)
def _(lead):
    for exponent in (1, 2, -1, 0, 0.5):
        times = 10.0**exponent
        expect(lead(times), exponent * float(np.log(10)), f"lead({times:.6g})")
    return "Factors of the probability are steps of z."
