"""Exercises of appendix B: backpropagation from scratch."""

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Backpropagation from Scratch


@exercise(
    "backpropagation",
    1,
    hint="Which of the factors of equation B.6 holds the truth? What is its sign?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "negative": "For y = 1 the answer, 0.4, was too low. For 0 it is too high.",
            "zero": "It would be only if the answer equalled the truth.",
            "positive": "The answer is too high now: a larger weight makes it worse.",
        },
        right="positive",
    )


@exercise(
    "backpropagation",
    2,
    hint="Cost to a2, a2 to z2, z2 to a1, a1 to z1, z1 to w1: five factors.",
)
def _(slope_w1):
    rng = np.random.default_rng(11)
    for case in np.round(rng.uniform(-1.2, 1.2, size=(6, 6)), 2).tolist():
        w1, b1, w2, b2, x, y = case
        a1 = float(np.tanh(w1 * x + b1))
        a2 = float(np.tanh(w2 * a1 + b2))
        wanted = 2 * (a2 - y) * (1 - a2**2) * w2 * (1 - a1**2) * x
        what = f"slope_w1({', '.join(map(str, case))})"
        expect(slope_w1(*case), wanted, what)
    return "A neuron enters backpropagation by its slope alone."


@exercise(
    "backpropagation",
    3,
    hint="A sender reaches all receivers: add up over them what comes back.",
)
def _(delta_before):
    rng = np.random.default_rng(13)
    for receivers, senders in ((1, 1), (2, 3), (4, 4), (10, 5)):
        delta = np.round(rng.normal(size=receivers), 2)
        a = np.round(rng.uniform(0.05, 0.95, size=receivers), 2)
        weights = np.round(rng.normal(size=(receivers, senders)), 2)
        what = f"delta_before of {receivers} receivers and {senders} senders"
        expect(delta_before(delta, a, weights), weights.T @ (delta * a * (1 - a)), what)
    return "One product with the transposed matrix carries a whole layer back."
