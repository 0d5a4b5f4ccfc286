"""Exercises of the notebooks on policies, and on a laboratory for agents."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# REINFORCE


@exercise(
    "reinforce",
    1,
    hint="What is the average of the slopes of the log-probabilities, over both arms?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "the mean nudge": "A baseline times slopes that average to nothing "
            "adds nothing to the mean.",
            "the spread of the nudges": "The mean stays, the nudges scatter less "
            "or more around it.",
            "both": "The mean stays: the slopes average to nothing, "
            "and so does the baseline times them.",
        },
        right="the spread of the nudges",
    )


@exercise(
    "reinforce",
    2,
    hint="For softmax it was 1 for the action taken, less its probability. And here?",
)
def _(one_slope):
    for z in (0.0, 0.5, -1.5, 3.0):
        for action in (0, 1):
            wanted = action - 1 / (1 + np.exp(-z))
            expect(one_slope(z, action), float(wanted), f"one_slope({z}, {action})")
    return "What was done, less what was to be expected."


@exercise(
    "reinforce",
    3,
    hint="To the right arm: -(left_pays - b) x (1 - p_left) after a pull on "
    "the left, (right_pays - b) x p_left after one on the right. Make them equal.",
)
def _(calmest):
    rng = np.random.default_rng(133)
    cases = [(0.5, 1.0, 2.0), (0.75, 1.0, 2.0), (0.9, 10.0, -10.0)]
    cases += [tuple(rng.uniform(0.1, 0.9, 3).round(2).tolist()) for _ in range(5)]
    for p_left, left_pays, right_pays in cases:
        wanted = left_pays * (1 - p_left) + right_pays * p_left
        what = f"calmest({p_left}, {left_pays}, {right_pays})"
        expect(calmest(p_left, left_pays, right_pays), wanted, what)
    return "Not the usual reward: each reward counts by the other arm's probability."


# Actor-Critic


@exercise(
    "actor_critic",
    1,
    hint="It is paid with the surprise. How large is that if all comes as hoped?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "less than 0": "That would be a disappointment.",
            "0": "No surprise, nothing to learn, however good the push.",
            "more than 0": "The reward came, but it had been hoped for.",
        },
        right="0",
    )


def _games():
    rng = np.random.default_rng(134)
    for steps in (2, 2, 3, 7):
        gamma = float(rng.choice([0.9, 0.95, 0.99]))
        yield (
            rng.uniform(-1, 2, steps).round(1),
            rng.uniform(0, 9, steps).round(1),
            gamma,
        )


@exercise(
    "actor_critic",
    2,
    hint="What came in two steps, and the hope then, less the hope at first. "
    "What is a step later counts gamma times as much.",
)
def _(two_steps):
    rng = np.random.default_rng(135)
    for _ in range(6):
        rewards, hopes = rng.uniform(-1, 2, 2).round(1), rng.uniform(0, 9, 3).round(1)
        gamma = float(rng.choice([0.9, 0.95, 0.99]))
        wanted = rewards @ [1, gamma] + gamma**2 * hopes[2] - hopes[0]
        what = f"two_steps({rewards.tolist()}, {hopes.tolist()}, {gamma})"
        expect(two_steps(rewards, hopes, gamma), float(wanted), what)
    return "The hope in between is not asked: what it said is checked by what came."


@exercise(
    "actor_critic",
    3,
    hint="Each state but the last is followed by the next; the last by the fall, "
    "after which the hope is 0.",
)
def _(critic_cost):
    for rewards, hopes, gamma in _games():
        errors = rewards + gamma * np.append(hopes[1:], 0) - hopes
        what = f"critic_cost({rewards.tolist()}, {hopes.tolist()}, {gamma})"
        expect(critic_cost(rewards, hopes, gamma), float((errors**2).mean()), what)
    return "The critic's lesson ends where the game does."


# A Hyperparameter Lab


@exercise(
    "hyperparameter_lab",
    1,
    hint="Why was it the best of fifty: good settings alone?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "more": "The best trial was chosen for its score, luck included.",
            "as much": "That would be so if luck had no part in being the best.",
            "less": "The best of many was lucky, too; fresh agents have fresh luck.",
        },
        right="less",
    )


@exercise(
    "hyperparameter_lab",
    2,
    hint="Two settings of 3 and 4 values: how many pairs? And with a third setting?",
)
def _(grid_agents):
    for values, agents_each in (
        ([3, 4], 1),
        ([5], 3),
        ([5, 4, 4, 2], 2),
        ([2] * 10, 5),
    ):
        wanted = agents_each
        for count in values:
            wanted *= count
        expect(
            grid_agents(values, agents_each),
            wanted,
            f"grid_agents({values}, {agents_each})",
        )
    return "Every setting multiplies: that is why a lab draws or proposes instead."
