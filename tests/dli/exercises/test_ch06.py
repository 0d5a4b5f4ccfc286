"""Wrong answers of chapter 6 are refused, right ones taken in every way of writing."""

import numpy as np
import pytest

from dli.exercises import checking

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


def cases(table):
    return [
        pytest.param(*exercise, answers, id=f"{exercise[0]}-{exercise[1]}-{number}")
        for exercise, all_answers in table.items()
        for number, answers in enumerate(all_answers)
    ]


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(WRONG))
def test_wrong_answers_are_refused_in_three_lines(notebook, number, answers):
    found = checking.verdict(notebook, number, *answers)
    assert found.state == checking.WRONG, found.text
    assert len(found.text.splitlines()) <= 3


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(RIGHT))
def test_right_answers_are_taken(notebook, number, answers):
    found = checking.verdict(notebook, number, *answers)
    assert found.state == checking.RIGHT, found.text


@pytest.mark.parametrize(("notebook", "number"), WRONG)
def test_stubs_are_not_answered(notebook, number):
    stub = [... for _ in RIGHT[notebook, number][0]]
    assert checking.verdict(notebook, number, *stub).state == checking.UNANSWERED
    if callable(RIGHT[notebook, number][0][0]):
        empty = checking.verdict(notebook, number, lambda *arguments: ...)
        assert empty.state == checking.UNANSWERED
