"""Recorded notebooks, copies of them, and the rules that a copy breaks."""

import functools
import shutil
from pathlib import Path

import nbformat

from course import keeping
from course.catalogue import Notebook
from course.check.rules import RULES

SEED = 20  # of all mutants


@functools.cache
def read(notebook: Notebook):
    """A recorded notebook (nbformat 4); not to be changed."""
    return nbformat.read(notebook.path, as_version=4)


def written(folder: Path, notebook: Notebook, content) -> Notebook:
    """Write a recording into a folder, with a notebook's entry and kept weights."""
    place = folder / notebook.path.parent.name / notebook.path.name
    place.parent.mkdir(exist_ok=True)
    nbformat.write(content, place)
    for kept in filter(Path.exists, keeping.kept_files(notebook)):
        target = place.parent / kept.relative_to(notebook.path.parent)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(kept, target)
    return Notebook(place, notebook.entry)


def broken_rules(notebook: Notebook) -> list[str]:
    """The problems that `make test` finds in a notebook without executing it."""
    try:
        content = nbformat.read(notebook.path, as_version=4)
        nbformat.validate(content)
        return [problem for rule in RULES for problem in rule(content, notebook)]
    except Exception as problem:  # it would fail a test, too
        return [repr(problem)]
