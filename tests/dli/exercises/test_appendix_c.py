"""Wrong answers of appendix C are refused, right ones taken in every way of writing."""

import math

import numpy as np

from tests.support.exercises import answers


def by_logarithm(logits, label):
    return np.log(np.sum(np.exp(logits))) - logits[label]


def by_softmax(logits, label):
    powers = np.exp(np.asarray(logits))
    return -math.log(powers[label] / powers.sum())


def without_minus(logits, label):
    return -by_logarithm(logits, label)


def probability(logits, label):
    return math.exp(-by_logarithm(logits, label))


def in_base_2(logits, label):
    return by_logarithm(logits, label) / math.log(2)


def logit_alone(logits, label):
    return -logits[label]


def by_loop(start):
    gradient = 1
    while start * gradient <= 100:
        gradient *= 2
    return gradient


def by_recursion(start):
    return 1.0 if start > 100 else 2 * by_recursion(2 * start)


def until_at_least(start):
    gradient = 1
    while start * gradient < 100:
        gradient *= 2
    return gradient


def doublings(start):
    return math.log2(by_loop(start))


def result(start):
    return start * by_loop(start)


WRONG = {
    ("pytorch", 1): [("as much",), ("nothing",), ("more",)],
    ("pytorch", 2): [
        ("first", by_softmax),
        ("second", by_softmax),
        ("neither", without_minus),
        ("neither", probability),
        ("neither", in_base_2),
        ("neither", logit_alone),
    ],
    ("pytorch", 3): [
        (until_at_least,),
        (doublings,),
        (result,),
        (lambda start: 2,),
        (lambda start: max(1, 100 / start),),
    ],
}

RIGHT = {
    ("pytorch", 1): [("less",), ("Less",)],
    ("pytorch", 2): [("neither", by_logarithm), (" Neither", by_softmax)],
    ("pytorch", 3): [(by_loop,), (by_recursion,)],
}


TestAnswers = answers(WRONG, RIGHT)
