"""What a network predicts: by true class, after every word, and word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import matplotlib.pyplot as plt
import numpy as np

from dli import figures

#: One meaning a colour: what a review really is.
COLOURS = {
    "favourable": figures.PALETTE["blue"],
    "unfavourable": figures.PALETTE["vermillion"],
}


def histogram(y: np.ndarray, y_hat: np.ndarray, threshold: float = 0.5) -> None:
    """Show how the predictions for favourable and unfavourable reviews are spread.

    Args:
        y: (reviews,), 1 for favourable.
        y_hat: (reviews,), from 0 to 1.
        threshold: drawn as a line; what lies on its wrong side is counted.
    """
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    missed = int(np.sum((y == 1) & (y_hat <= threshold)))
    raised = int(np.sum((y == 0) & (y_hat > threshold)))
    fig, ax = plt.subplots(figsize=(6.4, 3.3))
    for label, kind in ((1, "favourable"), (0, "unfavourable")):
        ax.hist(
            y_hat[y == label], bins=50, range=(0, 1), color=COLOURS[kind], alpha=0.5
        )
        ax.text(
            0.9 if label else 0.1,
            0.97,
            f"really {kind}",
            color=COLOURS[kind],
            fontweight="bold",
            ha="right" if label else "left",
            va="top",
            transform=ax.transAxes,
        )
    ax.axvline(threshold, color=figures.PALETTE["black"], linestyle="--", linewidth=1)
    for kind, side, count, means in (
        ("favourable", "left", missed, "false negatives"),
        ("unfavourable", "right", raised, "false positives"),
    ):
        ax.text(
            threshold + (-0.02 if side == "left" else 0.02),
            0.6,
            f"{side} of {threshold:g}:\n{count:,} {kind}\n({means})",
            color=COLOURS[kind],
            ha="right" if side == "left" else "left",
            transform=ax.get_xaxis_transform(),
        )
    ax.set(
        title="What the network says, by what the reviews really are",
        ylim=(0, 1.12 * ax.get_ylim()[1]),
        xlabel="ŷ (0: surely unfavourable, 1: surely favourable)",
        ylabel="validation reviews",
        xlim=(0, 1),
    )
    ends = [
        f"of the {kind} ones {np.mean(y_hat[y == label] < 0.1):.0%} lie below 0.1 and "
        f"{np.mean(y_hat[y == label] > 0.9):.0%} above 0.9"
        for label, kind in ((1, "favourable"), (0, "unfavourable"))
        if np.any(y == label)
    ]
    figures.show(
        fig,
        alt=f"Two overlapping histograms of {len(y):,} predictions from 0 to 1: "
        f"{'; '.join(ends)}. At a threshold of {threshold:g}, {missed:,} are false "
        f"negatives and {raised:,} false positives.",
    )


def opinions(
    spoken: Sequence[str], curves: Mapping[str, np.ndarray], title: str, y: int
) -> None:
    """Show ŷ after every word of one review, one line a network.

    Args:
        spoken: the words, as `spell` gives them.
        curves: name of a network (or of a reader) → (words,), ŷ after each word.
        title: of the picture.
        y: what the review really is, 1 for favourable.
    """
    places = np.arange(len(spoken))
    fig, ax = plt.subplots(figsize=(8.2, 3.6))
    told = []
    lines = figures.PALETTE
    colours = [lines[c] for c in ("purple", "green", "black", "orange", "sky")]
    for k, (name, values) in enumerate(curves.items()):
        values = np.asarray(values, dtype=float)
        ax.plot(places, values, color=colours[k % len(colours)])
        ax.annotate(
            f" {name}",
            (places[-1], values[-1]),
            color=colours[k % len(colours)],
            va="center",
            annotation_clip=False,
        )
        jump = int(np.argmax(np.abs(np.diff(values)))) + 1 if len(values) > 1 else 0
        told.append(
            f"{name} begins at {values[0]:.2f}, moves most at the word "
            f"“{spoken[jump]}”, and ends at {values[-1]:.2f}"
        )
    ax.axhline(0.5, color=lines["grey"], linestyle="--", linewidth=1)
    kind = "a favourable" if y == 1 else "an unfavourable"
    ax.set(title=title, ylim=(-0.03, 1.03), ylabel="ŷ after this word")
    if len(spoken) <= 60:
        ax.set_xticks(places, spoken, rotation=90, fontsize=9)
    else:
        ax.set_xlabel(f"words read, {len(spoken)} in all")
    figures.show(fig, alt=f"ŷ by word of {kind} review. {'; '.join(told)}.")


def shade(
    spoken: Sequence[str], numbers: np.ndarray, means: str, strongest: int = 5
) -> None:
    """Show words on a ground that is the darker the larger their numbers are.

    Positive numbers are blue, negative ones orange. Below, the words with the largest
    numbers are named once more: colour alone tells nothing to a listener.

    Args:
        spoken: the words, as `spell` gives them.
        numbers: (words,); the largest magnitude gets the full shade.
        means: what the numbers say, for the line below.
        strongest: how many words that line names.

    Raises:
        ValueError: not one number for each word.
    """
    from IPython.display import display

    numbers = np.nan_to_num(np.asarray(numbers, dtype=float))
    if numbers.shape != (len(spoken),):
        raise ValueError(f"{len(spoken)} words need as many numbers: {numbers.shape}")
    scale = np.abs(numbers).max(initial=0) or 1.0
    marked = []
    for word, number in zip(spoken, numbers):
        red, green, blue = (86, 180, 233) if number > 0 else (230, 159, 0)
        ground = f"rgba({red},{green},{blue},{0.85 * abs(number) / scale:.2f})"
        marked.append(
            f'<span style="background:{ground};color:#000;padding:1px 3px" '
            f'title="{number:.2f}">{escape(word)}</span>'
        )
    order = np.argsort(-np.abs(numbers), kind="stable")[:strongest]
    named = ", ".join(f"{spoken[i]} ({numbers[i]:+.2f})" for i in order if numbers[i])
    below = f"{means}; largest: {named or 'none'}"
    html = (
        f'<div style="background:#fff;color:#000;max-width:60em;line-height:1.8">'
        f"{' '.join(marked)}</div><p><em>{escape(below)}</em></p>"
    )
    plain = f"{' '.join(spoken)}\n{below}"
    display({"text/html": html, "text/plain": plain}, raw=True)
