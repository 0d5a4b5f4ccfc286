"""Figures carry alt text, and the learning curves say what they show."""

import base64
import io

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from dli import figures


@pytest.fixture
def shown(monkeypatch):
    """The figures that were shown, each with its alternative text."""
    calls, outputs = [], []
    drawn = figures._drawn

    def keep(fig, sharpness):
        calls.append([fig])
        return drawn(fig, sharpness)

    def display(data, raw, metadata=None):
        outputs.append(data)
        if "text/plain" in data:
            (about,) = metadata.values()
            assert raw and data["text/plain"] == about["alt"]
            calls[-1].append(about["alt"])
        else:
            assert data == {"text/html": figures.fold(calls[-1][1])}

    monkeypatch.setattr(figures, "_drawn", keep)
    monkeypatch.setattr("IPython.display.display", display)
    yield calls
    assert len(outputs) == 2 * len(calls), "every picture has its words below it"


def test_show_needs_alt_text_and_closes_the_figure(shown):
    fig = plt.figure()
    with pytest.raises(ValueError, match="alt text"):
        figures.show(fig, alt="  ")
    figures.show(fig, alt="a line\n   that rises")
    assert shown == [[fig, "a line that rises"]]
    assert not plt.fignum_exists(fig.number)


def test_the_words_of_a_picture_are_escaped():
    assert "<p>w &lt; 0</p></details>" in figures.fold("w < 0")


@pytest.mark.parametrize("photographs", [False, True])
def test_pictures_are_sharp_small_and_no_wider_than_they_were(monkeypatch, photographs):
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    fig, ax = plt.subplots(figsize=(3, 3), dpi=90)
    ax.imshow(noise)
    once = io.BytesIO()
    fig.savefig(once, format="png", bbox_inches="tight")
    calls = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: calls.append((a, k)))
    figures.show(fig, alt="noise", photographs=photographs)
    mime = "image/jpeg" if photographs else "image/png"
    ((data,), options), _ = calls
    stored = Image.open(io.BytesIO(base64.b64decode(data[mime])))
    width = options["metadata"][mime]["width"]
    assert stored.format.lower() == mime.removeprefix("image/")
    assert abs(width - Image.open(once).width) <= 1
    assert stored.width >= 1.45 * width
    if not photographs:
        assert len(stored.getcolors()) <= 256


def test_labels_at_the_ends_of_lines_keep_their_distance():
    fig, axis = plt.subplots()
    for name, end in (("a", 1.0), ("b", 1.001), ("c", 1.002), ("_d", 0.5)):
        axis.plot([0, 1], [0, end], label=name)
    figures.label_ends(axis)
    heights = [text.xy[1] for text in axis.texts]
    assert [text.get_text() for text in axis.texts] == ["a", "b", "c"]
    assert np.diff(heights).min() > 0.085
    plt.close(fig)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.5, 0.25], "0.500 at first, 0.250 at the end"),
        ([0.5, 0.2, 0.3], "0.500 at first, lowest 0.200 in epoch 2, 0.300 at the end"),
        ([0.5], "0.500 at first"),
        ([float("nan")], "is not a number"),
    ],
)
def test_the_way_of_a_curve_in_words(values, said):
    assert figures.course(values) == said


def test_swings_are_told():
    assert "swings by up to 0.4" in figures.course([0.9, 0.5, 0.8, 0.4, 0.8, 0.5])
    assert "swings" not in figures.course([0.1, 0.5, 0.9, 0.5, 0.1])


def test_learning_curves(shown):
    history = {
        "accuracy": [0.5, 0.7, 0.9],
        "loss": [3.0, 2.0, 1.0],
        "val_accuracy": [0.4, 0.6, 0.5],
        "val_loss": [3.0, 1.5, 2.5],
        "learning_rate": [0.1, 0.1, 0.1],
    }
    figures.learning_curves(history, title="Net")
    fig, alt = shown[0]
    assert [axis.get_title() for axis in fig.axes] == ["loss", "accuracy"]
    labels = {text.get_text() for text in fig.axes[0].texts}
    assert labels == {"training", "validation"} and not fig.legends
    assert list(fig.axes[0].lines[1].get_ydata()) == history["val_loss"]
    assert "over 3 epochs" in alt and "lowest validation loss is at epoch 2" in alt
    assert "training loss 3.000 at first, 1.000 at the end" in alt
    assert "epoch 2" in fig.axes[0].get_xlabel()


def test_the_best_epoch_is_not_marked_where_it_is_the_last(shown):
    figures.learning_curves({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]}, title="Net")
    ((fig, alt),) = shown
    assert len(fig.axes[0].lines) == 2 and fig.axes[0].get_xlabel() == "epoch"
    assert "lowest validation loss is at epoch 2" in alt


def test_learning_curves_without_validation_or_epochs(shown):
    figures.learning_curves({"loss": [1.0, 0.5]}, title="Net")
    assert "validation" not in shown[0][1]
    with pytest.raises(ValueError, match="no finished epoch"):
        figures.learning_curves({"loss": []}, title="Net")


def test_palette_matches_the_house_style():
    with plt.style.context("dli.house"):
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert set(cycle) <= {colour for colour in figures.PALETTE.values()}


def test_curves_of_a_training_that_diverged_say_so(shown):
    nan = float("nan")
    history = {"loss": [0.9, nan, nan], "val_loss": [0.8, nan, nan]}
    figures.learning_curves(history, title="Net")
    ((fig, alt),) = shown
    assert "diverged: its loss is not a number from epoch 2" in alt
    assert "lowest validation loss is at epoch 1" in alt
    assert fig.get_suptitle() == "Net: diverged in epoch 2"
