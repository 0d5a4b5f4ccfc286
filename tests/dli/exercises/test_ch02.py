"""Wrong answers of chapter 2 are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers, one_each


def no_ends(length, window):
    return 2 * window * length


def one_side(length, window):
    return sum(min(position, window) for position in range(length))


def endless(length, window):
    return length * (length - 1)


def rows_in_order(unique, matrix):
    return list(unique)


def rows_not_columns(unique, matrix):
    return [unique[i % len(unique)] for i in np.asarray(matrix).argmax(axis=1)]


def joined(unique, matrix):
    return " ".join(unique[row] for row in np.asarray(matrix).argmax(axis=0))


def _solve(vectors, start, minus, plus, left_out=True, cosine=True, sign=1):
    place = {word: np.array(numbers) for word, numbers in vectors.items()}
    point = place[start] - sign * place[minus] + sign * place[plus]
    out = (start, minus, plus) if left_out else ()

    def near(word):
        return place[word] @ point / (np.linalg.norm(place[word]) if cosine else 1)

    return max((word for word in place if word not in out), key=near)


def keeps_all(vectors, start, minus, plus):
    return _solve(vectors, start, minus, plus, left_out=False)


def long_wins(vectors, start, minus, plus):
    return _solve(vectors, start, minus, plus, cosine=False)


def other_way(vectors, start, minus, plus):
    return _solve(vectors, start, minus, plus, sign=-1)


def not_from_low(word, low, high):
    word, low, high = map(np.array, (word, low, high))
    return word @ (high - low)


def not_divided(word, low, high):
    word, low, high = map(np.array, (word, low, high))
    return (word - low) @ (high - low)


def by_length(word, low, high):
    word, low, high = map(np.array, (word, low, high))
    return (word - low) @ (high - low) / np.linalg.norm(high - low)


def _cuts(word, known):
    if not word:
        return [[]]
    ends = [end for end in range(1, len(word) + 1) if word[:end] in known]
    return [[word[:e], *rest] for e in ends for rest in _cuts(word[e:], known)]


def first_way(word, known):
    return next(iter(_cuts(word, known)), None)


def most_parts(word, known):
    return max(_cuts(word, known), key=len, default=None)


def no_way_is_empty(word, known):
    return min(_cuts(word, known), key=len, default=[])


def number_of_parts(word, known):
    return len(min(_cuts(word, known), key=len, default=""))


def unsorted(opens, closes, taken):
    found, now = [], opens
    for start, end in taken:
        if start > now:
            found.append((now, start))
        now = end
    return found + ([(now, closes)] if now < closes else [])


def without_overlap(opens, closes, taken):
    return unsorted(opens, closes, sorted(taken))


def no_evening(opens, closes, taken):
    found, now = [], opens
    for start, end in sorted(taken):
        if start > now:
            found.append((now, start))
        now = max(now, end)
    return found


def taken_ones(opens, closes, taken):
    return sorted(taken)


WRONG = {
    ("one_hot_words", 1): ["two rows", "all rows", "different", 2],
    ("one_hot_words", 2): [no_ends, one_side, endless],
    ("one_hot_words", 3): [rows_in_order, rows_not_columns, joined],
    ("word_vector_arithmetic", 1): ["king", "man", "queen"],
    ("word_vector_arithmetic", 2): [keeps_all, long_wins, other_way],
    ("word_vector_arithmetic", 3): [not_from_low, not_divided, by_length],
    ("elements_of_language", 1): ["two", "three", "five", 3],
    ("elements_of_language", 2): [
        first_way,
        most_parts,
        no_way_is_empty,
        number_of_parts,
    ],
    ("elements_of_language", 3): [unsorted, without_overlap, no_evening, taken_ones],
}


def read_slowly(unique, matrix):
    words = []
    for column in range(matrix.shape[1]):
        for row, word in enumerate(unique):
            if matrix[row][column] == 1:
                words.append(word)
    return tuple(words)


def read_as_array(unique, matrix):
    return np.array(unique)[np.argmax(matrix, axis=0)]


def closed_form(length, window):
    inner = min(window, length - 1)
    return np.int64(2 * inner * length - inner * (inner + 1))


def solve(vectors, start, minus, plus):
    return np.str_(_solve(vectors, start, minus, plus))


def position(word, low, high):
    axis = [h - b for h, b in zip(high, low)]
    along = sum((w - b) * a for w, b, a in zip(word, low, axis))
    return along / sum(a * a for a in axis)


def fewest(word, known):
    ways = _cuts(word, known)
    return tuple(sorted(ways, key=len)[0]) if ways else None


def free(opens, closes, taken):
    found, now = [], opens
    for start, end in [*sorted(taken), (closes, closes)]:
        if min(start, closes) > now:
            found.append([now, min(start, closes)])
        now = max(now, end)
    return found


RIGHT = {
    ("one_hot_words", 1): ["the same", " The same "],
    ("one_hot_words", 2): [closed_form],
    ("one_hot_words", 3): [read_slowly, read_as_array],
    ("word_vector_arithmetic", 1): ["woman", "Woman"],
    ("word_vector_arithmetic", 2): [solve],
    ("word_vector_arithmetic", 3): [position],
    ("elements_of_language", 1): ["four"],
    ("elements_of_language", 2): [fewest],
    ("elements_of_language", 3): [free],
}


TestAnswers = answers(one_each(WRONG), one_each(RIGHT))
