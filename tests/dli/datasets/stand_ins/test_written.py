"""The written stand-ins: reviews and books."""

import numpy as np

from dli.datasets import _imdb_files, imdb
from dli.datasets._fetch import cache, loader
from dli.datasets._stand_ins import gutenberg
from dli.datasets._stand_ins import imdb as made_up


def test_made_up_reviews_can_be_learned(monkeypatch):
    data = made_up.make()
    assert data.keys() == _imdb_files.DTYPES.keys()
    assert {name: values.dtype for name, values in data.items()} == _imdb_files.DTYPES
    monkeypatch.setattr(loader, "arrays", lambda name: data)
    (X_train, y_train), _ = imdb.load_data()
    texts, _ = imdb.raw_reviews()
    assert [len(x) - 1 for x in X_train[:20]] == [
        len(imdb.words_of(text)) for text in texts[:20]
    ]
    kind = np.array([text.count("loved") - text.count("asleep") for text in texts])
    assert kind[y_train == 1].mean() > kind[y_train == 0].mean() + 0.1


def test_stand_in_books_hold_the_words_the_notebook_asks_for():
    from collections import Counter

    from gensim.models.phrases import Phrases
    from nltk.tokenize import wordpunct_tokenize

    books = gutenberg.make().values()
    lines = [line for book in books for line in bytes(book).decode().splitlines()]
    sents = [wordpunct_tokenize(line.lower()) for line in lines]
    sents = [[word for word in sent if word not in set(".\"',")] for sent in sents]
    pairs = Phrases(sents, min_count=32, threshold=64).freeze()
    assert {"miss_taylor", "ma_am", "moby_dick"} <= set(pairs.phrasegrams)
    counts = Counter(word for sent in sents for word in pairs[sent])
    asked = """father mother sister brother dog eat day ma_am man woman husband wife
        king queen coat hat cloak bonnet gown gloves"""
    assert [word for word in asked.split() if counts[word] < 10] == []


def test_stand_in_of_emma_has_what_chapter_2_counts_in_it():
    import re
    from collections import Counter

    emma = bytes(gutenberg.make()["austen-emma.txt"]).decode().lower()
    counts = Counter(re.findall("[a-z]+", emma))
    asked = "paris quite duchess sunday nurse country said very january spoke led"
    assert [word for word in asked.split() if counts[word] < 40] == []
    assert len(counts) >= 1000
    assert sum(count >= 40 for count in counts.values()) >= 300
    assert sum(w.endswith("ed") and n >= 20 for w, n in counts.items()) >= 300
    assert sum(8 <= n <= 40 for n in counts.values()) >= 200


def test_stand_ins_are_the_same_every_time():
    first, second = gutenberg.make(), gutenberg.make()
    assert cache.digest(first) == cache.digest(second)
