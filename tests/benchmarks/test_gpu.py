"""benchmarks/gpu.py: what it runs, how it shares the time, the page. No GPU needed."""

import copy
import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import gpu


def quick_process(seconds=0.0, result=None, code=0):
    """In place of `gpu.start`: a process that sleeps and leaves a result."""

    def start(item, folder, until):
        started.append(item.name)
        written = {
            **gpu._not_reached(item),
            "errors": [],
            "measures": [],
            **(result or {}),
        }
        (folder / "log").write_text("first line\nlast line\n")
        if result is not None:
            (folder / "spec.result").write_text(json.dumps(written))
        wait = f"import sys, time; time.sleep({seconds}); sys.exit({code})"
        return subprocess.Popen([sys.executable, "-c", wait])

    started = []
    start.started = started
    return start


def test_the_plan_is_in_the_notebooks():
    for item in gpu.PLAN:
        found = gpu.cells(item.name, item.edits)
        (parameters,) = [s for s, tags in found if "parameters" in tags] or [""]
        for name in item.parameters:
            assert f"\n{name} = " in f"\n{parameters}", (item.name, name)
        assert any("book.compare(" in source for source, _ in found)
        assert not any("solution" in tags for _, tags in found)
        assert item.backend in gpu.BACKENDS


def test_edits_are_made_or_noticed():
    edit = ('optimizer="adam"', 'optimizer="sgd"')
    whole = "\n".join(source for source, _ in gpu.cells("lenet_in_keras", (edit,)))
    assert 'optimizer="sgd"' in whole and 'optimizer="adam"' not in whole
    with pytest.raises(LookupError, match="no_such_code"):
        gpu.cells("lenet_in_keras", (("no_such_code", ""),))
    with pytest.raises(LookupError, match="0 notebooks"):
        gpu.cells("no_such_notebook")


def test_notebooks_and_backends_are_chosen_by_name():
    assert gpu.chosen([]) == list(gpu.PLAN)
    (item,) = gpu.chosen(["gru_sentiment_classifier=torch"])
    assert item.backend == "torch"
    assert len(gpu.chosen(["vggnet_in_keras"])) == 2, "as printed, and slower to learn"
    with pytest.raises(LookupError, match="no_such_notebook"):
        gpu.chosen(["no_such_notebook"])
    with pytest.raises(LookupError, match="there are: jax, torch"):
        gpu.chosen(["lenet_in_keras=mxnet"])


def test_epochs_are_set_where_there_are_any():
    short = gpu.shortened(gpu.Item("lenet_in_keras"), 3)
    assert short.parameters == {"epochs": 3} and short.variant == "3 epochs only"
    gan = gpu.Item("generative_adversarial_network")
    assert gpu.shortened(gan, 3) is gan


def test_alone_means_alone_and_side_by_side_is_noted(monkeypatch):
    monkeypatch.setattr(gpu, "start", quick_process(0.3, {}))
    items = [gpu.Item("first", alone=True), *map(gpu.Item, ("second", "third"))]
    results = {"notebooks": []}
    gpu.run(items, results, limit=100, at_once=2, keep=lambda: None)
    beside = {row["name"]: row["side by side"] for row in results["notebooks"]}
    assert beside == {"first": 1, "second": 2, "third": 2}


def test_time_is_shared_out(monkeypatch):
    start = quick_process(60, {"fits": [{"epochs": 9, "seconds": [1.0], "logs": {}}]})
    monkeypatch.setattr(gpu, "start", start)
    monkeypatch.setattr(gpu, "STOP", -15)  # not that early
    results, kept = {"notebooks": []}, []
    items = [gpu.Item("first"), gpu.Item("second")]
    gpu.run(items, results, limit=1, at_once=1, keep=lambda: kept.append(1))
    first, second = results["notebooks"]
    assert first["errors"] == ["stopped: the time was over"]
    assert first["fits"], "what it had written is kept"
    assert second["errors"] == ["not reached"] and start.started == ["first"]
    assert len(kept) >= 2


def test_a_process_that_dies_is_told_of(monkeypatch):
    monkeypatch.setattr(gpu, "start", quick_process(code=3))
    results = {"notebooks": []}
    gpu.run([gpu.Item("first")], results, limit=100, at_once=1, keep=lambda: None)
    (row,) = results["notebooks"]
    assert row["errors"] == ["ended with code 3: last line"]
    assert "ended with code 3" in gpu.line(row)


def test_a_later_result_takes_the_place_of_an_earlier_one():
    item = gpu.Item("first")
    results = {"notebooks": []}
    gpu.note(results, {**gpu._not_reached(item), "errors": []})
    gpu.note(results, gpu._not_reached(item))
    assert results["notebooks"][0]["errors"] == [], "not by one that was not reached"
    gpu.note(results, {**gpu._not_reached(item), "errors": ["once more"]})
    gpu.note(results, gpu._not_reached(gpu.Item("first", variant="another")))
    assert [row["errors"] for row in results["notebooks"]] == [
        ["once more"],
        ["not reached"],
    ]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A real notebook of little work, in a process of its own."""
    backend = next(
        name for name in ("tensorflow", *gpu.BACKENDS) if importlib.util.find_spec(name)
    )
    folder = tmp_path_factory.mktemp("gpu")
    item = gpu.Item("regression_in_keras", backend=backend, parameters={"epochs": 2})
    process = gpu.start(item, folder, until=2e9)
    code = process.wait()
    log = (folder / "log").read_text("utf-8", errors="replace")
    return gpu.ended(item, folder, code), log


def test_a_notebook_runs_without_jupyter(executed):
    result, log = executed
    assert result["errors"] == [], log
    assert result["seconds"] > 0 and result["peak_mb"] > 100
    first = result["fits"][0]
    assert result["epochs"] == 2
    assert first["epochs"] == 2 and len(first["seconds"]) == 2
    assert len(first["logs"]["val_loss"]) == 2
    names = {measure["name"]: measure for measure in result["measures"]}
    assert names["longer_val_loss"]["label"] and names["longer_val_loss"]["band"]
    assert "longer_val_loss" in gpu.line(result)


def test_a_training_stops_in_time():
    keras = pytest.importorskip("keras")
    fit = keras.Model.fit
    result = {"fits": []}
    spec = {"until": 1, "seconds": None, "averages": False}
    watch = gpu._watch(spec, result, lambda _: None)
    try:
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile(loss="mse")
        model.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=5, verbose=0)
    finally:
        watch.undo()
    assert keras.Model.fit is fit
    (record,) = result["fits"]
    assert record["stopped"] == 1 and len(record["seconds"]) == 1


def test_the_first_epoch_does_not_say_how_long_the_next_takes():
    assert gpu._usual([77.3]) == 0
    assert gpu._usual([77.3, 0.6, 0.5]) == 0.5


def test_averages_are_those_of_the_data(tmp_path, monkeypatch):
    keras = pytest.importorskip("keras")
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    x = rng.normal(3, 2, (64, 4)).astype("float32")
    y = np.eye(3, dtype="float32")[rng.integers(3, size=64)]
    norm = keras.layers.BatchNormalization()
    model = keras.Sequential(
        [keras.Input((4,)), norm, keras.layers.Dense(3, activation="softmax")]
    )
    model.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    result = {"fits": []}
    spec = {"until": None, "seconds": None, "averages": True}
    watch = gpu._watch(spec, result, lambda _: None)
    model.fit(x, y, epochs=3, batch_size=64, validation_data=(x, y), verbose=0)
    watch.undo()
    assert sorted(watch.snapshots) == [1, 2, 3]
    logs = result["fits"][0]["logs"]

    found = gpu.recomputed(*watch.first, watch.snapshots, lambda _: None, result)
    for epoch, loss, accuracy, _, _ in found["rows"]:
        assert loss == pytest.approx(logs["val_loss"][epoch - 1], rel=1e-3)
        assert accuracy == pytest.approx(logs["val_accuracy"][epoch - 1])
    mean, variance = gpu._averages(norm)
    assert mean == pytest.approx(x.mean(axis=0), rel=1e-2)
    assert variance == pytest.approx(x.var(axis=0), rel=5e-2)
    last = np.load(watch.snapshots[3])
    assert np.array_equal(model.get_weights()[0], last["arr_0"]), "weights held still"
    assert found["classes"]["true"] == y.argmax(axis=1).tolist()


RESULTS = {
    "measured": "2026-01-02",
    "machine": {"processor": "P", "cores": 16, "versions": {"keras": "3.15.1"}},
    "notebooks": [
        {
            "name": "vggnet_in_keras",
            "variant": "3 epochs",
            "parameters": {"epochs": 3},
            "pace": "full",
            "epochs": 3,
            "backend": "jax",
            "device": "Some GPU",
            "errors": ["code cell 3: ValueError: a|b"],
            "fits": [
                {
                    "epochs": 3,
                    "stopped": 2,
                    "seconds": [9.0, 0.5],
                    "logs": {
                        "loss": [3.0, 2.5],
                        "accuracy": [0.1, 0.2],
                        "val_loss": [4.0, 3.0],
                        "val_accuracy": [0.05, 0.25],
                    },
                }
            ],
            "seconds": 12.3,
            "peak_mb": 4321,
            "device_peak_mb": 1234,
            "side by side": 3,
            "measures": [
                {
                    "name": "best",
                    "label": "best of all",
                    "value": 0.25,
                    "format": ".1%",
                    "band": [0.3, 0.6],
                    "verdict": "outside the band",
                },
                {"name": "parameters", "value": 7, "exact": True, "verdict": "?"},
            ],
            "averages": {"rows": [[2, 3.0, 0.25, 2.0, 0.5]]},
        },
        gpu._not_reached(gpu.Item("cartpole_dqn")) | {"pace": "full"},
        gpu._not_reached(gpu.Item("lenet_in_keras")) | {"pace": "quick", "errors": []},
    ],
}


def test_the_page():
    page = gpu.page(RESULTS)
    assert "on one Some GPU, 16 CPU cores" in page
    assert (
        "| vggnet_in_keras, 3 epochs | JAX | 12 | 2 of 3 | 0.50 s | 2 | 4,321 "
        "| 1,234 | best of all: 25.0% | none, changed |" in page
    )
    assert (
        "- vggnet_in_keras, 3 epochs on JAX: code cell 3: ValueError: a/b; training 1 "
        "of 1 stopped after 2 of 3 epochs, as the time was over" in page
    )
    assert "- cartpole_dqn on JAX: not reached" in page
    assert "1 ran, 1 of them without an error: lenet_in_keras (JAX)." in page
    assert "| 2 | 2.500 | 20.0% | 3.000 | 25.0% | 2.000 | 50.0% |" in page
    assert "all 2 epochs, as it is: 25.0%, in epoch 2." in page


def test_the_page_gives_no_epochs_of_a_loop_of_its_own():
    row = RESULTS["notebooks"][0] | {"epochs": None}
    assert "| 12 |  |  | 2 |" in gpu.page({**RESULTS, "notebooks": [row]})


def test_results_of_a_stand_in_are_not_told():
    row = {"measures": [{"name": "roc_auc", "value": 9, "verdict": "within the band"}]}
    assert gpu._told(row) == row["measures"]
    for obstacle in ("stand-in data", "a sample of the data"):
        row["measures"][0]["verdict"] = f"not comparable: {obstacle}"
        assert gpu._told(row) == []


def test_the_page_gives_verdicts_where_nothing_was_changed_or_cut():
    row = copy.deepcopy(RESULTS["notebooks"][0]) | {"variant": "", "parameters": {}}
    assert "25.0% | none, cut short |" in gpu.page({**RESULTS, "notebooks": [row]})
    del row["fits"][0]["stopped"]
    page = gpu.page({**RESULTS, "notebooks": [row]})
    assert "25.0% | outside the band, 30.0% to 60.0% |" in page
    row["measures"][0]["verdict"] = "within the band"
    assert "25.0% | within the band |" in gpu.page({**RESULTS, "notebooks": [row]})


def test_results_are_written_on_few_lines():
    written = gpu.text(RESULTS)
    assert json.loads(written) == RESULTS
    assert '"val_accuracy": [0.05, 0.25]' in written


def test_the_page_is_of_the_results_in_the_repository():
    if not gpu.RESULTS.exists():
        pytest.skip("nobody has measured yet")
    results = json.loads(gpu.RESULTS.read_text("utf-8"))
    assert gpu.RESULTS.with_suffix(".md").read_text("utf-8") == gpu.page(results)


def test_it_starts_without_the_packages_of_the_house():
    code = "import sys; from benchmarks import gpu; gpu.chosen([]); print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=gpu.ROOT,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"keras", "nbformat", "dli", "numpy"} & set(found.stdout.split())
