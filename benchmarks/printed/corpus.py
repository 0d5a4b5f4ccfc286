"""Eighteen books: chapter 11."""

from __future__ import annotations

import string

from gensim.models import Word2Vec
from gensim.models.phrases import Phraser, Phrases
from nltk import sent_tokenize, word_tokenize
from nltk.corpus import gutenberg, stopwords


def clean_sentences():
    """The corpus as sentences of clean words, phrases joined.

    `gutenberg.sents()` is no list: each loop over it cuts the books into words again.
    """
    len(gutenberg.words())
    # Book by book: on one string of 12 MB NLTK gives up where the machine is busy.
    first = sent_tokenize(gutenberg.raw(gutenberg.fileids()[0]))
    for fileid in gutenberg.fileids()[1:]:
        sent_tokenize(gutenberg.raw(fileid))
    word_tokenize(first[1])
    sents = gutenberg.sents()
    [w.lower() for w in sents[4] if w.lower() not in stopwords.words("english")]

    Phraser(Phrases(sents))
    lower = []
    for sent in sents:
        lower.append([w.lower() for w in sent if w not in list(string.punctuation)])
    Phraser(Phrases(lower))
    bigrams = Phraser(Phrases(lower, min_count=32, threshold=64))
    clean = []
    for sent in lower:
        clean.append(bigrams[sent])
    return clean, bigrams


def word_vectors(sentences):
    """word2vec on four workers."""
    sizes = {"vector_size": 64, "window": 10, "epochs": 5, "min_count": 10}
    return Word2Vec(sentences=sentences, sg=1, workers=4, **sizes).wv
