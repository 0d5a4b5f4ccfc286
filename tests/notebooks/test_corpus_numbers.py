"""The book's numbers about the Gutenberg corpus, computed afresh (about half a minute).

Chapter 11 prints how many words there are, how often pairs of words occur and how they
score: all of it is counting, so all of it must come out exactly.
"""

import string
from collections import Counter

import pytest

from dli import book, datasets
from dli.datasets import nltk_data

# Where the sentence model cuts moves the fourth decimal of the first two settings.
CLOSE = {"rel": 5e-5, "abs": 0}


@pytest.fixture(scope="module")
def gutenberg():
    found = datasets.fetch(nltk_data.PLACES)
    lacking = [p.title for p in found.values() if p.extent != "complete"]
    if lacking:
        pytest.skip(f"can't be had here: {', '.join(lacking)}")
    nltk_data.ensure()
    from nltk.corpus import gutenberg

    return gutenberg


@pytest.fixture(scope="module")
def sents(gutenberg):
    return [sent for name in gutenberg.fileids() for sent in gutenberg.sents(name)]


@pytest.fixture(scope="module")
def lower(sents):
    marks = set(string.punctuation)
    return [[word.lower() for word in sent if word not in marks] for sent in sents]


def check(phrases, expected):
    scores = phrases.export_phrases()
    for pair, (count, score) in expected.items():
        assert phrases.vocab[pair] == count, pair
        assert scores[pair] == pytest.approx(score, **CLOSE), pair


def printed(measure):
    measures = book.entry("natural_language_preprocessing")["measures"]
    return next(m["book"] for m in measures if m["name"] == measure)


def test_books_and_tokens(gutenberg):
    assert len(gutenberg.fileids()) == 18
    assert len(gutenberg.words()) == printed("tokens") == 2_621_613


def test_the_sentence_of_the_book(gutenberg, sents):
    from nltk import sent_tokenize, word_tokenize
    from nltk.corpus import stopwords

    assert [len(sent) for sent in sents[:3]] == [7, 2, 2]
    sentence = sents[4]
    assert (len(sentence), sentence[14]) == (39, "father")
    other = word_tokenize(sent_tokenize(gutenberg.raw("austen-emma.txt"))[1])
    assert (len(other), other[14]) == (38, "father")

    removed = {*stopwords.words("english"), *string.punctuation}
    kept = [word.lower() for word in sentence if word.lower() not in removed]
    assert " ".join(kept) == (
        "youngest two daughters affectionate indulgent father consequence sister "
        "marriage mistress house early period"
    )


def test_stop_words_that_came_after_the_book_change_nothing(lower):
    from nltk.corpus import stopwords

    words = stopwords.words("english")
    assert len(words) == 198  # 179 in the book; the newcomers are contractions
    contractions = {word for word in words if "'" in word}
    assert len(words) - len(contractions) < 179
    assert not any(contractions.intersection(sent) for sent in lower)


def test_stems():
    from nltk.stem import PorterStemmer

    words = ["house", "housing", "early", "earlier", "earliest"]
    stems = [PorterStemmer().stem(word) for word in words]
    assert stems == ["hous", "hous", "earli", "earlier", "earliest"]


def test_pairs_as_the_text_comes(sents):
    from gensim.models.phrases import Phrases

    phrases = Phrases(sents)
    check(
        phrases,
        {
            "two_daughters": (19, 11.967),
            "her_sister": (195, 17.796),
            "'_s": (9781, 31.066),
            "very_early": (24, 11.012),
            "Her_mother": (14, 13.529),
            "long_ago": (38, 63.223),
            "more_than": (541, 29.0236),
            "had_been": (1256, 22.306),
            "an_excellent": (54, 39.064),
            "Miss_Taylor": (48, 453.759),
            "very_fond": (28, 24.134),
            "passed_away": (25, 12.3505),
            "too_much": (173, 31.376),
            "did_not": (935, 11.728),
            "any_means": (27, 14.097),
            "wedding_-": (15, 17.4695),
            "Her_father": (18, 13.1296),
            "after_dinner": (21, 21.5285),
        },
    )
    counts = [phrases.vocab[w] for w in ("two", "daughters", "two_daughters")]
    assert counts == [2268, 319, 19]
    assert len(phrases.vocab) == 618_421
    joined = phrases[["Jon", "lives", "in", "New", "York", "City"]]
    assert joined == ["Jon", "lives", "in", "New_York", "City"]


def test_pairs_in_lower_case(lower):
    from gensim.models.phrases import Phrases

    check(
        Phrases(lower),
        {
            "two_daughters": (19, 11.081),
            "her_sister": (201, 16.940),
            "very_early": (25, 10.517),
            "her_mother": (253, 10.708),
            "long_ago": (38, 59.2264),
            "more_than": (562, 28.5299),
            "had_been": (1260, 21.5832),
            "an_excellent": (58, 37.4186),
            "sixteen_years": (15, 131.429),
            "miss_taylor": (48, 420.434),
            "mr_woodhouse": (132, 104.199),
            "very_fond": (30, 24.1857),
            "passed_away": (25, 11.7515),
            "too_much": (177, 30.3631),
            "did_not": (977, 10.8462),
            "any_means": (28, 14.2941),
            "after_dinner": (22, 18.6074),
            "mr_weston": (162, 91.633),
        },
    )


def test_pairs_of_the_clean_corpus_and_the_vocabulary(lower):
    from gensim.models.phrases import Phrases

    phrases = Phrases(lower, min_count=32, threshold=64)
    check(
        phrases,
        {
            "miss_taylor": (48, 156.44059469941823),
            "mr_woodhouse": (132, 82.047),
            "mr_weston": (162, 75.874),
            "mrs_weston": (249, 160.685),
            "great_deal": (182, 93.364),
            "mr_knightley": (277, 161.741),
            "miss_woodhouse": (173, 229.038),
            "years_ago": (56, 74.316),
            "mr_elton": (214, 121.399),
            "dare_say": (115, 89.940),
            "frank_churchill": (151, 1316.446),
            "miss_bates": (113, 276.396),
            "drawing_room": (49, 84.915),
            "mrs_goddard": (58, 143.578),
            "miss_smith": (58, 73.034),
            "few_minutes": (86, 204.168),
            "john_knightley": (58, 83.038),
            "don_t": (830, 250.310),
            "ma_am": (216, 157.258),
            "moby_dick": (84, 4115.878),
            "sperm_whale": (183, 297.367),
        },
    )
    pairs = phrases.freeze()
    assert len(pairs.phrasegrams) == printed("bigrams") == 97
    assert pairs.phrasegrams["miss_taylor"] == 156.44059469941823

    clean = [pairs[sent] for sent in lower]
    assert len(clean[6]) == 25
    assert {"miss_taylor", "mr_woodhouse"} <= set(clean[6])
    counts = Counter(word for sent in clean for word in sent)
    assert (counts.total(), len(counts)) == (2_214_841, 42_381)
    vocabulary = sum(count >= 10 for count in counts.values())
    assert vocabulary == printed("vocabulary") == 10_329


def test_the_same_seed_gives_the_same_vectors_whatever_python_hashes(lower):
    """Two processes with other `PYTHONHASHSEED`s, on a part of the corpus."""
    import json
    import os
    import subprocess
    import sys

    train = (
        "import sys, json, hashlib; from gensim.models import Word2Vec; "
        "sents = json.load(sys.stdin); "
        "model = Word2Vec(sents, vector_size=64, sg=1, window=10, epochs=1, "
        "min_count=10, workers=1, seed=42); "
        "words = ' '.join(model.wv.index_to_key).encode(); "
        "print(hashlib.sha256(words + model.wv.vectors.tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", train],
            input=json.dumps(lower[:5000]),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "77")
    }
    assert len(found) == 1
