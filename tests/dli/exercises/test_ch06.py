"""Wrong answers of chapter 6 are refused, right ones taken in every way of writing."""

import math

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits


def sigmoid_itself(z, sigmoid):
    return sigmoid(z)


def not_lowered(z, sigmoid):
    return 2 * sigmoid(2 * z)


def not_faster(z, sigmoid):
    return 2 * sigmoid(z) - 1


def without_sigmoid(z, sigmoid):
    return np.tanh(z)


def with_sigmoid(z, sigmoid):
    return sigmoid(2 * z) - sigmoid(-2 * z)


def slopes(xs, ys):
    return np.diff(ys) / np.diff(xs)


def heights(xs, ys):
    return np.diff(ys, prepend=0)[1:]


def without_the_first(xs, ys):
    return np.diff(slopes(xs, ys))


def distances_forgotten(xs, ys):
    return np.diff(np.diff(ys), prepend=0)


def by_loop(xs, ys):
    weights, slope = [], 0.0
    for i in range(len(xs) - 1):
        new = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
        weights.append(new - slope)
        slope = new
    return weights


WRONG = {
    ("perceptron", 1): [("none",), ("three",), ("two",), (1,)],
    ("perceptron", 2): [
        ([1, 1, 1], -2),
        ([1, 1, 1], -0.5),
        ([3, 2, 6], -4),
        ([0, 0, 0], 0),
        ([1, 1], -1.5),
        (["a", 1, 1], -1.5),
        ([1, 1, 1], float("nan")),
    ],
    ("perceptron", 3): [
        ((1, 1, -0.5), (1, 1, -1.5), (1, 1, -0.5)),
        ((1, 1, 0), (1, 1, -2), (1, -1, 0)),
        ((1, 1, -0.5), (1, 1, -0.5), (1, -1, -0.5)),
        ((1, 1, -0.5), (1, 1, -1.5), (1, -1)),
    ],
    ("sigmoid_function", 1): [(0.2689,), (-0.2689,), (0.5,), (1,), ("0.7311",)],
    ("sigmoid_function", 2): [
        (lambda a: np.log(a),),
        (lambda a: np.log((1 - a) / a),),
        (lambda a: a / (1 - a),),
        (lambda a: 1 / (1 + np.exp(-a)),),
    ],
    ("sigmoid_function", 3): [("flatter",), ("twice as steep",), (4,)],
    ("activation_functions", 1): [("one",), ("endlessly many",), (2,)],
    ("activation_functions", 2): [
        (sigmoid_itself,),
        (not_lowered,),
        (not_faster,),
        (without_sigmoid,),
    ],
    ("activation_functions", 3): [
        (slopes,),
        (heights,),
        (without_the_first,),
        (distances_forgotten,),
    ],
}

RIGHT = {
    ("perceptron", 1): [("one",), (" One ",)],
    ("perceptron", 2): [
        ([1, 1, 1], -1.5),
        (np.array([2, 3, 4]), np.float32(-4.5)),
        ((1, 1, 1), [-1][0]),
    ],
    ("perceptron", 3): [
        ((1, 1, -0.5), (1, 1, -1.5), (1, -1, -0.5)),
        ([1, -1, 0], [-1, 1, 0], [1, 1, 0]),
        (np.array([1, 1, 0]), np.array([-1, -1, 2]), np.array([1, 1, -1])),
    ],
    ("sigmoid_function", 1): [(0.7311,), (np.float32(1 - 0.2689),)],
    ("sigmoid_function", 2): [
        (lambda a: np.log(a / (1 - a)),),
        (lambda a: -math.log(1 / a - 1),),
    ],
    ("sigmoid_function", 3): [("four times as steep",)],
    ("activation_functions", 1): [("two",), ("Two",)],
    ("activation_functions", 2): [(with_sigmoid,)],
    ("activation_functions", 3): [(by_loop,)],
}


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(WRONG))
def test_wrong_answers_are_refused(notebook, number, answers):
    assert refuses(notebook, number, answers)


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(RIGHT))
def test_right_answers_are_taken(notebook, number, answers):
    assert takes(notebook, number, answers)


@pytest.mark.parametrize(("notebook", "number"), WRONG)
def test_stubs_are_not_answered(notebook, number):
    assert waits(notebook, number, RIGHT[notebook, number][0])
