"""Chapter 1's exercises refuse wrong answers and take right ones, however written."""

import numpy as np
import pytest

from dli.exercises.checking import verdict
from tests.support.exercises import answers, cases


def pool(s_map, width):
    rows, columns = (length // width for length in s_map.shape)
    return s_map.reshape(rows, width, columns, width).max(axis=(1, 3))


def pool_by_loops(s_map, width):
    return [
        [
            max(s_map[r + i][c + j] for i in range(width) for j in range(width))
            for c in range(0, len(s_map[0]), width)
        ]
        for r in range(0, len(s_map), width)
    ]


def pool_of_rows_only(s_map, width):
    return s_map.reshape(-1, width, s_map.shape[1]).max(axis=1)


def pool_by_the_mean(s_map, width):
    rows, columns = (length // width for length in s_map.shape)
    return s_map.reshape(rows, width, columns, width).mean(axis=(1, 3))


def pool_of_absolute_values(s_map, width):
    return pool(np.abs(s_map), width)


def table(picture):
    return np.pad(np.cumsum(np.cumsum(picture, axis=0), axis=1), ((1, 0), (1, 0)))


def layer(inputs, weights, biases):
    return np.maximum(0, np.array(inputs) @ np.array(weights) + biases)


SIMPLE, FEATURES, SPIRAL = (
    "simple_cells",
    "features_by_hand_or_learned",
    "spiral_playground",
)

RIGHT = {
    (SIMPLE, 1): [("as many",), (" As Many ",)],
    (SIMPLE, 2): [(9, 18), (9.0, np.int64(18))],
    (SIMPLE, 3): [(pool,), (pool_by_loops,)],
    (FEATURES, 1): [(6,), (np.array(6),)],
    (FEATURES, 2): [(table,), (lambda picture: table(picture).tolist(),)],
    (FEATURES, 3): [("both the same",)],
    (SPIRAL, 1): [("level",)],
    (SPIRAL, 2): [(6,), (6.0,)],
    (SPIRAL, 3): [(layer,), (lambda *given: tuple(layer(*given).tolist()),)],
}

WRONG = {
    (SIMPLE, 1): [("more",), ("fewer",), ("none",), (60,)],
    (SIMPLE, 2): [(18, 36), (18, 18), (9, 9), (10, 20), (36, 72), ("9", "18")],
    (SIMPLE, 3): [
        (pool_of_rows_only,),
        (pool_by_the_mean,),
        (pool_of_absolute_values,),
        (lambda s_map, width: s_map.max(),),
        (lambda s_map, width: s_map[::width, ::width],),
        (4,),
    ],
    (FEATURES, 1): [(8,), (7,), (4,), ("six",)],
    (FEATURES, 2): [
        (lambda picture: np.cumsum(np.cumsum(picture, axis=0), axis=1),),
        (lambda picture: np.pad(picture, ((1, 0), (1, 0))),),
        (lambda picture: table(picture).T,),
        (lambda picture: table(picture)[:, 1:],),
    ],
    (FEATURES, 3): [("40 to 30",), ("4 to 3",), ("same",)],
    (SPIRAL, 1): [("upright",), ("slanted",), ("horizontal",)],
    (SPIRAL, 2): [(4,), (8,), (2,), (151,)],
    (SPIRAL, 3): [
        (lambda i, w, b: np.array(i) @ np.array(w) + b,),  # no ReLU
        (lambda i, w, b: np.maximum(0, np.array(i) @ np.array(w)),),  # no bias
        (lambda i, w, b: np.maximum(0, np.array(i) @ np.array(w)) + b,),
        (lambda i, w, b: sum(layer(i, w, b)),),
    ],
}


class TestAnswers(answers(WRONG, RIGHT)):
    """Their sentences also say why."""

    @pytest.mark.parametrize(("notebook", "number", "answers"), cases(RIGHT))
    def test_right_ones_get_a_sentence(self, notebook, number, answers):
        found = verdict(notebook, number, *answers)
        assert len(found.text) > 30
