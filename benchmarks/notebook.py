"""Our side of a comparison: the code cells of a notebook, executed as they stand.

The benchmark can't drift from the notebook: it holds none of its code. Cells are run
in a plain namespace, from the first one up to the one that trains; those whose output
depends on training, or that go beyond the book, are left out on the way.
"""

from __future__ import annotations

import re

from course import catalogue

_LEFT_OUT = {"nbval-ignore-output", "beyond-the-book", "solution"}


def cut(id: str, marker: str) -> tuple[list[catalogue.Cell], str]:
    """The cells before the first that starts a line with `marker`, and its source.

    Raises:
        LookupError: no cell does: the notebook was changed, and its benchmark was not.
    """
    cells = catalogue.find(id).cells()
    for number, cell in enumerate(cells):
        if re.search(rf"^{re.escape(marker)}", cell.source, re.M):
            return cells[:number], cell.source
    raise LookupError(f"no cell of {id} has a line that starts with {marker!r}")


def run(source: str, id: str, names: dict | None = None) -> dict:
    """Execute code of a notebook.

    Args:
        source: the code.
        id: of the notebook, for tracebacks.
        names: what was defined before; it is changed.

    Returns:
        The names that are defined afterwards.
    """
    names = {"__name__": "__main__"} if names is None else names
    exec(compile(source, id, "exec"), names)
    return names


def definitions(id: str, seed: int = 42) -> dict:
    """What the cells tagged `definitions` define, from another seed if one is given."""
    code = catalogue.find(id).code("definitions")
    for function in ("seed", "default_rng"):
        code = code.replace(f"{function}(42)", f"{function}({seed})")
    return run(code, id)


def prepare(id: str, marker: str, parameters: dict | None = None) -> tuple[dict, str]:
    """Run what comes before the training cell, in the current folder.

    Args:
        id: of the notebook.
        marker: how a line of the training cell starts.
        parameters: values that replace those of the notebook's `parameters` cell.

    Returns:
        The names it defined, and the source of the training cell.

    Raises:
        LookupError: there is no such cell or parameter.
    """
    before, training = cut(id, marker)
    names: dict = {"__name__": "__main__"}
    for cell in before:
        if cell.tags & _LEFT_OUT and "definitions" not in cell.tags:
            continue
        run(cell.source, id, names)
        if "parameters" in cell.tags:
            if unknown := set(parameters or ()) - names.keys():
                raise LookupError(f"{id} has no parameter {', '.join(unknown)}")
            names.update(parameters or {})
    return names, training
