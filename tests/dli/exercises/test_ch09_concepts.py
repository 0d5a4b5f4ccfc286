"""Wrong answers in chapter 9's concept notebooks are refused, right ones taken."""

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits

# Momentum


def moves_by_the_old_velocity(p, v, slope, rate, beta):
    return p + v, beta * v - rate * slope(p)


def uphill(p, v, slope, rate, beta):
    v = beta * v + rate * slope(p)
    return p + v, v


def averages(p, v, slope, rate, beta):
    v = beta * v - (1 - beta) * rate * slope(p)
    return p + v, v


def rolls(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p)
    return p + v, v


def peeks(p, v, slope, rate, beta):
    new = beta * v - rate * slope(p + beta * v)
    return [p + new, new]


def peeks_too_far(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p + v)
    return p + v, v


def peeks_only(p, v, slope, rate, beta):
    v = beta * v - rate * slope(p + beta * v)
    return p + beta * v, v


# AdaGrad to Adam


def old_average(g, square, rho, rate):
    return -rate * g / np.sqrt(square + 1e-9), rho * square + (1 - rho) * g**2


def no_root(g, square, rho, rate):
    square = rho * square + (1 - rho) * g**2
    return -rate * g / square, square


def averages_gradients(g, square, rho, rate):
    square = rho * square + (1 - rho) * g
    return -rate * g / np.sqrt(abs(square)), square


def by_root_first(g, square, rho, rate):
    square = g**2 - rho * (g**2 - square)
    return [-rate * g * square**-0.5, square]


WRONG = {
    ("momentum", 1): [("ten",), ("a thousand",), (100,)],
    ("momentum", 2): [(moves_by_the_old_velocity,), (uphill,), (averages,), (peeks,)],
    ("momentum", 3): [(rolls,), (peeks_too_far,), (peeks_only,)],
    ("adaptive_optimizers", 1): [
        ("a thousand times as long",),
        ("a million times as long",),
        (1,),
    ],
    ("adaptive_optimizers", 2): [
        (lambda average, beta, steps: average,),
        (lambda average, beta, steps: average / (1 - beta),),
        (lambda average, beta, steps: average / beta**steps,),
    ],
    ("adaptive_optimizers", 3): [(old_average,), (no_root,), (averages_gradients,)],
}

RIGHT = {
    ("momentum", 1): [("a hundred",), ("A hundred ",)],
    ("momentum", 2): [(rolls,), (lambda *a: np.array(rolls(*a)),)],
    ("momentum", 3): [(peeks,)],
    ("adaptive_optimizers", 1): [("as long as before",), ("As long as before ",)],
    ("adaptive_optimizers", 2): [
        (lambda average, beta, steps: np.float32(1) * average / (1 - beta**steps),)
    ],
    ("adaptive_optimizers", 3): [(by_root_first,)],
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
