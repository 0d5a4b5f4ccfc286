"""What the nine sentiment classifiers share, on made-up reviews."""

import types

import numpy as np
import pytest

from dli import sentiment
from dli.datasets import imdb

RANKS = {"the": 1, "film": 2, "was": 3, "not": 4, "good": 5, "dire": 6}


@pytest.fixture(autouse=True)
def few_words(monkeypatch):
    long, short = [1, 4, 5, 6, 7, 8], [1, 8]
    halves = [(np.array([long, short], dtype=object), np.array([1, 0]))] * 2
    monkeypatch.setattr(imdb, "load_data", lambda **options: tuple(halves))
    monkeypatch.setattr(imdb, "get_word_index", lambda: RANKS)
    sentiment.words.cache_clear()
    yield
    sentiment.words.cache_clear()


@pytest.fixture
def told(monkeypatch):
    """Alternative texts of the pictures, in the order in which they were shown."""
    texts = []

    def show(fig, alt):
        fig.canvas.draw()
        texts.append(alt)

    monkeypatch.setattr("dli.figures.show", show)
    return texts


@pytest.fixture
def shown(monkeypatch):
    """Outputs by MIME type."""
    outputs = []
    monkeypatch.setattr(
        "IPython.display.display", lambda bundle, raw: outputs.append(bundle)
    )
    return outputs


def test_reviews_are_cut_in_front_and_padded_in_front(capsys):
    (X_train, y_train), (X_valid, _) = sentiment.load(10, 4)
    assert X_train.tolist() == [[5, 6, 7, 8], [0, 0, 1, 8]]
    assert X_valid.shape == (2, 4) and y_train.tolist() == [1, 0]
    printed = capsys.readouterr().out
    assert "50% have more than 4 words" in printed and "last 4" in printed


def test_the_first_words_can_be_kept():
    (X_train, _), _ = sentiment.load(10, 4, keep="first")
    assert X_train[0].tolist() == [1, 4, 5, 6]
    with pytest.raises(ValueError, match="keep"):
        sentiment.load(10, 4, keep="middle")


def test_spelling_leaves_the_padding_out():
    assert sentiment.spell(np.array([0, 0, 1, 5, 2])) == ["START", "film", "UNK"]
    assert sentiment.spell([99]) == ["?"]


def test_a_text_of_ones_own_becomes_a_row():
    row = sentiment.encode("The film was NOT good, unheard-of.", 9, 9)
    assert row.dtype == np.int32 and row[0] == 0
    assert " ".join(sentiment.spell(row)).startswith("START the film was not good")
    assert sentiment.encode("film", 9, 3, skip_top=5).tolist() == [0, 2, 5]
    assert sentiment.encode("the film was good", 9, 2).tolist() == [6, 8]


def test_a_row_is_cut_after_every_word():
    cut = sentiment.after_every_word(np.array([0, 1, 5, 8]))
    assert cut.tolist() == [[0, 0, 0, 1], [0, 0, 1, 5], [0, 1, 5, 8]]
    full = np.array([4, 5, 6])
    assert sentiment.after_every_word(full)[-1].tolist() == full.tolist()


def test_only_words_are_shuffled():
    rows = np.zeros((3, 40), int)
    rows[:, 20], rows[:, 21:] = 1, np.arange(4, 23)
    shuffled = sentiment.shuffle_words(rows)
    assert (shuffled[:, :21] == rows[:, :21]).all()
    assert (np.sort(shuffled[:, 21:]) == rows[:, 21:]).all()
    assert (shuffled != rows).any() and (rows[:, 21:] == np.arange(4, 23)).all()
    assert (sentiment.shuffle_words(rows) == shuffled).all()
    assert (sentiment.shuffle_words(rows, seed=1) != shuffled).any()


class Model:
    name = "rnn_sentiment_classifier"
    loaded = None

    def load_weights(self, file):
        self.loaded = file


@pytest.fixture
def trained():
    logs = {"val_loss": [float("nan"), 0.4, 0.6], "val_accuracy": [0.5, 0.8, 0.7]}
    saved = types.SimpleNamespace(filepath="x/epoch_{epoch:02d}.weights.h5")
    return Model(), types.SimpleNamespace(history=logs), saved


def test_the_best_epoch_is_loaded_beside_the_authors(trained, capsys):
    assert sentiment.load_best_epoch(*trained) == 2
    assert trained[0].loaded == "x/epoch_02.weights.h5"
    printed = capsys.readouterr().out
    assert "0.4000" in printed and "0.8000" in printed
    assert "the authors" in printed and "0.5039" in printed


def test_a_network_of_ones_own_has_no_authors(trained, capsys):
    trained[0].name = "mine"
    sentiment.load_best_epoch(*trained)
    assert "authors" not in capsys.readouterr().out


def test_a_diverged_training_has_no_best_epoch(trained, capsys):
    trained[1].history["val_loss"] = [float("nan")] * 3
    assert sentiment.load_best_epoch(*trained) is None
    assert trained[0].loaded is None
    assert "diverged" in capsys.readouterr().out


@pytest.mark.parametrize("epochs", [1, 4, 6])
def test_every_epoch_stands_beside_the_authors(shown, epochs):
    metrics = ("loss", "accuracy", "val_loss", "val_accuracy")
    logs = {metric: [0.25] * epochs for metric in metrics}
    history = types.SimpleNamespace(epoch=list(range(epochs)), history=logs)
    for name in sentiment.AUTHORS_EPOCHS:
        sentiment.epochs_beside_authors(name, history)
    head, *lines = shown[0]["text/plain"].splitlines()
    assert len(lines) == max(epochs, 4) and head.split()[:2] == ["epoch", "loss"]
    assert lines[0].split()[1:3] == ["0.2500", "0.5612"]
    assert lines[-1].count("–") == {1: 4, 4: 0, 6: 4}[epochs]


def test_the_best_of_the_authors_epochs_are_those():
    for name, logs in sentiment.AUTHORS_EPOCHS.items():
        epoch, loss, accuracy = sentiment.AUTHORS[name]
        assert min(logs["val_loss"]) == logs["val_loss"][epoch - 1] == loss
        assert logs["val_accuracy"][epoch - 1] == accuracy


def test_weights_are_saved_every_epoch(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved = sentiment.save_epochs("mine")
    assert saved.save_weights_only
    assert str(saved.filepath).format(epoch=3).endswith("mine/epoch_03.weights.h5")
    assert (tmp_path / "model_output" / "mine").is_dir()


def test_the_histogram_counts_both_mistakes(told):
    y = np.array([1, 1, 1, 0, 0])
    sentiment.histogram(y, np.array([0.95, 0.4, 0.6, 0.05, 0.7]))
    sentiment.histogram(y, np.array([0.95, 0.4, 0.6, 0.05, 0.7]), threshold=0.65)
    assert "1 are false negatives and 1 false positives" in told[0]
    assert "2 are false negatives and 1 false positives" in told[1]
    assert "favourable ones 0% lie below 0.1 and 33% above" in told[0]


def test_the_histogram_takes_one_class_and_no_numbers(told):
    sentiment.histogram(np.ones(3), np.array([0.2, np.nan, 0.9]))
    assert "unfavourable" not in told[0]


def test_opinions_tell_the_word_that_moves_most(told):
    sentiment.opinions(
        ["START", "not", "good"], {"RNN": np.array([0.5, 0.4, 0.9])}, "t", y=0
    )
    assert "“good”" in told[0] and "0.90" in told[0] and "unfavourable" in told[0]
    sentiment.opinions(["a"] * 80, {"x": np.zeros(80)}, "t", y=1)
    sentiment.opinions(["a"], {"x": np.zeros(1)}, "t", y=1)


def test_shaded_words_are_escaped_and_named(shown):
    sentiment.shade(["<b>", "fine", "so"], np.array([-2.0, 1.0, 0.0]), "pull")
    html, plain = shown[0]["text/html"], shown[0]["text/plain"]
    assert "<b>" not in html and "&lt;b&gt;" in html
    assert "pull; largest: <b> (-2.00), fine (+1.00)" in plain
    assert "rgba(230,159,0,0.85)" in html and "rgba(86,180,233,0.42)" in html


def test_shading_takes_silence_and_asks_for_one_number_a_word(shown):
    sentiment.shade(["a", "b"], np.array([0.0, np.nan]), "pull")
    assert "largest: none" in shown[0]["text/plain"]
    with pytest.raises(ValueError, match="2 words"):
        sentiment.shade(["a", "b"], np.array([1.0]), "pull")
