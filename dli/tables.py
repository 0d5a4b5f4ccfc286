"""Small tables, as plain text and as HTML: scoreboard, epochs, layers, the runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape


def text(lines: Sequence[Sequence[str]], right: Sequence[int] | bool = ()) -> str:
    """Lines of equally many cells as aligned columns; the first line is the head.

    Args:
        lines: the head, then the rows.
        right: columns aligned to the right, counted from 0; the others to the left.
            True: all of them.
    """
    if isinstance(right, bool):
        right = range(len(lines[0])) if right else ()
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def html(lines: Sequence[Sequence[str]], right: Sequence[int] | None = None) -> str:
    """The same lines as an HTML table.

    Args:
        lines: the head, then the rows.
        right: columns aligned to the right, all others to the left; None leaves it to
            the front end.
    """

    def opened(tag, column):
        if right is None:
            return f"<{tag}>"
        side = "right" if column in right else "left"
        return f'<{tag} style="text-align: {side}">'  # JupyterLab: right, without it

    def row(cells, tag):
        made = (f"{opened(tag, i)}{escape(c)}</{tag}>" for i, c in enumerate(cells))
        return "<tr>" + "".join(made) + "</tr>"

    head, *body = lines
    rows = "".join(row(cells, "td") for cells in body)
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{rows}</tbody></table>"


def fold(summary: str, inside: str) -> str:
    """HTML that opens on a click."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def frame(data) -> None:
    """Show a pandas table; the heads of groups of columns stand centred over them.

    Args:
        data: a `DataFrame`, with columns of one level or several.
    """
    centred = data.to_html().replace('halign="left"', 'style="text-align: center"')
    show({"text/plain": data.to_string(), "text/html": centred})


def layers(model, formulas: Mapping[str | int, str] | None = None) -> None:
    """Show the layers of a Keras model: shape, how its parameters are counted, sums.

    Args:
        model: any model that is built; a model inside it takes one row.
        formulas: how the parameters of some layers are counted, by the layer's name or
            its place in `model.layers`; of the usual layers this is derived.

    Raises:
        ValueError: the model is not built, so that nothing can be counted yet.
        KeyError: a formula for a layer that is not there.
    """
    from dli import architecture

    lines = architecture.table(model, formulas or {})
    numbers = [len(lines[0]) - 1]
    plain, rich = text(lines, numbers), html(lines, numbers)
    show({"text/plain": plain, "text/html": rich})


def show(bundle: dict) -> None:
    """Show what stands under a cell, by MIME type; without IPython, its plain text."""
    try:
        from IPython.display import display
    except ImportError:
        print(bundle["text/plain"])
        return
    display(bundle, raw=True)
