"""Small tables, as plain text and as HTML: the scoreboard, the epochs, the runner."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def text(lines: Sequence[Sequence[str]], right: bool = False) -> str:
    """Lines of equally many cells as aligned columns; the first line is the head."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    align = str.rjust if right else str.ljust
    return "\n".join(
        "  ".join(align(cell, width) for cell, width in zip(line, widths)).rstrip()
        for line in lines
    )


def html(lines: Sequence[Sequence[str]]) -> str:
    """The same lines as an HTML table."""

    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

    head, *body = lines
    rows = "".join(row(cells, "td") for cells in body)
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{rows}</tbody></table>"
