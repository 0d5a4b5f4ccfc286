"""`course list`: the notebooks, for people and for workflows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from course.catalogue import Notebook
from dli import tables


def text(notebooks: Sequence[Notebook], as_json: bool = False) -> str:
    """The notebooks as a table, or as a JSON list with all that is known of each."""
    if as_json:
        return json.dumps([_facts(notebook) for notebook in notebooks], indent=1)
    lines = [("notebook", "kind", "minutes", "title")]
    for notebook in notebooks:
        entry = notebook.entry
        lines.append((entry.name, entry.kind, f"{entry.minutes:g}", entry.title))
    return tables.text(lines)


def _facts(notebook: Notebook) -> dict:
    entry = notebook.entry
    return {
        "name": entry.name,
        "id": entry.id,
        "chapter": entry.chapter,
        "title": entry.title,
        "kind": entry.kind,
        "minutes": entry.minutes,
        "teaches": entry.teaches,
        "data": notebook.data_sets,
    }
