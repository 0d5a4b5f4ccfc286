"""Wrong answers of chapter 5 are refused, right ones taken in every way of writing."""

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits

DIGIT, SHALLOW = "mnist_digit_pixel_by_pixel", "shallow_net_in_keras"


def by_column(image):
    return image.sum(axis=0)


def in_a_loop(image):
    return [sum(int(row[c]) for row in image) for c in range(image.shape[1])]


def as_bytes(image):
    return image.sum(axis=0, dtype=np.uint8)


def count(inputs, hidden, outputs):
    return (inputs * hidden + hidden) + (hidden * outputs + outputs)


WRONG = {
    (DIGIT, 1): [("upside down",), ("mirrored left to right",), ("a three",)],
    (DIGIT, 2): [
        ("left", by_column),
        ("middle", by_column),
        ("right", lambda image: image.sum(axis=1)),
        ("right", lambda image: image.sum()),
        ("right", as_bytes),
        ("right", lambda image: (image > 0).sum(axis=0)),
    ],
    (DIGIT, 3): [("sharp",), ("blurred everywhere alike",), ("dark",)],
    (SHALLOW, 1): [
        (lambda inputs, hidden, outputs: inputs * hidden + hidden * outputs,),
        (lambda inputs, hidden, outputs: count(inputs, hidden, outputs) - outputs,),
        (lambda inputs, hidden, outputs: 2 * 50890,),
        (lambda inputs, hidden, outputs: None,),
    ],
    (SHALLOW, 2): [("worse",), ("between",), (0.92,)],
    (SHALLOW, 3): [("about half",), ("nearly all",), ("none",)],
}

RIGHT = {
    (DIGIT, 1): [("on its back",), (" On its back ",)],
    (DIGIT, 2): [("right", by_column), ("Right", in_a_loop)],
    (DIGIT, 3): [("darkest along the middle of its strokes",)],
    (SHALLOW, 1): [(count,), (lambda *sizes: np.float64(count(*sizes)),)],
    (SHALLOW, 2): [("better than after 200",)],
    (SHALLOW, 3): [("hardly any",), ("Hardly Any",)],
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
