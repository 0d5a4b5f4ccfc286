"""Every recorded notebook against the rules of the house."""

import nbformat
import pytest
from course.check.rules import RULES

from course import runner
from dli import book

NOTEBOOKS = runner.discover()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=runner.name_of)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(path, rule):
    problems = rule(nbformat.read(path, as_version=4), path)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=runner.name_of)
def test_is_valid_nbformat(path):
    nbformat.validate(nbformat.read(path, as_version=4))


def test_book_toml_lists_the_notebooks_in_book_order():
    listed = [entry["notebook"] for entry in book.entries().values()]
    assert listed == [runner.name_of(path) for path in NOTEBOOKS]


@pytest.mark.parametrize("notebook", book.entries())
def test_book_toml_entry_is_complete(notebook):
    entry = book.entries()[notebook]
    assert entry["notebook"].endswith(notebook), "the id is the file name"
    assert entry["title"] and entry["shows"]
    assert entry["minutes_cpu"] > 0
    measures = {measure["name"]: measure for measure in entry.get("measure", ())}
    assert entry.get("headline") in (measures or {None}), "headline is one measure"
    for measure in measures.values():
        low, high = measure["band"]
        assert low <= high and measure["why"] and measure["label"]
        format(high, measure.get("format", ".4g"))
        if "book" in measure:
            assert measure["where"], "say where the book prints it"


def test_folder_names_differ_in_more_than_case():
    names = [path.parent.name.lower() for path in NOTEBOOKS]
    assert {path.parent.name for path in NOTEBOOKS} == set(names)
