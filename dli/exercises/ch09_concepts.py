"""Exercises of the notebooks that chapter 9 has no code for."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Vanishing and Exploding Gradients


@exercise(
    "unstable_gradients",
    1,
    hint="Through one layer, an error is multiplied by the weight and by the slope.",
)
def _(largest_share):
    for w, layers in ((1.0, 1), (1.0, 10), (4.0, 30), (5.0, 10), (0.3, 4)):
        expect(
            largest_share(w, layers),
            float((w / 4) ** layers),
            f"largest_share({w}, {layers})",
            tolerance=1e-9,
        )
    return "Below a weight of 4 an error can only shrink, above it may grow."


@exercise(
    "unstable_gradients",
    2,
    hint="A vector divided by its own length has length 1.",
)
def _(clip_length):
    rng = np.random.default_rng(9)
    cases = [([3.0, 4.0], 1.0), ([3.0, 4.0], 5.0), ([0.3, -0.4], 1.0)]
    cases.append(([0.0, 0.0], 1.0))
    cases.append((rng.normal(size=6).round(3).tolist(), 0.5))
    for values, limit in cases:
        gradient = np.array(values)
        length = np.linalg.norm(gradient)
        wanted = gradient * min(1.0, limit / length) if length else gradient
        what = f"clip_length(np.array({values}), {limit})"
        expect(clip_length(gradient, limit), wanted, what)
    return "Shorter, but the direction stays, which clipping by value does not promise."


@exercise(
    "unstable_gradients",
    3,
    hint="What is a hidden activation, and what is carried back through a weight of 0?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "all weights": "Through weights of 0 no error gets to the first layer.",
            "the last layer's weights": "Their gradient is error times activation, "
            "and every hidden activation is 0.",
            "the last layer's biases": "They need neither an activation nor a weight.",
        },
        right="the last layer's biases",
    )


# Batch Normalization by Hand


@exercise(
    "batch_normalization",
    1,
    hint="Each neuron has a mean and a deviation of its own. So which knobs has it?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "2": "Every neuron has knobs of its own.",
            "100": "That is one for each neuron; it has a gamma and a beta.",
            "200": "A gamma and a beta for each neuron.",
            "400": "The kept means and variances are counted in, and are not learned.",
        },
        right="200",
    )


def _batches():
    rng = np.random.default_rng(94)
    yield np.array([[1.0, 5.0], [3.0, 5.0]]), 0.001
    yield rng.gamma(2.0, size=(5, 3)).round(2), 0.1
    yield rng.normal(4, 2, size=(8, 2)).round(2), 0.5


@exercise(
    "batch_normalization",
    2,
    hint="a.mean(axis=0) is a mean for each column. The guard goes under the root.",
)
def _(my_batch_norm):
    for a, epsilon in _batches():
        gamma = np.linspace(0.5, 2.0, a.shape[1])
        beta = np.linspace(-1.0, 1.0, a.shape[1])
        wanted = gamma * (a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + epsilon) + beta
        what = f"my_batch_norm(a, gamma, beta, {epsilon}) of a batch of shape {a.shape}"
        expect(my_batch_norm(a, gamma, beta, epsilon), wanted, what)
    return "Whatever the neurons say, beta becomes their mean."


@exercise(
    "batch_normalization",
    3,
    hint="gamma has to be exactly what the activations were divided by.",
)
def _(undoing):
    for a, epsilon in _batches():
        wanted = [np.sqrt(a.var(axis=0) + epsilon), a.mean(axis=0)]
        what = f"undoing(a, {epsilon}) of a batch of shape {a.shape}"
        expect(undoing(a, epsilon), wanted, what)
    return "So normalization takes nothing from the network that it can't take back."


# Overfitting, L1 and L2


@exercise(
    "overfitting",
    1,
    hint="Two points need a line, which has degree 1. Go on from there.",
)
def _(degree):
    return choice(
        degree,
        {
            "6": "Seven parameters can't meet twelve wishes.",
            "11": "Degree 11 has twelve parameters, one for each point.",
            "12": "It can, but it has one parameter to spare.",
            "13": "It can, but it has two parameters to spare.",
        },
        right="11",
    )


@exercise(
    "overfitting",
    2,
    hint="The slope by w is 2 x (w x - y), summed up, plus 2 penalty w. Make it 0.",
)
def _(ridge_weight):
    rng = np.random.default_rng(95)
    for penalty in (0.0, 5.0, 1000.0):
        x, y = rng.normal(size=(2, 5)).round(2)
        wanted = float(x @ y / (x @ x + penalty))
        what = f"ridge_weight(x, y, {penalty}) with {len(x)} points"
        expect(ridge_weight(x, y, penalty), wanted, what)
    return "The penalty stands beside the squares of x: more data, less pull."


@exercise(
    "overfitting",
    3,
    hint="The slope of the first part is 2 (v - w), of the second plus or minus it.",
)
def _(l1_weight):
    for w, penalty in ((2.0, 1.0), (-2.0, 1.0), (0.3, 1.0), (-0.3, 0.2), (1.0, 2.0)):
        wanted = float(np.sign(w) * max(abs(w) - penalty / 2, 0.0))
        expect(l1_weight(w, penalty), wanted, f"l1_weight({w}, {penalty})")
    return "The same amount off every weight, and never past 0."


# Dropout by Hand


@exercise(
    "dropout",
    1,
    hint="A fifth is missing. The others have to make the sum come out as before.",
)
def _(factor):
    return choice(
        factor,
        {
            "0.8": "That is the book's factor; it comes afterwards, not in training.",
            "1.2": "Four fifths of 1.2 are 0.96, a little too small.",
            "1.25": "Four fifths of 1.25 are 1.",
            "5": "That would do if four fifths were dropped.",
        },
        right="1.25",
    )


@exercise(
    "dropout",
    2,
    hint="True counts as 1 and False as 0. What is the share of those kept?",
)
def _(drop):
    rng = np.random.default_rng(96)
    for rate in (0.5, 0.2, 0.0, 0.75):
        a, kept = rng.normal(size=4).round(2), rng.random(4) >= rate
        what = f"drop(np.array({a.tolist()}), np.array({kept.tolist()}), {rate})"
        expect(drop(a, kept, rate), a * kept / (1 - rate), what)
    return "Averaged over many draws, an activation is what it was."


@exercise(
    "dropout",
    3,
    hint="Two neurons: on-on, on-off, off-on, off-off. And three?",
)
def _(thinned_networks):
    for layers in ([1], [3, 2], [4], [64, 64, 64]):
        what = f"thinned_networks({layers})"
        expect(thinned_networks(layers), 2 ** sum(layers), what)
    return "Far more than there are batches: nearly every batch meets a new network."


# Data Augmentation


@exercise(
    "data_augmentation",
    1,
    hint="Up and down alone: by -2, -1, 0, 1 or 2 pixels.",
)
def _(count):
    return choice(
        count,
        {
            "4": "Those are the directions; each has several distances.",
            "8": "Up or down and left or right can go together.",
            "16": "Not moving is one of the ways, in both directions.",
            "24": "Its own place counts, too.",
            "25": "Five places up and down, times five left and right.",
        },
        right="25",
    )


@exercise(
    "data_augmentation",
    2,
    hint="image[:, by:] is what stays in the picture. Where does it go?",
)
def _(to_the_left):
    rng = np.random.default_rng(97)
    for shape, by in (((2, 3), 1), ((3, 4), 0), ((28, 28), 5), ((2, 5), 5)):
        image = rng.integers(1, 10, size=shape)
        wanted = np.zeros_like(image)
        wanted[:, : shape[1] - by] = image[:, by:]
        what = f"to_the_left(image, {by}) of a picture of {shape[0]} x {shape[1]}"
        expect(to_the_left(image, by), wanted, what)
    return "A shift by the whole width leaves an empty picture, and no error."


@exercise(
    "data_augmentation",
    3,
    hint="Write down a 6 and turn the sheet round.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "noise": "A noisy digit is still the same digit.",
            "a turn by 10 degrees": "People write at such slants all the time.",
            "a turn by 180 degrees": "A 6 upside down is a 9.",
        },
        right="a turn by 180 degrees",
    )
