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


# Q-Learning


@exercise(
    "q_learning",
    1,
    hint="In the first won game, which field has a next field that is worth something?",
)
def _(wins_needed):
    return choice(
        wins_needed,
        {
            "1": "In the first won game all fields but the last look at a 0 ahead.",
            "2": "By then the last two fields know of the goal.",
            "6": "One field a game, backwards from the goal.",
        },
        right="6",
    )


@exercise(
    "q_learning",
    2,
    hint="What was seen is the reward and, unless all is over, gamma times the best.",
)
def _(lesson):
    rng = np.random.default_rng(132)
    for over in (False, True, False):
        q, reward = (float(x) for x in rng.integers(-9, 10, size=2))
        q_next = rng.integers(-9, 10, size=3).astype(float).tolist()
        rate, gamma = float(rng.choice([0.1, 0.5])), float(rng.choice([0.9, 0.95]))
        wanted = (1 - rate) * q + rate * (reward + (0 if over else gamma * max(q_next)))
        what = f"lesson({q}, {reward}, {q_next}, {over}, {rate}, {gamma})"
        expect(lesson(q, reward, q_next, over, rate, gamma), wanted, what, 1e-9)
    return "A step of the rate's size towards what was seen."


@exercise(
    "q_learning",
    3,
    hint="Multiply by the decay until the floor is reached, and count.",
)
def _(replays_to):
    for decay, floor in ((0.99, 0.01), (0.995, 0.02), (0.9, 0.3), (0.999, 0.001)):
        epsilon, wanted = 1.0, 0
        while epsilon > floor:
            epsilon, wanted = epsilon * decay, wanted + 1
        expect(replays_to(decay, floor), wanted, f"replays_to({decay}, {floor})")
    return "Twice the distance from 1 takes about half as many."
