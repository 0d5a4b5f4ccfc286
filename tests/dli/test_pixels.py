"""The grid of numbers: every value, readable on its shade."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dli import pixels


@pytest.fixture
def ax():
    fig, axes = plt.subplots()
    yield axes
    plt.close(fig)


def test_every_pixel_has_its_value(ax):
    image = np.arange(6, dtype=np.uint8).reshape(2, 3) * 50
    pixels.draw(ax, image)
    assert [text.get_text() for text in ax.texts] == [
        "0",
        "50",
        "100",
        "150",
        "200",
        "250",
    ]
    assert ax.texts[4].get_position() == (1, 1)


def test_values_can_be_read_on_their_shade(ax):
    pixels.draw(ax, np.array([[0, 30, 255]], dtype=np.uint8))
    pale, black, white = (text.get_color() for text in ax.texts)
    assert (black, white) == ("black", "white") and pale not in ("black", "white")


def test_rows_and_columns_are_numbered_and_one_is_framed(ax):
    picture = pixels.draw(ax, np.zeros((4, 2), dtype=np.uint8), row=3)
    assert (len(ax.get_xticks()), len(ax.get_yticks())) == (2, 4)
    (frame,) = ax.patches
    assert (frame.get_y(), frame.get_width()) == (2.5, 2)
    assert picture.get_clim() == (0, 255)


def test_what_is_no_grid_is_refused(ax):
    with pytest.raises(ValueError, match="rows and columns"):
        pixels.draw(ax, np.zeros(784))
