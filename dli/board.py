"""How the scoreboard looks, in plain text and in HTML; `dli.book` says what it holds.

In the comparison stand the measures that the book (or its authors' notebooks) gives a
value for. Exact values that are as printed take one line, whatever the book does not
give takes a fold, and whatever is outside its band stands out in both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from dli import tables
from dli.facts import Measure


class Verdict(StrEnum):
    """What the scoreboard says of a measure; the reason may follow after a colon."""

    WITHIN = "within the band"
    OUTSIDE = "outside the band"
    NOT_COMPARABLE = "not comparable"

    @classmethod
    def of(cls, text: str) -> Verdict:
        """The verdict of a recorded row.

        Raises:
            ValueError: the text is none.
        """
        return cls(text.partition(":")[0])


@dataclass(frozen=True)
class Line:
    """A measure, what this run measured, and the verdict with its reason."""

    measure: Measure
    value: float
    verdict: str

    @property
    def is_outside(self) -> bool:
        return Verdict.of(self.verdict) == Verdict.OUTSIDE

    @property
    def is_plain(self) -> bool:
        """Whether it is exact and there is nothing to say of it."""
        as_printed = self.measure.book is None or not difference(self)
        return self.measure.exact and as_printed and not self.is_outside

    @property
    def is_compared(self) -> bool:
        """Whether it stands in the comparison."""
        measure = self.measure
        given = measure.book is not None or measure.words
        return bool(self.is_outside or (given and not self.is_plain))


_HEAD = ["measure", "book", "this run", "difference", "expected", "verdict"]
_NUMBERS = (1, 2, 3)  # the columns of numbers
_CHART = "▬ band, | book, ● run"


def shown(lines: Sequence[Line]) -> dict[str, str]:
    """The scoreboard by MIME type: `text/plain` and `text/html`."""
    compared = [line for line in lines if line.is_compared]
    plain = [line for line in lines if line.is_plain]
    besides = [line for line in lines if not (line.is_compared or line.is_plain)]
    text, html = [], []
    if compared:
        rows = [_HEAD, *map(_cells, compared)]
        text.append(tables.text(rows, _NUMBERS))
        html.append(_comparison(compared))
    for some, said in ((plain, _said_of_exact), (besides, _said_of_besides)):
        if some:
            rows = _without_the_book([_HEAD, *map(_cells, some)], some)
            numbers = range(1, len(rows[0]) - 2)
            text.append(f"{said(some)}\n{tables.text(rows, numbers)}")
            html.append(tables.fold(said(some), tables.html(rows, numbers)))
    html.append(tables.fold("Where the numbers and the bands come from", _why(lines)))
    return {"text/plain": "\n\n".join(text), "text/html": "\n".join(html)}


def _without_the_book(rows: list[list[str]], lines: Sequence[Line]) -> list[list[str]]:
    """The rows, without its columns where it gives none of the values."""
    if any(line.measure.book is not None for line in lines):
        return rows
    return [[row[0], row[2], *row[4:]] for row in rows]


def difference(line: Line) -> str:
    """This run less the book; percentages in points; empty where it rounds away."""
    measure, value = line.measure, line.value
    if measure.book is None or measure.words or measure.text(value) == measure.printed:
        return ""
    if measure.format.endswith("%"):
        style = f"+{measure.format[:-1]}f"
        return f"{format(100 * (value - measure.book), style)} points"
    return format(value - measure.book, f"+{measure.format}")


def _cells(line: Line) -> list[str]:
    measure = line.measure
    book = measure.printed
    if measure.theirs:
        book += " (authors' notebook)"
    same = "" if measure.book is None or measure.words else "none"
    return [
        measure.label,
        book,
        measure.text(line.value),
        difference(line) or same,
        _expected(measure),
        line.verdict,
    ]


def _expected(measure: Measure) -> str:
    low, high = map(measure.text, measure.band)
    if measure.exact:
        right = measure.text(sum(measure.band) / 2)
        book = measure.book  # rounded when it was printed, so anywhere in the band
        is_in = book is not None and measure.band[0] <= book <= measure.band[1]
        return "exact" if book is None or is_in or measure.printed == right else right
    return low if low == high else f"{low} to {high}"


def _said_of_exact(lines: Sequence[Line]) -> str:
    count = f"{len(lines)} exact value{'s' * (len(lines) > 1)}"
    others = [v.verdict for v in lines if Verdict.of(v.verdict) != Verdict.WITHIN]
    if others:
        return f"{count}: {others[0]}"
    printed = sum(line.measure.book is not None for line in lines)
    if printed == len(lines):
        return f"{count}: {'all ' * (printed > 1)}as printed"
    right = f"{count}: {'all ' * (len(lines) > 1)}as worked out beforehand"
    return f"{right}, {printed} of them printed" if printed else right


def _said_of_besides(lines: Sequence[Line]) -> str:
    count = f"{len(lines)} more measure{'s' * (len(lines) > 1)} without a printed value"
    verdicts = {Verdict.of(line.verdict): line.verdict for line in lines}
    if set(verdicts) == {Verdict.WITHIN}:
        mark = verdicts[Verdict.WITHIN].removeprefix(Verdict.WITHIN)
        return (
            f"{count}: within {'their bands' if len(lines) > 1 else 'its band'}{mark}"
        )
    return f"{count}: {verdicts[max(verdicts)]}"


def _comparison(lines: Sequence[Line]) -> str:
    """The table of the comparison, with a small chart in every row."""
    rows = []
    for line in lines:
        cells = [escape(cell) for cell in _cells(line)]
        if line.is_outside:
            cells[-1] = f"<strong>✗ {cells[-1]}</strong>"
        cells.insert(5, "" if line.measure.exact else _chart(line))
        rows.append(cells)
    head = [*_HEAD[:5], _CHART, _HEAD[5]]

    def row(cells, tag):
        made = (
            f'<{tag} style="text-align: {"right" if i in _NUMBERS else "left"}'
            f'{"; white-space: nowrap" if i > 4 else ""}">{cell}</{tag}>'
            for i, cell in enumerate(cells)
        )
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{body}</tbody></table>"


def _chart(line: Line) -> str:
    """Band, book and run on one scale; what lies beyond the scale is hollow."""
    measure, value = line.measure, line.value
    low, high = measure.band
    width = high - low or abs(high) / 100 or 1.0
    start, end = low - 0.6 * width, high + 0.6 * width
    if measure.book is not None:  # the scale reaches it, up to three bands away
        start = min(start, max(measure.book, low - 3 * width) - 0.1 * width)
        end = max(end, min(measure.book, high + 3 * width) + 0.1 * width)

    def x(number):
        share = (number - start) / (end - start)
        return round(6 + 138 * min(max(share, 0.0), 1.0))

    told = [f"expected {_expected(measure)}"]
    marks = [
        f'<rect x="{x(low)}" y="5" width="{x(high) - x(low)}" height="8" rx="2" '
        'fill="#56B4E9" fill-opacity="0.5"/>'
    ]
    if measure.book is not None or measure.words:
        told.append(f"book {measure.printed}")
    if measure.book is not None:
        marks.append(
            f'<path d="M{x(measure.book)} 1v16" stroke="currentColor" '
            'stroke-width="2"/>'
        )
    if math.isfinite(value):
        told.append(f"this run {measure.text(value)}")
        fill = "#D55E00" if start <= value <= end else "none"
        marks.append(
            f'<circle cx="{x(value)}" cy="9" r="4.5" fill="{fill}" stroke="#D55E00" '
            'stroke-width="1.5"/>'
        )
    label = escape("; ".join(told))
    return (
        f'<svg role="img" aria-label="{label}" width="150" height="18" '
        f'viewBox="0 0 150 18"><title>{label}</title>{"".join(marks)}</svg>'
    )


def _why(lines: Sequence[Line]) -> str:
    """Of every measure: where the book prints it, its band and the band's reason."""
    items = []
    for line in lines:
        measure = line.measure
        where = f"printed in {measure.where}; " if measure.book is not None else ""
        if measure.theirs:
            where = f"{measure.where}; "
        told = f"{where}expected {_expected(measure)}: {measure.why}"
        items.append(f"<li><b>{escape(measure.label)}</b>: {escape(told)}</li>")
    return f"<ul>{''.join(items)}</ul>"
