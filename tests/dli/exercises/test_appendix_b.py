"""Wrong answers of appendix B are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers


def sigmoid_slopes(w1, b1, w2, b2, x, y):
    a1 = np.tanh(w1 * x + b1)
    a2 = np.tanh(w2 * a1 + b2)
    return 2 * (a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


def slope_w2(w1, b1, w2, b2, x, y):
    a1 = np.tanh(w1 * x + b1)
    a2 = np.tanh(w2 * a1 + b2)
    return 2 * (a2 - y) * (1 - a2**2) * a1


def without_the_weight(w1, b1, w2, b2, x, y):
    a1 = np.tanh(w1 * x + b1)
    a2 = np.tanh(w2 * a1 + b2)
    return 2 * (a2 - y) * (1 - a2**2) * (1 - a1**2) * x


def turned_round(w1, b1, w2, b2, x, y):
    return -slope_w1(w1, b1, w2, b2, x, y)


def slope_w1(w1, b1, w2, b2, x, y):
    def cost(w):
        return (np.tanh(w2 * np.tanh(w * x + b1) + b2) - y) ** 2

    return (cost(w1 + 1e-6) - cost(w1 - 1e-6)) / 2e-6


def not_transposed(delta, a, W):
    return W @ (delta * a * (1 - a))


def without_slopes(delta, a, W):
    return W.T @ delta


def not_added_up(delta, a, W):
    return W * (delta * a * (1 - a))[:, None]


def slopes_of_z(delta, a, W):
    return W.T @ (delta * (1 - a**2))


def by_loops(delta, a, W):
    rows, columns = W.shape
    return [
        sum(delta[j] * a[j] * (1 - a[j]) * W[j, i] for j in range(rows))
        for i in range(columns)
    ]


def by_row(delta, a, W):
    return (delta * a * (1 - a)) @ W


WRONG = {
    ("backpropagation", 1): [("negative",), ("zero",), (1,)],
    ("backpropagation", 2): [
        (sigmoid_slopes,),
        (slope_w2,),
        (without_the_weight,),
        (turned_round,),
    ],
    ("backpropagation", 3): [
        (not_transposed,),
        (without_slopes,),
        (not_added_up,),
        (slopes_of_z,),
    ],
}

RIGHT = {
    ("backpropagation", 1): [("positive",), ("POSITIVE",)],
    ("backpropagation", 2): [(slope_w1,)],
    ("backpropagation", 3): [(by_loops,), (by_row,)],
}


TestAnswers = answers(WRONG, RIGHT)
