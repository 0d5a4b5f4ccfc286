"""Pages that work without a network: of an executed notebook, and of a run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from latex2mathml.converter import convert
from nbconvert import HTMLExporter

from course.files import write_whole
from course.kernels import Pace
from course.run import results
from course.run.results import Result, State

TEMPLATES = Path(__file__).with_name("templates")

# Code spans come first, so that a dollar sign inside one is left alone.
_MATH = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)"
    r"|\$\$(?P<block>.+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>[^$\s](?:[^$\n]*[^$\s\\])?)\$(?!\d)",
    re.DOTALL,
)


def render(content, title: str) -> str:
    """A notebook (nbformat 4) as an HTML page with everything inside it."""
    exporter = HTMLExporter(
        template_file="page.html.j2", extra_loaders=[FileSystemLoader(TEMPLATES)]
    )
    page = content.copy()
    page.cells = [_with_mathml(cell) for cell in content.cells]
    body, _ = exporter.from_notebook_node(
        page, resources={"metadata": {"name": title.replace("_", " ")}}
    )
    return body


def write_index(folder: Path, found: Iterable[Result], pace: Pace) -> None:
    """Write `index.html`: the table of one run, with links to its pages.

    Raises:
        OSError: it can't be written.
    """
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    rows = [
        (result.state in (State.RAN, State.FAILED), results.cells(result))
        for result in found
    ]
    text = templates.get_template("run.html.j2").render(
        pace=pace, head=results.HEAD, rows=rows
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "index.html", text + "\n")


def _with_mathml(cell):
    if cell.cell_type != "markdown":
        return cell
    cell = cell.copy()
    cell.source = with_mathml(cell.source)
    return cell


def with_mathml(markdown: str) -> str:
    """Markdown with its formulas as MathML, which browsers show without a script."""
    return _MATH.sub(_mathml, markdown)


def _mathml(match) -> str:
    if match["code"]:
        return match["code"]
    formula = (match["block"] or match["inline"]).strip()
    try:
        return convert(formula, display="block" if match["block"] else "inline")
    except Exception:  # the converter has no error of its own
        return f"<code>{escape(formula)}</code> (this formula can't be read)"
