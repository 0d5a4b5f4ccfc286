"""Recorded notebooks, copies of them, and the rules that a copy breaks."""

import functools
from pathlib import Path

import nbformat

from course.catalogue import Notebook
from course.check.rules import RULES

SEED = 20  # of all mutants


@functools.cache
def read(notebook: Notebook):
    """A recorded notebook (nbformat 4); not to be changed."""
    return nbformat.read(notebook.path, as_version=4)


def written(folder: Path, notebook: Notebook, content) -> Notebook:
    """Write a recording into a folder, with the entry of a notebook."""
    place = folder / notebook.path.parent.name / notebook.path.name
    place.parent.mkdir(exist_ok=True)
    nbformat.write(content, place)
    return Notebook(place, notebook.entry)


def broken_rules(notebook: Notebook) -> list[str]:
    """The problems that `make test` finds in a notebook without executing it."""
    try:
        content = nbformat.read(notebook.path, as_version=4)
        nbformat.validate(content)
        return [problem for rule in RULES for problem in rule(content, notebook)]
    except Exception as problem:  # it would fail a test, too
        return [repr(problem)]
