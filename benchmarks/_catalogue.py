"""A notebook's code cells by tag, until `course.catalogue` is there.

To be replaced: in `notebook.py` and `gan_seeds.py` this module becomes
`course.catalogue`, which has the same `find`, `cells` and `code`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat

from course import runner


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    source: str
    tags: frozenset[str]


@dataclass(frozen=True)
class Notebook:
    """One notebook of ours."""

    path: Path

    def cells(self, tag: str | None = None) -> list[Cell]:
        """Its code cells in order, or those that have a tag."""
        found = [
            Cell(cell.source, frozenset(cell.metadata.get("tags", ())))
            for cell in nbformat.read(self.path, as_version=4).cells
            if cell.cell_type == "code"
        ]
        return [cell for cell in found if tag is None or tag in cell.tags]

    def code(self, tag: str | None = None) -> str:
        """The joined source of these cells."""
        return "\n".join(cell.source for cell in self.cells(tag))


def find(id: str) -> Notebook:
    """The notebook with an id, its file name without number and suffix.

    Raises:
        KeyError: there is none.
    """
    found = {path.stem[3:]: path for path in runner.discover()}
    if id not in found:
        raise KeyError(f"no notebook named {id!r}")
    return Notebook(found[id])
