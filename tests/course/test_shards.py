"""Shards: who takes what, and how what they did comes together."""

import json

import pytest

from course import catalogue, merge, shards
from course.kernels import Pace
from course.run import results, runner
from course.run.results import Outcome, Result, State
from course.shards import Shard
from dli import facts


@pytest.fixture(scope="module")
def ours():
    return catalogue.notebooks()


@pytest.mark.parametrize("count", range(2, 9))
def test_our_shards_are_about_equally_long(ours, count):
    found = shards.split(ours, count)
    names = sorted(notebook.name for shard in found for notebook in shard)
    assert names == sorted(notebook.name for notebook in ours), "each once"
    minutes = [shards.minutes(shard) for shard in found]
    longest = max(shards.minutes([notebook]) for notebook in ours)
    assert max(minutes) <= max(longest, 1.15 * sum(minutes) / count)
    for shard in found:
        lengths = [notebook.entry.minutes for notebook in shard]
        assert lengths == sorted(lengths, reverse=True), "the longest first"


def test_every_machine_works_out_the_same_shards(ours):
    backwards = shards.split(ours[::-1], 6)
    assert backwards == shards.split(ours, 6)
    assert Shard(2, 6).of(ours) == backwards[1]


def test_shards_are_written_as_fractions():
    assert Shard.parse("2/6") == Shard(2, 6) and str(Shard(2, 6)) == "2/6"
    for wrong in ("0/6", "7/6", "2", "2/", "-1/6", "a/b", "2/0", "1.5/6"):
        with pytest.raises(ValueError, match="no shard"):
            Shard.parse(wrong)
    with pytest.raises(ValueError, match="1 or more"):
        shards.listing([], 0)


def test_a_workflow_gets_all_shards_as_json(ours):
    listed = json.loads(shards.listing(ours, 3))
    assert [row["shard"] for row in listed] == ["1/3", "2/3", "3/3"]
    assert sum(len(row["notebooks"]) for row in listed) == len(ours)
    assert all(row["minutes"] > 0 for row in listed)


def test_six_shards_merged_are_one_whole_run(house, monkeypatch):
    for number in range(8):
        house.add(f"ch20_more/{number:02}_nr_{number}", f"print({number})")
    notebooks = catalogue.notebooks()
    whole = house.root / "whole"
    monkeypatch.setattr(results, "RUNS", whole)
    once = _execute(notebooks)
    pages = {p.relative_to(whole): p.read_bytes() for p in whole.rglob("*.html")}
    for shard in (Shard(number, 6) for number in range(1, 7)):
        # one machine after another, each with runs/ of its own
        monkeypatch.setattr(results, "RUNS", house.root / "parts" / f"{shard.number}")
        _execute(shard.of(notebooks))
    monkeypatch.setattr(results, "RUNS", house.runs)
    merged = merge.merge([house.root / "parts"], notebooks)
    assert merged == once
    there = {
        p.relative_to(house.runs): p.read_bytes() for p in house.runs.rglob("*.html")
    }
    assert there == pages
    assert results.Run.load(house.runs / "full").complete


def _execute(notebooks):
    """Results and pages as a run leaves them, without kernels and times."""
    from course.publish import page

    folder = results.folder(Pace.FULL)
    kept = []
    for notebook in notebooks:
        is_bad = "bad" in notebook.name
        state = State.FAILED if is_bad else State.RAN
        content = _node(notebook)
        outcome = Outcome(notebook, state, "ZeroDivisionError" * is_bad, content, 3.0)
        kept.append(runner.keep(folder, outcome))
    page.write_index(folder, kept, Pace.FULL)
    return kept


def _node(notebook):
    import nbformat

    return nbformat.read(notebook.path, as_version=4)


def test_what_no_shard_has_reached_is_named_and_no_success(house):
    first, second, third = catalogue.notebooks()
    part = house.root / "part"
    results.save(part, Result(first.name, State.RAN))
    results.save(part / "deeper", Result(second.name, State.RAN))
    (part / f"{third.name}.json").parent.mkdir(exist_ok=True)
    (part / f"{third.name}.json").write_text('{"name": ')  # half a file
    found = merge.merge([part], [first, second, third])
    assert [r.state for r in found] == [State.RAN, State.RAN, State.PENDING]
    assert not found[2].is_ok and not results.Run.load(house.runs / "full").complete


def test_of_two_results_the_latest_counts(house):
    import os

    notebook = catalogue.notebooks()[0]
    for name, state, when in (("old", State.FAILED, 1), ("new", State.RAN, 2)):
        results.save(house.root / name, Result(notebook.name, state))
        os.utime(house.root / name / f"{notebook.name}.json", (when, when))
    folders = [house.root / "new", house.root / "old"]
    assert merge.merge(folders, [notebook])[0].state == State.RAN


def test_folders_without_results_are_refused(house):
    with pytest.raises(FileNotFoundError, match="no folder"):
        merge.merge([house.root / "nowhere"], catalogue.notebooks())
    (house.root / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no result"):
        merge.merge([house.root / "empty"], catalogue.notebooks())
    assert facts.entries()
