"""The facts of a chapter: parsed in one place, refused with the reason."""

import pytest

from dli import facts
from dli.facts import Kind

GOOD = """
chapter = "10"
title = "Machine Vision"

[lenet]
file = "01_lenet"
kind = "book"
title = "LeNet"
shows = "kernels"
minutes = 5.0
headline = "accuracy"

[[lenet.measure]]
name = "accuracy"
label = "validation accuracy"
book = 0.9927
format = ".2%"
where = "chapter 10"
band = [0.98, 1.0]
why = "three seeds"

[[lenet.measure]]
name = "parameters"
label = "parameters"
format = ",.0f"
band = [600810, 600810]
why = "counted"
exact = true
"""


def test_an_entry():
    chapter = facts.parse(GOOD, "ch10_machine_vision")
    entry = chapter.entries["lenet"]
    assert (chapter.number, chapter.title) == ("10", "Machine Vision")
    assert entry.name == "ch10_machine_vision/01_lenet" and entry.kind == Kind.BOOK
    assert entry.size_kb == facts.SIZE_KB
    measure = entry.headline_measure
    assert measure.printed == "99.27%" and measure.text(0.5) == "50.00%"
    assert measure.holds(0.98) and measure.holds(1.0) and not measure.holds(0.97)
    assert not measure.holds(float("nan"))
    assert entry.measure("parameters").printed == "not printed"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('file = "01_lenet"', 'file = "01_lent"', "file is '01_lent'"),
        ('file = "01_lenet"\n', "", "file"),
        ('kind = "book"', 'kind = "poster"', "poster"),
        ("minutes = 5.0", "minutes = 0", "minutes"),
        ("minutes = 5.0", "minutes = 5.0\nhours = 1", "hours"),
        ('headline = "accuracy"', 'headline = "loss"', "headline 'loss'"),
        ("band = [0.98, 1.0]", "band = [1.0, 0.98]", "band"),
        ("band = [0.98, 1.0]", "band = [0.98, inf]", "finite"),
        ('why = "counted"', 'why = "LATERWHY"', "placeholder"),
        ('why = "counted"', 'why = ""', "why"),
        ('where = "chapter 10"\n', "", "where the book prints it"),
        ('format = ".2%"', 'format = "nonsense"', "accuracy|format"),
        ('label = "parameters"', 'label = "parameters"\nunit = "1"', "unit"),
        ("chapter =", "number =", "chapter"),
        ("[lenet]", "[lenet", "chapter.toml"),
    ],
)
def test_a_wrong_fact_is_refused_with_the_reason(old, new, said):
    assert old in GOOD
    with pytest.raises(ValueError, match=said) as error:
        facts.parse(GOOD.replace(old, new), "ch10_machine_vision")
    assert "ch10_machine_vision/chapter.toml" in str(error.value)


def test_chapters_in_the_books_order_appendices_last():
    numbers = [chapter.number for chapter in facts.chapters()]
    digits = [int(number) for number in numbers if number.isdigit()]
    assert digits == sorted(digits)
    assert numbers[len(digits) :] == sorted(numbers[len(digits) :])


def test_where_the_facts_are_found(tmp_path, monkeypatch):
    monkeypatch.delenv("DLI_NOTEBOOKS", raising=False)
    monkeypatch.delenv("DLI_CLONE", raising=False)
    clone = tmp_path / "clone"
    chapter = clone / "notebooks" / "ch10_machine_vision"
    chapter.mkdir(parents=True)
    (clone / "notebooks" / "recorded.json").write_text("{}")
    for here in (clone, chapter):  # the repository, and a notebook's own folder
        monkeypatch.chdir(here)
        assert facts.folder() == clone / "notebooks"
    monkeypatch.chdir(tmp_path)  # a notebook opened elsewhere, in a kernel of ours
    monkeypatch.setenv("DLI_CLONE", str(clone))
    assert facts.folder() == clone / "notebooks"
    monkeypatch.setenv("DLI_NOTEBOOKS", str(tmp_path))
    assert facts.folder() == tmp_path


def test_no_facts_anywhere_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("DLI_NOTEBOOKS", raising=False)
    monkeypatch.delenv("DLI_CLONE", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(facts.resources, "files", lambda package: tmp_path / "none")
    with pytest.raises(FileNotFoundError, match="DLI_NOTEBOOKS"):
        facts.folder()


def test_near_matches_are_named():
    with pytest.raises(KeyError, match="did you mean lenet_in_keras"):
        facts.entry("lenet_in_kreas")
    with pytest.raises(KeyError, match="did you mean"):
        facts.entry("lenet_in_keras").measure("best_val_acuracy")
