"""Exercises of appendix A: the symbols of a network."""

from itertools import pairwise

import numpy as np

from dli.exercises.checking import Wrong, exercise, expect

# Formal Notation


@exercise(
    "formal_notation",
    1,
    hint="A weight has the number of the layer it leads to; the receiver comes first.",
)
def _(line):
    try:
        numbers = [int(number) for number in line]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != 3:
        raise Wrong(f"line should be three whole numbers\nbut is {line!r}")
    parts = ("layer", "receiver", "sender")
    for part, came, wanted in zip(parts, numbers, (2, 2, 3)):
        if came != wanted:
            why = {
                "layer": "the line leads to the second hidden layer, not from it",
                "receiver": "the receiver is where the line ends",
                "sender": "the sender is where the line starts",
            }[part]
            raise Wrong(f"the {part} is not {came}:\n{why}")
    return "Where it leads comes first, twice: in the layer and in the pair."


@exercise(
    "formal_notation",
    2,
    hint="Is a row of a kernel a sender or a receiver? And where does NumPy start?",
)
def _(weight):
    rng = np.random.default_rng(5)
    sizes = (2, 3, 3, 4, 1)
    kernels = [np.round(rng.normal(size=pair), 2) for pair in pairwise(sizes)]
    for layer, kernel in enumerate(kernels, start=1):
        for sender, receiver in np.ndindex(kernel.shape):
            what = f"weight(kernels, {layer}, {receiver + 1}, {sender + 1})"
            came = weight(kernels, layer, receiver + 1, sender + 1)
            expect(came, float(kernel[sender, receiver]), what)
    return "Transposed, and one less: the whole of appendix A in one line."
