"""Wrong answers of chapter 8 are refused, right ones taken in every way of writing."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits

QUADRATIC, ENTROPY = "quadratic_cost", "cross_entropy_cost"
SPEED, INTERMEDIATE = "measuring_speed_of_learning", "intermediate_net_in_keras"


def count(layers):
    return sum((a + 1) * b for a, b in pairwise(layers))


WRONG = {
    (QUADRATIC, 1): [
        (lambda cost: math.sqrt(cost),),
        (lambda cost: 1 - cost,),
        (lambda cost: 1 - cost**2,),
        (lambda cost: 0.5,),
    ],
    (QUADRATIC, 2): [("B",), ("neither",), (0.1,)],
    (QUADRATIC, 3): [(0.5,), (0.0,), (0.25,), (0.35,)],
    (ENTROPY, 1): [
        (lambda classes: math.log(1 / classes),),
        (lambda classes: 1 / classes,),
        (lambda classes: math.log10(classes),),
        (lambda classes: 2.3026,),
    ],
    (ENTROPY, 2): [("A", "A"), ("B", "B"), ("A", "B"), ("neither", "A")],
    (ENTROPY, 3): [
        ("twice as many", "many times as many"),
        ("many times as many", "many times as many"),
        ("a few more", "a few more"),
        ("a few more", "twice as many"),
    ],
    (SPEED, 1): [
        (lambda steps, slope: steps / slope,),
        (lambda steps, slope: slope**steps,),
        (lambda steps, slope: 4**steps,),
        (lambda steps, slope: (1 / slope) ** (steps + 1),),
    ],
    (SPEED, 2): [("much more slowly",), ("much faster",), (1.1,)],
    (SPEED, 3): [("near 50%",), ("near 90%",), ("10",)],
    (INTERMEDIATE, 1): [("both guess",), ("both learn",), ("neither",)],
    (INTERMEDIATE, 2): [
        (lambda layers: sum(a * b for a, b in pairwise(layers)),),
        (lambda layers: sum(a * (b + 1) for a, b in pairwise(layers)),),
        (lambda layers: count(layers[:2]),),
        (lambda layers: sum(layers),),
    ],
    (INTERMEDIATE, 3): [("the same",), ("lower",), (0.955,)],
}

RIGHT = {
    (QUADRATIC, 1): [
        (lambda cost: 1 - math.sqrt(cost),),
        (lambda cost: np.float32(1) - np.sqrt(np.float32(cost)),),
    ],
    (QUADRATIC, 2): [("A",), ("a",)],
    (QUADRATIC, 3): [(0.33,), (1 / 3,), (np.float32(0.333),)],
    (ENTROPY, 1): [
        (math.log,),
        (lambda classes: -np.log(1 / classes),),
        (lambda classes: round(math.log(classes), 4),),
    ],
    (ENTROPY, 2): [("B", "A"), ("b", "a")],
    (ENTROPY, 3): [("a few more", "many times as many")],
    (SPEED, 1): [
        (lambda steps, slope: (1 / slope) ** steps,),
        (lambda steps, slope: np.float64(slope) ** -steps,),
    ],
    (SPEED, 2): [("about as fast",)],
    (SPEED, 3): [("near 10%",), ("Near 10% ",)],
    (INTERMEDIATE, 1): [("only the small one learns",)],
    (INTERMEDIATE, 2): [(count,), (lambda layers: np.int64(count(layers)),)],
    (INTERMEDIATE, 3): [("higher",), ("Higher",)],
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
