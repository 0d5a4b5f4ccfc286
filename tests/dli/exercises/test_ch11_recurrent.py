"""Chapter 11's recurrent networks: wrong answers are refused, right ones taken."""

import numpy as np

from dli.exercises import checking
from tests.support.exercises import answers

RNN, LSTM, BI, STACKED, GRU, CONV = (
    f"{name}_sentiment_classifier"
    for name in ("rnn", "lstm", "bi_lstm", "stacked_bi_lstm", "gru", "conv_lstm_stack")
)


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def rnn_right(n, m):
    return n * m + m * m + m


def rnn_no_bias(n, m):
    return n * m + m * m


def rnn_no_memory(n, m):
    return (n + 1) * m


def rnn_one_weight(n, m):
    return m * (n + 2)


def step_right(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h]) @ np.concatenate([W, U]) + b)


def step_linear(x, h, W, U, b):
    return x @ W + h @ U + b


def step_no_memory(x, h, W, U, b):
    return np.tanh(x @ W + b)


def step_transposed(x, h, W, U, b):
    return np.tanh(x @ W + U @ h + b)


def lstm_right(f, i, g, o, c):
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return [c, np.tanh(c) * sigmoid(o)]


def lstm_swapped_gates(f, i, g, o, c):
    return lstm_right(i, f, g, o, c)


def lstm_swapped_results(f, i, g, o, c):
    return lstm_right(f, i, g, o, c)[::-1]


def lstm_no_squashing(f, i, g, o, c):
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return c, c * sigmoid(o)


def lstm_no_sigmoids(f, i, g, o, c):
    c = f * c + i * np.tanh(g)
    return c, np.tanh(c) * o


def reverse_right(row):
    row = list(row)
    words = [i for i in row if i][::-1]
    return [0] * (len(row) - len(words)) + words


def reverse_all(row):
    return np.array(row)[::-1]


def reverse_nothing(row):
    return row


def reverse_words_only(row):
    return [i for i in row if i][::-1]


def stacked_right(d, a, b):
    return 8 * (a * (d + a + 1) + b * (2 * a + b + 1))


def stacked_one_way(d, a, b):
    return stacked_right(d, a, b) // 2


def stacked_narrow(d, a, b):
    return 8 * (a * (d + a + 1) + b * (a + b + 1))


def stacked_first_only(d, a, b):
    return 8 * a * (d + a + 1)


def gru_right(u, r, word, weight, h):
    update = sigmoid(u)
    candidate = np.tanh(word + weight * (sigmoid(r) * h))
    return h + (1 - update) * (candidate - h)


def gru_other_way(u, r, word, weight, h):
    return gru_right(-u, r, word, weight, h)


def gru_no_reset(u, r, word, weight, h):
    return gru_right(u, 1e3, word, weight, h)


def gru_candidate(u, r, word, weight, h):
    return gru_right(-1e3, r, word, weight, h)


def units_right(d, n):
    limit = 4 * n * (d + n + 1)
    return max(u for u in range(2 * n + 2) if 3 * u * (d + u + 1) <= limit)


def units_a_third_more(d, n):
    return 4 * n // 3


def units_one_more(d, n):
    return units_right(d, n) + 1


def units_as_many(d, n):
    return n


def steps_right(length, width, pool):
    return int((length - (width - 1)) / pool)


def steps_no_window(length, width, pool):
    return length // pool


def steps_no_pool(length, width, pool):
    return length - width + 1


def steps_rounded_up(length, width, pool):
    return -(-(length - width + 1) // pool)


WRONG = {
    (RNN, 1): [(rnn_no_bias,), (rnn_no_memory,), (rnn_one_weight,)],
    (RNN, 2): [("in front",), ("both alike",), (1,)],
    (RNN, 3): [(step_linear,), (step_no_memory,), (step_transposed,)],
    (LSTM, 1): [
        (lstm_swapped_gates,),
        (lstm_swapped_results,),
        (lstm_no_squashing,),
        (lstm_no_sigmoids,),
    ],
    (LSTM, 2): [(0.99,), (0.5,), (0.995,), (1,), ("open",)],
    (LSTM, 3): [("about half",), ("nothing",), (0.9,)],
    (BI, 1): [(reverse_all,), (reverse_nothing,), (reverse_words_only,)],
    (BI, 2): [("nothing",), ("nearly everything",), (2,)],
    (BI, 3): [("backwards",), ("neither",), ("both",)],
    (STACKED, 1): [
        ((90, 32), (32,)),
        ((90, 64), (90, 64)),
        ((64,), (90, 64)),
        ("wide", "narrow"),
    ],
    (STACKED, 2): [(stacked_one_way,), (stacked_narrow,), (stacked_first_only,)],
    (STACKED, 3): [("about half",), ("all of it",), ("",)],
    (GRU, 1): [(gru_other_way,), (gru_no_reset,), (gru_candidate,)],
    (GRU, 2): [(units_a_third_more,), (units_one_more,), (units_as_many,)],
    (GRU, 3): [("it copies the candidate",), ("it grows without end",), (1,)],
    (CONV, 1): [(steps_no_window,), (steps_no_pool,), (steps_rounded_up,)],
    (CONV, 2): [("half as many",), ("twice as many",), (718_529,)],
    (CONV, 3): [("nearby",), ("at large",), ("both",)],
}

RIGHT = {
    (RNN, 1): [(rnn_right,), (lambda n, m: np.int64(rnn_right(n, m)),)],
    (RNN, 2): [("behind",), (" Behind",)],
    (RNN, 3): [(step_right,), (lambda *a: step_right(*a).tolist(),)],
    (LSTM, 1): [(lstm_right,), (lambda *a: np.array(lstm_right(*a)),)],
    (LSTM, 2): [(0.5**0.01,), (0.993,), (np.float32(0.9931),)],
    (LSTM, 3): [("nearly all",), ("Nearly all",)],
    (BI, 1): [(reverse_right,), (lambda row: np.array(reverse_right(row)),)],
    (BI, 2): [("a little",), ("A little ",)],
    (BI, 3): [("forwards",), ("Forwards",)],
    (STACKED, 1): [((90, 64), (64,)), ([90, 64], 64), (np.array([90, 64]), [64])],
    (STACKED, 2): [(stacked_right,), (lambda *a: np.int64(stacked_right(*a)),)],
    (STACKED, 3): [("next to nothing",), ("Next to nothing",)],
    (GRU, 1): [(gru_right,), (lambda *a: np.float64(gru_right(*a)),)],
    (GRU, 2): [(units_right,), (lambda d, n: np.int64(units_right(d, n)),)],
    (GRU, 3): [("it never changes",), ("It never changes",)],
    (CONV, 1): [(steps_right,), (lambda *a: np.int32(steps_right(*a)),)],
    (CONV, 2): [("the same",), ("The same",)],
    (CONV, 3): [("neither",), ("Neither",)],
}


TestAnswers = answers(WRONG, RIGHT)


def test_a_stub_that_returns_dots_in_a_pair_is_not_answered():
    found = checking.verdict(LSTM, 1, lambda *sums: (..., ...))
    assert found.state == checking.UNANSWERED
