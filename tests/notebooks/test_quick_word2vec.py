"""Quick pace of word2vec and t-SNE: shorter, same shapes; full pace is untouched."""

import os
import subprocess
import sys

import pytest

# The classes are patched for the whole process, so each pace gets one of its own.
CODE = """
import dli.kernel; dli.kernel.activate()
import numpy as np
from gensim.models import Word2Vec
from sklearn.manifold import TSNE
epochs = []
from gensim.models.callbacks import CallbackAny2Vec
class Count(CallbackAny2Vec):
    def on_epoch_end(self, model):
        epochs.append(model.corpus_count)
words = np.random.RandomState(0).randint(0, 50, (25_000, 8)).astype(str).tolist()
model = Word2Vec(words, vector_size=4, sg=1, epochs=3, min_count=1, workers=1,
                 callbacks=[Count()])
print("trained", model.train_count, "epochs", len(epochs), "vectors", len(model.wv))
tsne = TSNE(max_iter=260, perplexity=5, random_state=0)
placed = tsne.fit_transform(np.random.RandomState(0).rand(2_100, 4).astype("float32"))
print("placed", placed.shape, "repeats", bool((placed[2_000:] == placed[:100]).all()))
print("asked for", tsne.max_iter)
"""


@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        ("full", ["epochs 3 vectors 50", "placed (2100, 2) repeats False"]),
        (
            "quick",
            [
                "quick pace: a small share of the work, results mean nothing",
                "epochs 1 vectors 50",
                "quick pace: placed 2,000 of 2,100 points, the others repeat these",
                "placed (2100, 2) repeats True",
            ],
        ),
    ],
)
def test_word2vec_and_tsne(pace, expected):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, "DLI_PACE": pace},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for line in [*expected, "asked for 260"]:
        assert line in done.stdout, done.stdout
