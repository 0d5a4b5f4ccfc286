"""Transfer Learning in NLP: wrong answers are refused, right ones taken."""

import numpy as np

from tests.support.exercises import answers


def lessons(ids, length, shift=1):
    count = (len(ids) - 1) // length
    rows = np.arange(count)[:, None] * length + np.arange(length)
    return ids[rows], ids[rows + shift]


def as_lists(ids, length):
    starts = range(0, len(ids) - length, length)
    read = [ids[k : k + length].tolist() for k in starts]
    return read, [ids[k + 1 : k + length + 1].tolist() for k in starts]


def the_same_word(ids, length):
    return lessons(ids, length, shift=0)


def the_word_before(ids, length):
    return lessons(ids, length)[::-1]


def overlapping(ids, length):
    rows = np.arange(len(ids) - length)[:, None] + np.arange(length)
    return ids[rows], ids[rows + 1]


def carry_over(vectors, old, new, unknown=None):
    unknown = vectors.mean(axis=0) if unknown is None else unknown
    rows = {word: vectors[k] for k, word in enumerate(old)}
    return [rows.get(word, unknown) for word in new]


def with_zeros(vectors, old, new):
    return carry_over(vectors, old, new, np.zeros(vectors.shape[1]))


def with_one_mean(vectors, old, new):
    return carry_over(vectors, old, new, np.full(vectors.shape[1], vectors.mean()))


def by_number(vectors, old, new):
    mean = vectors.mean(axis=0)
    return [vectors[k] if k < len(vectors) else mean for k in range(len(new))]


WRONG = {
    ("transfer_learning_in_nlp", 1): [
        ("it gives every word the same chance",),
        ("it guesses as well as before",),
        (2,),
    ],
    ("transfer_learning_in_nlp", 2): [
        (the_same_word,),
        (the_word_before,),
        (overlapping,),
        (lambda ids, length: lessons(ids, length)[0],),
        (lambda ids, length: None,),
    ],
    ("transfer_learning_in_nlp", 3): [
        (with_zeros,),
        (with_one_mean,),
        (by_number,),
    ],
}

RIGHT = {
    ("transfer_learning_in_nlp", 1): [
        ("it knows how often each word comes",),
        ("It knows how often each word comes ",),
    ],
    ("transfer_learning_in_nlp", 2): [(lessons,), (as_lists,)],
    ("transfer_learning_in_nlp", 3): [(carry_over,)],
}


TestAnswers = answers(WRONG, RIGHT)
