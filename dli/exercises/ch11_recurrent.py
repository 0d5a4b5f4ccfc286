"""Exercises of chapter 11's recurrent networks: RNN, LSTM, GRU, and their stacks."""

import numpy as np

from dli.exercises.checking import Wrong, choice, exercise, expect


def _sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def _recurrent(blocks, n_inputs, n_cells):
    """Parameters of a recurrent layer: of one block each for a sum it forms."""
    return blocks * n_cells * (n_inputs + n_cells + 1)


def _sizes(seed, count, low=2, high=90):
    """Sizes of layers, the same at every call."""
    return np.random.default_rng(seed).integers(low, high, size=count).tolist()


def _shape(given):
    """The reader's shape as a tuple of whole numbers; a single number is one, too."""
    try:
        return tuple(int(n) for n in np.atleast_1d(np.asarray(given)))
    except (TypeError, ValueError):
        raise Wrong(f"a shape is a tuple of numbers\nbut this is {given!r}") from None


# RNN Sentiment Classifier


@exercise(
    "rnn_sentiment_classifier",
    1,
    hint="Each neuron listens to the word and to all neurons of the layer; and a bias.",
)
def _(rnn_parameters):
    a, b, c = _sizes(11, 3)
    for n_inputs, n_neurons in ((1, 1), (a, b), (b, 2 * c), (64, 256), (64, 512)):
        wanted = _recurrent(1, n_inputs, n_neurons)
        what = f"rnn_parameters({n_inputs}, {n_neurons})"
        expect(rnn_parameters(n_inputs, n_neurons), wanted, what)
    return "They more than triple: each neuron also listens to all the others."


@exercise(
    "rnn_sentiment_classifier",
    2,
    hint="Look at the two lines of How long does it remember?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "in front": "After a whole review little is left of how it began.",
            "behind": "What is read last is still there when the answer is due.",
            "both alike": "They would, if nothing were forgotten on the way.",
        },
        right="behind",
    )


@exercise(
    "rnn_sentiment_classifier",
    3,
    hint="Two products of a vector and a matrix (`@`), a bias, and one tanh.",
)
def _(step):
    rng = np.random.default_rng(34)
    for n_inputs, n_neurons in ((1, 1), (2, 3), (4, 2)):
        x, h, b = (rng.normal(size=n) for n in (n_inputs, n_neurons, n_neurons))
        W = rng.normal(size=(n_inputs, n_neurons))
        U = rng.normal(size=(n_neurons, n_neurons))
        what = f"step(x, h, W, U, b) of {n_inputs} inputs and {n_neurons} neurons"
        expect(step(x, h, W, U, b), np.tanh(x @ W + h @ U + b), what)
    return "That is the whole layer: this step, once for every word."


# LSTM Sentiment Classifier


@exercise(
    "lstm_sentiment_classifier",
    1,
    hint="First the road: forget, then add. What is shown is a squashed copy of it.",
)
def _(lstm_step):
    rng = np.random.default_rng(35)
    cases = [(0.0, 0.0, 0.0, 0.0, 1.0), (9.0, -9.0, 1.0, 9.0, 3.0)]
    cases += [tuple(case) for case in rng.normal(scale=1.5, size=(4, 5)).round(2)]
    for case in cases:
        forget, add, candidate, show, c = (float(number) for number in case)
        wanted = _sigmoid(forget) * c + _sigmoid(add) * np.tanh(candidate)
        shown = _sigmoid(show) * np.tanh(wanted)
        what = f"lstm_step({forget}, {add}, {candidate}, {show}, {c})"
        expect(lstm_step(forget, add, candidate, show, c), (wanted, shown), what)
    return "Three sigmoids and two tanhs: five activations in every cell."


@exercise(
    "lstm_sentiment_classifier",
    2,
    hint="After two words forget × forget of the state is left, after a hundred …",
)
def _(forget):
    try:
        left = float(forget) ** 100
    except (TypeError, ValueError):
        raise Wrong(f"forget should be a number\nbut is {forget!r}") from None
    expect(left, 0.5, "the share that is left after 100 words", tolerance=0.02)
    return "Open by more than 99%: a gate has to stay near 1 to remember for long."


@exercise(
    "lstm_sentiment_classifier",
    3,
    hint="Could you still tell, from a heap of words, what the reviewer thought?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "nearly all": "Most of the opinion is in the words, not in their order.",
            "about half": "You overrate the order: the words alone tell a lot.",
            "nothing": "You overrate the order: a heap of words still says a lot.",
        },
        right="nearly all",
    )


# Bi LSTM Sentiment Classifier


@exercise(
    "bi_lstm_sentiment_classifier",
    1,
    hint="Where is the row not 0? Turn these ids round, and leave the others alone.",
)
def _(reverse_words):
    rng = np.random.default_rng(38)
    for n_padding, n_words in ((3, 4), (0, 6), (5, 1), (4, 0)):
        words = rng.integers(1, 9_999, size=n_words)
        padding = np.zeros(n_padding, dtype=words.dtype)
        row = np.concatenate([padding, words])
        wanted = np.concatenate([padding, words[::-1]])
        what = f"reverse_words({row.tolist()})"
        expect(reverse_words(row), wanted, what)
    return "The padding stays in front, where the network has always met it."


@exercise(
    "bi_lstm_sentiment_classifier",
    2,
    hint="Each reader has its own weights. What does the forward one get to read?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "nothing": "Each has learnt to read one way round, and now must not.",
            "a little": "The words are the same; only their order is not.",
            "nearly everything": "The words themselves still tell what was thought.",
        },
        right="a little",
    )


@exercise(
    "bi_lstm_sentiment_classifier",
    3,
    hint="Draw a row with its padding behind. Where does each reader stop?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "forwards": "It goes from left to right, and there the zeros come last.",
            "backwards": "It would begin with the zeros, and end on the first word.",
            "neither": "One of them always ends where the zeros are.",
        },
        right="forwards",
    )


# Stacked Bi LSTM Sentiment Classifier


@exercise(
    "stacked_bi_lstm_sentiment_classifier",
    1,
    hint="Two readers, side by side. Do they speak after every word, or at the end?",
)
def _(with_sequences, without):
    for shape, wanted, what in (
        (with_sequences, (90, 2 * 32), "with return_sequences=True: the shape"),
        (without, (2 * 32,), "without it: the shape"),
    ):
        expect(_shape(shape), wanted, what)
    return "Without the words' dimension the second layer has nothing to read."


@exercise(
    "stacked_bi_lstm_sentiment_classifier",
    2,
    hint="Two layers in each; the second one's inputs are what the first says.",
)
def _(stacked_parameters):
    a, b, c = _sizes(39, 3)
    for n_dimensions, n_1, n_2 in ((1, 1, 1), (a, b, c), (64, 64, 64), (64, 128, 64)):
        wanted = 2 * _recurrent(4, n_dimensions, n_1) + 2 * _recurrent(4, 2 * n_1, n_2)
        what = f"stacked_parameters({n_dimensions}, {n_1}, {n_2})"
        expect(stacked_parameters(n_dimensions, n_1, n_2), wanted, what)
    return "Both layers grow: the first gets more cells, the second more inputs."


@exercise(
    "stacked_bi_lstm_sentiment_classifier",
    3,
    hint="Compare with the third exercise of LSTM Sentiment Classifier.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "next to nothing": "Even two layers that read both ways live on the words.",
            "about half": "That is what comes out if the padding is shuffled, too.",
            "all of it": "A heap of words still says what the reviewer thought.",
        },
        right="next to nothing",
    )


# GRU Sentiment Classifier


@exercise(
    "gru_sentiment_classifier",
    1,
    hint="The reset gate acts on the state before the candidate sees it.",
)
def _(gru_step):
    rng = np.random.default_rng(36)
    cases = [(0.0, 0.0, 0.0, 1.0, 1.0), (9.0, -9.0, 1.0, 2.0, -3.0)]
    cases += [tuple(case) for case in rng.normal(scale=1.5, size=(4, 5)).round(2)]
    for case in cases:
        update, reset, word, weight, h = (float(number) for number in case)
        candidate = np.tanh(word + weight * _sigmoid(reset) * h)
        wanted = _sigmoid(update) * h + (1 - _sigmoid(update)) * candidate
        what = f"gru_step({update}, {reset}, {word}, {weight}, {h})"
        expect(gru_step(update, reset, word, weight, h), wanted, what)
    return "One gate does the work of two: what it does not keep it replaces."


@exercise(
    "gru_sentiment_classifier",
    2,
    hint="Count both layers' parameters in a loop, until the GRU has too many.",
)
def _(gru_units):
    a, b = _sizes(37, 2, low=20)
    for n_dimensions, n_lstm in ((1, 1), (a, b), (64, 256), (300, 40)):
        limit, units = _recurrent(4, n_dimensions, n_lstm), 0
        while _recurrent(3, n_dimensions, units + 1) <= limit:
            units += 1
        what = f"gru_units({n_dimensions}, {n_lstm})"
        expect(gru_units(n_dimensions, n_lstm), units, what)
    return "About 17% more units, not a third: the weights grow with the square."


@exercise(
    "gru_sentiment_classifier",
    3,
    hint="Put 1 for the gate into: new state = gate × old + (1 - gate) × candidate.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "it copies the candidate": "It would with a gate of 0.",
            "it never changes": "All of the old state is kept, nothing is added.",
            "it grows without end": "What is added has the weight 1 - 1.",
        },
        right="it never changes",
    )


# Conv LSTM Stack Sentiment Classifier


@exercise(
    "conv_lstm_stack_sentiment_classifier",
    1,
    hint="How often does a window fit in? Pooling leaves out what makes no full group.",
)
def _(lstm_steps):
    a, b, c = _sizes(40, 3, low=100, high=500)
    cases = ((200, 3, 4), (200, 3, 2), (a, 5, 3), (b, 2, 7), (c, 1, 1))
    for review_length, width, pool_size in cases:
        wanted = (review_length - width + 1) // pool_size
        what = f"lstm_steps({review_length}, {width}, {pool_size})"
        expect(lstm_steps(review_length, width, pool_size), wanted, what)
    return "The LSTM's work shrinks with the steps, and its gradients' way, too."


@exercise(
    "conv_lstm_stack_sentiment_classifier",
    2,
    hint="Which layer has a weight for each step that it reads?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "half as many": "Pooling throws positions away, but it has no weights.",
            "the same": "Pooling has none, and the LSTM uses its own at every step.",
            "twice as many": "Twice the steps, but the same weights at every step.",
        },
        right="the same",
    )


@exercise(
    "conv_lstm_stack_sentiment_classifier",
    3,
    hint="Compare with the third exercise of LSTM Sentiment Classifier.",
)
def _(prediction):
    return choice(
        prediction,
        {
            "nearby": "Its filters see three words at a time, but mostly look for one.",
            "at large": "An opinion counts the same in whichever group it stands.",
            "neither": "Both ways the words stay, and the words tell nearly all.",
        },
        right="neither",
    )
