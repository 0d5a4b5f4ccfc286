"""Wrong answers of chapter 7 are refused, right ones taken in every way of writing."""

import math

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits


def added(layers, layer):
    after = layers[layer + 1] if layer + 1 < len(layers) else 0
    return layers[layer - 1] + 1 + after


def answered(probabilities, threshold):
    sure = [max(p, 1 - p) >= threshold for p in probabilities]
    return sum(sure) / len(sure)


WRONG = {
    ("hot_dog_network", 1): [("-4.0",), ("-2.0",), ("below 0",), (-4.0,)],
    ("hot_dog_network", 2): [
        (lambda layers, layer: layers[layer - 1] + 1,),  # no receivers
        (lambda layers, layer: layers[layer - 1] + layers[(layer + 1) % len(layers)],),
        (lambda layers, layer: added(layers, layer) - 1,),  # no bias
        (lambda layers, layer: 4,),
        (lambda layers, layer: 1 / 0,),
    ],
    ("hot_dog_network", 3): [
        (lambda p, threshold: np.mean(np.asarray(p) >= threshold),),  # no sure no
        (lambda p, threshold: np.mean(np.maximum(p, 1 - np.asarray(p)) > threshold),),
        (lambda p, threshold: 100 * answered(p, threshold),),
        (lambda p, threshold: len(p),),
    ],
    ("softmax_demo", 1): [("more sure",), ("as sure",), ("0.451",)],
    ("softmax_demo", 2): [
        (lambda n, z: np.exp(z) / n,),
        (lambda n, z: 1.0,),
        (lambda n, z: 1 / 3,),
        (lambda n, z: n,),
    ],
    ("softmax_demo", 3): [
        (lambda times: times,),
        (lambda times: np.exp(times),),
        (lambda times: np.log10(times),),
        (lambda times: 2.3 * (times > 1),),
    ],
}

RIGHT = {
    ("hot_dog_network", 1): [("above 0",), (" Above 0 ",)],
    ("hot_dog_network", 2): [(added,), (lambda *words: np.int64(added(*words)),)],
    ("hot_dog_network", 3): [
        (answered,),
        (lambda *words: np.float32(answered(*words)),),
    ],
    ("softmax_demo", 1): [("less sure",), ("Less sure",)],
    ("softmax_demo", 2): [(lambda n, z: 1 / n,), (lambda n, z: np.float64(1) / n,)],
    ("softmax_demo", 3): [(np.log,), (lambda times: math.log(times),)],
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
