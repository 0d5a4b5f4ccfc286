"""What the nine sentiment classifiers of chapter 11 have in common.

The networks, their compilation and their training stay in the notebooks; here are the
reviews, the weights of each epoch, and the pictures of what a network predicts.

A *row* is one review as it goes into a network: an int32 vector of `review_length` ids,
padding (0) first. Ids are those of `dli.datasets.imdb`: 1 starts a review, 2 is a word
that was left out, and from 4 on an id is a word's rank plus 3.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from html import escape

import matplotlib.pyplot as plt
import numpy as np

from dli import figures, folders, tables
from dli.datasets import imdb
from dli.progress import best_epoch

Split = tuple[np.ndarray, np.ndarray]

PAD, START, UNKNOWN, INDEX_FROM = 0, 1, 2, 3

#: The epoch the authors went back to, counted from 1, with its validation loss and
#: accuracy: the recorded notebooks of the book's repository, by name of the model.
AUTHORS = {
    "dense_sentiment_classifier": (2, 0.3486, 0.8447),
    "convolutional_sentiment_classifier": (3, 0.2577, 0.8959),
    "rnn_sentiment_classifier": (7, 0.5039, 0.7758),
    "lstm_sentiment_classifier": (2, 0.3486, 0.8476),
    "bi_lstm_sentiment_classifier": (4, 0.3308, 0.8604),
    "stacked_bi_lstm_sentiment_classifier": (2, 0.2957, 0.8783),
    "gru_sentiment_classifier": (2, 0.3419, 0.8490),
    "conv_lstm_stack_sentiment_classifier": (2, 0.3291, 0.8710),
    "multi_convnet_sentiment_classifier": (2, 0.2620, 0.8941),
}

#: One meaning a colour: what a review really is.
COLOURS = {
    "favourable": figures.PALETTE["blue"],
    "unfavourable": figures.PALETTE["vermillion"],
}


def load(
    n_words: int, review_length: int, skip_top: int = 0, keep: str = "last"
) -> tuple[Split, Split]:
    """The film reviews as rows, all equally long; two lines say how many were cut.

    Args:
        n_words: ids from here on are left out (2).
        review_length: ids of a row. Shorter reviews get zeros in front.
        skip_top: ids below are left out, too.
        keep: "last" or "first": which end of a longer review is kept.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`: int32 (reviews, review_length), and
        int64 (reviews,), 1 for favourable.

    Raises:
        ValueError: `keep` is another word, or as `imdb.load_data`.
        DataUnavailable: as `imdb.load_data`.
    """
    from keras.utils import pad_sequences

    if keep not in ("last", "first"):
        raise ValueError(f"keep must be 'last' or 'first', not {keep!r}")
    split = imdb.load_data(num_words=n_words, skip_top=skip_top)
    (train, y_train), (valid, y_valid) = split
    longer = np.mean([len(review) > review_length for review in (*train, *valid)])
    print(f"{len(train):,} reviews to train on, {len(valid):,} to validate with")
    print(
        f"{longer:.0%} have more than {review_length:,} words and keep their {keep} "
        f"{review_length:,}; the others get zeros in front"
    )
    cut = "pre" if keep == "last" else "post"
    X_train, X_valid = (
        pad_sequences(half, maxlen=review_length, padding="pre", truncating=cut)
        for half in (train, valid)
    )
    return (X_train, y_train), (X_valid, y_valid)


@functools.cache
def words() -> dict[int, str]:
    """The word of every id; PAD, START and UNK for 0, 1 and 2."""
    by_id = {rank + INDEX_FROM: word for word, rank in imdb.get_word_index().items()}
    return by_id | {PAD: "PAD", START: "START", UNKNOWN: "UNK"}


def spell(row: np.ndarray) -> list[str]:
    """The words of a row (or any ids), without the padding."""
    return [words().get(i, "?") for i in np.asarray(row).tolist() if i != PAD]


def encode(
    text: str, n_words: int, review_length: int, skip_top: int = 0
) -> np.ndarray:
    """A text of one's own as a row; its last words if it is too long.

    Args:
        text: a review as it would be written.
        n_words, review_length, skip_top: as in `load`.

    Returns:
        int32 (review_length,).
    """
    rank = imdb.get_word_index()
    ids = [START, *(rank.get(w, n_words) + INDEX_FROM for w in imdb.words_of(text))]
    kept = [i if skip_top <= i < n_words else UNKNOWN for i in ids][-review_length:]
    row = np.zeros(review_length, np.int32)
    row[review_length - len(kept) :] = kept
    return row


def after_every_word(row: np.ndarray) -> np.ndarray:
    """A row cut off after its first word, its second, and so on.

    Returns:
        int32 (words, review_length): line k holds the first k + 1 words at its end and
        padding before; the last line is the row itself. `model.predict` of it is what
        the network would say after every word.
    """
    row = np.asarray(row)
    begin = len(row) - np.count_nonzero(row)
    cut = np.zeros((len(row) - begin, len(row)), row.dtype)
    for k in range(len(cut)):
        cut[k, len(row) - 1 - k :] = row[begin : begin + k + 1]
    return cut


def shuffle_words(rows: np.ndarray, seed: int = 0) -> np.ndarray:
    """The rows with the words of each in another order.

    Padding and the start mark stay where they are: moving them would show a network
    gaps that it has never met, and measure that instead of the order of the words.

    Args:
        rows: int (reviews, review_length).
        seed: of the orders.
    """
    rng = np.random.default_rng(seed)
    shuffled = np.array(rows)
    for row in shuffled:
        places = row > START
        row[places] = rng.permutation(row[places])
    return shuffled


def save_epochs(name: str):
    """The Keras callback that writes the weights after every epoch.

    Args:
        name: of the folder, below `model_output` beside the notebook.

    Returns:
        A `keras.callbacks.ModelCheckpoint`; its files are `epoch_01.weights.h5` ….
    """
    import keras

    folder = folders.writable(f"model_output/{name}")
    return keras.callbacks.ModelCheckpoint(
        folder / "epoch_{epoch:02d}.weights.h5", save_weights_only=True
    )


def load_best_epoch(model, history, saved) -> int | None:
    """Load the weights of the epoch with the lowest validation loss, and say which.

    The authors' epoch stands beside it, if the model bears the name of one of theirs.

    Args:
        model: the trained `keras.Model`.
        history: what `fit` returned, with validation and accuracy.
        saved: the callback of `save_epochs` that was given to `fit`.

    Returns:
        The epoch, counted from 1. None if the training diverged: then the weights
        stay, and a line says so.
    """
    losses = history.history["val_loss"]
    best = best_epoch(losses)
    if best is None:
        print("diverged: no epoch has a validation loss that is a number")
        return None
    model.load_weights(str(saved.filepath).format(epoch=best + 1))
    accuracy = history.history["val_accuracy"][best]
    lines = [["", "best epoch", "validation loss", "validation accuracy"]]
    runs = {"this run": (best + 1, losses[best], accuracy)}
    if model.name in AUTHORS:
        runs["the authors"] = AUTHORS[model.name]
    for run, (epoch, loss, accuracy) in runs.items():
        lines.append([run, str(epoch), f"{loss:.4f}", f"{accuracy:.4f}"])
    print(tables.text(lines))
    return best + 1


def histogram(y: np.ndarray, y_hat: np.ndarray, threshold: float = 0.5) -> None:
    """Show how the predictions for favourable and unfavourable reviews are spread.

    Args:
        y: (reviews,), 1 for favourable.
        y_hat: (reviews,), from 0 to 1.
        threshold: drawn as a line; what lies on its wrong side is counted.
    """
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    missed = int(np.sum((y == 1) & (y_hat <= threshold)))
    raised = int(np.sum((y == 0) & (y_hat > threshold)))
    fig, ax = plt.subplots(figsize=(6.4, 3.3))
    for label, kind in ((1, "favourable"), (0, "unfavourable")):
        ax.hist(
            y_hat[y == label], bins=50, range=(0, 1), color=COLOURS[kind], alpha=0.5
        )
    ax.axvline(threshold, color=figures.PALETTE["black"], linestyle="--", linewidth=1)
    for kind, side, count, means in (
        ("favourable", "left", missed, "false negatives"),
        ("unfavourable", "right", raised, "false positives"),
    ):
        ax.text(
            threshold + (-0.02 if side == "left" else 0.02),
            0.6,
            f"{side} of {threshold:g}:\n{count:,} really\n{kind}\n({means})",
            color=COLOURS[kind],
            ha="right" if side == "left" else "left",
            transform=ax.get_xaxis_transform(),
        )
    ax.set(
        title="What the network says of reviews that really are …",
        xlabel="ŷ (0: surely unfavourable, 1: surely favourable)",
        ylabel="validation reviews",
        xlim=(0, 1),
    )
    ends = [
        f"of the {kind} ones {np.mean(y_hat[y == label] < 0.1):.0%} lie below 0.1 and "
        f"{np.mean(y_hat[y == label] > 0.9):.0%} above 0.9"
        for label, kind in ((1, "favourable"), (0, "unfavourable"))
        if np.any(y == label)
    ]
    figures.show(
        fig,
        alt=f"Two overlapping histograms of {len(y):,} predictions from 0 to 1: "
        f"{'; '.join(ends)}. At a threshold of {threshold:g}, {missed:,} are false "
        f"negatives and {raised:,} false positives.",
    )


def opinions(
    spoken: Sequence[str], curves: Mapping[str, np.ndarray], title: str, y: int
) -> None:
    """Show ŷ after every word of one review, one line a network.

    Args:
        spoken: the words, as `spell` gives them.
        curves: name of a network (or of a reader) → (words,), ŷ after each word.
        title: of the picture.
        y: what the review really is, 1 for favourable.
    """
    places = np.arange(len(spoken))
    fig, ax = plt.subplots(figsize=(8.2, 3.6))
    told = []
    lines = figures.PALETTE
    colours = [lines[c] for c in ("purple", "green", "black", "orange", "sky")]
    for k, (name, values) in enumerate(curves.items()):
        values = np.asarray(values, dtype=float)
        ax.plot(places, values, color=colours[k % len(colours)])
        ax.annotate(
            f" {name}",
            (places[-1], values[-1]),
            color=colours[k % len(colours)],
            va="center",
            annotation_clip=False,
        )
        jump = int(np.argmax(np.abs(np.diff(values)))) + 1 if len(values) > 1 else 0
        told.append(
            f"{name} begins at {values[0]:.2f}, moves most at the word "
            f"“{spoken[jump]}”, and ends at {values[-1]:.2f}"
        )
    ax.axhline(0.5, color=lines["grey"], linestyle="--", linewidth=1)
    kind = "favourable" if y == 1 else "unfavourable"
    ax.set(title=title, ylim=(-0.03, 1.03), ylabel="ŷ after this word")
    if len(spoken) <= 60:
        ax.set_xticks(places, spoken, rotation=90, fontsize=9)
    else:
        ax.set_xlabel(f"words read, {len(spoken)} in all")
    figures.show(fig, alt=f"ŷ by word of a {kind} review. {'; '.join(told)}.")


def shade(
    spoken: Sequence[str], numbers: np.ndarray, means: str, strongest: int = 5
) -> None:
    """Show words on a ground that is the darker the larger their numbers are.

    Positive numbers are blue, negative ones orange. Below, the words with the largest
    numbers are named once more: colour alone tells nothing to a listener.

    Args:
        spoken: the words, as `spell` gives them.
        numbers: (words,); the largest magnitude gets the full shade.
        means: what the numbers say, for the line below.
        strongest: how many words that line names.

    Raises:
        ValueError: not one number for each word.
    """
    from IPython.display import display

    numbers = np.nan_to_num(np.asarray(numbers, dtype=float))
    if numbers.shape != (len(spoken),):
        raise ValueError(f"{len(spoken)} words need as many numbers: {numbers.shape}")
    scale = np.abs(numbers).max(initial=0) or 1.0
    marked = []
    for word, number in zip(spoken, numbers):
        red, green, blue = (86, 180, 233) if number > 0 else (230, 159, 0)
        ground = f"rgba({red},{green},{blue},{0.85 * abs(number) / scale:.2f})"
        marked.append(
            f'<span style="background:{ground};color:#000;padding:1px 3px" '
            f'title="{number:.2f}">{escape(word)}</span>'
        )
    order = np.argsort(-np.abs(numbers), kind="stable")[:strongest]
    named = ", ".join(f"{spoken[i]} ({numbers[i]:+.2f})" for i in order if numbers[i])
    below = f"{means}; largest: {named or 'none'}"
    html = (
        f'<div style="background:#fff;color:#000;max-width:60em;line-height:1.8">'
        f"{' '.join(marked)}</div><p><em>{escape(below)}</em></p>"
    )
    plain = f"{' '.join(spoken)}\n{below}"
    display({"text/html": html, "text/plain": plain}, raw=True)
