"""Markdown pages from Jinja templates."""

from __future__ import annotations

from pathlib import Path

import jinja2


def render(template: Path, **values) -> str:
    """The page that a template makes of some values.

    In templates, `|seconds` writes a duration and `|times` a ratio.

    Raises:
        jinja2.UndefinedError: the template asks for a value that is not there.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=jinja2.select_autoescape(),  # of HTML, which no template here is
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"seconds": seconds, "times": times}
    return environment.get_template(template.name).render(values)


def seconds(value: float) -> str:
    """`1.23 s`, or `85.7 ms` of what is shorter than a tenth of a second."""
    return f"{1000 * value:.3g} ms" if value < 0.1 else f"{value:.3g} s"


def times(factor: float) -> str:
    """`7.58×`, from 10 on without decimals."""
    return f"{factor:.0f}×" if factor >= 10 else f"{factor:.2f}×"
