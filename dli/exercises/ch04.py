"""Exercises of chapter 4: rewards, tree search, ratings."""

import itertools
import math
import random

from dli.exercises.checking import choice, exercise, expect


@exercise(
    "learning_by_reward",
    1,
    hint="The reward of the next step counts in full, the one after it 0.9 times.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "near": "12 x 0.9 x 0.9 = 9.72 is less than 10; with a discount of 0.95 "
            "it would be more.",
            "far": "12 is more than 10, but it comes two steps later: what is left "
            "of it by then?",
            "equal": "Each step takes a tenth off. Work out what is left of the 12.",
        },
        right="near",
    )


@exercise(
    "learning_by_reward",
    2,
    hint="The reward at place 0 is multiplied by discount ** 0, the next by ** 1.",
)
def _(worth):
    rng = random.Random(4)
    expect(worth([7], 0.9), 7, "worth([7], 0.9)")
    expect(worth([], 0.9), 0, "worth([], 0.9)")
    for length in (2, 3, 12):
        rewards = [rng.choice((-50, 0, 0, 10)) + length for _ in range(length)]
        for discount in (0.5, 0.9, 1):
            wanted = sum(r * discount**n for n, r in enumerate(rewards))
            expect(worth(rewards, discount), wanted, f"worth({rewards}, {discount})")
    return "The first cherry of a long walk is worth most of all."


@exercise(
    "learning_by_reward",
    3,
    hint="What was seen: reward + discount times the mean. Move towards it by `rate`.",
)
def _(cautious):
    rng = random.Random(5)
    for actions in (1, 2, 4):
        values = [round(rng.uniform(-50, 20), 1) for _ in range(actions)]
        value, reward = round(rng.uniform(-5, 20), 1), rng.choice((0, 10, -50))
        for rate, discount in ((0.5, 0.9), (1, 0.9), (0.1, 0.99)):
            mean = sum(values) / actions
            expect(
                cautious(value, reward, values, rate, discount),
                value + rate * (reward + discount * mean - value),
                f"cautious({value}, {reward}, {values}, {rate}, {discount})",
            )
    return "Less: beside the ghost one action in four is a bad one, and it counts."


@exercise(
    "tree_search",
    1,
    hint="Work out both bounds: score/visits + 1.4 x root of (ln 110 / visits).",
)
def _(prediction):
    return choice(
        prediction,
        {
            "A": "Its rate is higher, but after 100 visits hardly anything is added "
            "to it. What is added to B's?",
            "B": "0.4 + 0.96 beats 0.6 + 0.30: ten visits are too few to give it up.",
        },
        right="B",
    )


def _select(scores, visits, c):
    if 0 in visits:
        return visits.index(0)
    log_parent = math.log(sum(visits))
    bounds = [
        s / v + c * math.sqrt(log_parent / v)
        for s, v in zip(scores, visits, strict=True)
    ]
    return bounds.index(max(bounds))


@exercise(
    "tree_search",
    2,
    hint="First look for a move with 0 visits. The parent's visits are sum(visits).",
)
def _(select):
    rng = random.Random(6)
    for moves in (2, 3, 5, 7):
        for c in (0, 0.5, 1.4, 10):
            visits = [rng.randint(2, 60) for _ in range(moves)]
            scores = [round(v * rng.random(), 1) for v in visits]
            wanted = _select(scores, visits, c)
            expect(
                select(scores, visits, c), wanted, f"select({scores}, {visits}, {c})"
            )
        place = rng.randrange(moves)
        visits[place], scores[place] = 0, 0
        expect(select(scores, visits, 1.4), place, f"select({scores}, {visits}, 1.4)")
    return "With c = 0 it never goes back to a move that has begun badly."


def _legal_row(row):
    groups = ["".join(group) for _, group in itertools.groupby(row)]
    return all(
        group[0] == "." or any(near[0] == "." for near in groups[max(i - 1, 0) : i + 2])
        for i, group in enumerate(groups)
    )


@exercise(
    "tree_search",
    3,
    hint="Where X meets O, cut the row. What must every piece hold, then?",
)
def _(legal_row):
    for length in range(1, 7):
        for row in map("".join, itertools.product(".XO", repeat=length)):
            expect(legal_row(row), _legal_row(row), f'legal_row("{row}")')
    return "Five of the nine rows of length 2."


@exercise(
    "self_play_and_elo",
    1,
    hint="Ratings add up: 200 and 200 is 400. Then 1 / (1 + 10 ** (-400 / 400)).",
)
def _(prediction):
    return choice(
        prediction,
        {
            "76%": "That is what it scores against B. C is weaker than B.",
            "91%": "400 points ahead, 10 to 1: 10/11 of the points.",
            "100%": "Elo's curve never reaches 1, however far apart two players are.",
        },
        right="91%",
    )


@exercise(
    "self_play_and_elo",
    2,
    hint="expected = 1 / (1 + 10 ** ((opponent - rating) / 400))",
)
def _(update):
    for rating, opponent in ((1500, 1500), (1500, 1900), (2000, 1700)):
        for result in (1, 0.5, 0):
            for k in (32, 10):
                expected = 1 / (1 + 10 ** ((opponent - rating) / 400))
                expect(
                    update(rating, opponent, result, k),
                    rating + k * (result - expected),
                    f"update({rating}, {opponent}, {result}, {k})",
                )
    return "Beating an equal brings half of k; a surprise brings nearly all of it."


@exercise(
    "self_play_and_elo",
    3,
    hint="Share of the points: (wins + draws / 2) / games. Then as without draws.",
)
def _(gap):
    for wins, draws, losses in ((60, 0, 40), (90, 2, 8), (1, 18, 1), (10, 5, 30)):
        share = (wins + draws / 2) / (wins + draws + losses)
        wanted = 400 * math.log10(share / (1 - share))
        expect(
            gap(wins, draws, losses),
            wanted,
            f"gap({wins}, {draws}, {losses})",
            tolerance=1e-4,
        )
    expect(gap(3, 0, 0), math.inf, "gap(3, 0, 0)")
    return "The two draws count: 402 points against Elmo, not 424."
