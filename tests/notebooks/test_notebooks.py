"""Every recorded notebook against the rules of the house."""

import nbformat
import pytest

from course import runner
from course.check.rules import RULES
from dli import book
from tests.support.book import problems

NOTEBOOKS = runner.discover()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=runner.name_of)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(path, rule):
    problems = rule(nbformat.read(path, as_version=4), path)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=runner.name_of)
def test_is_valid_nbformat(path):
    nbformat.validate(nbformat.read(path, as_version=4))


def test_book_toml_is_complete_and_in_the_books_order():
    assert problems(book.entries(), [*map(runner.name_of, NOTEBOOKS)]) == []


def test_folder_names_differ_in_more_than_case():
    names = [path.parent.name.lower() for path in NOTEBOOKS]
    assert {path.parent.name for path in NOTEBOOKS} == set(names)
