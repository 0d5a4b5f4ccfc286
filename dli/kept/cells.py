"""The cells that a kernel has executed, and the code that a cell depends on."""

from __future__ import annotations

import ast
import symtable
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
    """Names of the notebook that code reads, sorted.

    What it only assigns is left out, and so are the variables of its functions: a
    `weights` inside one has nothing to do with the notebook's.
    """
    table = _table(source)
    return sorted(_read(table, is_top=True)) if table else []


def _read(table: symtable.SymbolTable, is_top: bool = False) -> set[str]:
    found = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (is_top or symbol.is_global())
    }
    return found.union(*(_read(inner) for inner in table.get_children()))


def assigned(source: str) -> set[str]:
    """Names that the top level of a cell assigns to."""
    table = _table(source)
    symbols = table.get_symbols() if table else ()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned()}


def _table(source: str) -> symtable.SymbolTable | None:
    try:
        return symtable.symtable(_plain(source), "cell", "exec")
    except (SyntaxError, ValueError):
        return None


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
