"""How one execution of a notebook differs from another, byte by byte."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass, field

from course import recording
from course.check.rules import code_cells
from dli import book


@dataclass
class Moves:
    """How one execution of a notebook differs from another."""

    outputs: int = 0  # compared
    moved: list[int] = field(default_factory=list)  # code cells, from 1
    drawn: list[int] = field(default_factory=list)  # of these, only pictures moved
    verdicts: list[str] = field(default_factory=list)  # measures with another verdict
    measure: str = ""  # the one that differs most
    relative: float = 0.0  # by how much


def compare(first, second) -> Moves:
    """Compare two executions of one notebook, output by output, byte by byte.

    Args:
        first, second: executed notebooks (nbformat 4) with the same code.

    Returns:
        The cells whose outputs differ, the measures whose verdicts do, and the measure
        with the largest relative difference.

    Raises:
        ValueError: the notebooks do not hold the same code.
    """
    if recording.code_hash(first) != recording.code_hash(second):
        raise ValueError("two notebooks with different code can't be compared")
    found = Moves()
    cells = zip(code_cells(first), code_cells(second))
    for number, (one, other) in enumerate(cells, 1):
        found.outputs += len(one.outputs)
        text, pictures = _bytes(one.outputs)
        other_text, other_pictures = _bytes(other.outputs)
        if text == other_text and pictures == other_pictures:
            continue
        found.moved.append(number)
        if text == other_text:
            found.drawn.append(number)
    others = {row.name: row for row in book.rows_of(second)}
    for row in book.rows_of(first):
        other = others.pop(row.name, None)
        if other is None or other.verdict != row.verdict:
            found.verdicts.append(row.name)
        if other is not None:
            moved = relative_difference(float(row.value), float(other.value))
            if moved > found.relative:
                found.measure, found.relative = row.name, moved
    found.verdicts += others
    return found


def relative_difference(one: float, other: float) -> float:
    """|one - other| as a share of the larger; 0 if equal, infinite if one isn't finite.

    Two NaN are equal.
    """
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf
    return abs(one - other) / max(abs(one), abs(other))


def _bytes(outputs) -> tuple[str, list[bytes]]:
    """Outputs to be compared: text and tables, and the files of the pictures.

    How base64 is wrapped into lines is no difference.
    """
    texts, pictures = json.loads(json.dumps(outputs)), []
    for output in texts:
        for mime in sorted(output.get("data", {})):
            if mime in ("image/png", "image/jpeg"):
                pictures.append(base64.b64decode(output["data"].pop(mime)))
    return json.dumps(texts, sort_keys=True), pictures
