"""Exercises of Markov Decision Process and of Q-Learning, which come without code."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Markov Decision Process


@exercise(
    "markov_decision_process",
    1,
    hint="What happens to every Q when every reward is multiplied by ten?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "bolder": "The goal is worth more, but so is every other way to it.",
            "more careful": "More is lost by a fall, but just as much more is won.",
            "the same": "Every Q grows tenfold, so the largest stays the largest.",
        },
        right="the same",
    )


@exercise(
    "markov_decision_process",
    2,
    hint="A Q for each action first; the reward comes at once, the value a step later.",
)
def _(backup):
    rng = np.random.default_rng(131)
    for actions, fields, gamma in ((1, 2, 0.5), (2, 3, 0.9), (4, 5, 0.95)):
        chances = rng.integers(1, 10, size=(actions, fields)).astype(float)
        chances /= chances.sum(axis=1, keepdims=True)
        rewards = rng.integers(-9, 10, size=(actions, fields)).astype(float)
        values = rng.integers(0, 100, size=fields).astype(float)
        wanted = (chances * (rewards + gamma * values)).sum(axis=1).max()
        what = f"backup of {actions} actions and {fields} fields, gamma {gamma}"
        expect(backup(chances, rewards, values, gamma), wanted, what, tolerance=1e-6)
    return (
        "Reward now, value later, weighed by the chances, and the best action counts."
    )


@exercise(
    "markov_decision_process",
    3,
    hint="Points that come with the first step count in full: gamma to the power of 0.",
)
def _(reach_of):
    for near, far, gamma in (
        (10, 100, 0.9),
        (10, 200, 0.99),
        (3, 7, 0.95),
        (5, 4, 0.9),
    ):
        wanted = int(sum(far * gamma**t > near for t in range(2_000)))
        expect(reach_of(near, far, gamma), wanted, f"reach_of({near}, {far}, {gamma})")
    return (
        "Twice the points buy log 2 / -log gamma steps more: 7 with 0.9, 69 with 0.99."
    )
