"""Wrong answers of appendix A are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers


def keras_order(kernels, layer, receiver, sender):
    return (
        kernels[layer - 1].T[sender - 1, receiver - 1]
        if (kernels[layer - 1].shape[0] == kernels[layer - 1].shape[1])
        else kernels[layer - 1][sender - 1, receiver - 1]
    )


def from_zero(kernels, layer, receiver, sender):
    return kernels[layer][sender, receiver]


def layer_from_zero(kernels, layer, receiver, sender):
    return kernels[layer % len(kernels)].ravel()[0]


def not_turned(kernels, layer, receiver, sender):
    return kernels[layer - 1][receiver - 1, sender - 1]


def turned(kernels, layer, receiver, sender):
    return kernels[layer - 1].T[receiver - 1][sender - 1]


WRONG = {
    ("formal_notation", 1): [
        ((2, 3, 2),),
        ((1, 2, 3),),
        ((2, 2, 2),),
        ((2, 2),),
        ("w",),
    ],
    ("formal_notation", 2): [
        (keras_order,),
        (from_zero,),
        (layer_from_zero,),
        (not_turned,),
    ],
}

RIGHT = {
    ("formal_notation", 1): [((2, 2, 3),), ([2, 2, 3],), (np.array([2, 2, 3]),)],
    ("formal_notation", 2): [(turned,)],
}


TestAnswers = answers(WRONG, RIGHT)
