"""Exercises of appendix C: gradients that add up, two spellings of a cost, doubling."""

import numpy as np

from dli.exercises.checking import choice, exercise, expect


@exercise(
    "pytorch",
    1,
    hint="Each backward pass adds to what is there. Where would the step lead then?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "as much": "Old gradients point where the cost fell long ago.",
            "less": "Each step repeats all before it, and still gets somewhere.",
            "nothing": "The sum of all gradients so far is only out of date.",
        },
        right="less",
    )


@exercise(
    "pytorch",
    2,
    hint="Softmax first, then the logarithm of the right one, then the minus.",
)
def _(prediction, cost_by_hand):
    choice(
        prediction,
        {
            "first": "Write both down: does one have a step that the other lacks?",
            "second": "CrossEntropyLoss has softmax and logarithm inside.",
            "neither": "They are two spellings of one thing.",
        },
        right="neither",
    )
    rng = np.random.default_rng(3)
    for classes in (2, 3, 10):
        logits = rng.normal(0, 2, classes).round(2)
        for label in (0, classes - 1):
            powers = np.exp(logits - logits.max())
            wanted = float(-np.log(powers[label] / powers.sum()))
            what = f"cost_by_hand({logits}, {label})"
            expect(cost_by_hand(logits, label), wanted, what, tolerance=1e-5)
    return "They are two spellings of one thing."


@exercise(
    "pytorch",
    3,
    hint="How often is the value doubled? Each time the gradient doubles, too.",
)
def _(gradient_of_doubling):
    for start in (3, 30, 50, 50.5, 100, 100.5, 0.7, 1000):
        value, wanted = start, 1
        while value <= 100:
            value, wanted = 2 * value, 2 * wanted
        what = f"gradient_of_doubling({start})"
        expect(gradient_of_doubling(start), wanted, what)
    return "The graph is whatever Python did this time."
