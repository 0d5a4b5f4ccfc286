"""What has passed is executed again exactly when something it depends on changes."""

import json
import time
from dataclasses import replace

import pytest

from course import catalogue
from course.check import passed
from course.kernels import Backend, Pace
from course.run import results, runner
from course.run.results import Outcome, Result, State


def _passed(notebook):
    key = passed.key(notebook)
    into = results.folder(Pace.FULL)
    return runner.keep(into, Outcome(notebook, State.RAN, seconds=2.0), key)


def test_what_has_passed_is_not_executed_again(house):
    notebooks = catalogue.notebooks()
    assert passed.split(notebooks) == (notebooks, [])
    kept = _passed(notebooks[0])
    due, known = passed.split(notebooks)
    assert due == notebooks[1:] and known == [kept]


def test_a_change_of_one_notebook_runs_only_that_one(house):
    notebooks = catalogue.notebooks()
    for notebook in notebooks:
        _passed(notebook)
    changed = json.loads(notebooks[1].path.read_text())
    code = next(c for c in changed["cells"] if c["cell_type"] == "code")
    code["source"] = "print('now')"
    notebooks[1].path.write_text(json.dumps(changed))
    assert passed.split(catalogue.notebooks())[0] == [notebooks[1]]


def test_prose_is_no_reason_to_execute(house):
    from nbformat import v4

    notebook = catalogue.notebooks()[0]
    _passed(notebook)
    content = json.loads(notebook.path.read_text())
    cell = v4.new_markdown_cell("More words.")
    content["cells"].append({**cell, "source": cell.source})
    notebook.path.write_text(json.dumps(content))
    assert passed.split([notebook])[0] == []


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.FAILED},
        {"key": ""},
        {"key": "0" * 64},
        {"rows": (results.Row("m", 1.0, 2.0, "outside the band"),)},
    ],
)
def test_what_failed_or_was_not_compared_counts_for_nothing(house, change):
    notebook = catalogue.notebooks()[0]
    results.save(results.folder(Pace.FULL), replace(_passed(notebook), **change))
    assert passed.split([notebook])[1] == []


def test_an_error_gets_no_key(house):
    notebook = catalogue.notebooks()[0]
    into = results.folder(Pace.FULL)
    failed = runner.keep(into, Outcome(notebook, State.FAILED, "why"), "some key")
    assert failed.key == "" and failed.passed == 0


def test_another_backend_or_device_is_another_key(house, monkeypatch):
    notebook = catalogue.notebooks()[0]
    keys = {passed.key(notebook, backend) for backend in Backend}
    assert len(keys) == len(Backend)
    monkeypatch.setattr(passed, "device", lambda: "another one")
    assert passed.key(notebook) not in keys


def test_the_age_is_shown_and_old_results_are_due():
    now = time.time()
    rows = [Result("ch05_x/01_new", passed=now - 3600), Result("b", passed=now - 9e5)]
    told = passed.table(rows, now).splitlines()
    assert "0.0" in told[1] and "due" not in told[1]
    assert "10.4" in told[2] and "due: more than 8 days" in told[2]
    assert passed.table([]) == ""


def test_a_module_is_reached_where_it_is_imported_and_nowhere_else():
    def reached(code):
        return {path.name for path in passed._files_of(code, passed.ROOT)}

    assert "interactive.py" in reached("from dli import book, interactive")
    assert "interactive.py" not in reached("from dli import book, figures")
    assert "ch01.py" in reached("from dli import exercises"), "found at run time"
    assert "house.mplstyle" in reached("")
    assert {"pace.py", "progress.py"} <= reached(""), "the kernel loads them"
