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


# Regression in Keras


@exercise(
    "regression_in_keras",
    1,
    hint="Other columns know much of what B knows.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "by less than 1": "The other twelve make up for it.",
            "by about 10": "That would be a lot: the error with B is 23 or so.",
            "it more than doubles": "Then B would know more than all other columns.",
        },
        right="by less than 1",
    )


@exercise(
    "regression_in_keras",
    2,
    hint="Mean and standard deviation come from train alone, column by column.",
)
def _(standardised):
    rng = np.random.default_rng(404)
    for rows, others, scale in ((5, 3, 1.0), (40, 7, 300.0)):
        train = rng.normal(scale, scale, (rows, 2)) * [1.0, 0.01]
        valid = rng.normal(2 * scale, scale, (others, 2)) * [1.0, 0.01]
        came = standardised(train.copy(), valid.copy())
        if not isinstance(came, (tuple, list)) or len(came) != 2:
            raise Wrong("standardised(train, valid) should give two arrays back")
        divisor = train.std(axis=0)
        if np.allclose(
            came[0], (train - train.mean(axis=0)) / train.std(axis=0, ddof=1)
        ):
            divisor = train.std(axis=0, ddof=1)  # divided by one row less: fine, too
        for got, array, name in zip(came, (train, valid), ("train", "valid")):
            wanted = (array - train.mean(axis=0)) / divisor
            what = f"{name} on the new scale, first row (of {rows} and {others} rows)"
            expect(np.shape(got), wanted.shape, f"the shape of {name} on the new scale")
            expect(np.asarray(got)[0], wanted[0], what)
            expect(np.asarray(got), wanted, f"{name} on the new scale")
    return "The validation rows play the future: no number of theirs may be used."


@exercise(
    "regression_in_keras",
    3,
    hint="What can a weight do about the scale of its column?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "a lot": "A network does, because it takes small steps to its weights.",
            "a little": "Think of the best weights: what happens to them?",
            "not at all": (
                "It finds other weights for the same predictions, all in one go. Scale "
                "matters to those who walk to the weights step by step."
            ),
        },
        right="not at all",
    )


# Deep Net in Keras with TensorBoard


@exercise(
    "deep_net_in_keras_with_tensorboard",
    1,
    hint="A new training makes a new file in the folder. What happens to the old one?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "only the first training": "TensorBoard reads all files of a folder.",
            "only the second": "Nothing deletes the file of the first.",
            "both": (
                "As one run, whose line goes back to the start: that is why each run "
                "gets a folder of its own, and why ours is cleared first."
            ),
        },
        right="both",
    )


@exercise(
    "deep_net_in_keras_with_tensorboard",
    2,
    hint="A dense layer has weights and biases. Which four does the other layer keep?",
)
def _(histograms):
    rng = np.random.default_rng(6006)
    arrays = {"Dense": 2, "BatchNormalization": 2 + 2, "Dropout": 0}
    nets = [rng.choice(list(arrays), size).tolist() for size in (1, 2, 3, 5, 8)]
    for kinds, epochs in zip([["Dense"], ["Dropout"], *nets], (1, 3, 2, 5, 20, 1, 7)):
        wanted = epochs * sum(arrays[kind] for kind in kinds)
        expect(
            histograms(list(kinds), epochs), wanted, f"histograms({kinds}, {epochs})"
        )
    return "One for each array; batch normalization's measured ones are among them."


@exercise(
    "deep_net_in_keras_with_tensorboard",
    3,
    hint="Divide the weighted sum by the sum of the weights, at every point.",
)
def _(prediction, smoothed):
    rng = np.random.default_rng(98)
    for values, smoothing in (
        ([1.0, 2.0], 0.6),
        ([3.0, 3.0, 3.0], 0.9),
        (rng.random(5).round(2).tolist(), 0.0),
        (rng.random(6).round(2).tolist(), 0.6),
        (rng.random(4).round(2).tolist(), 0.99),
    ):
        wanted = []
        for end in range(1, len(values) + 1):
            weights = smoothing ** np.arange(end)[::-1]
            wanted.append(float(np.average(values[:end], weights=weights)))
        what = f"smoothed({values}, {smoothing})"
        expect(smoothed(list(values), smoothing), wanted, what)
    return choice(
        prediction,
        {
            "above": "A mean of values so far, all of which are lower than the newest?",
            "below": "It lags behind: a smoothed curve is always a little late.",
        },
        right="below",
    )
