"""The written stand-ins: reviews and books."""

import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from dli.datasets import imdb
from dli.datasets._fetch import cache, loader
from dli.datasets._stand_ins import gutenberg
from dli.datasets._stand_ins import imdb as made_up


@pytest.fixture(scope="module")
def reviews():
    return made_up.make()


def test_made_up_reviews_are_what_the_cache_would_keep(reviews, monkeypatch):
    assert {name: values.dtype for name, values in reviews.items()} == imdb._DTYPES
    assert reviews["halves"].tolist() == [25_000, 25_000]
    monkeypatch.setattr(loader, "arrays", lambda name: reviews)
    (X_train, y_train), (_, y_valid) = imdb.load_data()
    assert y_train.mean() == y_valid.mean() == 0.5
    assert len(imdb.get_word_index()) > 2000, "there are rare words"
    lengths = [len(imdb.words_of(text)) for text in imdb.raw_reviews()[0][:20]]
    assert [len(ids) - 1 for ids in X_train[:20]] == lengths


def test_made_up_reviews_can_be_learned(reviews, monkeypatch):
    monkeypatch.setattr(loader, "arrays", lambda name: reviews)
    (_, labels), _ = imdb.load_data()
    words = HashingVectorizer(n_features=4096).transform(imdb.raw_reviews()[0][:4000])
    learner = LogisticRegression().fit(words[:2000], labels[:2000])
    assert 0.7 < learner.score(words[2000:], labels[2000:4000]) < 0.95


def test_made_up_reviews_are_always_the_same(reviews):
    assert cache.digest(made_up.make()) == cache.digest(reviews)


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


def test_stand_in_books_are_always_the_same():
    first, second = gutenberg.make(), gutenberg.make()
    assert cache.digest(first) == cache.digest(second)
