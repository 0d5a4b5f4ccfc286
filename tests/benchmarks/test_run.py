"""Which measurements are taken, and what is kept of them."""

import json

from benchmarks import run


def test_whole_runs_are_those_of_all_notebooks(monkeypatch, tmp_path):
    monkeypatch.setattr(run.runner, "RUNS", tmp_path)
    names = [run.runner.name_of(path) for path in run.runner.discover()]
    rows = [{"name": n, "seconds": 1, "memory": 1e9, "error": ""} for n in names]
    for pace, part in (("full", rows), ("quick", rows[1:])):
        state = {"pace": pace, "seconds": 0, "results": part}
        (tmp_path / f"last_{pace}.json").write_text(json.dumps(state))
    found = run.whole_runs()
    assert list(found) == ["full"]
    assert found["full"]["seconds"] == len(names) == found["full"]["notebooks"]


def test_first_repeat_tries_all_backends_later_ones_the_fast(monkeypatch):
    speed = {"tensorflow": 2.0, "jax": 1.0, "torch": 1.2}
    monkeypatch.setattr(run, "installed_backends", lambda: list(speed))
    taken, runs = [], {}

    def take(label, spec, backend="tensorflow"):
        taken.append(label)
        runs.setdefault(label, []).append({"seconds": [9.0, speed[backend]]})

    run._alternate("lstm", 2, take, runs)
    ours = ["ours, tensorflow", "ours, jax", "ours, torch"]
    assert taken == ["printed", *ours, "printed", *ours[1:]]
