"""The page of the book's numbers: by chapter, what is printed and where to see it."""

from __future__ import annotations

from course import ledger
from course.ledger import STATEMENTS, Check, Statement
from dli import facts


def total() -> str:
    """How many of the book's statements are checked, in a sentence."""
    checked = sum(statement.is_checked for statement in ledger.statements())
    of = sum(STATEMENTS.values())
    return (
        f"Of {of} statements of the book that can be computed or measured, {checked} "
        f"({checked / of:.0%}) are checked: [which, and where](site/numbers.md)."
    )


def numbers() -> str:
    """By chapter: each statement, what the book prints, and where to see it."""
    parts = []
    found = ledger.statements()
    for chapter, count in STATEMENTS.items():
        rows = [statement for statement in found if statement.chapter == chapter]
        name = f"Chapter {chapter}" if chapter.isdigit() else f"Appendix {chapter}"
        checked = sum(row.is_checked for row in rows)
        share = f"{checked} of {count} checked ({checked / count:.0%})"
        parts.append(f"## {name}: {share}")
        if not rows:
            parts.append("Its statements are not listed yet.")
            continue
        lines = ["| | statement | printed | where to see it |", "|---|---|---|---|"]
        lines += [_row(row) for row in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(statement: Statement) -> str:
    printed = ", ".join(map(str, statement.printed))
    cells = (statement.id, statement.statement, printed, _where(statement))
    one_line = (" ".join(cell.replace("|", "/").split()) for cell in cells)
    return f"| {' | '.join(one_line)} |"


def _where(statement: Statement) -> str:
    if statement.because and statement.check not in (Check.SLIP, Check.NONE):
        return f"{_place(statement)} ({statement.because.rstrip('.')})"
    return _place(statement)


def _place(statement: Statement) -> str:
    if statement.check == Check.NONE:
        begin = "" if statement.because.startswith("not checked") else "not checked: "
        return begin + statement.because
    if statement.check == Check.TEST:
        path, _, name = statement.test.partition("::")
        return f"[{name}](../{path})"
    labels: dict[str, list[str]] = {}  # by link, in order
    for id, name in statement.places:
        entry = facts.entry(id)
        link = f"[{entry.title}](../notebooks/{entry.name}.ipynb)"
        labels.setdefault(link, [])
        if statement.check == Check.MEASURE:
            labels[link].append(entry.measure(name).label)
    if statement.check == Check.MEASURE:
        parts = [f"{link}: {', '.join(names)}" for link, names in labels.items()]
        return "; ".join(parts)
    texts = ", ".join(f"“{line}”" for line in statement.shows.splitlines())
    shown = f"{', '.join(labels)}: {texts}"
    if statement.check == Check.SLIP:
        return f"a slip, {statement.because.rstrip('.')}; {shown}"
    return shown
