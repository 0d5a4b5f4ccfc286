"""Tables of the README and the pages are up to date, and links lead somewhere."""

import re

import pytest

from course.bootstrap import ROOT
from course.cli import _parser
from course.publish import readme

PAGES = [
    *readme.FILES,
    *(
        ROOT / name
        for name in (
            "CONTRIBUTING.md",
            "docker/README.md",
            "docker/classroom/README.md",
            "benchmarks/README.md",
            "tests/drills/README.md",
        )
    ),
]
IDS = [path.relative_to(ROOT).as_posix() for path in PAGES]


@pytest.mark.parametrize("path", readme.FILES, ids=IDS[: len(readme.FILES)])
def test_tables_are_up_to_date(path):
    text = path.read_text("utf-8")
    assert readme.merged(text) == text, "run `make readme`"


def test_every_table_stands_somewhere():
    text = "".join(path.read_text("utf-8") for path in readme.FILES)
    for name in readme._TABLES:
        assert f"<!-- {name}: written by" in text


def test_missing_marks_and_unknown_tables_are_errors():
    begin = "<!-- {}: written by `make readme` -->\n"
    with pytest.raises(ValueError, match="mark at the end"):
        readme.merged(begin.format("data"))
    with pytest.raises(ValueError, match="no table 'dota'"):
        readme.merged(begin.format("dota") + "<!-- end of dota -->")


def test_the_readme_stays_short():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 120


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_relative_links_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_make_targets_and_verbs_exist(path):
    text = path.read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)\b", text, re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), f"no target {target}"
    for verb in set(re.findall(r"python -m course ([a-z]+)", text)):
        assert f"  {verb} " in _parser().format_help(), f"no verb {verb}"
