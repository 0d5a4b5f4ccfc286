"""Exercises of chapter 11's concepts: word2vec, word spaces, and a loop by hand."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# word2vec from Scratch


@exercise(
    "word2vec_from_scratch",
    1,
    hint="With how many other words of the sentence does each of the ten meet?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "48": "A wider window takes in more words.",
            "90": "Ten words meet nine others each.",
            "144": "Near an end, most of the window hangs over and is empty.",
        },
        right="90",
    )


@exercise(
    "word2vec_from_scratch",
    2,
    hint="error = sigmoid(a @ c) - label; each moves by error times the other's old.",
)
def _(pull):
    rng = np.random.default_rng(111)
    cases = [([1.0, 0.0], [0.0, 1.0], 1, 0.1), ([1.0, 2.0], [1.0, 1.0], 0, 0.5)]
    for label, rate in ((1, 1.0), (0, 0.3)):
        a, c = rng.normal(size=(2, 3)).round(1).tolist()
        cases.append((a, c, label, rate))
    for a, c, label, rate in cases:
        first, second = np.array(a), np.array(c)
        error = 1 / (1 + np.exp(-(first @ second))) - label
        wanted = [first - rate * error * second, second - rate * error * first]
        what = f"pull({a}, {c}, {label}, {rate})"
        expect(pull(first, second, label, rate), wanted, what)
    return "Together if the pair is true, apart if it was drawn: all of word2vec."


@exercise(
    "word2vec_from_scratch",
    3,
    hint="One decision leaves 512 words, two leave 256 ...",
)
def _(prediction):
    return choice(
        prediction,
        {
            "6": "So many answers negative sampling gives with five partners.",
            "10": "Two to the power of 10 is 1,024.",
            "512": "That many words are left after the first decision.",
        },
        right="10",
    )


# Evaluating Word Vectors


@exercise(
    "evaluating_word_vectors",
    1,
    hint="Each number of each word has one weight for each neuron.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "twice": "That is what 128 numbers would do.",
            "four times": "Work grows with the numbers, and so must what they gain.",
            "sixteen times": "The neurons have not become more.",
        },
        right="four times",
    )


@exercise(
    "evaluating_word_vectors",
    2,
    hint="a @ b is the sum of products; the length of a is the root of a @ a.",
)
def _(cosine):
    rng = np.random.default_rng(112)
    cases = [([1.0, 0.0], [0.0, 2.0]), ([1.0, 2.0], [2.0, 4.0]), ([3.0], [-2.0])]
    cases += [tuple(rng.normal(size=(2, 4)).round(1).tolist()) for _ in range(2)]
    for a, b in cases:
        first, second = np.array(a), np.array(b)
        lengths = np.linalg.norm(first) * np.linalg.norm(second)
        wanted = float(first @ second / lengths)
        expect(cosine(first, second), wanted, f"cosine({a}, {b})")
    return "1 for the same direction, 0 for a right angle, however long they are."


@exercise(
    "evaluating_word_vectors",
    3,
    hint="Draw three points and double all arrows. Who is nearest to whom?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "by cosine": "An angle does not depend on lengths.",
            "by ruler": "All distances double, so the nearest stays the nearest.",
            "neither": "Only unequal lengths can part the ruler from the cosine.",
        },
        right="neither",
    )


# A Recurrent Network by Hand


@exercise(
    "rnn_by_hand",
    1,
    hint="Look at the columns of the unrolled loop. What do they share?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "the same": "A loop that turns more often has no more parts.",
            "four times as many": "That would be a dense layer with a weight a word.",
            "sixteen times as many": "That would need a weight for each pair of words.",
        },
        right="the same",
    )


@exercise(
    "rnn_by_hand",
    2,
    hint="Go forwards as usual, and at each word multiply by u and by 1 - h * h.",
)
def _(left_of_signal):
    rng = np.random.default_rng(134)
    cases = [([0.0], 1.0, 0.5), ([0.0, 0.0, 0.0], 1.0, 2.0), ([1.0, -1.0], 0.0, 0.9)]
    cases += [
        (rng.normal(size=size).round(1).tolist(), 0.8, u)
        for size, u in ((2, 1.0), (4, 0.7), (7, -1.2))
    ]
    for xs, w, u in cases:
        h, left = 0.0, 1.0
        for x in xs:
            h = np.tanh(w * x + u * h)
            left *= u * (1 - h**2)
        what = f"left_of_signal({xs}, {w}, {u})"
        expect(left_of_signal(xs, w, u), float(left), what, tolerance=1e-9)
    return "One factor a word: below 1 it fades, above 1 it may explode."


@exercise(
    "rnn_by_hand",
    3,
    hint="Put U = 0 into the formula. What is left of the state before?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "none": "The word itself still comes in, through W.",
            "the last": "Each state then depends on its own word alone.",
            "all": "The state before no longer gets in at all.",
        },
        right="the last",
    )
