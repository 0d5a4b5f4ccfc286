"""Wrong answers in the notebooks on policies and the laboratory are refused."""

import numpy as np

from tests.support.exercises import answers


def chance(z):
    return 1 / (1 + np.exp(-z))


WRONG = {
    ("reinforce", 1): [("the mean nudge",), ("both",), (0,)],
    ("reinforce", 2): [
        (lambda z, action: action - z,),
        (lambda z, action: chance(z) - action,),
        (lambda z, action: 1 - chance(z),),
        (lambda z, action: chance(z) * (1 - chance(z)),),
    ],
    ("reinforce", 3): [
        (lambda p, left, right: p * left + (1 - p) * right,),
        (lambda p, left, right: (left + right) / 2,),
        (lambda p, left, right: max(left, right),),
    ],
}

RIGHT = {
    ("reinforce", 1): [("the spread of the nudges",), ("The spread of the nudges ",)],
    ("reinforce", 2): [
        (lambda z, action: action - chance(z),),
        (lambda z, action: 1 - chance(z) if action else -chance(z),),
        (lambda z, action: np.array([action - chance(z)])[0],),
    ],
    ("reinforce", 3): [
        (lambda p, left, right: left + p * (right - left),),
        (lambda p, left, right: np.dot([1 - p, p], [left, right]),),
    ],
}


TestAnswers = answers(WRONG, RIGHT)
