"""An executed notebook as one HTML page that works without a network."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import FileSystemLoader
from latex2mathml.converter import convert
from nbconvert import HTMLExporter

# Code spans come first, so that a dollar sign inside one is left alone.
_MATH = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)"
    r"|\$\$(?P<block>.+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>[^$\s](?:[^$\n]*[^$\s\\])?)\$(?!\d)",
    re.DOTALL,
)


def render(notebook, title: str) -> str:
    """The notebook (nbformat 4) as an HTML page with everything inside it."""
    exporter = HTMLExporter(
        template_file="page.html.j2",
        extra_loaders=[FileSystemLoader(Path(__file__).parent)],
    )
    page = notebook.copy()
    page.cells = [_with_mathml(cell) for cell in notebook.cells]
    body, _ = exporter.from_notebook_node(
        page, resources={"metadata": {"name": title.replace("_", " ")}}
    )
    return body


def _with_mathml(cell):
    if cell.cell_type != "markdown":
        return cell
    cell = cell.copy()
    cell.source = _MATH.sub(_mathml, cell.source)
    return cell


def _mathml(match) -> str:
    if match["code"]:
        return match["code"]
    if match["block"]:
        return convert(match["block"].strip(), display="block")
    return convert(match["inline"])
