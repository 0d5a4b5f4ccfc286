"""The film reviews as rows of ids, their words, and rows cut off or shuffled."""

from __future__ import annotations

import functools

import numpy as np

from dli.datasets import imdb

Split = tuple[np.ndarray, np.ndarray]

PAD, START, UNKNOWN, INDEX_FROM = 0, 1, 2, 3


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
