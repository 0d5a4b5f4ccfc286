"""Which notebook runs on which backend, in a sentence."""

import json

from benchmarks import backends
from course.run.results import Result, State


def found(**outcomes):
    """`backends.json` with three notebooks; outcomes of `b` by backend."""
    return {
        name: {
            "version": f"{number}.0+cpu",
            "notebooks": {
                "a": "runs",
                "b": outcomes.get(name, "runs"),
                "c": "runs" if name == "torch" else "it teaches PyTorch",
            },
        }
        for number, name in enumerate(("torch", "jax", "tensorflow"), 1)
    }


def test_all_run():
    assert backends.sentence(found()) == (
        "All 2 notebooks that teach no backend run at quick pace on TensorFlow 3.0, "
        "JAX 2.0 and PyTorch 1.0; 1 teaches one: `c` (PyTorch)."
    )


def test_one_fails_and_one_is_new():
    measured = found(jax="fails: ValueError: shapes")
    del measured["torch"]["notebooks"]["b"]
    text = backends.sentence(measured)
    assert text.startswith("1 of the 2 notebooks that teach no backend run")
    assert text.endswith(
        "; not running: `b` on JAX (fails: ValueError: shapes) and PyTorch (not tried)."
    )


def test_committed_sentence_is_that_of_the_committed_outcomes():
    measured = json.loads(backends.RESULTS.read_text("utf-8"))
    assert measured["headline"] == backends.sentence(measured)


def test_other_backends_are_kept(tmp_path):
    file = tmp_path / "backends.json"
    results = [Result("a", State.RAN), Result("b", State.FAILED, "OSError\nno")]
    backends.keep("tensorflow", results, file)
    backends.keep("numpy", results[:1], file)
    kept = json.loads(file.read_text("utf-8"))
    assert kept["tensorflow"]["notebooks"] == {"a": "runs", "b": "fails: OSError"}
    assert kept["numpy"]["notebooks"] == {"a": "runs"}
    assert kept["headline"].startswith("1 of the 2 notebooks")
