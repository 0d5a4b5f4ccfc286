"""The notebooks of the repository: where they are, what is known of them, their cells.

This is the one place that finds notebooks and looks into them. What is listed in a
`chapter.toml` is a notebook of ours; any other file among them is a reader's own.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.kernels import Backend
from dli import facts
from dli.facts import Entry
from dli.words import did_you_mean

_OPTIONAL = {"torch": "PyTorch is not installed: `make pytorch`"}
_DATA = re.compile(r"^\s*from dli\.datasets import ([\w, ]+)", re.M)
# Modules of `dli` that load a data set themselves.
_LOADERS = {re.compile(r"^\s*from dli import .*\bsentiment\b", re.M): "imdb"}


@dataclass(frozen=True)
class Notebook:
    """One notebook of the catalogue, read when it is asked for.

    Attributes:
        path: its file.
        entry: what is known of it.
    """

    path: Path
    entry: Entry

    @property
    def id(self) -> str:
        """The file name without its number: `"lenet_in_keras"`."""
        return self.entry.id

    @property
    def name(self) -> str:
        """`"ch10_machine_vision/01_lenet_in_keras"`."""
        return self.entry.name

    @cached_property
    def content(self) -> dict:
        """The notebook as JSON (nbformat 4), as it is on disk at the first look.

        Raises:
            OSError: it can't be read.
            ValueError: the file holds no notebook.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            _ = [cell["source"] for cell in content["cells"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"no notebook of format 4: it lacks {error}") from error
        return content

    def cells(self, tag: str | None = None) -> list[Cell]:
        """Its code cells in order, or those that bear a tag."""
        found = [
            Cell(
                id=cell.get("id", ""),
                source="".join(cell["source"]),
                tags=frozenset(cell["metadata"].get("tags", ())),
            )
            for cell in self.content["cells"]
            if cell["cell_type"] == "code"
        ]
        return [cell for cell in found if tag is None or tag in cell.tags]

    def code(self, tag: str | None = None) -> str:
        """The joined source of these cells."""
        return "\n".join(cell.source for cell in self.cells(tag))

    @property
    def data_sets(self) -> list[str]:
        """Modules of `dli.datasets` that it loads data with.

        Not `pretrained`: of its networks one is enough, and the notebook takes what it
        can get.
        """
        code = self.code()
        found = _DATA.findall(code)
        parts = (name for names in found for name in names.split(","))
        names = {name.split(" as ")[0].strip() for name in parts}
        names |= {loaded for module, loaded in _LOADERS.items() if module.search(code)}
        return sorted(names - {"pretrained"})

    def lacks(self, backend: Backend = Backend.TENSORFLOW) -> str:
        """What keeps it from being run here, and the remedy; empty if nothing.

        That is a package which not every reader installs, or, with Keras on another
        backend than TensorFlow, that the notebook teaches a certain one. It is not run
        then, and every report says so.
        """
        teaches = self.entry.teaches
        if backend != Backend.TENSORFLOW and teaches not in ("", backend):
            return f"it teaches {Backend(teaches).title}"
        code = self.code()
        for package, remedy in _OPTIONAL.items():
            imported = re.search(rf"^\s*(?:import|from) {package}\b", code, re.M)
            if imported and importlib.util.find_spec(package) is None:
                return remedy
        return ""


@dataclass(frozen=True)
class Cell:
    """A code cell of a notebook."""

    id: str
    source: str
    tags: frozenset[str]


def folder() -> Path:
    """The folder that holds the chapters."""
    return Path(facts.folder())


def notebooks() -> list[Notebook]:
    """All notebooks in the book's order: chapters, then appendices."""
    return [
        Notebook(folder() / f"{entry.name}.ipynb", entry)
        for entry in facts.entries().values()
    ]


def find(id: str) -> Notebook:
    """One notebook by its id.

    Raises:
        KeyError: there is none; near matches are named.
    """
    entry = facts.entry(id)
    return Notebook(folder() / f"{entry.name}.ipynb", entry)


def at(path: Path) -> Notebook | None:
    """The notebook of a file; None for a file that is none of ours."""
    resolved = path.resolve()
    return next((n for n in notebooks() if n.path.resolve() == resolved), None)


def unlisted() -> list[Path]:
    """Notebook files that no `chapter.toml` lists: a reader's own, or a duplicate."""
    listed = {notebook.path for notebook in notebooks()}
    found = folder().glob("*/*.ipynb")
    return sorted(path for path in found if path not in listed)


def select(words: Iterable[str] = ()) -> list[Notebook]:
    """Notebooks that one of the words stands for, in the book's order.

    Args:
        words: part of a name (`ch08`, `lenet`), a title, or a path as a shell completes
            it; a whole name stands for that notebook alone. All notebooks for no word.

    Raises:
        LookupError: a word matches no notebook.
    """
    known, words = notebooks(), list(words)
    if not words:
        return known
    chosen = set()
    for word in words:
        hits = [n.id for n in known if n.id == word]
        hits = hits or [n.id for n in known if _matches(word, n)]
        if not hits:
            hint = did_you_mean(word, [n.id for n in known], "see notebooks/")
            raise LookupError(f"no notebook matches {word!r}; {hint}")
        chosen.update(hits)
    return [notebook for notebook in known if notebook.id in chosen]


def _matches(word: str, notebook: Notebook) -> bool:
    plain = word.strip().replace("\\", "/").rstrip("/").removesuffix(".ipynb")
    if plain.casefold() == notebook.entry.title.casefold():
        return True
    if chapter := re.fullmatch(r"ch(?:apter)?[ _]?0*(\d+)", plain, re.I):
        return notebook.entry.chapter == chapter[1]
    # ./notebooks/ch05_x/01_y, /home/me/clone/notebooks/ch05_x, ../ch05_x/01_y …
    tail = plain.rpartition("notebooks/")[2]
    tail = re.sub(r"^(?:\.{1,2}/)+", "", tail)
    return tail in ("", ".", "notebooks") or tail in notebook.name
