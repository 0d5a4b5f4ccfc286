"""Wrong answers on convolution, pooling and residual networks are refused."""

import numpy as np

from tests.support.exercises import answers

# Convolution by Hand


def loses_the_bias(kernels, side, channels):
    return kernels * side**2 * channels


def one_bias_in_all(kernels, side, channels):
    return kernels * side**2 * channels + 1


def a_bias_for_each_channel(kernels, side, channels):
    return kernels * channels * (side**2 + 1)


def rounds_up(D, F, P, S):
    return -((F - D - 2 * P) // S) + 1


def pads_one_side(D, F, P, S):
    return (D - F + P) // S + 1


def with_a_remainder(D, F, P, S):
    return (D - F + 2 * P) / S + 1


def counted(D, F, P, S):
    return len(range(0, D + 2 * P - F + 1, S))


def bias_by_channel(patch, kernel, bias):
    return (patch * kernel).sum() + bias * patch.shape[-1]


def bias_by_weight(patch, kernel, bias):
    return (patch * kernel + bias).sum()


def turned(patch, kernel, bias):
    return (patch * kernel[::-1, ::-1]).sum() + bias


def as_one_row(patch, kernel, bias):
    return patch.ravel() @ kernel.ravel() + bias


# Pooling


def never_below_zero(grid, size):
    pooled = np.zeros((grid.shape[0] // size, grid.shape[1] // size))
    for (row, column), value in np.ndenumerate(grid):
        place = row // size, column // size
        pooled[place] = max(pooled[place], value)
    return pooled


def every_other(grid, size):
    return grid[::size, ::size]


def mean(grid, size):
    rows, columns = grid.shape[0] // size, grid.shape[1] // size
    return grid.reshape(rows, size, columns, size).mean(axis=(1, 3))


def by_loops(grid, size):
    return [
        [
            max(grid[row + i, column + j] for i in range(size) for j in range(size))
            for column in range(0, grid.shape[1], size)
        ]
        for row in range(0, grid.shape[0], size)
    ]


def to_all(square, gradient):
    return np.full(square.shape, gradient / 4)


def the_activation_itself(square, gradient):
    return np.where(square == square.max(), square, 0)


def to_the_first(square, gradient):
    back = np.zeros((2, 2))
    back[0, 0] = gradient
    return back


def by_argmax(square, gradient):
    back = np.zeros(4)
    back[square.argmax()] = gradient
    return back.reshape(2, 2)


# Residual Networks


def plain(a, first, second):
    return np.maximum(0, np.maximum(0, a @ first) @ second)


def adds_after_the_last(a, first, second):
    return plain(a, first, second) + a


def no_last(a, first, second):
    return np.maximum(0, a @ first) @ second + a


def residual(a, first, second):
    z = a + np.clip(a @ first, 0, None) @ second
    return z * (z > 0)


WRONG = {
    ("convolution_arithmetic", 1): [
        (loses_the_bias,),
        (one_bias_in_all,),
        (a_bias_for_each_channel,),
    ],
    ("convolution_arithmetic", 2): [
        (rounds_up,),
        (pads_one_side,),
        (with_a_remainder,),
        (lambda D, F, P, S: (D - F + 2 * P) // S,),
    ],
    ("convolution_arithmetic", 3): [(bias_by_channel,), (bias_by_weight,), (turned,)],
    ("pooling", 1): [(0,), (4,), (8,)],
    ("pooling", 2): [(never_below_zero,), (every_other,), (mean,)],
    ("pooling", 3): [(to_all,), (the_activation_itself,), (to_the_first,)],
    ("residual_networks", 1): [("nothing but zeros",), ("noise",), (0,)],
    ("residual_networks", 2): [(plain,), (adds_after_the_last,), (no_last,)],
    ("residual_networks", 3): [
        (lambda blocks: 2 * blocks,),
        (lambda blocks: blocks + 1,),
        (lambda blocks: blocks**2,),
    ],
}

RIGHT = {
    ("convolution_arithmetic", 1): [
        (lambda kernels, side, channels: kernels * side**2 * channels + kernels,)
    ],
    ("convolution_arithmetic", 2): [(counted,)],
    ("convolution_arithmetic", 3): [(as_one_row,)],
    ("pooling", 1): [(2,), ("2",)],
    ("pooling", 2): [(by_loops,)],
    ("pooling", 3): [(by_argmax,)],
    ("residual_networks", 1): [("its input",), ("Its input ",)],
    ("residual_networks", 2): [(residual,)],
    ("residual_networks", 3): [(lambda blocks: 1 << blocks,)],
}


TestAnswers = answers(WRONG, RIGHT)
