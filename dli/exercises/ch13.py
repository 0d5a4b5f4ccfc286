"""Exercises of chapter 13: a rule of physics, lessons, steps of Adam, a blindfold."""

import numpy as np

from dli.exercises.checking import exercise, expect


@exercise(
    "cartpole_dqn",
    1,
    hint="The angle is the third number of a state, its velocity the fourth.",
)
def _(rule):
    rng = np.random.default_rng(13)
    for state in rng.uniform(-1, 1, (200, 4)).round(2).astype("float32"):
        total = float(state[2]) + float(state[3])
        if abs(total) < 1e-6:
            continue
        what = f"the push at angle {state[2]:.2f} and angular velocity {state[3]:.2f}"
        expect(int(rule(state)), int(total > 0), what)
    return "The cart follows the pole, and a little ahead of it."


@exercise(
    "cartpole_dqn",
    2,
    hint="After a fall nothing follows. Else the better action will be taken next.",
)
def _(lesson):
    rng = np.random.default_rng(13)
    for number in range(40):
        reward, fell = (-10.0, True) if number % 4 == 0 else (1.0, False)
        q_next = rng.uniform(-10, 20, 2).round(1)
        gamma = float(rng.choice([0.9, 0.95, 0.99]))
        wanted = reward if fell else reward + gamma * float(q_next.max())
        what = f"lesson({reward}, {q_next}, {fell}, {gamma})"
        expect(lesson(reward, q_next, fell, gamma), wanted, what)
    return "Without `fell` a fall would cost 10 once, and the game would seem to go on."


@exercise(
    "cartpole_dqn",
    3,
    hint="A replay has 32 memories. How many steps of Adam is it, either way?",
)
def _(together, one_by_one):
    replays = 999
    expect(together, replays, "together")
    expect(one_by_one, replays * 2**5, "one_by_one")
    return "A thirty-second of the steps, for the same memories."


@exercise(
    "cartpole_dqn",
    4,
    hint="Which two of the four numbers are velocities?",
)
def _(blindfolded):
    rng = np.random.default_rng(13)
    for state in rng.uniform(-1, 1, (5, 4)).round(2).astype("float32"):
        wanted = [float(state[0]), 0.0, float(state[2]), 0.0]
        expect(blindfolded(state), wanted, f"blindfolded({state})", tolerance=1e-6)
    return "Two states that look alike can now ask for opposite pushes."
