"""Exercises of the notebooks on convolution, pooling and residual networks."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Convolution by Hand


@exercise(
    "convolution_arithmetic",
    1,
    hint="A kernel reaches through all channels. How many numbers are under it?",
)
def _(parameters):
    for kernels, side, channels in ((1, 3, 1), (1, 3, 3), (16, 5, 6), (96, 11, 3)):
        wanted = kernels * (side**2 * channels + 1)
        what = f"parameters({kernels}, {side}, {channels})"
        expect(parameters(kernels, side, channels), wanted, what)
    return "The size of the picture does not come into it."


@exercise(
    "convolution_arithmetic",
    2,
    hint="Equation 10.3; but what does a library do with half a step?",
)
def _(stops):
    cases = [(28, 5, 0, 1), (28, 5, 2, 1), (28, 5, 0, 2), (224, 11, 0, 4)]
    cases += [(28, 3, 0, 3), (3, 3, 1, 1), (5, 5, 0, 2)]
    for D, F, P, S in cases:
        wanted = (D - F + 2 * P) // S + 1
        expect(stops(D, F, P, S), wanted, f"stops({D}, {F}, {P}, {S})")
    return "A stride of 3 leaves one pixel of 28 over."


@exercise(
    "convolution_arithmetic",
    3,
    hint="Multiply each weight by the number under it. When does the bias come?",
)
def _(one_stop):
    rng = np.random.default_rng(101)
    for side, channels in ((3, 1), (3, 3), (5, 2), (1, 4)):
        patch, kernel = rng.integers(-4, 5, size=(2, side, side, channels))
        wanted = float((patch * kernel).sum() + 0.2)
        what = f"one_stop(patch, kernel, 0.2) of {side} x {side} x {channels}"
        expect(one_stop(patch, kernel, 0.2), wanted, what)
    return "What moves in the picture moves in the map, and nothing else changes."


# Pooling


@exercise(
    "pooling",
    1,
    hint="Nudge one of the four numbers up by 1. By how much does their mean rise?",
)
def _(share):
    return choice(
        share,
        {
            "0": "The mean rises with each of its four numbers.",
            "2": "Four numbers, a quarter of the 8 each.",
            "4": "That would be two numbers. There are four.",
            "8": "All of it goes to one number only if that one alone is passed on.",
        },
        right="2",
    )


@exercise(
    "pooling",
    2,
    hint="reshape(rows, size, columns, size) cuts a map into squares.",
)
def _(largest):
    rng = np.random.default_rng(102)
    for shape, size in (((4, 4), 2), ((6, 4), 2), ((6, 9), 3), ((2, 2), 1)):
        grid = rng.integers(-9, 0, size=shape)
        rows, columns = shape[0] // size, shape[1] // size
        wanted = grid.reshape(rows, size, columns, size).max(axis=(1, 3))
        what = f"largest(map, {size}) of a map of {shape[0]} x {shape[1]}"
        expect(largest(grid, size), wanted, what)
    return "It works for negative numbers, too."


@exercise(
    "pooling",
    3,
    hint="Begin with zeros. Where in the square is the largest number?",
)
def _(way_back):
    rng = np.random.default_rng(103)
    for gradient in (1.0, -2.5, 0.0):
        square = rng.permutation(9)[:4].reshape(2, 2)
        wanted = np.where(square == square.max(), gradient, 0.0)
        what = f"way_back(np.array({square.tolist()}), {gradient})"
        expect(way_back(square, gradient), wanted, what)
    return "Three of four activations learn nothing from this picture."


# Residual Networks


@exercise(
    "residual_networks",
    1,
    hint="The book's equation has two terms. Which of them is 0 now?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "nothing but zeros": "That is a plain block; here the input is added.",
            "its input": "Nothing is added to the input, so that is what comes out.",
            "noise": "There is nothing random in a block that has its weights.",
        },
        right="its input",
    )


@exercise(
    "residual_networks",
    2,
    hint="ReLU: np.maximum(0, ...). The input is added before the last one.",
)
def _(residual):
    rng = np.random.default_rng(104)
    for rows, width in ((1, 2), (3, 4), (2, 5)):
        a = np.abs(rng.normal(size=(rows, width))).round(2)
        first, second = rng.normal(size=(2, width, width)).round(2)
        wanted = np.maximum(0, np.maximum(0, a @ first) @ second + a)
        what = f"residual(a, first, second) of {rows} x {width} activations"
        expect(residual(a, first, second), wanted, what)
    return "One plus sign is all the difference."


@exercise(
    "residual_networks",
    3,
    hint="With one block there are two ways: through it, or round it.",
)
def _(ways):
    for blocks in (1, 2, 3, 15):
        expect(ways(blocks), 2**blocks, f"ways({blocks})")
    return "Only one of them goes through all the blocks, as every way of a plain net."
