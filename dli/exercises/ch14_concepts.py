"""Exercises of the notebooks that chapter 14 has no code for."""

from __future__ import annotations

import math

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Grid or Random Search


@exercise(
    "grid_or_random_search",
    1,
    hint="Count the columns of dots in the first picture: left, and right.",
)
def _(different_values):
    for per_axis, hyperparameters in ((3, 2), (4, 3), (2, 5), (7, 1)):
        what = f"different_values({per_axis}, {hyperparameters})"
        wanted = [per_axis, per_axis**hyperparameters]
        expect(different_values(per_axis, hyperparameters), wanted, what)
    return "The more hyperparameters, the more of its tries a grid spends on repeats."


@exercise(
    "grid_or_random_search",
    2,
    hint="u = 0 gives low, u = 1 gives high. What has low to be multiplied by for 1?",
)
def _(log_uniform):
    for u, low, high in ((0.0, 0.01, 5.0), (1.0, 1e-4, 0.3), (0.5, 1e-4, 1.0)):
        expect(
            log_uniform(u, low, high),
            _on_log(u, low, high),
            f"log_uniform({u}, {low}, {high})",
        )
    for u in (0.25, 0.8):
        expect(
            log_uniform(u, 2.0, 32.0),
            _on_log(u, 2.0, 32.0),
            f"log_uniform({u}, 2.0, 32.0)",
        )
    return "Halfway is the geometric mean: as many times low as high is times it."


def _on_log(u, low, high):
    return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))


@exercise(
    "grid_or_random_search",
    3,
    hint="One try misses with a chance of 1 - share. All of n tries miss with which?",
)
def _(tries_needed):
    for share, certainty in (
        (0.05, 0.95),
        (0.01, 0.95),
        (0.5, 0.6),
        (0.1, 0.5),
        (0.3, 0.2),
    ):
        wanted, missed = 0, 1.0
        while missed > 1 - certainty:
            wanted, missed = wanted + 1, missed * (1 - share)
        what = f"tries_needed({share}, {certainty})"
        expect(tries_needed(share, certainty), wanted, what)
    return "However many hyperparameters there are, and whichever of them count."


# Wide and Deep


@exercise(
    "wide_and_deep",
    1,
    hint="What does each hand-made feature meet on its way, and is a bias lost?",
)
def _(fewer):
    return choice(
        fewer,
        {
            "8": "One weight a feature; the output neuron keeps its bias.",
            "9": "The bias belongs to the output neuron, which stays.",
            "64": "The features do not go through the first hidden layer.",
            "256": "The features do not go through the second hidden layer.",
        },
        right="8",
    )


@exercise(
    "wide_and_deep",
    2,
    hint="(inputs + 1) x neurons for each layer. What are the output neuron's inputs?",
)
def _(parameters):
    for wide, deep, neurons in ((8, 12, [64, 32]), (1, 10, [5]), (3, 4, [7, 6, 5])):
        sizes = [deep, *neurons]
        wanted = sum((i + 1) * o for i, o in zip(sizes, neurons))
        wanted += sizes[-1] + wide + 1
        what = f"parameters({wide}, {deep}, {neurons})"
        expect(parameters(wide, deep, neurons), wanted, what)
    return "Nearly all of them are in the deep leg."


@exercise(
    "wide_and_deep",
    3,
    hint="Join the legs by np.concatenate, or add two sums: wide has W's first part.",
)
def _(output):
    rng = np.random.default_rng(145)
    for rows, wide, deep in ((1, 2, 3), (4, 3, 1), (5, 1, 6)):
        a, c = rng.normal(size=(rows, wide)), rng.normal(size=(rows, deep))
        W, b = rng.normal(size=wide + deep), float(rng.normal())
        wanted = a @ W[:wide] + c @ W[wide:] + b
        what = f"output(wide, deep, W, b) of {rows} rows, {wide} and {deep} columns"
        expect(output(a, c, W, b), wanted, what)
    return "The two legs meet in one sum, and so learn from one error."


# The Modelling Recipe, on Clothing


@exercise(
    "modeling_recipe",
    1,
    hint="Say T-shirt to every picture without looking. How often is it right?",
)
def _(to_beat):
    return choice(
        to_beat,
        {
            "10%": "That is chance where the classes are equally frequent.",
            "50%": "Chance is the share of the most frequent class.",
            "90%": "It need not be that good to have learned something.",
        },
        right="50%",
    )


@exercise(
    "modeling_recipe",
    2,
    hint="np.unique(labels, return_counts=True) counts how often each label comes.",
)
def _(to_beat):
    rng = np.random.default_rng(144)
    for size, kinds in ((4, 2), (11, 3), (40, 10), (5, 1)):
        labels = rng.integers(kinds, size=size).tolist()
        wanted = max(labels.count(kind) for kind in labels) / size
        expect(to_beat(labels), wanted, f"to_beat({labels})")
    return "Below that a network has learned less than a list of labels tells."


@exercise(
    "modeling_recipe",
    3,
    hint="How many batches has one epoch? -(-a // b) is a / b, rounded up.",
)
def _(steps):
    for examples, batch, epochs in (
        (3000, 16, 10),
        (3000, 256, 10),
        (64, 64, 3),
        (5, 8, 2),
    ):
        wanted = epochs * math.ceil(examples / batch)
        what = f"steps({examples}, {batch}, {epochs})"
        expect(steps(examples, batch, epochs), wanted, what)
    return "With larger batches there are fewer steps, so each may have to be longer."


# Limits of Deep Learning


@exercise(
    "limits_of_deep_learning",
    1,
    hint="The ten outputs add up to 1, for noise as for a digit.",
)
def _(it_tells):
    return choice(
        it_tells,
        {
            "of how likely the answer is, whatever the input": "Noise is no digit at "
            "all, and some answer still gets most of the 100%.",
            "of how the ten classes compare, given that it is one of them": "There is "
            "no output for anything else.",
            "of how similar the input is to the training data": "The network keeps "
            "no training data to compare an input with.",
        },
        right="of how the ten classes compare, given that it is one of them",
    )


@exercise(
    "limits_of_deep_learning",
    2,
    hint="np.sign gives the direction of each pixel, np.clip keeps it between 0 and 1.",
)
def _(adversarial):
    rng = np.random.default_rng(148)
    for shape, size in (((5,), 0.1), ((3, 3), 0.02), ((4,), 0.6)):
        picture, slopes = rng.random(shape).round(2), rng.normal(size=shape).round(2)
        slopes.flat[0] = 0.0
        wanted = np.clip(picture + size * np.sign(slopes), 0.0, 1.0)
        what = f"adversarial(picture, slopes, {size}) of a picture of shape {shape}"
        expect(adversarial(picture, slopes, size), wanted, what)
    return "However small the slope, the step is the same: so it adds up over pixels."


@exercise(
    "limits_of_deep_learning",
    3,
    hint="How many times does it double in that time?",
)
def _(growth):
    for months, years in ((18, 10), (24, 10), (12, 3), (6, 1.5)):
        wanted = float(2 ** (12 * years / months))
        expect(growth(months, years), wanted, f"growth({months}, {years})")
    return "A slightly longer time to double makes a large difference in the end."
