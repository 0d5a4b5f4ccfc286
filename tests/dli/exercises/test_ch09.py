"""Wrong answers of chapter 9 are refused, right ones taken in every way of writing."""

import math

import numpy as np

from tests.support.exercises import answers

WEIGHTS, DEEP = "weight_initialization", "deep_net_in_keras"
PRICES, BOARD = "regression_in_keras", "deep_net_in_keras_with_tensorboard"


def spread(n_in, n_out, brightest=1):
    return brightest * math.sqrt(2 * n_in / (3 * (n_in + n_out)))


def dropout(a, kept, rate, training):
    return a * kept / (1 - rate) if training else a


def by_list(a, kept, rate, training):
    if not training:
        return list(a)
    return [x / (1 - rate) if k else 0 for x, k in zip(a, kept)]


def own_scale(array):
    return (array - array.mean(axis=0)) / array.std(axis=0)


def standardised(train, valid, ddof=0):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=ddof)
    return (train - mean) / std, (valid - mean) / std


def of_both(train, valid):
    both = np.vstack([train, valid])
    return tuple((x - both.mean(axis=0)) / both.std(axis=0) for x in (train, valid))


def of_all_columns(train, valid):
    return tuple((x - train.mean()) / train.std() for x in (train, valid))


def histograms(kinds, epochs, arrays=(2, 4, 0)):
    of = dict(zip(("Dense", "BatchNormalization", "Dropout"), arrays))
    return epochs * sum(of[kind] for kind in kinds)


def smoothed(values, smoothing):
    line, total, weight = [], 0.0, 0.0
    for value in values:
        total, weight = smoothing * total + value, smoothing * weight + 1
        line.append(total / weight)
    return line


def smoothed_by_numpy(values, smoothing):
    return np.array(smoothed(values, smoothing))


def without_weights(values, smoothing):
    return [sum(values[: i + 1]) / (i + 1) for i in range(len(values))]


def from_the_first(values, smoothing):
    line = [values[0]]
    for value in values[1:]:
        line.append(smoothing * line[-1] + (1 - smoothing) * value)
    return line


def from_zero(values, smoothing):
    return from_the_first([0, *values], smoothing)[1:]


WRONG = {
    (WEIGHTS, 1): [(256,), (2,), (0,), ("one",)],
    (WEIGHTS, 2): [
        (lambda n_in, n_out, brightest=1: math.sqrt(n_in / 3),),
        (lambda n_in, n_out, brightest=1: spread(n_in, n_out),),
        (lambda n_in, n_out, brightest=1: brightest * math.sqrt(2 / (n_in + n_out)),),
        (lambda n_in, n_out, brightest=1: spread(n_out, n_in, brightest),),
    ],
    (WEIGHTS, 3): [("as few as before",), ("about half",), (0.98,)],
    (DEEP, 1): [
        (lambda a, kept, rate, training: a * kept,),
        (lambda a, kept, rate, training: a * kept / (1 - rate),),
        (lambda a, kept, rate, training: a * kept if training else a * (1 - rate),),
        (lambda a, kept, rate, training: a * kept / rate if training else a,),
    ],
    (DEEP, 2): [("in use",), ("equally often",), (True,)],
    (DEEP, 3): [("training",), ("neither",), (0.8,)],
    (PRICES, 1): [("by about 10",), ("it more than doubles",), (23.9,)],
    (PRICES, 2): [
        (lambda train, valid: (own_scale(train), own_scale(valid)),),
        (of_both,),
        (of_all_columns,),
        (lambda train, valid: standardised(train, valid)[::-1],),
        (lambda train, valid: standardised(train, valid)[1],),
        (
            lambda train, valid: (
                train - train.mean(axis=0),
                valid - train.mean(axis=0),
            ),
        ),
    ],
    (PRICES, 3): [("a lot",), ("a little",), (0,)],
    (BOARD, 1): [("only the first training",), ("only the second",), (2,)],
    (BOARD, 2): [
        (lambda kinds, epochs: histograms(kinds, epochs, (1, 4, 0)),),
        (lambda kinds, epochs: histograms(kinds, epochs, (2, 2, 0)),),
        (lambda kinds, epochs: histograms(kinds, epochs, (2, 4, 1)),),
        (lambda kinds, epochs: histograms(kinds, 1),),
    ],
    (BOARD, 3): [
        ("above", smoothed),
        ("below", without_weights),
        ("below", from_the_first),
        ("below", from_zero),
    ],
}

RIGHT = {
    (WEIGHTS, 1): [(1,), (np.int64(1),), (1.0,)],
    (WEIGHTS, 2): [
        (spread,),
        (lambda i, o, b=1: np.sqrt(2 / (i + o)) * np.sqrt(i / 3) * b,),
    ],
    (WEIGHTS, 3): [("nearly all",), (" Nearly all ",)],
    (DEEP, 1): [(dropout,), (by_list,)],
    (DEEP, 2): [("in training mode",), ("In training mode",)],
    (DEEP, 3): [("validation",), ("VALIDATION",)],
    (PRICES, 1): [("by less than 1",)],
    (PRICES, 2): [
        (standardised,),
        (lambda train, valid: list(standardised(train, valid, ddof=1)),),
    ],
    (PRICES, 3): [("not at all",)],
    (BOARD, 1): [("both",), ("Both",)],
    (BOARD, 2): [(histograms,)],
    (BOARD, 3): [("below", smoothed), ("Below", smoothed_by_numpy)],
}


TestAnswers = answers(WRONG, RIGHT)
