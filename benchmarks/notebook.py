"""Our side of a comparison: the code cells of a notebook, executed as they stand.

The benchmark can't drift from the notebook: it holds none of its code. Cells are run
in a plain namespace, from the first one up to the one that trains; those whose output
depends on training, or that go beyond the book, are left out on the way.
"""

from __future__ import annotations

from pathlib import Path

import nbformat

from course import runner

_LEFT_OUT = {"nbval-ignore-output", "beyond-the-book", "solution"}


def path_of(stem: str) -> Path:
    """The notebook of that file name, without its number and suffix.

    Raises:
        LookupError: there is none, or more than one.
    """
    found = [path for path in runner.discover() if path.stem[3:] == stem]
    if len(found) != 1:
        raise LookupError(f"{len(found)} notebooks are called {stem!r}")
    return found[0]


def code_cells(stem: str) -> list[tuple[str, set[str]]]:
    """Source and tags of the code cells of a notebook."""
    cells = nbformat.read(path_of(stem), as_version=4).cells
    return [
        (cell.source, set(cell.metadata.get("tags", ())))
        for cell in cells
        if cell.cell_type == "code"
    ]


def cut(stem: str, marker: str) -> tuple[list[tuple[str, set[str]]], str]:
    """The cells before the first that starts a line with `marker`, and that cell.

    Raises:
        LookupError: no cell does: the notebook was changed, and its benchmark with it.
    """
    cells = code_cells(stem)
    for number, (source, _) in enumerate(cells):
        if any(line.startswith(marker) for line in source.splitlines()):
            return cells[:number], source
    raise LookupError(f"no cell of {stem} has a line that starts with {marker!r}")


def prepare(stem: str, marker: str, parameters: dict | None = None) -> tuple[dict, str]:
    """Run what comes before the training cell, in the current folder.

    Args:
        stem: as of `path_of`.
        marker: how a line of the training cell starts.
        parameters: values that replace those of the notebook's `parameters` cell.

    Returns:
        The names it defined, and the source of the training cell.
    """
    before, training = cut(stem, marker)
    names: dict = {"__name__": "__main__"}
    for source, tags in before:
        if tags & _LEFT_OUT and "definitions" not in tags:
            continue
        exec(compile(source, stem, "exec"), names)
        if "parameters" in tags:
            unknown = set(parameters or ()) - names.keys()
            if unknown:
                raise LookupError(f"{stem} has no parameter {', '.join(unknown)}")
            names.update(parameters or {})
    return names, training
