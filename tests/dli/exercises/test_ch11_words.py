"""Concepts of chapter 11: wrong answers are refused, right ones taken."""

import math

import numpy as np

from tests.support.exercises import answers, one_each

# A Recurrent Network by Hand


def states(xs, w, u):
    found = [0.0]
    for x in xs:
        found.append(math.tanh(w * x + u * found[-1]))
    return np.array(found)


def left(xs, w, u):
    return np.prod(u * (1 - states(xs, w, u)[1:] ** 2))


def left_in_a_loop(xs, w, u):
    share = 1
    for h in states(xs, w, u).tolist()[1:]:
        share = share * (1 - h * h) * u
    return share


def without_slope(xs, w, u):
    return u ** len(xs)


def without_weight(xs, w, u):
    return np.prod(1 - states(xs, w, u)[1:] ** 2)


def one_word_early(xs, w, u):
    return np.prod(u * (1 - states(xs, w, u)[:-1] ** 2))


def not_squared(xs, w, u):
    return np.prod(u * (1 - states(xs, w, u)[1:]))


WRONG = one_each(
    {
        ("rnn_by_hand", 1): ["four times as many", "sixteen times as many", 4],
        ("rnn_by_hand", 2): [
            without_slope,
            without_weight,
            one_word_early,
            not_squared,
            states,
        ],
        ("rnn_by_hand", 3): ["none", "all", 1],
    }
)
RIGHT = one_each(
    {
        ("rnn_by_hand", 1): ["the same", " The same"],
        ("rnn_by_hand", 2): [left, left_in_a_loop],
        ("rnn_by_hand", 3): ["the last", "The last "],
    }
)

TestAnswers = answers(WRONG, RIGHT)
