"""Exercises of chapter 2: one-hot words, their arithmetic, elements of language."""

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

# One-Hot Words and Word Vectors


@exercise(
    "one_hot_words",
    1,
    hint="What does the sum of a row count? Can a swap change it?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "the same": "A row's sum counts its word, wherever it stands. Order is "
            "lost. Such a sum is called a bag of words.",
            "two rows": "Bat and cat change places, but each still occurs once.",
            "all rows": "Moving a word does not change how often it occurs.",
        },
        right="the same",
    )


@exercise(
    "one_hot_words",
    2,
    hint="Mid-sentence a target has 2 x window context words. And the first word?",
)
def _(count_pairs):
    for length, window in ((10, 3), (10, 6), (5, 1), (4, 9), (1, 3)):
        wanted = sum(
            min(position, window) + min(length - 1 - position, window)
            for position in range(length)
        )
        expect(count_pairs(length, window), wanted, f"count_pairs({length}, {window})")
    return "The ends have fewer context words, and a wide window has more ends."


@exercise("one_hot_words", 3, hint="In each column, look for the row that holds the 1.")
def _(read):
    for sentence in ("she sells sea shells", "row row row your boat", "buffalo"):
        words = sentence.split()
        unique = sorted(set(words))
        matrix = np.array([[int(word == row) for word in words] for row in unique])
        expect(_plain(read(unique, matrix)), words, f"read({unique}, the matrix)")
    return "Nothing is lost on the way to one-hot, so there is a way back."


# Word-Vector Arithmetic


@exercise(
    "word_vector_arithmetic",
    1,
    hint="Subtract, square, add up, take the root. Which differences are small?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "king": "Its first number, -0.9, is 2.1 away from -3.0.",
            "man": "Its first number is 1.9 away from -3.0 and its third 1.2 from 1.8.",
            "woman": "Without leaving out, the answer would be a word that was put in. "
            "So it is in many learned vectors, and searches leave the three out.",
        },
        right="woman",
    )


@exercise(
    "word_vector_arithmetic",
    2,
    hint="Divide each product by the word's own length, else long vectors win.",
)
def _(solve):
    rng = np.random.default_rng(2)
    words = ["apple", "brook", "cloud", "dune", "ember", "fjord", "grove", "heath"]
    for _ in range(6):
        lengths = rng.uniform(0.2, 5, (len(words), 1))
        table = (rng.normal(size=(len(words), 4)) * lengths).round(2)
        vectors = dict(zip(words, table.tolist()))
        start, minus, plus = rng.choice(words, 3, replace=False).tolist()
        point = _row(vectors, start) - _row(vectors, minus) + _row(vectors, plus)
        cosine = {
            word: _row(vectors, word) @ point / np.linalg.norm(vectors[word])
            for word in words
            if word not in (start, minus, plus)
        }
        expect(
            _plain(solve(vectors, start, minus, plus)),
            max(cosine, key=cosine.get),
            f"solve(vectors, {start!r}, {minus!r}, {plus!r})",
        )
    return "The same search as gensim's, in a few lines."


@exercise(
    "word_vector_arithmetic",
    3,
    hint="Put word = low, then word = high into your formula: 0 and 1 must come out.",
)
def _(position):
    rng = np.random.default_rng(3)
    low, high, word = rng.normal(size=(3, 4)).round(2).tolist()
    half = ((np.array(low) + np.array(high)) / 2).tolist()
    for name, place in (("low", low), ("high", high), ("half-way", half), ("", word)):
        axis = np.array(high) - np.array(low)
        wanted = float((np.array(place) - np.array(low)) @ axis / (axis @ axis))
        name = f"{name}, " if name else ""
        expect(
            position(place, low, high),
            wanted,
            f"position({name}{place}, {low}, {high})".replace("(low, ", "(low = ")
            .replace("(high, ", "(high = ")
            .replace("(half-way, ", "(half-way = "),
        )
    return "With 0 and 1 at the two words, axes of any pair can be compared."


def _row(vectors, word):
    return np.array(vectors[word])


def _plain(answer):
    """A list of NumPy's strings as Python's, for whoever answers with an array."""
    if isinstance(answer, np.ndarray):
        return answer.tolist()
    if isinstance(answer, (list, tuple)):
        return [_plain(item) for item in answer]
    return str(answer) if isinstance(answer, str) else answer


# Elements of Language


@exercise(
    "elements_of_language",
    1,
    hint="Take a piece off, and ask whether what is left is a word that you know.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "two": "Unwilling and ness: but unwilling can be cut further.",
            "three": "One piece can still be cut: which of them do you meet elsewhere?",
            "four": "Un, will, ing and ness, each of them in many other words.",
            "five": "Cut less: a piece must mean something by itself.",
        },
        right="four",
    )


@exercise(
    "elements_of_language",
    2,
    hint="cuts(word, known) gives all ways as lists; min has key= and default=.",
)
def _(fewest):
    rng = np.random.default_rng(2)
    known = {"a", "b", "ab", "ba", "aab", "bb", "abba"}
    asked = []
    while len(asked) < 8:
        word = "".join(rng.choice(["a", "b"], rng.integers(3, 8)))
        ways = sorted(_cuts(word, known), key=len)
        if len(ways) > 1 and len(ways[0]) < len(ways[1]):
            asked.append((word, ways[0]))
    for word, wanted in asked:
        expect(
            _plain(fewest(word, set(known))),
            wanted,
            f"fewest({word!r}, {sorted(known)})",
        )
    expect(fewest("abc", set(known)), None, f"fewest('abc', {sorted(known)})")
    return "A rule of thumb: it prefers long pieces, and it can be wrong."


@exercise(
    "elements_of_language",
    3,
    hint="Sort the pairs; keep in mind until when everything so far is over.",
)
def _(free):
    rng = np.random.default_rng(3)
    cases = [(9, 22, [(18, 20), (14, 16)]), (8, 12, []), (9, 18, [(9, 18)])]
    cases.append((10, 20, [(11, 17), (12, 13), (16, 19)]))
    for _ in range(6):
        starts = rng.integers(9, 19, 3).tolist()
        cases.append((9, 21, [(s, s + int(rng.integers(1, 4))) for s in starts]))
    for opens, closes, taken in cases:
        came = free(opens, closes, list(taken))
        what = f"free({opens}, {closes}, {taken})"
        wanted = _free(opens, closes, taken)
        if not wanted and len(came) == 0:
            continue
        expect([tuple(pair) for pair in _pairs(came, what)], wanted, what)
    return "That is what is left of a long sentence: a short list of times."


def _pairs(answer, what):
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if not isinstance(answer, (list, tuple)) or any(
        not isinstance(pair, (list, tuple)) for pair in answer
    ):
        raise Wrong(f"{what} should be a list of pairs\nbut is {answer!r}"[:300])
    return answer


def _cuts(word, known):
    if not word:
        return [[]]
    return [
        [word[:end], *rest]
        for end in range(1, len(word) + 1)
        if word[:end] in known
        for rest in _cuts(word[end:], known)
    ]


def _free(opens, closes, taken):
    hours = [
        hour
        for hour in range(opens, closes)
        if not any(start <= hour < end for start, end in taken)
    ]
    found = []
    for hour in hours:
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    return found
