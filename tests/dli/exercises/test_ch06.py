"""Wrong answers of chapter 6 are refused, right ones taken in every way of writing."""

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits

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
