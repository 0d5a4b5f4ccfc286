"""The scoreboard: verdicts, formats, and what makes a run not comparable."""

import json
from types import SimpleNamespace

import pytest

from dli import book, datasets

ENTRY = {
    "notebook": "ch99_test/01_net",
    "title": "Net",
    "measure": [
        {
            "name": "accuracy",
            "label": "accuracy",
            "book": 0.9787,
            "format": ".2%",
            "band": [0.97, 0.99],
        },
        {"name": "count", "label": "count", "band": [3, 3], "exact": True},
    ],
}


@pytest.fixture(autouse=True)
def one_entry(monkeypatch):
    monkeypatch.setattr(book, "entries", lambda: {"net": ENTRY})
    monkeypatch.setattr(datasets, "provenance", dict)
    monkeypatch.delenv("DLI_PACE", raising=False)
    monkeypatch.delenv("DLI_VERIFY", raising=False)


def rows(monkeypatch, **measures):
    shown = []
    monkeypatch.setattr(book, "_show", lambda notebook, found: shown.extend(found))
    book.compare("net", **measures)
    return {row["name"]: row for row in shown}


def test_inside_the_band(monkeypatch):
    found = rows(monkeypatch, accuracy=0.9795, count=3)
    assert found["accuracy"]["cells"] == [
        "accuracy",
        "97.87%",
        "97.95%",
        "+0.08%",
        "97.00% to 99.00%",
        "within the band",
    ]
    assert found["count"]["cells"][1] == "not printed"


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


def test_difference_that_rounds_away_is_none():
    assert book._difference(0.97871, 0.9787, ".2%") == "none"
    assert book._difference(0.9667, 0.9787, ".2%") == "-1.20%"
    assert book._difference(4.539787e-05, 4.5398e-05, ".4e") == "none"
    assert book._difference(2234, 1000, ",.0f") == "+1,234"


def test_table_and_scoreboard_read_recorded_notebooks(monkeypatch, tmp_path):
    rows = {"rows": [{"name": "accuracy", "value": 0.98}]}
    cell = {"outputs": [{"data": {book.MIME: rows}}, {"text": "other"}]}
    path = tmp_path / "ch99_test" / "01_net.ipynb"
    path.parent.mkdir()
    monkeypatch.setattr(book, "_NOTEBOOKS", tmp_path)
    expected = {"notebook": "net", "title": "Net", "book": 0.9787, "recorded": None}
    assert book.table("accuracy") == [expected]
    path.write_text(json.dumps({"cells": [cell, {"source": ""}]}))
    assert book.table("accuracy") == [{**expected, "recorded": 0.98}]
