"""Wrong answers in chapter 8's concept notebooks are refused, right ones taken."""

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits


def uphill(start, slope, rate, steps):
    for _ in range(steps):
        start = start + rate * slope(start)
    return start


def one_step(start, slope, rate, steps):
    return start - rate * slope(start)


def slope_of_the_start(start, slope, rate, steps):
    return start - steps * rate * slope(start)


def as_array(start, slope, rate, steps):
    p = np.array([start])
    while steps:
        p, steps = p - rate * slope(p), steps - 1
    return p[0]


WRONG = {
    ("gradient_descent", 1): [("about ten",), ("endlessly many",), (1,)],
    ("gradient_descent", 2): [(uphill,), (one_step,), (slope_of_the_start,)],
    ("gradient_descent", 3): [
        (lambda k: 1.0,),
        (lambda k: k,),
        (lambda k: 2 / k,),
        (lambda k: 1 / (2 * k),),
    ],
}

RIGHT = {
    ("gradient_descent", 1): [("one",), (" One",)],
    ("gradient_descent", 2): [(as_array,)],
    ("gradient_descent", 3): [(lambda k: 2 / (2 * k),)],
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
