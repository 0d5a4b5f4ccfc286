"""An image as the grid of numbers that a computer gets."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle


def draw(ax: Axes, image: np.ndarray, row: int | None = None) -> AxesImage:
    """Draw an image in greys, with the value of each pixel on its shade.

    Zeros are printed pale, so that the ink stands out; rows and columns are numbered.

    Args:
        ax: where to draw.
        image: whole numbers from 0 (white) to 255 (black), shape (rows, columns).
        row: a row to be framed.

    Returns:
        The picture, for a colour bar.

    Raises:
        ValueError: the image is no grid: it has another number of dimensions than two.
    """
    if image.ndim != 2:
        raise ValueError(f"an image has rows and columns; this has shape {image.shape}")
    rows, columns = image.shape
    picture = ax.imshow(image, cmap="gray_r", vmin=0, vmax=255)
    for (y, x), value in np.ndenumerate(image):
        colour = "#B5B5B5" if value == 0 else "white" if value > 110 else "black"
        ax.text(x, y, int(value), color=colour, fontsize=9, ha="center", va="center")
    for axis, count in ((ax.xaxis, columns), (ax.yaxis, rows)):
        axis.set_ticks(range(count))
        axis.set_ticks(np.arange(-0.5, count), minor=True)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.tick_params(which="both", length=0, labelsize=9)
    ax.grid(False)
    ax.grid(True, which="minor", color="lightgrey", linewidth=0.5)
    ax.set(xlabel="column", ylabel="row")
    if row is not None:
        frame = Rectangle((-0.5, row - 0.5), columns, 1, fill=False, lw=2.5)
        frame.set(edgecolor="#D55E00", zorder=3, clip_on=False)
        ax.add_patch(frame)
    return picture
