"""Wrong answers of chapter 7 are refused, right ones taken in every way of writing."""

import numpy as np
import pytest

from dli.exercises import checking


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
}

RIGHT = {
    ("hot_dog_network", 1): [("above 0",), (" Above 0 ",)],
    ("hot_dog_network", 2): [(added,), (lambda *words: np.int64(added(*words)),)],
    ("hot_dog_network", 3): [
        (answered,),
        (lambda *words: np.float32(answered(*words)),),
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
