"""Exercises of chapter 11's Transfer Learning in NLP."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect


@exercise(
    "transfer_learning_in_nlp",
    1,
    hint="Once the words stand in a random order, what do those before say about the "
    "next? And what can be known of it all the same?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "it gives every word the same chance": "It still sees that some words come "
            "far more often than others.",
            "it knows how often each word comes": "That is all that is left to learn, "
            "and it learns it from the books' own words.",
            "it guesses as well as before": "Then it would need no order, and nothing "
            "but the order tells which word comes next.",
        },
        right="it knows how often each word comes",
    )


@exercise(
    "transfer_learning_in_nlp",
    2,
    hint="A row has one word more than is read: what is read leaves out the last, what "
    "is asked for leaves out the first.",
)
def _(lessons):
    rng = np.random.default_rng(16)
    cases = [(np.arange(10, 17), 3)]
    for length in (1, 2, 5):
        ids = rng.integers(4, 3000, size=int(rng.integers(2, 5)) * length + length)
        cases.append((ids, length))
    for ids, length in cases:
        count = (len(ids) - 1) // length
        read = ids[: count * length].reshape(count, length)
        asked = ids[1 : count * length + 1].reshape(count, length)
        what = f"lessons({len(ids)} ids, {length})"
        came = lessons(ids, length)
        if not isinstance(came, (list, tuple, np.ndarray)) or len(came) != 2:
            expect(came, [read, asked], what)
        for part, name, wanted in zip(came, ("read", "asked"), (read, asked)):
            expect(part, wanted, f"{name} of {what}")
    return "Every word of a text is a question, and the text itself holds the answers."


@exercise(
    "transfer_learning_in_nlp",
    3,
    hint="Go through the new words: where the old network knows one, take its row; "
    "where not, the mean of all its rows.",
)
def _(carry_over):
    rng = np.random.default_rng(17)
    everything = ["the", "film", "whale", "sailor", "was", "good", "bad", "sea", "ship"]
    for n_old, n_new, size in ((3, 3, 2), (5, 7, 3), (1, 2, 4), (8, 5, 2)):
        old = rng.permutation(everything)[:n_old].tolist()
        new = rng.permutation(everything)[:n_new].tolist()
        vectors = rng.normal(size=(n_old, size)).round(2)
        rows = dict(zip(old, vectors))
        wanted = np.array([rows.get(word, vectors.mean(axis=0)) for word in new])
        what = f"carry_over(vectors {vectors.shape}, {old}, {new})"
        expect(carry_over(vectors, old, new), wanted, what)
    return "Rows belong to words, not to ids: so a network can change its vocabulary."
