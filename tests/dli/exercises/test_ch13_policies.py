"""Wrong answers in the notebooks on policies and the laboratory are refused."""

import numpy as np

from tests.support.exercises import answers


def chance(z):
    return 1 / (1 + np.exp(-z))


def cost(rewards, hopes, gamma, last=0.0):
    errors = np.add(rewards, gamma * np.append(hopes[1:], last)) - hopes
    return (errors**2).mean()


def by_loop(rewards, hopes, gamma):
    total, after = 0.0, 0.0
    for reward, hope in list(zip(rewards, hopes))[::-1]:
        total += (reward + gamma * after - hope) ** 2
        after = hope
    return total / len(rewards)


WRONG = {
    ("reinforce", 1): [("the mean nudge",), ("both",), (0,)],
    ("reinforce", 2): [
        (lambda z, action: action - z,),
        (lambda z, action: chance(z) - action,),
        (lambda z, action: 1 - chance(z),),
        (lambda z, action: chance(z) * (1 - chance(z)),),
    ],
    ("reinforce", 3): [
        (lambda p, left, right: p * left + (1 - p) * right,),
        (lambda p, left, right: (left + right) / 2,),
        (lambda p, left, right: max(left, right),),
    ],
    ("actor_critic", 1): [("more than 0",), ("less than 0",), (1,)],
    ("actor_critic", 2): [
        (lambda r, v, g: r[0] + r[1] + v[2] - v[0],),
        (lambda r, v, g: r[0] + g * r[1] + g * v[2] - v[0],),
        (lambda r, v, g: r[0] + g * v[1] - v[0],),
        (lambda r, v, g: r[0] + g * r[1] + g**2 * v[2] - v[1],),
    ],
    ("actor_critic", 3): [
        (lambda r, v, g: cost(r, v, g, last=v[-1]),),
        (lambda r, v, g: cost(r, v, g) * len(r),),
        (lambda r, v, g: np.mean(np.add(r, g * np.append(v[1:], 0)) - v),),
        (lambda r, v, g: cost(r, v, 1.0),),
    ],
    ("hyperparameter_lab", 1): [("more",), ("as much",), (0,)],
    ("hyperparameter_lab", 2): [
        (lambda values, agents_each: sum(values) * agents_each,),
        (lambda values, agents_each: int(np.prod(values)),),
        (lambda values, agents_each: max(values) ** len(values) * agents_each,),
    ],
}

RIGHT = {
    ("reinforce", 1): [("the spread of the nudges",), ("The spread of the nudges ",)],
    ("reinforce", 2): [
        (lambda z, action: action - chance(z),),
        (lambda z, action: 1 - chance(z) if action else -chance(z),),
        (lambda z, action: np.array([action - chance(z)])[0],),
    ],
    ("reinforce", 3): [
        (lambda p, left, right: left + p * (right - left),),
        (lambda p, left, right: np.dot([1 - p, p], [left, right]),),
    ],
    ("actor_critic", 1): [("0",), (0,)],
    ("actor_critic", 2): [
        (lambda r, v, g: (r[0] + g * v[1] - v[0]) + g * (r[1] + g * v[2] - v[1]),),
        (lambda r, v, g: np.dot(r, [1, g]) + g * g * v[-1] - v[0],),
    ],
    ("actor_critic", 3): [(by_loop,), (cost,)],
    ("hyperparameter_lab", 1): [("less",), ("Less ",)],
    ("hyperparameter_lab", 2): [
        (lambda values, agents_each: int(np.prod([*values, agents_each])),),
        (lambda values, agents_each: np.prod(values) * agents_each,),
    ],
}


TestAnswers = answers(WRONG, RIGHT)
