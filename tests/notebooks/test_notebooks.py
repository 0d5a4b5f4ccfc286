"""Every recorded notebook against the rules of the house."""

import nbformat
import pytest

from course import catalogue
from course.check.rules import RULES
from dli import facts

NOTEBOOKS = catalogue.notebooks()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(notebook, rule):
    problems = rule(nbformat.read(notebook.path, as_version=4), notebook)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_is_valid_nbformat(notebook):
    nbformat.validate(nbformat.read(notebook.path, as_version=4))


def test_every_file_is_listed_in_order():
    assert catalogue.unlisted() == [], "no chapter.toml lists it"
    for chapter in facts.chapters():
        files = [entry.file for entry in chapter.entries.values()]
        assert files == sorted(files), chapter.folder


def test_recorded_json_holds_no_notebook_that_is_gone():
    assert set(facts.recorded()) <= set(facts.entries())


def test_folder_names_differ_in_more_than_case():
    names = [chapter.folder for chapter in facts.chapters()]
    assert len({name.lower() for name in names}) == len(names)


def test_kept_weights_stay_within_thirty_megabytes():
    files = catalogue.folder().glob("*/weights/*")
    assert sum(file.stat().st_size for file in files) <= 30_000_000
