"""Showing figures with alt text, and the learning curves every training ends with."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import matplotlib.pyplot as plt
import numpy as np

from dli import tables
from dli.progress import best_epoch, first_divergence

#: Okabe and Ito's colours, safe for the colour-blind; `dli.house` cycles through them.
PALETTE = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "orange": "#E69F00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "black": "#000000",
    "yellow": "#F0E442",
    "grey": "#7F7F7F",
}

# Pixels of a picture for one on the page, and JPEG's quality: photographs take about as
# many bytes as 64 colours did at a sharpness of 1 (136 kB for 121).
_SHARPNESS, _SHARPNESS_JPEG, _QUALITY = 2, 1.5, 60


def show(fig: plt.Figure, alt: str, photographs: bool = False) -> None:
    """Show `fig` under a cell, with `alt` as the picture's alternative text.

    The figure is closed, so it is not shown twice.

    Args:
        fig: the figure.
        alt: what it shows, in a sentence or two.
        photographs: it holds photographs, which JPEG keeps in few bytes and in true
            colours; everything else is PNG.

    Raises:
        ValueError: the alternative text is empty.
    """
    if not alt.strip():
        raise ValueError("a figure needs alt text: say what it shows, in a sentence")
    from IPython.display import display

    alt = " ".join(alt.split())
    mime, stored, width = (_jpeg if photographs else _png)(fig)
    display(
        {mime: base64.b64encode(stored).decode(), "text/plain": alt},
        metadata={mime: {"alt": alt, "width": width}},
        raw=True,
    )
    # JupyterLab, nbconvert and GitHub draw the picture and drop its alt text. What all
    # of them keep is a second output of plain HTML. A fold and not an <img alt=…>:
    # that would hold every picture twice, and GitHub takes its data out.
    display({"text/html": fold(alt)}, raw=True)
    plt.close(fig)


def fold(alt: str) -> str:
    """The HTML that follows a picture: its words, for readers of every front end."""
    return tables.fold("Picture in words", f"<p>{escape(alt, quote=False)}</p>")


def _drawn(fig: plt.Figure, sharpness: float):
    """The figure as an RGB image, and its width on the page in pixels."""
    from PIL import Image

    dpi = plt.rcParams["savefig.dpi"]
    dpi = sharpness * (fig.dpi if dpi == "figure" else dpi)
    stream = io.BytesIO()
    fig.savefig(stream, format="png", bbox_inches="tight", dpi=dpi)
    picture = Image.open(stream).convert("RGB")
    return picture, round(picture.width / sharpness)


def _png(fig: plt.Figure) -> tuple[str, bytes, int]:
    """PNG with a palette: a third of the size of full colour.

    No dithering: flat areas stay flat.
    """
    from PIL import Image

    picture, width = _drawn(fig, _SHARPNESS)
    small = io.BytesIO()
    few = picture.quantize(256, dither=Image.Dither.NONE)
    few.save(small, "png", optimize=True)
    return "image/png", small.getvalue(), width


def _jpeg(fig: plt.Figure) -> tuple[str, bytes, int]:
    picture, width = _drawn(fig, _SHARPNESS_JPEG)
    small = io.BytesIO()
    picture.save(small, "jpeg", quality=_QUALITY, optimize=True)
    return "image/jpeg", small.getvalue(), width


def label_ends(axis: plt.Axes, gap: float = 0.09) -> None:
    """Write the label of every line of an axis at its end, in place of a legend.

    Call it after the last line is drawn and the limits are set. Labels keep a distance
    from one another, and lines whose label begins with an underscore get none.

    Args:
        axis: with lines that have a `label`.
        gap: the least distance of two labels, as a share of the axis's height.
    """
    axis.get_xlim(), axis.get_ylim()  # the limits follow the lines only when asked for
    to_share = axis.transData + axis.transAxes.inverted()
    ends = []
    for line in axis.get_lines():
        points = np.column_stack([np.asarray(d, float) for d in line.get_data()])
        points = points[np.isfinite(points).all(axis=1)]
        if not line.get_label().startswith("_") and len(points):
            x, y = to_share.transform(points[-1])
            ends.append((x, y, line))
    ends.sort(key=lambda end: end[1])
    heights = np.clip([y for _, y, _ in ends], 0, 1)
    for _ in range(100):  # push neighbours apart until all have their room
        for i in range(len(heights) - 1):
            lacking = gap - (heights[i + 1] - heights[i])
            if lacking > 1e-6:
                heights[i] -= lacking / 2
                heights[i + 1] += lacking / 2
    for (x, _, line), height in zip(ends, heights):
        axis.annotate(
            line.get_label(),
            (x, height),
            xycoords="axes fraction",
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
            fontsize=9,
            annotation_clip=False,
        )


def learning_curves(history: dict[str, list[float]], title: str) -> None:
    """Draw every metric of a training by epoch, training and validation together.

    The epoch of the lowest validation loss is marked where it is not the last one.

    Args:
        history: `History.history` of `keras.Model.fit`: metric name to one float an
            epoch; validation metrics begin with `val_`.
        title: title of the whole figure.

    Raises:
        ValueError: the history holds no epoch.
    """
    metrics = [name for name in history if not name.startswith("val_")]
    metrics = [name for name in metrics if name != "learning_rate"]
    metrics.sort(key=lambda name: (name != "loss", name))  # the loss first
    if not metrics or not history[metrics[0]]:
        raise ValueError("the history holds no finished epoch: nothing to draw")
    count = len(history[metrics[0]])
    epochs = range(1, count + 1)
    lowest = best_epoch(history.get("val_loss", ()))
    best = None if lowest is None or lowest + 1 == count else lowest + 1
    losses = zip(epochs, history.get("loss", ()))
    diverged = first_divergence([(epoch, {"loss": loss}) for epoch, loss in losses])

    width = 4.3 * len(metrics) + 0.4
    fig, axes = plt.subplots(1, len(metrics), figsize=(width, 3.1), squeeze=False)
    told = []
    for axis, metric in zip(axes[0], metrics):
        words = metric.replace("_", " ")
        for key, label, colour, marker in (
            (metric, "training", PALETTE["blue"], "o"),
            (f"val_{metric}", "validation", PALETTE["vermillion"], "s"),
        ):
            if key not in history:
                continue
            values = history[key]
            axis.plot(
                epochs,
                values,
                color=colour,
                label=label,
                marker=marker if len(values) <= 20 else None,
                markersize=3.5,
            )
            told.append(f"{label} {words} {course(values)}")
        if best:
            axis.axvline(best, color=PALETTE["grey"], linestyle="--", linewidth=1)
        axis.xaxis.get_major_locator().set_params(integer=True)
        if count == 1:
            axis.set(xlim=(0.5, 1.5), xticks=[1])
        axis.set(xlabel="epoch", title=words)
        label_ends(axis)
    if best:
        axes[0][0].set_xlabel(f"epoch (dashed: lowest validation loss, epoch {best})")
    fig.suptitle(f"{title}: diverged in epoch {diverged}" if diverged else title)
    plural = "epoch" if count == 1 else "epochs"
    alt = f"{title}: line charts over {count} {plural}; " + "; ".join(told)
    if lowest is not None:
        alt += f"; the lowest validation loss is at epoch {lowest + 1}"
    if diverged:
        alt += f"; it diverged: its loss is not a number from epoch {diverged}"
    show(fig, alt=alt + ".")


def course(values: Sequence[float], unit: str = "epoch") -> str:
    """The way of a curve in words: first, lowest and highest where they turn, last.

    Args:
        values: one an epoch (or whatever `unit` says), counted from 1.
        unit: what is counted.

    Returns:
        Such as `"0.410 at first, lowest 0.090 in epoch 7, 0.120 at the end; it swings
        by up to 0.05 from one epoch to the next"`.
    """
    found = [(i, v) for i, v in enumerate(values, 1) if np.isfinite(v)]
    if not found:
        return "is not a number"
    numbers = np.array([v for _, v in found], float)
    text = [f"{numbers[0]:.3f} at first"]
    if len(found) == 1:
        return text[0]
    for word, place in sorted(
        (("lowest", int(numbers.argmin())), ("highest", int(numbers.argmax()))),
        key=lambda found: found[1],
    ):
        if 0 < place < len(found) - 1:
            text.append(f"{word} {numbers[place]:.3f} in {unit} {found[place][0]}")
    text.append(f"{numbers[-1]:.3f} at the end")
    steps = np.diff(numbers)
    turns = int((np.sign(steps[1:]) == -np.sign(steps[:-1])).sum())
    said = ", ".join(text)
    if turns >= max(3, len(steps) / 4):
        most = np.abs(steps[1:]).max()
        said += f"; it swings by up to {most:.2g} from one {unit} to the next"
    return said
