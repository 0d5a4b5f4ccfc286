"""Wrong answers in chapter 14's concept notebooks are refused, right ones taken."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np

from tests.support.exercises import answers

# Grid or Random Search


def by_sum(share, certainty):
    return math.ceil(certainty / share)


def for_all(share, certainty):
    return math.ceil(math.log(certainty) / math.log(1 - share))


def one_too_few(share, certainty):
    return int(math.log(1 - certainty) / math.log(1 - share))


def by_trying(share, certainty):
    tries = 0
    while 1 - (1 - share) ** tries < certainty:
        tries += 1
    return tries


# Wide and Deep


def without_wide(wide_inputs, deep_inputs, neurons):
    return one_layer_after_another([deep_inputs, *neurons, 1])


def all_through(wide_inputs, deep_inputs, neurons):
    return one_layer_after_another([wide_inputs + deep_inputs, *neurons, 1])


def a_bias_for_each_leg(wide_inputs, deep_inputs, neurons):
    return without_wide(wide_inputs, deep_inputs, neurons) + wide_inputs + 1


def one_layer_after_another(sizes):
    return sum((i + 1) * o for i, o in pairwise(sizes))


WRONG = {
    ("grid_or_random_search", 1): [
        (lambda per_axis, hyperparameters: (per_axis**hyperparameters, per_axis),),
        (lambda per_axis, hyperparameters: (per_axis, per_axis * hyperparameters),),
        (lambda per_axis, hyperparameters: (per_axis, per_axis),),
    ],
    ("grid_or_random_search", 2): [
        (lambda u, low, high: low + u * (high - low),),
        (lambda u, low, high: 10**u * low,),
        (lambda u, low, high: low * high**u,),
    ],
    ("grid_or_random_search", 3): [(by_sum,), (for_all,), (one_too_few,)],
    ("limits_of_deep_learning", 1): [
        ("of how likely the answer is, whatever the input",),
        ("of how similar the input is to the training data",),
        (0.9,),
    ],
    ("limits_of_deep_learning", 2): [
        (lambda picture, slopes, size: picture + size * np.sign(slopes),),
        (lambda picture, slopes, size: np.clip(picture + size * slopes, 0, 1),),
        (
            lambda picture, slopes, size: np.clip(
                picture - size * np.sign(slopes), 0, 1
            ),
        ),
        (lambda picture, slopes, size: np.clip(picture + size, 0, 1),),
    ],
    ("limits_of_deep_learning", 3): [
        (lambda months, years: 2 * 12 * years / months,),
        (lambda months, years: 2 ** (12 * years // months) + 1,),
        (lambda months, years: 2 ** (years / months),),
    ],
    ("modeling_recipe", 1): [("10%",), ("90%",), (50,)],
    ("modeling_recipe", 2): [
        (lambda labels: 1 / len(set(labels)),),
        (lambda labels: max(map(labels.count, labels)),),
        (lambda labels: labels.count(0) / len(labels),),
    ],
    ("modeling_recipe", 3): [
        (lambda examples, batch_size, epochs: epochs * (examples // batch_size),),
        (lambda examples, batch_size, epochs: -(-examples // batch_size),),
        (lambda examples, batch_size, epochs: -(-epochs * examples // batch_size),),
    ],
    ("wide_and_deep", 1): [(9,), (64,), ("256",)],
    ("wide_and_deep", 2): [(without_wide,), (all_through,), (a_bias_for_each_leg,)],
    ("wide_and_deep", 3): [
        (lambda wide, deep, W, b: np.concatenate([deep, wide], axis=1) @ W + b,),
        (lambda wide, deep, W, b: np.concatenate([wide, deep], axis=1) @ W,),
        (lambda wide, deep, W, b: deep @ W[: deep.shape[1]] + b,),
    ],
}

RIGHT = {
    ("grid_or_random_search", 1): [
        (lambda per_axis, hyperparameters: [per_axis, per_axis**hyperparameters],)
    ],
    ("grid_or_random_search", 2): [
        (lambda u, low, high: 10 ** np.interp(u, [0, 1], np.log10([low, high])),),
        (lambda u, low, high: low ** (1 - u) * high**u,),
    ],
    ("grid_or_random_search", 3): [(by_trying,)],
    ("limits_of_deep_learning", 1): [
        ("of how the ten classes compare, given that it is one of them",)
    ],
    ("limits_of_deep_learning", 2): [
        (
            lambda picture, slopes, size: np.minimum(
                1, np.maximum(0, picture + size * ((slopes > 0) * 1 - (slopes < 0) * 1))
            ),
        )
    ],
    ("limits_of_deep_learning", 3): [
        (lambda months, years: math.exp(math.log(2) * 12 * years / months),)
    ],
    ("modeling_recipe", 1): [("50%",), (" 50% ",)],
    ("modeling_recipe", 2): [
        (lambda labels: Counter(labels).most_common(1)[0][1] / len(labels),)
    ],
    ("modeling_recipe", 3): [
        (
            lambda examples, batch_size, epochs: (
                math.ceil(examples / batch_size) * epochs
            ),
        )
    ],
    ("wide_and_deep", 1): [(8,), ("8",)],
    ("wide_and_deep", 2): [(lambda w, d, n: without_wide(w, d, n) + w,)],
    ("wide_and_deep", 3): [
        (lambda wide, deep, W, b: np.hstack([wide, deep]).dot(W) + b,)
    ],
}


TestAnswers = answers(WRONG, RIGHT)
