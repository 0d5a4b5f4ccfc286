"""Drawings of networks: a model's layers as boxes, and neurons with their lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from textwrap import shorten

import matplotlib.pyplot as plt
from matplotlib.patches import Circle, FancyBboxPatch

from dli import architecture, figures
from dli.architecture import Layer

#: Pale grounds for black type, one for each kind of layer: first match by name.
_GROUNDS = {
    "InputLayer": "#EBEBEB",
    "model": "#F7DDBF",
    "Dense": "#CFE3F2",
    "Conv": "#CDEBDD",
    "Pool": "#E6F3D8",
    "RNN": "#F2DCEA",
    "LSTM": "#F2DCEA",
    "GRU": "#F2DCEA",
    "Bidirectional": "#F2DCEA",
    "Embedding": "#FBEBB9",
}
_OTHER = "white"  # dropout, normalization, reshaping: no neurons of their own
_ROWS = 8  # boxes below one another before a chain goes on in another column
_WIDTH, _HEIGHT, _GAP, _BESIDE = 3.0, 0.46, 0.2, 0.5  # boxes and gaps, in inches
_SHOWN = 6  # circles of a layer


def blocks(model, title: str) -> None:
    """Draw a Keras model as boxes from top to bottom, one a layer.

    A box says the kind of layer, its setting and the shape of its output. The more
    values it puts out, the wider it is (by powers of ten). Layers that read the same
    input stand side by side; a long chain goes on in the next column.

    Args:
        model: any built model; one inside it is one box.
        title: of the picture.

    Raises:
        ValueError: the model is not built.
    """
    layers = {layer.name: layer for layer in architecture.described(model)}
    before = architecture.connections(model)
    rows = _rows(layers, before)
    widest = max(map(len, rows))
    long = widest == 1 and len(rows) > _ROWS
    columns = math.ceil(len(rows) / _ROWS) if long else widest
    height = math.ceil(len(rows) / columns) if long else len(rows)
    pitch = _HEIGHT + _GAP
    size = (columns * (_WIDTH + _BESIDE), height * pitch + 0.4)
    fig, axis = plt.subplots(figsize=size)
    axis.set(xlim=(0, columns * (_WIDTH + _BESIDE)), ylim=(-height * pitch, 0.05))
    axis.set_axis_off()
    axis.set_aspect("equal")
    largest = max(layer.size for layer in layers.values())
    centres, widths = {}, {}
    for number, row in enumerate(rows):
        for place, name in enumerate(row):
            column, down = divmod(number, height) if long else (place, number)
            spread = columns / (1 if long else len(row))
            x = (_WIDTH + _BESIDE) * (column + 0.5 if long else spread * (place + 0.5))
            centres[name] = x, -down * pitch - _HEIGHT / 2
            widths[name] = _box(axis, layers[name], centres[name], largest)
    for name, sources in before.items():
        for source in sources:
            (x, y), (to_x, to_y) = centres[source], centres[name]
            if to_y < y:
                _arrow(axis, (x, y - _HEIGHT / 2), (to_x, to_y + _HEIGHT / 2))
            else:  # from the foot of a column to the head of the next
                half, to_half = widths[source] / 2, widths[name] / 2
                _arrow(axis, (x + half, y), (to_x - to_half, to_y))
    fig.suptitle(title)
    figures.show(fig, alt=_words(title, rows, layers, before))


def _rows(layers: dict[str, Layer], before: dict[str, list[str]]) -> list[list[str]]:
    """Names of the layers by their longest way from an input."""
    depth: dict[str, int] = {}

    def deep(name):
        if name not in depth:
            depth[name] = 1 + max((deep(n) for n in before[name]), default=-1)
        return depth[name]

    found: list[list[str]] = [[] for _ in range(1 + max(map(deep, layers)))]
    for name in layers:
        found[depth[name]].append(name)
    return found


def _box(axis, layer: Layer, centre, largest: int) -> float:
    """Draw one box; its width."""
    name = shorten(_name(layer), 34, placeholder=" …")
    share = math.log10(1 + layer.size) / math.log10(1 + largest)
    width = max(_WIDTH * (0.5 + 0.5 * share), 0.082 * len(name) + 0.15)
    x, y = centre
    kind = "model" if layer.inside else layer.kind
    ground = next((c for k, c in _GROUNDS.items() if k in kind), _OTHER)
    axis.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - _HEIGHT / 2),
            width,
            _HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=ground,
            edgecolor="#555555",
            linewidth=0.8,
        )
    )
    style = {"ha": "center", "va": "center", "fontsize": 9}
    axis.text(x, y + 0.1, name, weight="bold", **style)
    axis.text(x, y - 0.1, layer.shape, **style)
    return width


def _name(layer: Layer) -> str:
    return f"{layer.title} {layer.setting}".strip()


def _arrow(axis, tail, head) -> None:
    style = {"arrowstyle": "-|>", "color": "#555555", "linewidth": 1.0}
    axis.annotate("", head, tail, arrowprops=style | {"shrinkA": 0, "shrinkB": 0})


def _words(title, rows, layers, before) -> str:
    def told(name):
        layer = layers[name]
        return f"{_name(layer)}, giving {layer.shape}"

    steps = [" beside ".join(told(name) for name in row) for row in rows]
    count = len(layers)
    text = f"{title}: {count} boxes from the input to the output, joined by arrows: "
    text += "; ".join(steps)
    merged = [name for name in layers if len(before[name]) > 1]
    for name in merged:
        text += f"; {layers[name].title} reads {len(before[name])} of them"
    return text + "."


def neurons(sizes: Sequence[int], labels: Sequence[str], title: str) -> None:
    """Draw a network of dense layers as columns of circles, every one with the next.

    Of a layer with more than six neurons, the first and the last three are drawn.

    Args:
        sizes: neurons of each layer, the inputs first: `[784, 64, 10]`.
        labels: what stands below each layer: `["pixels", "sigmoid", "softmax"]`.
        title: of the picture.

    Raises:
        ValueError: there are fewer than two layers, not as many labels, or a size is
            not positive.
    """
    if len(sizes) < 2 or len(labels) != len(sizes):
        raise ValueError(f"{len(sizes)} layers and {len(labels)} labels: two or more")
    if min(sizes) < 1:
        raise ValueError("every layer has at least one neuron")
    heights = [_heights(size) for size in sizes]
    wide = 1.7
    fig, axis = plt.subplots(figsize=(wide * len(sizes), 3.4))
    axis.set(xlim=(-wide / 2, wide * (len(sizes) - 0.5)), ylim=(-2.05, 1.55))
    axis.set_aspect("equal")
    axis.set_axis_off()
    for column in range(len(sizes) - 1):
        for y in heights[column]:
            for to_y in heights[column + 1]:
                ends = [wide * column, wide * (column + 1)], [y, to_y]
                axis.plot(*ends, color="#BBBBBB", linewidth=0.6, zorder=1)
    foot = min(min(ys) for ys in heights) - 0.22
    for column, (size, label) in enumerate(zip(sizes, labels)):
        ground = _GROUNDS["InputLayer" if column == 0 else "Dense"]
        for y in heights[column]:
            style = {"facecolor": ground, "edgecolor": "#555555", "zorder": 2}
            axis.add_patch(Circle((wide * column, y), 0.12, linewidth=0.8, **style))
        if size > _SHOWN:
            axis.text(wide * column, 0, "⋮", ha="center", va="center", fontsize=14)
        text = f"{size:,}\n{label}"
        axis.text(wide * column, foot, text, ha="center", va="top", fontsize=9)
    fig.suptitle(title)
    told = ", ".join(f"{size:,} {label}" for size, label in zip(sizes, labels))
    joined = " and ".join(f"{a * b:,}" for a, b in pairwise(sizes))
    alt = (
        f"{title}: columns of circles from left to right: {told}; every circle is "
        f"joined to every circle of the next column, {joined} lines, not all drawn."
    )
    figures.show(fig, alt=alt)


def _heights(size: int) -> list[float]:
    """Where the circles of a layer stand, from 1.3 down to −1.3."""
    if size > _SHOWN:
        return [s * (1.3 - 0.37 * i) for s in (1, -1) for i in range(_SHOWN // 2)]
    step = 0.42
    return [(i - (size - 1) / 2) * step for i in range(size)]
