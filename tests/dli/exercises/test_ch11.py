"""Wrong answers of chapter 11 are refused, right ones taken in every way of writing."""

import numpy as np
import pytest

from tests.support.exercises import cases, refuses, takes, waits

NLP = "natural_language_preprocessing"
DENSE = "dense_sentiment_classifier"
CONV = "convolutional_sentiment_classifier"
MULTI = "multi_convnet_sentiment_classifier"


def at_least(counts, least):
    return len([word for word in counts if counts[word] >= least])


def by_numpy(counts, least):
    return np.sum(np.array(list(counts.values())) >= least)


def more_than(counts, least):
    return sum(count > least for count in counts.values())


def tokens(counts, least):
    return sum(count for count in counts.values() if count >= least)


def words_themselves(counts, least):
    return [word for word, count in counts.items() if count >= least]


def pairs(words, window):
    return [
        (word, words[j])
        for i, word in enumerate(words)
        for j in range(max(i - window, 0), min(i + window + 1, len(words)))
        if j != i
    ]


def pairs_context_by_context(words, window):
    found = set()
    for step in range(1, window + 1):
        for left, right in zip(words, words[step:]):
            found |= {(left, right), (right, left)}
    return found


def with_itself(words, window):
    return [
        (word, words[j])
        for i, word in enumerate(words)
        for j in range(max(i - window, 0), min(i + window + 1, len(words)))
    ]


def only_before(words, window):
    return [p for p in pairs(words, window) if words.index(p[1]) < words.index(p[0])]


def wrapping(words, window):
    steps = [*range(-window, 0), *range(1, window + 1)]
    return [
        (w, words[(i + j) % len(words)]) for i, w in enumerate(words) for j in steps
    ]


def one_side_short(words, window):
    return [
        (word, words[j])
        for i, word in enumerate(words)
        for j in range(max(i - window, 0), min(i + window, len(words)))
        if j != i
    ]


def only_targets(words, window):
    return list(words)


def mistakes(y, y_hat, threshold):
    called = y_hat > threshold
    return np.sum(called & (y == 0)), np.sum(~called & (y == 1))


def mistakes_by_loop(y, y_hat, threshold):
    raised = sum(1 for a, b in zip(y, y_hat) if b > threshold and a == 0)
    missed = sum(1 for a, b in zip(y, y_hat) if b <= threshold and a == 1)
    return [raised, missed]


def the_other_way_round(y, y_hat, threshold):
    return mistakes(y, y_hat, threshold)[::-1]


def with_the_threshold(y, y_hat, threshold):
    called = y_hat >= threshold
    return np.sum(called & (y == 0)), np.sum(~called & (y == 1))


def always_a_half(y, y_hat, threshold):
    return mistakes(y, y_hat, 0.5)


def shares(y, y_hat, threshold):
    return tuple(n / len(y) for n in mistakes(y, y_hat, threshold))


def area(y, y_hat):
    gaps = y_hat[y == 1][:, None] - y_hat[y == 0]
    return np.mean((gaps > 0) + (gaps == 0) / 2)


def area_by_loop(y, y_hat):
    good = [p for p, label in zip(y_hat, y) if label]
    bad = [p for p, label in zip(y_hat, y) if not label]
    points = sum((a > b) + 0.5 * (a == b) for a in good for b in bad)
    return float(points / (len(good) * len(bad)))


def ties_lost(y, y_hat):
    return np.mean(y_hat[y == 1][:, None] > y_hat[y == 0])


def ties_won(y, y_hat):
    return np.mean(y_hat[y == 1][:, None] >= y_hat[y == 0])


def other_order(y, y_hat):
    return 1 - area(y, y_hat)


def accuracy(y, y_hat):
    return np.mean((y_hat > 0.5) == y)


def percent(y, y_hat):
    return 100 * area(y, y_hat)


def slide(vectors, kernel, bias):
    width = len(kernel)
    places = range(len(vectors) - width + 1)
    return [max(np.sum(vectors[p : p + width] * kernel) + bias, 0) for p in places]


def slide_by_words(vectors, kernel, bias):
    n = len(vectors) - len(kernel) + 1
    z = sum(vectors[k : k + n] @ weights for k, weights in enumerate(kernel))
    return np.maximum(z + bias, 0)


def not_cut(vectors, kernel, bias):
    return slide_by_words(vectors, kernel, 1000) - 1000 + bias


def no_bias(vectors, kernel, bias):
    return slide(vectors, kernel, 0)


def mirrored(vectors, kernel, bias):
    return slide(vectors, kernel[::-1], bias)


def strides(vectors, kernel, bias):
    return slide(vectors, kernel, bias)[:: len(kernel)]


def the_best_only(vectors, kernel, bias):
    return max(slide(vectors, kernel, bias))


def shuffled(row, rng):
    words = row > 0
    row[words] = rng.permutation(row[words])
    return row


def words_behind(row, rng):
    kept = row[row > 0]
    return [0] * (len(row) - len(kept)) + list(rng.permutation(kept))


def with_padding(row, rng):
    return rng.permutation(row)


def as_it_was(row, rng):
    return row


def drawn_anew(row, rng):
    words = row > 0
    row[words] = rng.choice(row[words], words.sum()) if words.any() else 0
    return row


def without_padding(row, rng):
    return rng.permutation(row[row > 0])


WRONG = {
    (NLP, 1): [
        ("a tenth", at_least),
        ("a quarter", at_least),
        ("a third", more_than),
        ("a third", tokens),
        ("a third", words_themselves),
    ],
    (NLP, 2): [
        (with_itself,),
        (only_before,),
        (wrapping,),
        (one_side_short,),
        (only_targets,),
    ],
    (NLP, 3): [("yes",), (True,), ("maybe",)],
    (NLP, 4): [("first",), ("among the first five",), (45,)],
    (DENSE, 1): [
        (the_other_way_round,),
        (with_the_threshold,),
        (always_a_half,),
        (shares,),
    ],
    (DENSE, 2): [(ties_lost,), (ties_won,), (other_order,), (accuracy,), (percent,)],
    (DENSE, 3): [("higher",), ("about the same",), (-4,)],
    (CONV, 1): [(not_cut,), (no_bias,), (mirrored,), (strides,), (the_best_only,)],
    (CONV, 2): [("not at all",), ("to about 50%",), (3,)],
    (CONV, 3): [("the convolutional net",), ("both alike",), ("neither",)],
    (MULTI, 1): [
        (829_313, "embedding"),
        (829_313, "dense_2"),
        (829_313, "favour"),
        (763_777, "dense_1"),
        (681_601, "dense_1"),
        ("829313", "dense_1"),
    ],
    (MULTI, 2): [("two words",), ("three words",), ("four words",), (3,)],
    (MULTI, 3): [(with_padding,), (as_it_was,), (drawn_anew,), (without_padding,)],
}

RIGHT = {
    (NLP, 1): [("a third", at_least), (" A third ", by_numpy)],
    (NLP, 2): [(pairs,), (pairs_context_by_context,)],
    (NLP, 3): [("no",), ("No",)],
    (NLP, 4): [("further down",), ("Further down",)],
    (DENSE, 1): [(mistakes,), (mistakes_by_loop,)],
    (DENSE, 2): [(area,), (area_by_loop,)],
    (DENSE, 3): [("lower",), ("Lower ",)],
    (CONV, 1): [(slide,), (slide_by_words,)],
    (CONV, 2): [("a little",), ("A little",)],
    (CONV, 3): [("the dense net",), ("The dense net",)],
    (MULTI, 1): [(829_313, "dense_1"), (np.int64(829_313), "DENSE_1")],
    (MULTI, 2): [("none of them much",), ("None of them much",)],
    (MULTI, 3): [(shuffled,), (words_behind,)],
}


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(WRONG))
def test_wrong_answers_are_refused(notebook, number, answers):
    assert refuses(notebook, number, answers)


@pytest.mark.parametrize(("notebook", "number", "answers"), cases(RIGHT))
def test_right_answers_are_taken(notebook, number, answers):
    assert takes(notebook, number, answers)


@pytest.mark.parametrize(("notebook", "number"), WRONG)
def test_stubs_are_not_answered(notebook, number):
    assert waits(notebook, number, RIGHT[notebook, number][0])
