"""The README's tables are up to date, and its links lead somewhere."""

import re

import pytest

from course.bootstrap import ROOT
from course.publish import readme


def test_tables_are_up_to_date():
    text = readme.README.read_text("utf-8")
    assert readme.merged(text) == text, "run `make readme`"


def test_missing_marks_are_an_error():
    with pytest.raises(ValueError, match="lacks the marks"):
        readme.merged("# A README without tables")


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docker/README.md",
        "docker/classroom/README.md",
        "benchmarks/README.md",
        "tests/drills/README.md",
    ],
)
def test_relative_links_lead_somewhere(name):
    path = ROOT / name
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_make_targets_and_verbs_in_the_readme_exist():
    text = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+)\b(?=[ `\n])", text)):
        if target not in ("it",):
            assert re.search(rf"^{target}:", makefile, re.M), f"no target {target}"
    from course.cli import _parser

    for verb in set(re.findall(r"python -m course ([a-z]+)", text)):
        assert f"{verb} " in _parser().format_help(), f"no verb {verb}"
