"""Wrong answers on the world and the table of chapter 13 are refused."""

import math

import numpy as np

from tests.support.exercises import answers

# Markov Decision Process


def discounts_the_reward(chances, rewards, values, gamma):
    return (chances * gamma * (rewards + values)).sum(axis=1).max()


def without_chances(chances, rewards, values, gamma):
    return (rewards + gamma * values).max()


def by_chance(chances, rewards, values, gamma):
    return (chances * (rewards + gamma * values)).sum(axis=1).mean()


def one_by_one(chances, rewards, values, gamma):
    return max(
        sum(p * (r + gamma * v) for p, r, v in zip(row, prizes, values))
        for row, prizes in zip(chances, rewards)
    )


def a_step_short(near, far, gamma):
    return max(0, reach_by_logarithm(near, far, gamma) - 1)


def in_fractions(near, far, gamma):
    return 1 + math.log(near / far) / math.log(gamma)


def reach_by_logarithm(near, far, gamma):
    return max(0, math.ceil(math.log(near / far) / math.log(gamma)))


# Q-Learning


def goes_on_after_the_end(q, reward, q_next, over, rate, gamma):
    return q + rate * (reward + gamma * max(q_next) - q)


def forgets_what_it_knew(q, reward, q_next, over, rate, gamma):
    return reward + (0 if over else gamma * max(q_next))


def adds_up(q, reward, q_next, over, rate, gamma):
    return q + rate * (reward + (0 if over else gamma * max(q_next)))


def mixes(q, reward, q_next, over, rate, gamma):
    seen = reward if over else reward + gamma * np.max(q_next)
    return (1 - rate) * q + rate * seen


def counts(decay, floor):
    count = 0
    while decay**count > floor:
        count += 1
    return count


WRONG = {
    ("markov_decision_process", 1): [("bolder",), ("more careful",), (10,)],
    ("markov_decision_process", 2): [
        (discounts_the_reward,),
        (without_chances,),
        (by_chance,),
    ],
    ("markov_decision_process", 3): [
        (a_step_short,),
        (in_fractions,),
        (lambda near, far, gamma: int(1 / (1 - gamma)),),
    ],
    ("q_learning", 1): [(1,), (2,), ("7",)],
    ("q_learning", 2): [(goes_on_after_the_end,), (forgets_what_it_knew,), (adds_up,)],
    ("q_learning", 3): [
        (lambda decay, floor: math.log(floor) / math.log(decay),),
        (lambda decay, floor: int(math.log(floor) / math.log(decay)),),
        (lambda decay, floor: int((1 - floor) / (1 - decay)),),
    ],
}

RIGHT = {
    ("markov_decision_process", 1): [("the same",), ("The same ",)],
    ("markov_decision_process", 2): [
        (one_by_one,),
        (
            lambda chances, rewards, values, gamma: np.max(
                np.einsum("at,at->a", chances, rewards) + gamma * chances @ values
            ),
        ),
    ],
    ("markov_decision_process", 3): [(reach_by_logarithm,)],
    ("q_learning", 1): [(6,), ("6",)],
    ("q_learning", 2): [(mixes,)],
    ("q_learning", 3): [(counts,)],
}


TestAnswers = answers(WRONG, RIGHT)
