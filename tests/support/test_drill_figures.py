"""The page of the drills, from made-up figures."""

import pytest

from tests.support.drills import figures

MACHINE = {
    "processor": "abacus",
    "cores": 2,
    "memory_gb": 8,
    "system": "Linux",
    "versions": {"python": "3.11.0", "numpy": "2.2"},
    "date": "2026-01-02",
    "full": True,
}


def line(name, *notes, outcome="passed", reason=""):
    """A line of the file of figures."""
    return {
        "test": name,
        "tried": "Bytes are\n    changed.",
        "outcome": outcome,
        "reason": reason,
        "seconds": 4.0,
        "notes": [
            dict(zip(("drill", "tries", "caught", "detail", "missed"), note))
            for note in notes
        ],
    }


def page(*lines, full=True):
    return figures.page([{"machine": MACHINE | {"full": full}}, *lines])


def test_tries_of_one_drill_are_added_up():
    flips = [
        ("flips", 1000, 1000, "2 harmless", []),
        ("flips", 500, 499, "", ["byte 3"]),
    ]
    text = page(line("a.py::x[1]", flips[0]), line("a.py::x[2]", flips[1]))
    assert "| flips | Bytes are changed. 2 harmless | 1,500 | 1,499 | 8.0 |" in text
    assert "## Missed\n\n- flips: byte 3\n" in text
    assert text.endswith("GB of memory, Linux; python 3.11.0, numpy 2.2.\n")
    assert "short run" not in text


def test_a_miss_without_a_name_is_counted():
    assert "- flips: 2 without a name" in page(line("a.py::x", ("flips", 3, 1, "", [])))


def test_a_test_without_figures_has_no_row_but_fails_aloud():
    text = page(line("a.py::x", outcome="failed"), full=False)
    assert "| x |" not in text
    assert "## Drills that failed\n\n- a.py::x\n" in text
    assert "short run" in text


def test_what_was_skipped_is_named_and_a_bar_is_escaped():
    note = ("a|b", 1, 1, "", [])
    skipped = line("a.py::y", outcome="skipped", reason="Skipped: no tmpfs")
    text = page(line("a.py::x", note), skipped)
    assert "| a\\|b |" in text and "- a.py::y: no tmpfs" in text
    assert "## Missed\n\nNothing.\n" in text


def test_the_last_line_of_a_test_counts():
    failed = line("a.py::x", ("flips", 1, 0, "", ["x"]), outcome="failed")
    assert "Nothing." in page(failed, line("a.py::x", ("flips", 1, 1, "", [])))


def test_too_many_misses_fail():
    notes: list[dict] = []
    drill = figures.Figures(notes)
    drill.nearly_all_caught("flips", 100, ["a"] * 5, floor=0.95)
    with pytest.raises(AssertionError):
        drill.nearly_all_caught("flips", 100, ["a"] * 6, floor=0.95)
    with pytest.raises(AssertionError):
        drill.all_caught("flips", 100, ["a"])
    with pytest.raises(AssertionError, match="nothing was tried"):
        drill.all_caught("flips", 0, [])
    assert [note["caught"] for note in notes] == [95, 94, 99, 0]
