"""`course new`: a notebook with the anatomy of the house, and its entry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from course import catalogue
from course.files import write_whole
from dli import facts
from dli.words import did_you_mean

_TEMPLATE = Path(__file__).with_name("templates") / "new_notebook.txt"
_CELL = re.compile(r"^# %%( \[markdown\])? ([\w-]+)(?: tags: (.+))?\n", re.M)

_ENTRY = """
[{id}]
file = "{file}"
kind = "concept"
title = "{title}"
shows = "…"
minutes = 1.0
headline = "steps"

[[{id}.measure]]
name = "steps"
label = "steps"
format = ".0f"
band = [100, 100]
why = "…"
exact = true
"""


def write(chapter: str, id: str, title: str | None = None) -> Path:
    """Write a notebook and add its entry to the chapter's facts.

    Args:
        chapter: its folder, or part of the folder's name.
        id: the notebook's name without a number, in lower case.
        title: made of the id where there is none.

    Returns:
        The notebook's file.

    Raises:
        LookupError: not one chapter of that name.
        ValueError: the id is no name for a file, or there is such a notebook.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
        raise ValueError(f"{id!r}: lower-case letters, digits and _ only")
    if id in facts.entries():
        raise ValueError(f"there is a notebook {id} already")
    chapters = {found.folder: found for found in facts.chapters()}
    hits = [chapter] if chapter in chapters else [f for f in chapters if chapter in f]
    if len(hits) != 1:
        hint = did_you_mean(chapter, chapters)
        raise LookupError(f"{len(hits)} chapters match {chapter!r}; {hint}")
    found = chapters[hits[0]]
    number = 1 + max((int(e.file[:2]) for e in found.entries.values()), default=0)
    words = {
        "id": id,
        "file": f"{number:02}_{id}",
        "title": title or id.replace("_", " ").capitalize(),
        "chapter": found.number,
    }
    folder = catalogue.folder() / found.folder
    target = folder / f"{words['file']}.ipynb"
    if target.exists():
        raise ValueError(f"{target.name} is there already")
    listed = folder / facts.CHAPTER
    entry = (
        listed.read_text(encoding="utf-8").rstrip("\n") + "\n" + _ENTRY.format(**words)
    )
    facts.parse(entry, found.folder)
    write_whole(
        target, json.dumps(_notebook(words), indent=1, ensure_ascii=False) + "\n"
    )
    write_whole(listed, entry)
    return target


def _notebook(words: dict[str, str]) -> dict:
    text = _TEMPLATE.read_text(encoding="utf-8")
    for key, value in words.items():
        text = text.replace(f"{{{key}}}", value)
    cells = []
    for is_prose, name, tags, source in _cells(text):
        cell = {"cell_type": "markdown" if is_prose else "code", "id": name}
        cell |= {"metadata": {}, "source": source}
        if tags:
            cell["metadata"]["tags"] = tags
        if "solution" in tags:
            hidden = {"source_hidden": True, "outputs_hidden": True}
            cell["metadata"]["jupyter"] = hidden
        if not is_prose:
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python"}
    metadata = {"kernelspec": spec | {"name": "python3"}}
    metadata["language_info"] = {"name": "python"}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cells(text: str) -> Iterator[tuple[bool, str, list[str], str]]:
    """Whether it is prose, its name, its tags and its source, cell by cell."""
    _, *parts = _CELL.split(text)
    for prose, name, tags, source in zip(*[iter(parts)] * 4):
        yield bool(prose), name, (tags or "").split(), source.strip("\n")
