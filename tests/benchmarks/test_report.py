"""The page: which targets are met, and what stands in each table."""

import json
from dataclasses import replace

import pytest

from benchmarks import compare, report, run
from course.run.results import Result, State
from tests.support.benchmarks import results as made_up
from tests.support.benchmarks import training


@pytest.fixture
def results():
    return made_up()


def row(page: str, start: str) -> list[str]:
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {start} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def targets(results) -> str:
    return report.page(results).split("## Side by side")[0]


def test_page_says_which_targets_are_met(results):
    text = targets(results)
    assert row(text, "Shallow net")[1:] == ["at least 2×", "3.00×", "yes"]
    assert row(text, "LSTM")[1:] == ["at least 1.5×", "1.25×", "**no**"]
    assert row(text, "Deep net")[2:] == ["not measured", "not measured"]
    assert row(text, "nothing slower than the printed way")[2:] == ["none of 2", "yes"]


def test_page_names_what_is_slower(results):
    runs = results["parts"]["shallow"]["runs"]
    runs["ours, tensorflow"] = [training(2.0)]
    text = targets(results)
    assert row(text, "Shallow net")[3] == "**no**"
    assert row(text, "nothing slower than the printed way")[2] == "Shallow net"
    assert row(text, "nothing slower than the printed way")[3] == "**no**"


def test_page_compares_with_the_fastest_backend(results):
    page = report.page(results)
    beside = page.split("## Side by side")[1].split("## Quality")[0]
    assert row(beside, "LSTM")[2:7] == ["2 s", "1.6 s", "1.25×", "1.25×", "jax"]
    # 4 GFLOP in a median second: a quarter of the peak of 16
    arithmetic = page.split("## Arithmetic")[1]
    assert row(arithmetic, "Shallow net")[1:] == ["4", "1.33", "4", "16", "12×"]
    assert "2026-01-02" in page and "in 2 minutes" in page and "abacus" in page


def test_page_shows_different_networks():
    same = compare.same_network
    assert same([training(1)], [training(1)]).startswith("yes")
    assert "100 and 90 parameters" in same([training(1)], [training(1, 90)])
    assert "reference loss" in same([training(1)], [training(1, loss=0.6)])


def test_page_shows_failures(results):
    results["parts"]["gan"] = {
        "date": "2026-01-02",
        "seconds": 1,
        "runs": {},
        "failed": ["printed: no sketches"],
    }
    assert "- gan: printed: no sketches" in report.page(results)


def test_page_shows_whole_runs(results):
    done = [
        Result("a", State.RAN, seconds=3600, memory=2 * 10**9),
        Result("b_vggnet", State.RAN, seconds=7200, memory=7 * 10**9),
    ]
    results["runs"]["full"] = compare.whole_run(done)
    text = targets(results)
    found = row(text, "whole curriculum at full pace, without VGGNet")
    assert found[2:] == ["1.00 h, 2 notebooks", "yes"]
    found = row(text, "peak memory of any notebook at full pace")
    assert found[2:] == ["7.00 GB (b_vggnet)", "**no**"]
    broken = replace(done[0], state=State.FAILED, reason="ValueError")
    results["runs"]["full"] = compare.whole_run([broken, done[1]])
    found = row(targets(results), "whole curriculum at full pace, without VGGNet")
    assert found[3] == "**no**"  # a run that broke off proves nothing


def test_a_target_beyond_the_machine_says_so(results):
    work = 4e9  # of a training; see the fixture
    lstm = results["parts"]["lstm"]["runs"]
    printed_gflops = work / 1e9 / compare.seconds(lstm["printed"])
    results["own_gflops"]["lstm"] = 1.4 * printed_gflops
    found = row(targets(results), "LSTM")
    assert found[2:] == ["1.25× (bare products: 1.40×)", "**no**"]
    results["own_gflops"]["lstm"] = 1.6 * printed_gflops
    assert row(targets(results), "LSTM")[2] == "1.25×"
    assert "| 1.60× |" in report.page(results)


def test_slower_is_what_is_slower_by_median_and_quickest_lap(results):
    runs = results["parts"]["shallow"]["runs"]
    runs["printed"] = [{**training(1.0), "seconds": [1.0, 2.0, 2.0]}]
    for laps, slower in (([1.1, 2.5, 2.5], True), ([1.0, 2.5, 2.5], False)):
        runs["ours, tensorflow"] = [{**training(1.0), "seconds": laps}]
        found = row(targets(results), "nothing slower than the printed way")
        assert found[2:] == (
            ["Shallow net", "**no**"] if slower else ["none of 2", "yes"]
        )
        assert f"; {2 - slower} of 2 trainings no slower" in report.headline(results)


def test_replays_are_compared_by_how_far_weights_move(results):
    def side(after):
        replay = {"before": [0.0, 0.0], "after": after}
        laps = {"seconds": [1.0], "acting": 1.0, "replaying": 1.0, "steps": 100}
        dqn = training(1.0) | laps
        return dqn | {"replay of 1": replay, "replay of 32": replay}

    def page(one, other):
        runs = {"printed": [side(one)], "ours, tensorflow": [side(other)]}
        dqn = results["parts"]["shallow"] | {"runs": runs}
        results["parts"]["dqn"] = dqn | {"replays": run._without_weights(runs)}
        assert "replay of 1" not in runs["printed"][0], "thousands of weights"
        return report.page(results)

    assert "the same up to rounding" in page([3, 4], [3, 4])
    # 1 apart, after a way of 5
    assert "weights: 2.0e-01 of" in page([3, 4], [3, 5])
    assert results["parts"]["dqn"]["replays"] == {"1": 0.2, "32": 0.2}


def test_committed_page_is_what_the_committed_results_give():
    results = json.loads(run.RESULTS.read_text("utf-8"))
    assert report.page(results) == run.README.read_text("utf-8")
    assert report.headline(results) == results["headline"]


def test_page_of_nothing():
    nothing = made_up() | {"parts": {}}
    text = report.page(nothing)
    assert "Measured never in 0 minutes" in text
    assert row(text, "`import dli`")[2:] == ["not measured", "not measured"]
    assert "## Side by side" not in text
