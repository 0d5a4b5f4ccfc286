"""One side of the preprocessing of natural language in chapter 11."""

from __future__ import annotations

import time

from benchmarks import notebook
from dli.datasets import nltk_data

NOTEBOOK = "natural_language_preprocessing"
MARKER = "model = Word2Vec("


def preprocessing(spec: dict) -> dict:
    """Seconds until the sentences are clean, and of word2vec, of one side."""
    nltk_data.ensure("gutenberg", "stopwords", "punkt_tab")
    side = {"printed": _printed, "ours": _ours}[spec["side"]]
    seconds, clean, bigrams, train = side()
    result: dict = {"seconds": [seconds]}
    result["quality"] = {
        "tokens": sum(map(len, clean)),
        "phrases": len(bigrams.phrasegrams),
    }
    if spec.get("word2vec"):
        started = time.perf_counter()
        vectors = train()
        result["word2vec"] = time.perf_counter() - started
        result["quality"]["vocabulary"] = len(vectors)
        result["quality"]["father : dog"] = float(vectors.similarity("father", "dog"))
    return result


def _printed():
    from benchmarks.printed import corpus  # its libraries are not our side's

    started = time.perf_counter()
    clean, bigrams = corpus.clean_sentences()
    seconds = time.perf_counter() - started
    return seconds, clean, bigrams, lambda: corpus.word_vectors(clean)


def _ours():
    """The notebook's cells from the corpus to clean sentences, timed."""
    cells, training = notebook.cut(NOTEBOOK, MARKER)
    names: dict = {"__name__": "__main__"}
    started = 0.0
    for cell in cells:
        if "beyond-the-book" not in cell.tags:
            notebook.run(cell.source, NOTEBOOK, names)
        if "nltk_data.ensure(" in cell.source:  # imports and parameters are done
            started = time.perf_counter()
    seconds = time.perf_counter() - started

    def train():
        return notebook.run(training, NOTEBOOK, names)["vectors"]

    return seconds, names["clean_sents"], names["lower_bigrams"], train
