"""Wrong answers in chapter 14's concept notebooks are refused, right ones taken."""

import math

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
}


TestAnswers = answers(WRONG, RIGHT)
