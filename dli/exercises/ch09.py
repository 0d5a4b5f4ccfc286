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


# Deep Net in Keras


@exercise(
    "deep_net_in_keras",
    1,
    hint="Of five neurons four stay. What keeps the sum of all five as it was?",
)
def _(my_dropout):
    rng = np.random.default_rng(95)
    for rate in (0.2, 0.5, 0.0, 0.75):
        a = rng.integers(-4, 9, 6).astype(float)
        kept = (rng.random(6) >= rate).astype(float)
        told = f"a={a.tolist()}, kept={kept.tolist()}, rate={rate}"
        for training in (True, False):
            wanted = np.divide(a * kept, 1 - rate) if training else a
            came = my_dropout(a.copy(), kept.copy(), rate, training)
            expect(came, wanted, f"my_dropout({told}, training={training})")
    return "What is dropped is made up for by the others, and in use nothing is done."


@exercise(
    "deep_net_in_keras",
    2,
    hint="How far have the running values come after 15 steps of one hundredth?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "in training mode": (
                "There it normalizes with the batch it knows; in use with running "
                "values that are still near their start, 0 and 1."
            ),
            "in use": (
                "No neuron is dropped then, but think of what it normalizes with: "
                f"the running values have gone {1 - 0.99**15:.0%} of their way."
            ),
            "equally often": "The two modes normalize with different numbers.",
        },
        right="in training mode",
    )


@exercise(
    "deep_net_in_keras",
    3,
    hint="Which of the two is measured while neurons are left out?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "training": "It is measured while four neurons in five are missing.",
            "validation": (
                "Training is measured on a fifth of the layer, validation on all of "
                "it. Both are lower than at a rate of 0.2: this network has too "
                "little left to learn with."
            ),
            "neither": "Only one of the two is measured with the whole layer.",
        },
        right="validation",
    )
