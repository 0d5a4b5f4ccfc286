"""Recorded notebooks, copies of them, and the rules that a copy breaks."""

import functools

import nbformat

from course.check.rules import RULES

SEED = 20  # of all mutants


@functools.cache
def read(path):
    """A recorded notebook (nbformat 4); not to be changed."""
    return nbformat.read(path, as_version=4)


def written(folder, path, notebook):
    """Write a notebook under the name of another into a folder; its path."""
    place = folder / path.parent.name / path.name
    place.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, place)
    return place


def broken_rules(path):
    """The problems that `make test` finds in a notebook file without executing it."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        return [problem for rule in RULES for problem in rule(notebook, path)]
    except Exception as problem:  # it would fail a test, too
        return [repr(problem)]
