"""Drawings of one LSTM cell and one GRU unit, with the numbers of one step on them.

The numbers are computed by whoever draws; here nothing is computed.
"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt

from dli import figures

_GATE = figures.PALETTE["blue"]  # sigmoids: 0 shut, 1 open
_CANDIDATE = figures.PALETTE["vermillion"]  # tanh: -1 to 1
_STATE = figures.PALETTE["black"]

LSTM = ("before", "forget", "input", "candidate", "after", "output", "shown")
GRU = ("before", "reset", "update", "candidate", "after")


def lstm(ax: plt.Axes, numbers: Mapping[str, float], title: str = "LSTM") -> str:
    """Draw an LSTM cell at one step.

    Args:
        ax: where to draw; its axes are turned off.
        numbers: those named in `LSTM`: the cell's state before and after the step, its
            gates `forget`, `input` and `output`, the `candidate` for the state, and
            what is `shown` to others.
        title: above the drawing.

    Returns:
        What the drawing says, for an alternative text.

    Raises:
        KeyError: a number is missing.
    """
    n = {name: float(numbers[name]) for name in LSTM}
    _canvas(ax, title)
    _road(ax, "state", n["before"], n["after"])
    for x, name, kind in (
        (2.1, "forget", "σ"),
        (4.0, "input", "σ"),
        (5.9, "candidate", "tanh"),
        (7.8, "output", "σ"),
    ):
        _box(ax, x, name, kind, n[name])
    _arrow(ax, (2.1, 3.05), (2.1, 5.2))
    _sign(ax, 2.1, 5.5, "×")
    _arrow(ax, (4.0, 3.05), (4.75, 3.85))
    _arrow(ax, (5.9, 3.05), (5.15, 3.85))
    _sign(ax, 4.95, 4.05, "×")
    _number(ax, 5.35, 4.7, n["input"] * n["candidate"], sign=True)
    _arrow(ax, (4.95, 4.35), (4.95, 5.2))
    _sign(ax, 4.95, 5.5, "+")
    _arrow(ax, (7.8, 5.5), (7.8, 4.4))
    ax.text(7.95, 4.95, "tanh", fontsize=9, va="center")
    _arrow(ax, (7.8, 3.05), (7.8, 3.8))
    _sign(ax, 7.8, 4.1, "×")
    _arrow(ax, (8.1, 4.1), (9.6, 4.1))
    ax.text(9.7, 4.1, f"shown\n{_told(n['shown'])}", va="center", fontsize=10)
    _bottom(ax, 2.1, 7.8)
    return (
        f"{title}: a road carries the state from {_told(n['before'])} to "
        f"{_told(n['after'])}. It is multiplied by the forget gate, "
        f"{_told(n['forget'])}; then the input gate, {_told(n['input'])}, times the "
        f"candidate, {_told(n['candidate'])}, is added. The output gate, "
        f"{_told(n['output'])}, times the tanh of the state shows {_told(n['shown'])}."
    )


def gru(ax: plt.Axes, numbers: Mapping[str, float], title: str = "GRU") -> str:
    """Draw a GRU at one step, with an update gate that says how much is kept.

    Args:
        ax: where to draw; its axes are turned off.
        numbers: those named in `GRU`: the unit's output, which is all the state it
            has, before and after the step, its gates `reset` and `update`, and the
            `candidate` for the new output.
        title: above the drawing.

    Returns:
        What the drawing says, for an alternative text.

    Raises:
        KeyError: a number is missing.
    """
    n = {name: float(numbers[name]) for name in GRU}
    _canvas(ax, title)
    _road(ax, "output", n["before"], n["after"])
    for x, name, kind in (
        (2.1, "reset", "σ"),
        (4.4, "update", "σ"),
        (7.1, "candidate", "tanh"),
    ):
        _box(ax, x, name, kind, n[name])
    _arrow(ax, (1.0, 5.5), (1.0, 3.9), head=False)
    _arrow(ax, (1.0, 3.9), (1.8, 3.9))
    _arrow(ax, (2.1, 3.05), (2.1, 3.6))
    _sign(ax, 2.1, 3.9, "×")
    _arrow(ax, (2.4, 3.9), (5.55, 3.9), head=False)
    _arrow(ax, (5.55, 3.9), (5.55, 2.5), head=False)
    _arrow(ax, (5.55, 2.5), (6.22, 2.5))
    _arrow(ax, (4.4, 3.05), (4.4, 5.2))
    _sign(ax, 4.4, 5.5, "×")
    _arrow(ax, (4.4, 4.5), (6.8, 4.5))
    ax.text(5.6, 4.68, f"1 − {_told(n['update'])}", ha="center", fontsize=9)
    _arrow(ax, (7.1, 3.05), (7.1, 4.2))
    _sign(ax, 7.1, 4.5, "×")
    _number(ax, 7.5, 4.98, (1 - n["update"]) * n["candidate"], sign=True)
    _arrow(ax, (7.1, 4.8), (7.1, 5.2))
    _sign(ax, 7.1, 5.5, "+")
    _bottom(ax, 2.1, 7.1, "the word, and (to the gates) all outputs before")
    return (
        f"{title}: a road carries the output from {_told(n['before'])} to "
        f"{_told(n['after'])}. It is multiplied by the update gate, "
        f"{_told(n['update'])}; then the candidate, {_told(n['candidate'])}, times 1 "
        f"minus the update gate, is added. The reset gate, {_told(n['reset'])}, "
        "says how much of the outputs before goes into the candidate."
    )


def _canvas(ax, title):
    ax.set(xlim=(-0.3, 11.2), ylim=(0.4, 6.6), title=title, aspect="equal")
    ax.axis("off")


def _told(number):
    return f"{number:.2f}".replace("-", "−")


def _road(ax, name, before, after):
    _arrow(ax, (0.3, 5.5), (9.6, 5.5), colour=_STATE, width=3)
    ax.text(-0.2, 6.1, f"{name} before {_told(before)}", fontsize=10)
    ax.text(9.7, 5.5, f"{name}\nafter\n{_told(after)}", va="center", fontsize=10)


def _box(ax, x, name, kind, number):
    colour = _CANDIDATE if kind == "tanh" else _GATE
    ax.add_patch(
        plt.Rectangle((x - 0.88, 2.0), 1.76, 1.05, fc="white", ec=colour, lw=1.6)
    )
    words = f"{name}\n{kind} {_told(number)}"
    ax.text(x, 2.52, words, ha="center", va="center", fontsize=9, color=colour)
    _arrow(ax, (x, 1.2), (x, 2.0))


def _bottom(ax, left, right, words="the word, and what all cells showed before"):
    ax.plot([left, right], [1.2, 1.2], color=figures.PALETTE["grey"], lw=1.2)
    ax.text((left + right) / 2, 0.65, words, ha="center", fontsize=9)


def _sign(ax, x, y, sign):
    ax.add_patch(plt.Circle((x, y), 0.3, fc="white", ec=_STATE, lw=1.2, zorder=3))
    ax.text(x, y, sign, ha="center", va="center", fontsize=11, zorder=4)


def _number(ax, x, y, number, sign=False):
    words = f"{number:+.2f}".replace("-", "−") if sign else _told(number)
    ax.text(x, y, words, va="center", fontsize=9)


def _arrow(ax, start, end, colour=None, width=1.2, head=True):
    ax.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>" if head else "-",
            "color": colour or figures.PALETTE["grey"],
            "lw": width,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
