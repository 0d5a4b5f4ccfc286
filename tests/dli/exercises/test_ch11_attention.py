"""LSTM by hand, attention, transfer: wrong answers are refused, right ones taken."""

import numpy as np

from tests.support.exercises import answers

# An LSTM Cell by Hand


def the_gate(left, steps):
    return left ** (1 / steps)


def natural(left, steps):
    return np.log(left) / steps


def root_upside_down(left, steps):
    gate = left**steps
    return np.log(gate / (1 - gate))


def in_one_line(left, steps):
    return -np.log(left ** (-1 / steps) - 1)


# Attention


def weigh(queries, keys, root=True, axis=1):
    fits = np.asarray(queries) @ np.asarray(keys).T
    powers = np.exp(fits / np.sqrt(np.shape(keys)[1]) if root else fits)
    return powers / powers.sum(axis=axis, keepdims=True)


def four_alike(heads, size, n):
    return 4 * (n + 1) * heads * size


def no_bias(heads, size, n):
    return 4 * n * heads * size


def one_head(heads, size, n):
    return 3 * (n + 1) * size + (size + 1) * n


def in_another_order(heads, size, n):
    return 4 * heads * size * n + 3 * heads * size + n


WRONG = {
    ("lstm_by_hand", 1): [("nearly all",), ("about half",), (0.05,)],
    ("lstm_by_hand", 2): [(the_gate,), (natural,), (root_upside_down,)],
    ("lstm_by_hand", 3): [
        (lambda kernel: np.split(kernel, 4, axis=1)[0],),
        (lambda kernel: np.split(kernel, 4, axis=1)[2],),
        (lambda kernel: kernel[:, 1::4],),
    ],
    ("attention", 1): [
        ("as much as to the others",),
        ("it depends on the vectors",),
        (1,),
    ],
    ("attention", 2): [
        (lambda queries, keys: queries @ keys.T,),
        (lambda queries, keys: weigh(queries, keys, root=False),),
        (lambda queries, keys: weigh(queries, keys, axis=0),),
    ],
    ("attention", 3): [(four_alike,), (no_bias,), (one_head,)],
}

RIGHT = {
    ("lstm_by_hand", 1): [("about a twentieth",), ("About a twentieth ",)],
    ("lstm_by_hand", 2): [(in_one_line,)],
    ("lstm_by_hand", 3): [(lambda kernel: np.split(kernel, 4, axis=1)[1],)],
    ("attention", 1): [("all of it",), ("All of it ",)],
    ("attention", 2): [(weigh,)],
    ("attention", 3): [(in_another_order,)],
}


TestAnswers = answers(WRONG, RIGHT)
