"""Which measurements are taken, and what is kept of them."""

from benchmarks import run
from course import catalogue
from course.kernels import Pace
from course.run import results
from course.run.results import Result, Run, State


def test_whole_runs_are_those_of_all_notebooks(monkeypatch, tmp_path):
    monkeypatch.setattr(results, "RUNS", tmp_path)
    names = [notebook.name for notebook in catalogue.notebooks()]
    for pace, part in ((Pace.FULL, names), (Pace.QUICK, names[1:])):
        folder = results.folder(pace)
        Run(tuple(part), complete=True).save(folder)
        for name in part:
            done = Result(name, State.RAN, seconds=1, memory=10**9)
            results.save(folder, done)
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
