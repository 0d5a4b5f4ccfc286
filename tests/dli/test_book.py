"""The scoreboard: verdicts, formats, and what makes a run not comparable."""

from types import SimpleNamespace

import pytest

from dli import board, book, datasets, facts

CHAPTER = """
chapter = "99"
title = "Test"

[net]
file = "01_net"
kind = "book"
title = "Net"
shows = "something"
minutes = 1
headline = "accuracy"

[[net.measure]]
name = "accuracy"
label = "accuracy"
book = 0.9787
format = ".2%"
where = "here"
band = [0.97, 0.99]
why = "tried"

[[net.measure]]
name = "count"
label = "count"
band = [3, 3]
why = "counted"
exact = true
"""


@pytest.fixture(autouse=True)
def one_entry(tmp_path, monkeypatch):
    folder = tmp_path / "ch99_test"
    folder.mkdir()
    (folder / "chapter.toml").write_text(CHAPTER)
    (tmp_path / "recorded.json").write_text("{}")
    monkeypatch.setenv("DLI_NOTEBOOKS", str(tmp_path))
    monkeypatch.setattr(datasets, "provenance", dict)
    monkeypatch.delenv("DLI_PACE", raising=False)
    monkeypatch.delenv("DLI_VERIFY", raising=False)


def shown_by(monkeypatch, **measures):
    """What `compare` displays, by MIME type."""
    shown = []
    monkeypatch.setattr(book.tables, "show", shown.append)
    book.compare("net", **measures)
    return shown[0]


def rows(monkeypatch, **measures):
    """The rows of the scoreboard by measure."""
    found = shown_by(monkeypatch, **measures)[book.MIME]["rows"]
    return {row["name"]: row for row in found}


def test_inside_the_band(monkeypatch):
    bundle = shown_by(monkeypatch, accuracy=0.9795, count=3)
    lines = bundle["text/plain"].splitlines()
    assert [cell.strip() for cell in lines[1].split("  ") if cell.strip()] == [
        "accuracy",
        "97.87%",
        "97.95%",
        "+0.08 points",
        "97.00% to 99.00%",
        "within the band",
    ]
    assert lines[3] == "1 exact value: as worked out beforehand"
    html = bundle["text/html"]
    compared, exact, why = html.split("<details>")
    assert "count" not in compared and "97.95%" in compared
    assert "expected 97.00% to 99.00%; book 97.87%; this run 97.95%" in compared
    assert "count" in exact and "book" not in exact
    assert "tried" in why and "printed in here" in why


@pytest.mark.parametrize(
    "printed, band, form, expected",
    [
        (0.2689, "[0.26885, 0.26895]", ".4f", "exact"),  # a rounded value's own edge
        (0.94, "[0.93878, 0.93878]", ".0%", "exact"),  # the same in print
        (0.44, "[0.93878, 0.93878]", ".0%", "94%"),  # a slip of the book
        (2.5, "[2.4, 2.6]", ".1f", "exact"),
    ],
)
def test_what_is_expected_of_an_exact_value(
    printed, band, form, expected, tmp_path, monkeypatch
):
    chapter = CHAPTER.replace("band = [3, 3]", f"band = {band}").replace(
        'label = "count"',
        f'label = "count"\nbook = {printed}\nformat = "{form}"\nwhere = "there"',
    )
    (tmp_path / "ch99_test" / "chapter.toml").write_text(chapter)
    html = shown_by(monkeypatch, accuracy=0.9795, count=2.5)["text/html"]
    assert f">{expected}</td>" in html


def test_what_is_outside_stands_in_view(monkeypatch):
    html = shown_by(monkeypatch, accuracy=0.5, count=4)["text/html"]
    compared = html.split("<details>")[0]
    assert compared.count("✗ outside the band") == 2 and "exact value" not in html
    assert 'fill="none"' in compared, "the run lies beyond the scale"


def test_words_of_the_book_and_values_of_the_authors(tmp_path, monkeypatch):
    path = tmp_path / "ch99_test" / "chapter.toml"
    text = path.read_text().replace("book = 0.9787", 'book = 0.98\nwords = "about 98%"')
    path.write_text(text.replace('where = "here"', 'where = "the authors\' notebook"'))
    facts._chapters.cache_clear()
    bundle = shown_by(monkeypatch, accuracy=0.975, count=3)
    line = bundle["text/plain"].splitlines()[1]
    assert "about 98% (authors' notebook)" in line and "points" not in line
    assert bundle[book.MIME]["rows"][0]["book"] == 0.98


def test_a_measure_without_a_printed_value_is_folded(tmp_path, monkeypatch):
    path = tmp_path / "ch99_test" / "chapter.toml"
    path.write_text(path.read_text().replace("book = 0.9787\n", ""))
    facts._chapters.cache_clear()
    html = shown_by(monkeypatch, accuracy=0.98, count=3)["text/html"]
    assert html.startswith("<details>")
    assert "1 more measure without a printed value: within its band" in html
    html = shown_by(monkeypatch, accuracy=0.5, count=3)["text/html"]
    assert html.startswith("<table>")


@pytest.mark.parametrize("value", [0.96, 0.9901, float("nan")])
def test_outside_the_band(monkeypatch, value):
    found = rows(monkeypatch, accuracy=value, count=3)
    assert found["accuracy"]["verdict"] == "outside the band"


def test_the_ends_of_a_band_are_inside(monkeypatch):
    assert rows(monkeypatch, accuracy=0.99, count=3)["accuracy"]["verdict"] == (
        "within the band"
    )


def test_verifying_run_raises_outside_the_band(monkeypatch):
    monkeypatch.setenv("DLI_VERIFY", "1")
    with pytest.raises(book.OutsideBand, match="accuracy"):
        rows(monkeypatch, accuracy=0.5, count=3)
    rows(monkeypatch, accuracy=0.98, count=3)


def test_quick_pace_is_not_comparable_but_exact_numbers_are(monkeypatch):
    monkeypatch.setenv("DLI_PACE", "quick")
    found = rows(monkeypatch, accuracy=0.1, count=4)
    assert found["accuracy"]["verdict"] == "not comparable: quick pace"
    assert found["count"]["verdict"] == "outside the band"


@pytest.mark.parametrize("extent", ["stand-in", "sample"])
def test_other_data_are_not_comparable(monkeypatch, extent):
    found = {"mnist": SimpleNamespace(extent=extent, comparable=False)}
    monkeypatch.setattr(datasets, "provenance", lambda: found)
    verdicts = [
        r["verdict"] for r in rows(monkeypatch, accuracy=0.98, count=3).values()
    ]
    assert all(verdict.startswith("not comparable") for verdict in verdicts)
    assert all(extent in verdict for verdict in verdicts)


def test_a_sample_with_a_reason_is_comparable(monkeypatch):
    found = {"quickdraw": SimpleNamespace(extent="sample", comparable=True)}
    monkeypatch.setattr(datasets, "provenance", lambda: found)
    board = rows(monkeypatch, accuracy=0.98, count=3)
    assert board["accuracy"]["verdict"] == "within the band"


def test_unknown_names_get_a_near_match():
    with pytest.raises(KeyError, match="did you mean accuracy"):
        book.compare("net", acuracy=1, count=3)
    with pytest.raises(KeyError, match="did you mean net"):
        book.compare("nett", accuracy=1)


def test_every_measure_is_wanted():
    with pytest.raises(ValueError, match="also needs: count"):
        book.compare("net", accuracy=1)


@pytest.mark.parametrize(
    ("value", "printed", "style", "shown"),
    [
        (0.97871, 0.9787, ".2%", ""),
        (0.9667, 0.9787, ".2%", "-1.20 points"),
        (4.539787e-05, 4.5398e-05, ".4e", ""),
        (2234, 1000, ",.0f", "+1,234"),
    ],
)
def test_difference_that_rounds_away_is_none(value, printed, style, shown):
    measure = facts.Measure("a", "a", (0, 1), "why", style, printed, "here")
    assert board.difference(board.Line(measure, value, "")) == shown


def test_table_and_recorded_read_what_record_has_written(tmp_path):
    expected = {"notebook": "net", "title": "Net", "book": 0.9787, "recorded": None}
    assert book.table("accuracy") == [expected]
    (tmp_path / "recorded.json").write_text('{"net": {"accuracy": 0.98}}')
    assert book.table("accuracy") == [{**expected, "recorded": 0.98}]
    assert book.recorded("net") == {"accuracy": 0.98}


def test_rows_of_an_executed_notebook():
    row = {
        "name": "accuracy",
        "book": None,
        "value": 0.98,
        "verdict": "within the band",
    }
    shown = {"outputs": [{"data": {book.MIME: {"rows": [row]}}}, {"text": "other"}]}
    (found,) = book.rows_of({"cells": [shown, {"source": ""}]})
    assert found.value == 0.98
    assert book.Verdict.of(found.verdict) == book.Verdict.WITHIN
    other = book.Verdict.of("not comparable: quick pace")
    assert other == book.Verdict.NOT_COMPARABLE


def test_kept_weights_are_marked_and_their_verdicts_count(monkeypatch):
    state = book.player.State({("net", 0): True})
    monkeypatch.setattr(book.player, "state", state)
    found = rows(monkeypatch, accuracy=0.9795, count=3)
    assert found["accuracy"]["verdict"] == "within the band: kept weights"
    assert found["count"]["verdict"] == "within the band"
    monkeypatch.setenv("DLI_VERIFY", "1")
    with pytest.raises(book.OutsideBand):
        book.compare("net", accuracy=0.5, count=3)


def test_a_training_that_was_cut_short_is_not_comparable(monkeypatch):
    state = book.player.State({("net", 0): True, ("net", 1): False})
    monkeypatch.setattr(book.player, "state", state)
    found = rows(monkeypatch, accuracy=0.9795, count=3)
    assert found["accuracy"]["verdict"] == "not comparable: quick pace"
    assert found["count"]["verdict"] == "within the band"
