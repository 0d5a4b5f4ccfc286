"""A small repository of notebooks for tests of what runs, records and checks them."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import v4

from course import catalogue
from course.run import results
from dli import facts

_ENTRY = """
[{id}]
file = "{file}"
kind = "book"
title = "{title}"
shows = "something"
minutes = 0.1
"""


class House:
    """Chapters with facts and notebooks in a folder of their own.

    Args:
        root: the folder.
        monkeypatch: pytest's; the catalogue and the results move to `root` with it.
    """

    def __init__(self, root: Path, monkeypatch) -> None:
        self.root = root
        self.notebooks = root / "notebooks"
        self.runs = root / "runs"
        self.notebooks.mkdir()
        (self.notebooks / facts.RECORDED).write_text("{}\n")
        monkeypatch.setenv("DLI_NOTEBOOKS", str(self.notebooks))
        monkeypatch.setattr(results, "RUNS", self.runs)
        facts._chapters.cache_clear()

    def add(self, name: str, *sources: str, more: str = "") -> catalogue.Notebook:
        """Write a notebook and its entry, or write it anew.

        Args:
            name: `"ch10_later/01_good"`.
            *sources: of its code cells.
            more: further lines of its entry.
        """
        folder, file = name.split("/")
        chapter = self.notebooks / folder / facts.CHAPTER
        number = folder.split("_")[0].removeprefix("ch").lstrip("0")
        if folder.startswith("appendix"):
            number = folder.split("_")[1].upper()
        id = file[3:]
        if not chapter.exists():
            chapter.parent.mkdir(parents=True)
            chapter.write_text(f'chapter = "{number}"\ntitle = "A chapter"\n')
        if f"[{id}]" not in (text := chapter.read_text()):
            title = id.replace("_", " ").title()
            entry = _ENTRY.format(id=id, file=file, title=title)
            chapter.write_text(text + entry + more)
        facts._chapters.cache_clear()
        return self.write(catalogue.find(id), *sources)

    @staticmethod
    def write(notebook: catalogue.Notebook, *sources: str) -> catalogue.Notebook:
        """Write a notebook's cells anew; it is returned, read afresh."""
        title = v4.new_markdown_cell(f"# {notebook.entry.title}")
        cells = [title, *map(v4.new_code_cell, sources)]
        nbformat.write(v4.new_notebook(cells=cells), notebook.path)
        return catalogue.find(notebook.id)

    def recorded(self) -> dict:
        """What `recorded.json` holds."""
        return json.loads((self.notebooks / facts.RECORDED).read_text())
