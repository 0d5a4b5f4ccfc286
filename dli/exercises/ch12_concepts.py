"""Exercises of the notebooks that chapter 12 has no code for."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# A GAN in One Dimension


@exercise(
    "gan_in_one_dimension",
    1,
    hint="Of four numbers that turn up there, how many are real?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "0.25": "That is the chance of a forgery.",
            "0.5": "Only where both are equally dense.",
            "0.75": "Three of four numbers there are real: p / (p + q).",
            "1": "One number in four there is a forgery.",
        },
        right="0.75",
    )


@exercise(
    "gan_in_one_dimension",
    2,
    hint="Real ones have the label 1: -ln D. Forged ones have 0: -ln(1 - D).",
)
def _(detective_cost):
    rng = np.random.default_rng(121)
    for real, forged in ((1, 1), (3, 3), (2, 5)):
        on_real = rng.uniform(0.05, 0.95, size=real).round(2)
        on_forged = rng.uniform(0.05, 0.95, size=forged).round(2)
        wanted = -np.log(on_real).mean() - np.log(1 - on_forged).mean()
        what = f"detective_cost({on_real.tolist()}, {on_forged.tolist()})"
        expect(detective_cost(on_real, on_forged), float(wanted), what, 1e-6)
    return "At a loss everywhere, that is 2 ln 2."


@exercise(
    "gan_in_one_dimension",
    3,
    hint="The slopes are D - 1 and -D: the cell with the slopes prints both.",
)
def _(slope_ratio):
    for verdict in (0.5, 0.01, 0.2, 0.9):
        wanted = (1 - verdict) / verdict
        expect(slope_ratio(verdict), wanted, f"slope_ratio({verdict})", 1e-6)
    return "99 times as much where it is caught, and as much at the stalemate."


# Upsampling and Transposed Convolution


@exercise(
    "transposed_convolution",
    1,
    hint="With stride 2, kernels of 2, 4 and 6 are even. What have they in common?",
)
def _(width):
    return choice(
        width,
        {
            "4": "One column in three gets two patches, the others one.",
            "5": "Two columns in three get two patches, the third one.",
            "6": "A multiple of the stride: two patches on every column.",
        },
        right="6",
    )


@exercise(
    "transposed_convolution",
    2,
    hint="Where does the last patch begin, and how wide is it?",
)
def _(grown_width):
    for width, kernel, stride in (
        (2, 2, 2),
        (2, 3, 2),
        (7, 5, 1),
        (7, 4, 3),
        (1, 5, 2),
    ):
        wanted = (width - 1) * stride + kernel
        what = f"grown_width({width}, {kernel}, {stride})"
        expect(grown_width(width, kernel, stride), wanted, what)
    return "From 7 to 28 it would take a kernel of 4 and a stride of 4."


@exercise(
    "transposed_convolution",
    3,
    hint="Zeros first; then add every number times the kernel at its place.",
)
def _(transposed_row):
    rng = np.random.default_rng(122)
    for length, size, stride in ((2, 2, 2), (3, 3, 2), (4, 3, 1), (3, 2, 3)):
        row = rng.integers(-9, 10, size=length).astype(float)
        kernel = rng.integers(-3, 4, size=size).astype(float)
        apart = np.zeros((length - 1) * stride + 1)
        apart[::stride] = row
        what = f"transposed_row({row.tolist()}, {kernel.tolist()}, {stride})"
        came = transposed_row(row, kernel, stride)
        expect(came, np.convolve(apart, kernel), what, tolerance=1e-9)
    return "Where patches overlap they add up."
