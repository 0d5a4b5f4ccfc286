"""Wrong answers of chapter 13 are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers


def physics(state):
    return int(state[2] + state[3] > 0)


def as_a_bool(state):
    return state[2] > -state[3]


def angle_alone(state):
    return int(state[2] > 0)


def velocity_alone(state):
    return int(state[3] > 0)


def the_other_way(state):
    return int(state[2] + state[3] < 0)


def lesson_in_one_line(reward, q_next, fell, gamma):
    return reward + gamma * np.max(q_next) * (not fell)


def lesson_by_if(reward, q_next, fell, gamma):
    return reward if fell else reward + gamma * max(q_next)


def without_fell(reward, q_next, fell, gamma):
    return reward + gamma * max(q_next)


def by_the_mean(reward, q_next, fell, gamma):
    return reward if fell else reward + gamma * np.mean(q_next)


def without_gamma(reward, q_next, fell, gamma):
    return reward if fell else reward + max(q_next)


def nothing_after_a_fall(reward, q_next, fell, gamma):
    return 0 if fell else reward + gamma * max(q_next)


def by_product(state):
    return state * np.array([1, 0, 1, 0])


def by_list(state):
    return [state[0], 0, state[2], 0]


def in_place(state):
    state[[1, 3]] = 0
    return state


WRONG = {
    ("cartpole_dqn", 1): [(angle_alone,), (velocity_alone,), (the_other_way,)],
    ("cartpole_dqn", 2): [
        (without_fell,),
        (by_the_mean,),
        (without_gamma,),
        (nothing_after_a_fall,),
    ],
    ("cartpole_dqn", 3): [(32, 32), (1000, 32000), (999, 999), (31968, 999)],
    ("cartpole_dqn", 4): [
        (lambda state: state,),
        (lambda state: state * np.array([0, 1, 0, 1]),),
        (lambda state: state[[0, 2]],),
        (lambda state: state * 0,),
    ],
}

RIGHT = {
    ("cartpole_dqn", 1): [(physics,), (as_a_bool,)],
    ("cartpole_dqn", 2): [(lesson_by_if,), (lesson_in_one_line,)],
    ("cartpole_dqn", 3): [(999, 999 * 32), (np.int64(999), 31968.0)],
    ("cartpole_dqn", 4): [(by_product,), (by_list,), (in_place,)],
}


TestAnswers = answers(WRONG, RIGHT)
