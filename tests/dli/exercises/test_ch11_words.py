"""Concepts of chapter 11: wrong answers are refused, right ones taken."""

import math

import numpy as np

from tests.support.exercises import answers, one_each

# word2vec from Scratch


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def pull(a, c, label, rate):
    error = sigmoid(a @ c) - label
    return a - rate * error * c, c - rate * error * a


def pull_as_lists(a, c, label, rate):
    step = rate * (label - sigmoid(sum(x * y for x, y in zip(a, c))))
    return [x + step * y for x, y in zip(a, c)], [y + step * x for x, y in zip(a, c)]


def pushed_away(a, c, label, rate):
    return pull(a, c, label, -rate)


def one_after_the_other(a, c, label, rate):
    error = sigmoid(a @ c) - label
    a = a - rate * error * c
    return a, c - rate * error * a


def always_together(a, c, label, rate):
    return pull(a, c, 1, rate)


def only_the_target(a, c, label, rate):
    return pull(a, c, label, rate)[0], c


# Evaluating Word Vectors


def cosine(a, b):
    return a @ b / np.sqrt((a @ a) * (b @ b))


def cosine_in_a_loop(a, b):
    lengths = math.hypot(*a) * math.hypot(*b)
    return sum(x * y for x, y in zip(a, b)) / lengths


def product(a, b):
    return a @ b


def one_length(a, b):
    return a @ b / np.linalg.norm(a)


def no_root(a, b):
    return a @ b / ((a @ a) * (b @ b))


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
        ("word2vec_from_scratch", 1): [48, 144, "ninety"],
        ("word2vec_from_scratch", 2): [
            pushed_away,
            one_after_the_other,
            always_together,
            only_the_target,
        ],
        ("word2vec_from_scratch", 3): [6, 512, "1,024"],
        ("evaluating_word_vectors", 1): ["twice", "sixteen times", 4],
        ("evaluating_word_vectors", 2): [product, one_length, no_root],
        ("evaluating_word_vectors", 3): ["by cosine", "by ruler", "both"],
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
        ("word2vec_from_scratch", 1): [90, "90"],
        ("word2vec_from_scratch", 2): [pull, pull_as_lists],
        ("word2vec_from_scratch", 3): [10, "10"],
        ("evaluating_word_vectors", 1): ["four times", "Four times"],
        ("evaluating_word_vectors", 2): [cosine, cosine_in_a_loop],
        ("evaluating_word_vectors", 3): ["neither", " Neither"],
        ("rnn_by_hand", 1): ["the same", " The same"],
        ("rnn_by_hand", 2): [left, left_in_a_loop],
        ("rnn_by_hand", 3): ["the last", "The last "],
    }
)

TestAnswers = answers(WRONG, RIGHT)
