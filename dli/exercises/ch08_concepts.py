"""Exercises of the notebooks that chapter 8 has no code for."""

from __future__ import annotations

from itertools import pairwise

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


# Batch Size and Local Minima


@exercise(
    "batch_size_and_local_minima",
    1,
    hint="divmod(7, 3) is (2, 1): two full threes, and one is left. And divmod(6, 3)?",
)
def _(batches_of):
    for examples, size in ((60_000, 128), (60_000, 100), (7, 3), (5, 8), (404, 8)):
        full, left = divmod(examples, size)
        wanted = (full + 1, left) if left else (full, size)
        expect(batches_of(examples, size), wanted, f"batches_of({examples}, {size})")
    return "What is left over makes a smaller batch, and nothing left over makes none."


@exercise(
    "batch_size_and_local_minima",
    2,
    hint="The noise goes with one over the root of the batch size.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "twice as large": "Twice the batch takes only three tenths off the noise.",
            "four times as large": "The root of four is two.",
            "half as large": "Smaller batches are noisier.",
        },
        right="four times as large",
    )


@exercise(
    "batch_size_and_local_minima",
    3,
    hint="Turn each mean back into a sum first: gradient times size.",
)
def _(gradient_of_all):
    rng = np.random.default_rng(84)
    for sizes in ([2, 1], [4, 4, 4], [128, 128, 96]):
        gradients = [rng.normal(size=3).round(2) for _ in sizes]
        wanted = sum(g * n for g, n in zip(gradients, sizes)) / sum(sizes)
        what = f"gradient_of_all(gradients, {sizes})"
        expect(gradient_of_all(gradients, sizes), wanted, what)
    return "Every example counts the same, in whichever piece it is."


# How Many Layers, Neurons, Epochs


@exercise(
    "layers_neurons_epochs",
    1,
    hint="784 x 64 weights become 784 x 128. And 64 x 64?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "twice as many": "The weights between the two hidden layers grow fourfold.",
            "a little more than twice as many": "The many weights at the pixels "
            "double, only the few between the hidden layers grow fourfold.",
            "four times as many": "The 784 pixels do not become more.",
        },
        right="a little more than twice as many",
    )


@exercise(
    "layers_neurons_epochs",
    2,
    hint="[784, 10] has 784 x 10 weights and 10 biases.",
)
def _(count_parameters):
    for layers in ([784, 10], [784, 64, 10], [784, 64, 64, 10], [13, 32, 16, 1]):
        wanted = sum((a + 1) * b for a, b in pairwise(layers))
        expect(count_parameters(layers), wanted, f"count_parameters({layers})")
    return "The inputs have no biases, everything after them has."


@exercise(
    "layers_neurons_epochs",
    3,
    hint="Keep the lowest cost so far, and count the epochs since.",
)
def _(last_epoch):
    rng = np.random.default_rng(812)
    cases = [
        ([0.9, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7], 2),
        ([0.5, 0.5, 0.5, 0.5], 3),
        ([0.9, 0.8, 0.7], 1),
        ([0.4, 0.9, 0.8, 0.7, 0.6, 0.5], 3),
        ([0.4, 0.5, 0.3, 0.4, 0.2, 0.1], 1),
        (rng.random(12).round(2).tolist(), 4),
    ]
    for costs, patience in cases:
        lowest, since, wanted = float("inf"), 0, len(costs)
        for epoch, cost in enumerate(costs, 1):
            since = 0 if cost < lowest else since + 1
            lowest = min(lowest, cost)
            if since == patience:
                wanted = epoch
                break
        expect(last_epoch(costs, patience), wanted, f"last_epoch({costs}, {patience})")
    return "A cost as low as the lowest is no new low."
