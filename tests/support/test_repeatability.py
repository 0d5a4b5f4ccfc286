"""The comparison and the report of repeatability can fail; nothing is trained."""

import base64
import io
import json
import math
import os

import nbformat
import pytest
from nbformat import v4
from PIL import Image

from course import files
from dli import book
from tests.support.drills import moves, repeatability
from tests.support.house import House

PLACE = "ch99_test/01_net"


def png(shade=0):
    stream = io.BytesIO()
    Image.new("L", (8, 8), shade).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def executed(text="loss 0.1234", shade=0, value=0.98, verdict="within the band"):
    row = {"name": "accuracy", "book": None, "value": value, "verdict": verdict}
    outputs = [
        [v4.new_output("stream", name="stdout", text=text)],
        [v4.new_output("display_data", {"image/png": png(shade)})],
        [v4.new_output("display_data", {book.MIME: {"rows": [row]}})],
    ]
    cells = [v4.new_markdown_cell("# T"), v4.new_code_cell("")]
    cells += [v4.new_code_cell(f"step({i})", outputs=o) for i, o in enumerate(outputs)]
    return v4.new_notebook(cells=cells)


def test_equal_notebooks_are_equal():
    found = moves.compare(executed(), executed())
    assert found == moves.Moves(outputs=3)


def test_a_changed_digit_is_seen():
    found = moves.compare(executed(), executed(text="loss 0.1235"))
    assert found.moved == [1] and not found.drawn


def test_a_changed_pixel_is_seen():
    found = moves.compare(executed(), executed(shade=1))
    assert found.moved == found.drawn == [2]


def test_how_base64_is_wrapped_is_no_difference():
    other = executed()
    data = other.cells[3].outputs[0].data
    data["image/png"] = data["image/png"][:40] + "\n" + data["image/png"][40:] + "\n"
    assert not moves.compare(executed(), other).moved


def test_a_missing_output_is_seen():
    other = executed()
    other.cells[3].outputs.clear()
    assert moves.compare(executed(), other).moved == [2]


def test_a_changed_count_of_the_output_is_seen():
    first, second = executed(), executed()
    first.cells[2].outputs[0] = v4.new_output("execute_result", {"text/plain": "1"})
    second.cells[2].outputs[0] = v4.new_output(
        "execute_result", {"text/plain": "1"}, execution_count=7
    )
    assert moves.compare(first, second).moved == [1]


def test_a_changed_verdict_is_seen():
    other = executed(value=0.5, verdict="outside the band")
    found = moves.compare(executed(), other)
    assert found.verdicts == ["accuracy"]
    assert found.measure == "accuracy"
    assert found.relative == pytest.approx(0.48 / 0.98)


@pytest.mark.parametrize("turned", [False, True])
def test_a_missing_measure_is_a_changed_verdict(turned):
    other = executed()
    other.cells[4].outputs.clear()
    pair = (other, executed()) if turned else (executed(), other)
    assert moves.compare(*pair).verdicts == ["accuracy"]


def test_other_code_is_not_compared():
    other = executed()
    other.cells[2].source = "step(99)"
    with pytest.raises(ValueError, match="different code"):
        moves.compare(executed(), other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (0.0, 0.0, 0.0),
        (100.0, 99.0, 0.01),
        (99.0, 100.0, 0.01),
        (-1.0, 1.0, 2.0),
        (0.0, 1e-300, 1.0),
        (math.nan, math.nan, 0.0),
        (math.nan, 1.0, math.inf),
        (math.inf, 1.0, math.inf),
    ],
)
def test_relative_difference(one, other, expected):
    found = moves.relative_difference(one, other)
    assert found == pytest.approx(expected)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A notebook, and a function that keeps a run of it under a setting."""
    notebook = House(tmp_path, monkeypatch).add(PLACE)
    nbformat.write(executed(), notebook.path)
    executions = []

    def keep(setting, content, error=""):
        class Execution:
            def __init__(self, notebook, pace):
                self.content = content

            def run(self):
                executions.append((setting, dict(os.environ)))
                return error

        monkeypatch.setattr(repeatability, "Execution", Execution)
        repeatability.execute(notebook, setting, tmp_path / "runs")

    keep.notebook, keep.folder, keep.executions = (
        notebook,
        tmp_path / "runs",
        executions,
    )
    return keep


def report(kept):
    return repeatability.report([kept.notebook], kept.folder)


def test_report_of_four_equal_runs(kept):
    for setting in repeatability.SETTINGS:
        kept(setting, executed())
    text, well = report(kept)
    assert well
    assert f"| {PLACE} | 3 | identical | identical |" in text
    assert f"| {PLACE} | 0 of 3 | none | 0 of 3 | none |" in text
    assert "Verdicts that changed: 0 of 2." in text


def test_report_of_a_second_run_that_differs(kept):
    for setting in repeatability.SETTINGS:
        kept(setting, executed("loss 9" if setting == "second run" else "loss 1"))
    text, well = report(kept)
    assert not well
    assert "differs in code cells 1" in text
    assert "Identical in both runs: 0 of 1 notebooks." in text


def test_report_of_a_verdict_that_changed(kept):
    for setting in repeatability.SETTINGS:
        moved = {"value": 0.97, "verdict": "outside the band"}
        kept(setting, executed(**(moved if setting == "one thread" else {})))
    text, well = report(kept)
    assert not well
    assert "| 1 of 3 | accuracy: 1.0e-02 |" in text
    assert "Verdicts that changed: 1 of 2." in text
    assert f"- {PLACE}, one thread: accuracy" in text


def test_a_run_that_failed_or_is_missing_is_not_well(kept):
    kept("first run", executed())
    text, well = report(kept)
    assert not well and "not measured" in text
    kept("second run", executed(), "MemoryError: 12 GiB")
    text, well = report(kept)
    assert not well and "second run failed: MemoryError" in text


def test_what_was_done_is_not_done_again_until_the_code_changes(kept):
    kept("first run", executed(), "KeyboardInterrupt: ")
    kept("first run", executed())
    kept("first run", executed("never executed"))
    assert len(kept.executions) == 2, "a failed run is repeated, a good one is not"
    changed = executed()
    changed.cells[2].source = "step(99)"
    nbformat.write(changed, kept.notebook.path)
    assert "not measured" in report(kept)[0]
    kept("first run", changed)
    assert len(kept.executions) == 3


def test_a_setting_is_alone_in_the_environment(kept, monkeypatch):
    monkeypatch.setenv("DLI_PACE", "quick")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    before = dict(os.environ)
    kept("one thread", executed())
    ((_, environment),) = kept.executions
    assert environment["OMP_NUM_THREADS"] == "1"
    assert "TF_ENABLE_ONEDNN_OPTS" not in environment
    assert "DLI_PACE" not in environment
    assert dict(os.environ) == before


def test_an_interrupted_write_leaves_the_old_run(kept, monkeypatch):
    kept("first run", executed(), "failed: to be repeated")
    (place,) = kept.folder.rglob("*.json")
    before = place.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept("first run", executed())
    assert place.read_bytes() == before and json.loads(before)
