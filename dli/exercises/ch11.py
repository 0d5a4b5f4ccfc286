"""Exercises of chapter 11: words as vectors, dense and convolutional classifiers."""

from collections import Counter

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect

# Natural Language Preprocessing


@exercise(
    "natural_language_preprocessing",
    1,
    hint="A few words are on every page. How many words of a book do you meet once?",
)
def _(share, vocabulary_size):
    why = choice(
        share,
        {
            "a tenth": "Rare words are far more frequent among the different words.",
            "a quarter": "Still more of them are met a single time.",
            "a third": "36% of the different words occur a single time.",
        },
        right="a third",
    )
    rng = np.random.default_rng(11)
    for least in (1, 2, 5, 9):
        words = "abcdefghij"[: int(rng.integers(4, 10))]
        counts = Counter({word: int(rng.integers(1, 10)) for word in words})
        counts["rim"] = least  # just often enough
        kept = sum(count >= least for count in counts.values())
        said = f"vocabulary_size({dict(counts)}, {least})"
        expect(vocabulary_size(counts, least), kept, said)
    return why


@exercise(
    "natural_language_preprocessing",
    2,
    hint="Near an end of the sentence there are fewer words on one side.",
)
def _(training_pairs):
    firth = "you shall know a word by the company it keeps"
    for text, window in (("a b", 1), ("a b c d e", 2), (firth, 3), ("one", 2)):
        words = text.split()
        wanted = [
            (target, words[j])
            for i, target in enumerate(words)
            for j in range(len(words))
            if 0 < abs(i - j) <= window
        ]
        came = training_pairs(list(words), window)
        if came is ...:
            expect(came, 0, "training_pairs")
        said = f"training_pairs({words}, {window})"
        try:
            came = Counter((str(a), str(b)) for a, b in came)
        except (TypeError, ValueError):
            raise Wrong(f"{said} should be pairs\nbut is {came!r}"[:200]) from None
        expect(came.total(), len(wanted), f"len({said})")
        if surplus := came - Counter(wanted):
            lacking = Counter(wanted) - came
            raise Wrong(
                f"{said} should hold {next(iter(lacking))}\n"
                f"but holds {next(iter(surplus))}"
            )
    return "That is all that skip-gram ever sees: a word, and a word beside it."


@exercise(
    "natural_language_preprocessing",
    3,
    hint="A triple needs a pair that is joined first, and then a third word after it.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "yes": "These books end around 1920 and mostly play elsewhere.",
            "no": "No threshold finds what is not there: York City never occurs.",
        },
        right="no",
    )


@exercise(
    "natural_language_preprocessing",
    4,
    hint="Which kings are in the Bible and in Shakespeare, and who is named with them?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "first": "That takes a newspaper's kings; here they are the Bible's.",
            "among the first five": "Even that takes many more words than these.",
            "further down": "These kings are spoken of with sons and daughters.",
        },
        right="further down",
    )


# Dense Sentiment Classifier


def _predictions(seed, reviews):
    """Labels and predictions in steps of 0.1, so that some equal a threshold."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(reviews) % 2)
    return y, np.round(rng.uniform(0.05, 0.95, reviews), 1)


@exercise(
    "dense_sentiment_classifier",
    1,
    hint="A mistake needs two things at once: what was called, and what was so.",
)
def _(mistakes):
    for seed, threshold in ((1, 0.5), (2, 0.3), (3, 0.8)):
        y, y_hat = _predictions(seed, 8)
        called = y_hat > threshold
        wanted = [int(np.sum(called & (y == 0))), int(np.sum(~called & (y == 1)))]
        said = f"mistakes({y.tolist()}, {y_hat.tolist()}, {threshold})"
        expect(mistakes(y.copy(), y_hat.copy(), threshold), wanted, said)
    return "A lower bar lets more through: fewer are missed, more are let in wrongly."


@exercise(
    "dense_sentiment_classifier",
    2,
    hint="Every favourable review meets every unfavourable one; a tie is worth a half.",
)
def _(area_by_pairs):
    cases = [(np.array([0, 1, 0, 1]), np.array([0.3, 0.5, 0.6, 0.9]))]
    cases += [_predictions(seed, 9) for seed in (4, 5, 6)]
    cases.append((np.array([0, 1, 0, 1, 1]), np.full(5, 0.7)))
    for y, y_hat in cases:
        gaps = y_hat[y == 1][:, None] - y_hat[y == 0]
        wanted = float(np.mean((np.sign(gaps) + 1) / 2))
        said = f"area_by_pairs({y.tolist()}, {y_hat.tolist()})"
        expect(area_by_pairs(y.copy(), y_hat.copy()), wanted, said)
    return "Who always says the same gets a half, like one who guesses."


@exercise(
    "dense_sentiment_classifier",
    3,
    hint="How would you begin a review, and how would you end it?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "higher": "Reviews begin with the plot and end with the verdict.",
            "about the same": "It loses several points: the verdict comes late.",
            "lower": "The beginnings tell the story, the ends say what to think of it.",
        },
        right="lower",
    )


# Convolutional Sentiment Classifier


def _responses(vectors, kernel, bias):
    width = len(kernel)
    windows = np.lib.stride_tricks.sliding_window_view(vectors, width, axis=0)
    sums = np.einsum("pdw,wd->p", windows, kernel) + bias
    return np.maximum(sums, 0)


@exercise(
    "convolutional_sentiment_classifier",
    1,
    hint="A text as long as the kernel has one place for it; one word more makes two.",
)
def _(slide):
    rng = np.random.default_rng(3)
    for words, width, dimensions in ((4, 2, 1), (5, 3, 2), (3, 3, 4), (9, 1, 2)):
        vectors = rng.integers(-3, 4, (words, dimensions)).astype(float)
        kernel = rng.integers(-2, 3, (width, dimensions)).astype(float)
        bias = float(rng.integers(-2, 3))
        said = f"slide({vectors.tolist()}, {kernel.tolist()}, {bias})"
        came = slide(vectors.copy(), kernel.copy(), bias)
        expect(came, _responses(vectors, kernel, bias), said)
    return "Multiply, add, cut at zero, move on by a word: that is all a filter does."


@exercise(
    "convolutional_sentiment_classifier",
    2,
    hint="What is left of 'boring' in another order, and what of 'not bad at all'?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "not at all": "Groups such as 'not good' fall apart, and they counted.",
            "a little": "Most of the opinion is in single words; groups add to it.",
            "to about 50%": "The words are still there, and many speak for themselves.",
        },
        right="a little",
    )


@exercise(
    "convolutional_sentiment_classifier",
    3,
    hint="Which of the two layers has weights for a place, and which for a match?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "the convolutional net": "It keeps a filter's best match, not its place.",
            "the dense net": "Each of its weights belongs to one place in the row.",
            "both alike": "Only one of them has weights that belong to a place.",
        },
        right="the dense net",
    )


# Multi ConvNet Sentiment Classifier


@exercise(
    "multi_convnet_sentiment_classifier",
    1,
    hint="What comes out of the branch has to go in somewhere.",
)
def _(parameters, layer):
    def total(widths, words=5_000, dimensions=64, filters=256, dense=(256, 64)):
        convolutions = sum((width * dimensions + 1) * filters for width in widths)
        first = (len(widths) * filters + 1) * dense[0]
        rest = (dense[0] + 1) * dense[1] + dense[1] + 1
        return words * dimensions + convolutions + first + rest

    why = choice(
        layer,
        {
            "embedding": "The words and their vectors stay what they were.",
            "dense_1": "It gets another 256 inputs, and a weight for each.",
            "dense_2": "What goes in there are still dense_1's outputs.",
            "favour": "What goes in there are still dense_2's outputs.",
        },
        right="dense_1",
    )
    expect(parameters, total((3, 2, 4, 5)), "parameters")
    return why


@exercise(
    "multi_convnet_sentiment_classifier",
    2,
    hint="What a group of three words says, most often one or two of them say already.",
)
def _(prediction):
    names = ("two words", "three words", "four words")
    return choice(
        prediction,
        {
            **dict.fromkeys(names, "The other two branches know nearly all of it."),
            "none of them much": "Each branch knows most of what the others know.",
        },
        right="none of them much",
    )


@exercise(
    "multi_convnet_sentiment_classifier",
    3,
    hint="Where padding stands it must stay, or you measure gaps in place of order.",
)
def _(shuffled):
    rng = np.random.default_rng(7)
    moved = False
    for words in (12, 5, 20, 1, 0):
        row = np.zeros(20, int)
        row[20 - words :] = rng.integers(2, 90, words)
        came = shuffled(row.copy(), np.random.default_rng(words))
        said = f"shuffled({row.tolist()}, rng)"
        expect(np.sort(came), np.sort(row), f"the ids of {said}, sorted,")
        expect(np.asarray(came)[: 20 - words], row[: 20 - words], f"padding of {said}")
        moved |= bool(np.any(np.asarray(came) != row))
    if not moved:
        raise Wrong("shuffled(row, rng) should change the order of the words\nbut no")
    return "Only the order of the words is gone: what is lost is what order was worth."
