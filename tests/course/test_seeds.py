"""Seeds as evidence: many runs of a notebook, noted in its facts."""

import tomllib

import pytest

from course import catalogue, seeds
from course.run import execution
from dli import facts

MEASURES = """headline = "draw"

# a comment that stays
[[lottery.measure]]
name = "draw"
label = "the draw"
band = [0, 1]
format = ".3f"
why = "any number"

[[lottery.measure]]
name = "count"
label = "draws"
band = [1, 1]
why = "a count"
exact = true
"""
CODE = """import random
import dli
from dli import book
dli.seed(42)
book.compare("lottery", draw=random.random(), count=1)"""


@pytest.fixture
def lottery(house):
    return house.add("ch30_chance/01_lottery", CODE, more=MEASURES)


def test_values_follow_the_seeds_and_go_into_the_facts(lottery):
    import random

    found = seeds.run(lottery, [43, 44, 45])
    wanted = {seed: random.Random(seed).random() for seed in (43, 44, 45)}
    assert found == {"draw": pytest.approx(wanted)}, "counts need no seeds"
    seeds.write(lottery, found)
    facts._chapters.cache_clear()
    measure = facts.entry("lottery").measure("draw")
    assert dict(measure.seeds) == pytest.approx(wanted, rel=1e-5)
    assert measure.band == (0, 1) and measure.why == "any number"
    text = (lottery.path.parent / facts.CHAPTER).read_text()
    assert "# a comment that stays" in text
    assert [m.exact for m in facts.entry("lottery").measures] == [False, True]


def test_another_machine_adds_its_seeds_and_a_rerun_replaces(lottery):
    seeds.write(lottery, {"draw": {43: 0.5, 44: 0.25}})
    facts._chapters.cache_clear()
    seeds.write(catalogue.find("lottery"), {"draw": {44: 0.75, 45: 1.0}}, add=True)
    facts._chapters.cache_clear()
    noted = dict(facts.entry("lottery").measure("draw").seeds)
    assert noted == {43: 0.5, 44: 0.75, 45: 1.0}
    seeds.write(catalogue.find("lottery"), {"draw": {46: 0.125}})
    facts._chapters.cache_clear()
    assert dict(facts.entry("lottery").measure("draw").seeds) == {46: 0.125}


def test_a_band_comes_with_its_reason(lottery):
    values = {43: 0.50, 44: 0.52, 45: 0.48, 46: 0.51}
    seeds.write(lottery, {"draw": values}, bands=True)
    table = tomllib.loads((lottery.path.parent / facts.CHAPTER).read_text())["lottery"]
    low, high = table["measure"][0]["band"]
    assert low < min(values.values()) and high > max(values.values())
    assert table["measure"][0]["why"].startswith("4 seeds on a CPU: the 99%")


def test_the_band_holds_the_next_run_as_often_as_it_says():
    import numpy as np

    rng = np.random.default_rng(1)
    draws = rng.normal(97.5, 0.2, size=(4000, 11))
    held = 0
    for *known, following in draws:
        low, high = seeds.band(known)
        held += low <= following <= high
    assert 0.985 <= held / len(draws) <= 0.995


def test_what_is_no_evidence_is_refused(house, lottery):
    with pytest.raises(ValueError, match="three runs"):
        seeds.band([1.0, 2.0])
    with pytest.raises(LookupError, match="no measure"):
        seeds.run(house.add("ch30_chance/02_plain", "1"), [43])
    with pytest.raises(ValueError, match="no measure 'prize'"):
        seeds.write(lottery, {"prize": {43: 1.0}})
    before = (lottery.path.parent / facts.CHAPTER).read_bytes()
    with pytest.raises(ValueError):
        seeds.write(lottery, {"draw": {"x y": 1.0}})
    assert (lottery.path.parent / facts.CHAPTER).read_bytes() == before


def test_a_failed_run_is_told_and_left_out(lottery, house, capsys):
    code = CODE + "\nassert random.random() < 0.5, 'unlucky'"
    notebook = house.add("ch30_chance/01_lottery", code, more=MEASURES)
    found = seeds.run(notebook, [43, 44, 45, 46])
    told = capsys.readouterr().out
    assert 0 < len(found["draw"]) < 4 and "unlucky" in told


def test_a_seed_of_the_shell_reaches_no_kernel_of_ours(monkeypatch):
    monkeypatch.setenv("DLI_SEED", "7")
    assert "DLI_SEED" not in execution.kernel_environment()
