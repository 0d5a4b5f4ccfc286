"""How long a network remembers: two reviews in one row, and whose opinion it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from dli import figures

#: Numbers of words of the second review, and the ROC AUC (%) for the first and second.
Curves = tuple[Sequence[int], Sequence[float], Sequence[float]]


def two_in_one(
    first: np.ndarray, second: np.ndarray, n_first: int, n_second: int
) -> np.ndarray:
    """Rows that hold the last words of one review and, behind them, those of another.

    Args:
        first, second: int (reviews, review_length), padding (0) in front.
        n_first, n_second: how many of the last ids of each; review_length at most in
            all.

    Returns:
        As `first`, padding in front.

    Raises:
        ValueError: the two do not fit into a row.
    """
    length = first.shape[1]
    begin, middle = length - n_first - n_second, length - n_second
    if min(n_first, n_second, begin) < 0:
        raise ValueError(
            f"{n_first} and {n_second} words do not fit into rows of {length}"
        )
    rows = np.zeros_like(first)
    rows[:, begin:middle] = first[:, length - n_first :]
    rows[:, middle:] = second[:, middle:]
    return rows


def overtaken(curves: Curves) -> int | None:
    """After how many words the second review counts at least as much as the first."""
    return next((k for k, old, new in zip(*curves) if new >= old), None)


def show_memory(readers: Mapping[str, Curves], n_first: int) -> None:
    """Show by words of a second review which of the two opinions a network has.

    Args:
        readers: name of a network → its curves.
        n_first: words of the first review.
    """
    width = 0.6 + 4.4 * len(readers)
    fig, axes = plt.subplots(
        1, len(readers), figsize=(max(width, 5.6), 3.5), sharey=True, squeeze=False
    )
    told = []
    for ax, (name, curves) in zip(axes[0], readers.items()):
        counts, old, new = curves
        ax.plot(counts, old, color=figures.PALETTE["grey"], linestyle="--")
        ax.plot(counts, new, color=figures.PALETTE["black"])
        last = counts[-1]
        ax.annotate(
            f"the first {n_first} words’",
            (last, old[-1]),
            (0, -7),
            textcoords="offset points",
            ha="right",
            va="top",
            color="#595959",
        )
        ax.annotate(
            "the words’ that followed",
            (last, new[-1]),
            (0, 6),
            textcoords="offset points",
            ha="right",
        )
        crossing = overtaken(curves)
        even = f"none of these counts weighs as much as the {n_first} words before"
        if crossing is not None:
            ax.axvline(crossing, color=figures.PALETTE["grey"], linewidth=1)
            even = f"{crossing} words weigh as much as the {n_first} before them"
        ax.set(
            title=f"{name}\n{even}",
            xlabel="words of another review that followed",
            ylim=(40, 100),
        )
        told.append(
            f"{name}: for the first review it goes from {old[0]:.0f} to {old[-1]:.0f}%,"
            f" for the one that followed from {new[0]:.0f} to {new[-1]:.0f}%; {even}"
        )
    axes[0][0].set_ylabel("ROC AUC (%): whose opinion it has")
    figures.show(
        fig,
        alt=f"ROC AUC by words of a second review, {counts[0]} to {counts[-1]}, that "
        f"follow {n_first} of a first. {'. '.join(told)}.",
    )
