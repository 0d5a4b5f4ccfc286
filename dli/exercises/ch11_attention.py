"""Exercises of chapter 11's later notebooks: LSTM by hand, attention, transfer."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# An LSTM Cell by Hand


@exercise(
    "lstm_by_hand",
    1,
    hint="What a gate of 0.731 lets pass is passed through the same gate once more.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "nearly all": "A gate of 0.731 takes a good quarter away at every step.",
            "about half": "About half is left after two steps already.",
            "about a twentieth": "0.731 to the power of 10 is 0.044.",
        },
        right="about a twentieth",
    )


@exercise(
    "lstm_by_hand",
    2,
    hint="Which number, multiplied with itself `steps` times, is `left`? And which sum "
    "does the sigmoid turn into that number?",
)
def _(forget_bias):
    rng = np.random.default_rng(11)
    cases = [(0.5, 1), (0.5, 100), (0.5, 200), (0.9, 10)]
    cases += [
        (round(float(left), 3), int(steps))
        for left, steps in zip(rng.uniform(0.05, 0.95, 3), rng.integers(2, 400, 3))
    ]
    for left, steps in cases:
        gate = left ** (1 / steps)
        expect(
            forget_bias(left, steps),
            float(np.log(gate / (1 - gate))),
            f"forget_bias({left}, {steps})",
            tolerance=1e-5,
        )
    return "Twice as many steps cost about 0.7 more of bias: no doubling."


@exercise(
    "lstm_by_hand",
    3,
    hint="Keras's order of the four blocks: input, forget, candidate, output.",
)
def _(forget_kernel):
    rng = np.random.default_rng(12)
    for inputs, cells in ((1, 1), (2, 3), (5, 4)):
        kernel = rng.integers(-9, 10, size=(inputs, 4 * cells)).astype(float)
        wanted = np.split(kernel, 4, axis=1)[1]
        what = f"forget_kernel(kernel of shape {kernel.shape})"
        expect(forget_kernel(kernel), wanted, what)
    return "The second block of columns, as wide as there are cells."


# Attention


@exercise("attention", 1, hint="Which words come before the first?")
def _(prediction):
    return choice(
        prediction,
        {
            "all of it": "It may look at nothing else, and weights add up to 1.",
            "as much as to the others": "The others come later: they are masked.",
            "it depends on the vectors": "Their fits do; but one weight alone is 1.",
        },
        right="all of it",
    )


@exercise(
    "attention",
    2,
    hint="Fits are dot products over the root of how long a key is; each row's softmax "
    "adds up to 1.",
)
def _(looks_at):
    rng = np.random.default_rng(13)
    for n_queries, n_keys, size in ((1, 1, 1), (1, 4, 3), (5, 3, 8), (2, 2, 64)):
        queries = rng.normal(size=(n_queries, size)).round(2)
        keys = rng.normal(size=(n_keys, size)).round(2)
        fits = queries @ keys.T / np.sqrt(size)
        powers = np.exp(fits - fits.max(axis=1, keepdims=True))
        wanted = powers / powers.sum(axis=1, keepdims=True)
        what = f"looks_at(queries {queries.shape}, keys {keys.shape})"
        expect(looks_at(queries, keys), wanted, what)
    return "A query of zeros fits all keys alike: it looks at all of them alike."


@exercise(
    "attention",
    3,
    hint="A dense layer from a numbers to b has (a + 1) times b parameters.",
)
def _(parameters):
    rng = np.random.default_rng(14)
    cases = [(1, 1, 1), (2, 8, 16), *rng.integers(2, 70, size=(3, 3)).tolist()]
    for heads, size, n in cases:
        wanted = 3 * (n + 1) * heads * size + (heads * size + 1) * n
        expect(parameters(heads, size, n), wanted, f"parameters({heads}, {size}, {n})")
    return "No word counts in it: a longer review costs time, and no parameter."
