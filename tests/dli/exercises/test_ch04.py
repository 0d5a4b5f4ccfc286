"""Chapter 4's exercises: right answers pass however written, wrong ones do not."""

import math

import numpy as np

from tests.support.exercises import answers, one_each


def _discounted_from_one(rewards, discount):
    return sum(r * discount ** (n + 1) for n, r in enumerate(rewards))


def _bound_by_best(scores, visits, c):
    return max(range(len(visits)), key=lambda i: scores[i] / max(visits[i], 1))


def _bound_without_logarithm(scores, visits, c):
    if 0 in visits:
        return visits.index(0)
    total = sum(visits)
    return int(
        np.argmax([s / v + c * math.sqrt(total / v) for s, v in zip(scores, visits)])
    )


def _share(wins, draws, losses):
    return (wins + draws / 2) / (wins + draws + losses)


def _gap(share):
    return math.inf if share == 1 else 400 * math.log10(share / (1 - share))


def _expected(rating, opponent):
    return 1 / (1 + 10 ** ((opponent - rating) / 400))


WRONG = {
    ("learning_by_reward", 1): ["far", "equal", "both", 10],
    ("learning_by_reward", 2): [
        lambda rewards, discount: sum(rewards),
        _discounted_from_one,
        lambda rewards, discount: sum(rewards) * discount,
        lambda rewards, discount: rewards[0],
    ],
    ("learning_by_reward", 3): [
        lambda v, r, values, rate, d: v + rate * (r + d * max(values) - v),
        lambda v, r, values, rate, d: v + rate * (r + d * sum(values) - v),
        lambda v, r, values, rate, d: r + d * np.mean(values),
        lambda v, r, values, rate, d: None,
    ],
    ("tree_search", 1): ["A", "C", 1],
    ("tree_search", 2): [
        _bound_by_best,
        _bound_without_logarithm,
        lambda scores, visits, c: 0,
        lambda scores, visits, c: int(np.argmin(visits)),
    ],
    ("tree_search", 3): [
        lambda row: "." in row,
        lambda row: True,
        lambda row: "XX" not in row and "OO" not in row,
        lambda row: "XO" not in row and "OX" not in row,
    ],
    ("self_play_and_elo", 1): ["76%", "100%", "152%"],
    ("self_play_and_elo", 2): [
        lambda rating, opponent, result, k: rating + k * result,
        lambda rating, opponent, result, k: (
            rating + k * (result - _expected(opponent, rating))
        ),
        lambda rating, opponent, result, k: k * (result - _expected(rating, opponent)),
    ],
    ("self_play_and_elo", 3): [
        lambda wins, draws, losses: _gap(wins / (wins + losses)),
        lambda wins, draws, losses: _gap(wins / (wins + draws + losses)),
        lambda wins, draws, losses: _share(wins, draws, losses),
        lambda wins, draws, losses: 400 * math.log10(_share(wins, draws, losses) / 0.5),
    ],
}


def _worth_by_loop(rewards, discount):
    total = 0
    for reward in reversed(rewards):
        total = reward + discount * total
    return total


def _select_with_infinity(scores, visits, c):
    parent = np.log(np.sum(visits))
    bounds = [
        np.inf if v == 0 else s / v + c * np.sqrt(parent / v)
        for s, v in zip(scores, visits)
    ]
    return np.argmax(bounds)


def _row_by_walking(row):
    for start, stone in enumerate(row):
        if stone == ".":
            continue
        left = right = start
        while left >= 0 and row[left] == stone:
            left -= 1
        while right < len(row) and row[right] == stone:
            right += 1
        near = row[left : left + 1] if left >= 0 else ""
        if "." not in near + row[right : right + 1]:
            return False
    return True


RIGHT = {
    ("learning_by_reward", 1): ["near", " NEAR "],
    ("learning_by_reward", 2): [
        _worth_by_loop,
        lambda rewards, discount: np.sum(
            np.array(rewards) * discount ** np.arange(len(rewards))
        ),
    ],
    ("learning_by_reward", 3): [
        lambda v, r, values, rate, d: (1 - rate) * v + rate * (r + d * np.mean(values))
    ],
    ("tree_search", 1): ["B", "b"],
    ("tree_search", 2): [_select_with_infinity],
    ("tree_search", 3): [
        _row_by_walking,
        lambda row: np.bool_(_row_by_walking(row)),
    ],
    ("self_play_and_elo", 1): ["91%"],
    ("self_play_and_elo", 2): [
        lambda rating, opponent, result, k: (
            rating + k * result - k * _expected(rating, opponent)
        )
    ],
    ("self_play_and_elo", 3): [
        lambda wins, draws, losses: _gap(_share(wins, draws, losses)),
        lambda wins, draws, losses: (
            np.inf
            if not draws + losses
            else 400 * np.log10((wins + draws / 2) / (losses + draws / 2))
        ),
    ],
}


TestAnswers = answers(one_each(WRONG), one_each(RIGHT))
