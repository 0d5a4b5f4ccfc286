"""The cells that a kernel has executed, and the code that a cell depends on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress

_executed: list[str] = []  # sources in the order of execution, the running one last


def begin(source: str) -> None:
    """Note that a cell begins to run."""
    _executed.append(source)


def running() -> str:
    """Source of the cell that runs; empty outside a kernel."""
    return _executed[-1] if _executed else ""


def executed() -> list[str]:
    """Sources of all cells executed so far, the running one last."""
    return list(_executed)


def definitions(source: str) -> dict[str, str]:
    """The notebook's own functions and classes that code uses, directly or not.

    Args:
        source: of a cell.

    Returns:
        Name to source, sorted by name; each as it was defined last. The definitions in
        the code itself are left out.
    """
    known = _defined(_executed[:-1] or _executed)
    own = _defined([source])
    found: dict[str, str] = {}
    waiting = [source]
    while waiting:
        for name in names(waiting.pop()):
            if name in known and name not in found and name not in own:
                found[name] = known[name]
                waiting.append(known[name])
    return dict(sorted(found.items()))


def names(source: str) -> list[str]:
    """Names that code reads, sorted; those that it only assigns are left out."""
    read = {
        node.id
        for node in _nodes(source)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return sorted(read)


def assigned(source: str) -> set[str]:
    """Names that the top level of a cell assigns to."""
    return {
        node.id
        for node in _nodes(source)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _nodes(source: str) -> Iterator[ast.AST]:
    with suppress(SyntaxError, ValueError):
        yield from ast.walk(ast.parse(_plain(source)))


def _plain(source: str) -> str:
    """Without IPython's own syntax (`%time`, `!pip`)."""
    kept = [
        "" if line.lstrip().startswith(("%", "!")) else line
        for line in source.splitlines()
    ]
    return "\n".join(kept)


def _defined(sources: list[str]) -> dict[str, str]:
    found = {}
    for source in sources:
        plain = _plain(source)
        with suppress(SyntaxError, ValueError):
            for node in ast.parse(plain).body:
                if isinstance(
                    node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
                ):
                    first = min(d.lineno for d in (node, *node.decorator_list))
                    lines = plain.splitlines()[first - 1 : node.end_lineno]
                    found[node.name] = "\n".join(lines)
    return found
