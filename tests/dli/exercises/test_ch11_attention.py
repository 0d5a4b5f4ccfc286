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


WRONG = {
    ("lstm_by_hand", 1): [("nearly all",), ("about half",), (0.05,)],
    ("lstm_by_hand", 2): [(the_gate,), (natural,), (root_upside_down,)],
    ("lstm_by_hand", 3): [
        (lambda kernel: np.split(kernel, 4, axis=1)[0],),
        (lambda kernel: np.split(kernel, 4, axis=1)[2],),
        (lambda kernel: kernel[:, 1::4],),
    ],
}

RIGHT = {
    ("lstm_by_hand", 1): [("about a twentieth",), ("About a twentieth ",)],
    ("lstm_by_hand", 2): [(in_one_line,)],
    ("lstm_by_hand", 3): [(lambda kernel: np.split(kernel, 4, axis=1)[1],)],
}


TestAnswers = answers(WRONG, RIGHT)
