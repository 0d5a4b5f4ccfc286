"""Showing figures with alt text, and the learning curves every training ends with."""

from __future__ import annotations

import base64
import io

import matplotlib.pyplot as plt

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


#: Metadata of a picture, not recorded: what its plain text was in older recordings.
FIGURE = "dli_figure"


def show(fig: plt.Figure, alt: str, photographs: bool = False) -> None:
    """Show `fig` under a cell, with `alt` as the picture's alternative text.

    The figure is closed, so it is not shown twice.

    Args:
        fig: the figure.
        alt: what it shows, in a sentence or two.
        photographs: it holds photographs, which take the more space the more colours
            are kept: 64 in place of 256.

    Raises:
        ValueError: the alternative text is empty.
    """
    if not alt.strip():
        raise ValueError("a figure needs alt text: say what it shows, in a sentence")
    from IPython.display import display

    png = _png(fig, colours=64 if photographs else 256)
    alt = " ".join(alt.split())
    # Front ends drop a picture's metadata: the plain text carries the alt text too.
    display(
        {"image/png": png, "text/plain": alt},
        metadata={"image/png": {"alt": alt}, FIGURE: repr(fig)},
        raw=True,
    )
    plt.close(fig)


def _png(fig: plt.Figure, colours: int) -> str:
    """The figure as PNG with a palette, in base64: a third of the size of full colour.

    No dithering: flat areas stay flat.
    """
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", bbox_inches="tight")
    picture = Image.open(drawn).convert("RGB")
    picture.quantize(colours, dither=Image.Dither.NONE).save(
        small, "png", optimize=True
    )
    return base64.b64encode(small.getvalue()).decode()


def learning_curves(history: dict[str, list[float]], title: str) -> None:
    """Draw every metric of a training by epoch, training and validation together.

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
    epochs = range(1, len(history[metrics[0]]) + 1)
    lowest = best_epoch(history.get("val_loss", ()))
    best = None if lowest is None else lowest + 1
    losses = zip(epochs, history.get("loss", ()))
    diverged = first_divergence([(epoch, {"loss": loss}) for epoch, loss in losses])

    width = 3.8 * len(metrics) + 0.4
    fig, axes = plt.subplots(1, len(metrics), figsize=(width, 3.1), squeeze=False)
    told = []
    for axis, metric in zip(axes[0], metrics):
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
            told.append(f"{label} {metric} {values[0]:.3f} to {values[-1]:.3f}")
        if best:
            axis.axvline(
                best,
                color=PALETTE["grey"],
                linestyle="--",
                linewidth=1,
                label=f"lowest validation loss (epoch {best})",
            )
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.set(xlabel="epoch", ylabel=metric, title=metric.replace("_", " "))
    handles, labels = axes[0][0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9)
    fig.suptitle(f"{title}: diverged in epoch {diverged}" if diverged else title)
    alt = f"{title}: line charts over {len(epochs)} epochs; " + "; ".join(told)
    if best:
        alt += f"; the lowest validation loss is at epoch {best}"
    if diverged:
        alt += f"; it diverged: its loss is not a number from epoch {diverged}"
    show(fig, alt=alt + ".")
