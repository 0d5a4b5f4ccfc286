"""The kept trainings beside the notebooks, and which notebook a kernel runs."""

from __future__ import annotations

import functools
import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dli import facts
from dli.facts import Entry
from dli.files import sha256
from dli.kept import cells, files


class Unusable(Exception):
    """What is kept of a notebook can't be used; the text says why."""


@dataclass(frozen=True)
class Kept:
    """What is kept of one notebook.

    Attributes:
        entry: of the notebook.
        code: SHA-256 of its code cells.
        trainings: descriptions of what was trained, in order.
        unusable: why nothing of it can be used; empty if it can.
    """

    entry: Entry
    code: frozenset[str]
    trainings: tuple[dict, ...] = ()
    unusable: str = ""
    _arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def arrays(self, number: int) -> dict[str, np.ndarray]:
        """The arrays of one training by name.

        Raises:
            Unusable: they are missing, or not as they were recorded.
        """
        if not self._arrays:
            file = _file(self.entry, ".npz")
            _verify(self.entry, file)
            try:
                self._arrays.update(files.unpack(file))
            except (OSError, ValueError, zipfile.BadZipFile) as error:
                raise Unusable(f"{file.name} can't be read ({error})") from error
        start = f"{number}/"
        return {
            name.removeprefix(start): array
            for name, array in self._arrays.items()
            if name.startswith(start)
        }


def running() -> list[Kept]:
    """What is kept of the notebook that this kernel runs.

    It is known by its cells: the notebook with most of the cells that have been
    executed. Several where they can't be told apart yet; none for any other notebook.
    """
    done = {hash_of(source) for source in cells.executed()}
    shares = [(len(found.code & done), found) for found in _all(facts.folder())]
    most = max((share for share, _ in shares), default=0)
    return [found for share, found in shares if share == most > 1 and found.entry.keep]


def of_notebook(id: str) -> Kept:
    """What is kept of one notebook.

    Raises:
        KeyError: there is no such notebook.
        Unusable: nothing is kept of it, or it is not as it was recorded.
    """
    found = _read(facts.entry(id))
    if found.unusable:
        raise Unusable(found.unusable)
    return found


@functools.cache
def _all(folder) -> tuple[Kept, ...]:
    return tuple(
        _read(entry) if entry.keep else Kept(entry, frozenset(_code(entry)))
        for entry in facts.entries().values()
    )


def _read(entry: Entry) -> Kept:
    file = _file(entry, ".json")
    try:
        _verify(entry, file)
        content = json.loads(file.read_text(encoding="utf-8"))
        trainings = files.with_repeats(content["trainings"])
        return Kept(entry, frozenset(content["cells"]), tuple(trainings))
    except (Unusable, OSError, ValueError, LookupError) as error:
        return Kept(entry, frozenset(_code(entry)), unusable=str(error))


def _verify(entry: Entry, file: Path) -> None:
    expected = facts.kept().get(entry.id, {}).get(file.name)
    if expected is None:
        raise Unusable(f"nothing is kept of the recorded run of {entry.id}")
    if not file.is_file():
        raise Unusable(f"{files.FOLDER}/{file.name} is missing")
    if sha256(file) != expected:
        raise Unusable(f"{files.FOLDER}/{file.name} is not as it was recorded")


def _file(entry: Entry, ending: str) -> Path:
    return Path(facts.folder()) / entry.folder / files.FOLDER / f"{entry.id}{ending}"


def _code(entry: Entry) -> list[str]:
    """Hashes of the code cells in the notebook file, where it is at hand."""
    file = Path(facts.folder()) / f"{entry.name}.ipynb"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return [
            hash_of("".join(cell["source"]))
            for cell in content["cells"]
            if cell["cell_type"] == "code"
        ]
    except (OSError, ValueError, KeyError):
        return []


def hash_of(source: str) -> str:
    """SHA-256 of the code of a cell."""
    return hashlib.sha256(source.encode()).hexdigest()
