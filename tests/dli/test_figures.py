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
    calls = []
    png = figures._png

    def drawn(fig, colours):
        calls.append([fig])
        return png(fig, colours)

    def display(data, metadata, raw):
        assert raw and data["text/plain"] == metadata["image/png"]["alt"]
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
        calls[-1].append(metadata["image/png"]["alt"])

    monkeypatch.setattr(figures, "_png", drawn)
    monkeypatch.setattr("IPython.display.display", display)
    return calls


def test_show_needs_alt_text_and_closes_the_figure(shown):
    fig = plt.figure()
    with pytest.raises(ValueError, match="alt text"):
        figures.show(fig, alt="  ")
    figures.show(fig, alt="a line\n   that rises")
    assert shown == [[fig, "a line that rises"]]
    assert not plt.fignum_exists(fig.number)


def test_pictures_are_stored_small():
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    fig, ax = plt.subplots(figsize=(3, 3), dpi=90)
    ax.imshow(noise)
    full = io.BytesIO()
    fig.savefig(full, format="png", bbox_inches="tight")
    chart, photograph = (
        base64.b64decode(figures._png(fig, colours)) for colours in (256, 64)
    )
    assert len(photograph) < len(chart) < 0.6 * len(full.getvalue())
    for png, colours in ((chart, 256), (photograph, 64)):
        picture = Image.open(io.BytesIO(png))
        assert picture.size == Image.open(full).size
        assert len(picture.getcolors()) <= colours
    plt.close(fig)


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
    assert [axis.get_ylabel() for axis in fig.axes] == ["loss", "accuracy"]
    assert list(fig.axes[0].lines[1].get_ydata()) == history["val_loss"]
    assert "over 3 epochs" in alt and "lowest validation loss is at epoch 2" in alt
    assert "training loss 3.000 to 1.000" in alt


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
