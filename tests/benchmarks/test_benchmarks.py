"""The benchmark: arithmetic, the two sides of a comparison, and the page it writes."""

import copy
import json

import keras
import numpy as np
import pytest
from keras import layers

from benchmarks import child, flops, notebook, printed, report, run
from benchmarks.parts import LOOPS, TRAININGS


def net(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])


def test_flops_of_small_layers_by_hand():
    # 3 inputs to 2 neurons: six products, six sums
    assert flops.forward(net((3,), layers.Dense(2))) == 12
    # 4 x 4 places of a 3 x 3 kernel over 2 maps, to 5 maps
    assert flops.forward(net((6, 6, 2), layers.Conv2D(5, 3))) == 2 * 16 * 9 * 2 * 5
    # stride 2 leaves 3 x 3 places
    strided = layers.Conv2D(5, 3, strides=2, padding="same")
    assert flops.forward(net((6, 6, 2), strided)) == 2 * 9 * 9 * 2 * 5
    assert flops.forward(net((7, 2), layers.Conv1D(4, 3))) == 2 * 5 * 3 * 2 * 4
    # each of 4 x 4 inputs of 3 maps meets a 5 x 5 kernel of 2 maps
    transposed = layers.Conv2DTranspose(2, 5, padding="same")
    assert flops.forward(net((4, 4, 3), transposed)) == 2 * 16 * 25 * 3 * 2
    # a dense layer at each of 4 places
    assert flops.forward(net((4, 3), layers.Dense(2))) == 4 * 12


def test_flops_of_recurrent_layers_by_hand():
    # 7 steps; 3 inputs and 2 states to 2 units
    step = 2 * 2 * (3 + 2)
    assert flops.forward(net((7, 3), layers.SimpleRNN(2))) == 7 * step
    assert flops.forward(net((7, 3), layers.LSTM(2))) == 7 * 4 * step
    assert flops.forward(net((7, 3), layers.GRU(2))) == 7 * 3 * step
    both = layers.Bidirectional(layers.LSTM(2))
    assert flops.forward(net((7, 3), both)) == 2 * 7 * 4 * step


def test_flops_of_nested_models_and_of_an_epoch():
    inner = net((3,), layers.Dense(2), layers.Dropout(0.5))
    outer = net((3,), inner, layers.Dense(1))
    assert flops.forward(outer) == 12 + 4
    # of a training step, the first layer passes nothing back to the data
    first = flops.forward(outer.layers[0])
    assert flops.training(outer) == 3 * 16 - first and first > 0
    assert flops.epoch(outer, train=10, valid=5) == (3 * 16 - first) * 10 + 16 * 5
    words = net((4,), layers.Embedding(9, 3), layers.LSTM(2))
    assert flops.training(words) == 3 * flops.forward(words), "the words learn, too"


@pytest.mark.parametrize("name", TRAININGS)
def test_every_training_is_found_in_its_notebook(name):
    part = TRAININGS[name]
    before, training = notebook.cut(part.notebook, part.marker)
    assert ".fit(" in training or "train(" in training
    parameters = [source for source, tags in before if "parameters" in tags]
    assert len(parameters) == 1 and "\nepochs = " in f"\n{parameters[0]}"


def test_loops_are_found_in_their_notebooks():
    notebook.cut("cartpole_dqn", "agent, steps, epsilons, saved = learn(")
    notebook.cut("natural_language_preprocessing", "model = Word2Vec(")
    cells = notebook.code_cells("generative_adversarial_network")
    code = "\n".join(source for source, tags in cells if "definitions" in tags)
    assert "def discriminator_half_step(" in code and "def generator_half_step(" in code


def test_a_changed_notebook_is_noticed():
    with pytest.raises(LookupError, match="no cell"):
        notebook.cut("lenet_in_keras", "no_such_line = ")
    with pytest.raises(LookupError, match="0 notebooks"):
        notebook.path_of("no_such_notebook")


@pytest.mark.parametrize("name", TRAININGS)
def test_both_sides_are_the_same_network(name):
    """Ours are the notebook's cells up to the training, without their data."""
    part = TRAININGS[name]
    arguments = (part.argument,) if part.argument else ()
    theirs = getattr(printed, part.net)(*arguments)
    ours = built_by_notebook(part)
    assert theirs.count_params() == ours.count_params()
    assert flops.forward(theirs) == flops.forward(ours)
    kinds = [type(layer).__name__ for layer in theirs.layers]
    assert kinds == [
        type(layer).__name__
        for layer in ours.layers
        if type(layer).__name__ != "Rescaling"  # the printed way divides before
    ]


def built_by_notebook(part):
    """The network of a notebook, from the cells that build it alone."""
    before, _ = notebook.cut(part.notebook, part.marker)
    flowers = part.data and part.data[0] == "flowers"
    names = {"n_classes": 17 if flowers else 10}
    for source, tags in before:
        first = source.lstrip()
        building = "model = " in source or "model.add(" in source
        if "parameters" in tags or first.startswith(("import", "from")) or building:
            exec(source.replace("model.summary()", ""), names)
        elif first.startswith("def deep_network"):
            exec(source, names)
    return names["model"]


def test_the_gan_is_the_same_on_both_sides():
    names: dict = {}
    for source, tags in notebook.code_cells("generative_adversarial_network"):
        if "definitions" in tags:
            exec(source, names)
        if "def discriminator_half_step(" in source:
            break
    theirs = printed.GAN()
    assert theirs.discriminator.count_params() == 4_311_553
    assert theirs.generator.count_params() == 183_713
    assert names["discriminator"].count_params() == 4_311_553
    assert names["generator"].count_params() == 183_713
    assert flops.forward(theirs.adversarial) == flops.forward(names["adversarial"])


def test_the_printed_agent_has_the_books_network():
    assert printed.Agent().model.count_params() == 1_282


def test_laps_leave_out_the_first():
    laps = child.Laps(None)
    laps.epochs = [0, 9, 10, 12, 13, 16]  # begin and end of three epochs
    laps.starts = [0]
    assert laps.seconds == [2, 3]
    several = child.Laps(None)
    several.starts, several.end = [0, 9, 11], 14
    assert several.seconds == [2, 3]


def test_fixed_weights_tell_networks_apart():
    x = np.array([[0.5, -0.5, 1.0]])
    losses = []
    for activation in ("tanh", "tanh", "relu"):
        model = net((3,), layers.Dense(4, activation=activation), layers.Dense(3))
        model.compile(loss="mse", optimizer="sgd")
        losses.append(child.reference_loss(model, x, x))
    assert losses[0] == losses[1] != losses[2]


def training(seconds, parameters=100, loss=0.5):
    return {
        "seconds": [seconds, 2 * seconds, 3 * seconds],
        "peak_mb": 900.0,
        "rows": [1000, 200],
        "flops": 4e9,
        "parameters": parameters,
        "backend": "tensorflow",
        "quality": {"val_accuracy": 0.9},
        "identity": {"optimizer": "SGD", "reference loss": loss},
    }


@pytest.fixture
def results():
    part = {"date": "2026-01-02", "seconds": 60, "failed": []}
    shallow = {"printed": [training(1.5)], "ours, tensorflow": [training(0.5)]}
    lstm = {
        "printed": [training(1.0)],
        "ours, tensorflow": [training(1.0)],
        "ours, jax": [training(0.8) | {"backend": "jax"}],
    }
    return {
        "machine": {
            "processor": "abacus",
            "cores": 2,
            "memory_gb": 8,
            "system": "Linux",
            "versions": {"python": "3.11.0"},
        },
        "peak_gflops": 16.0,
        "own_gflops": {},
        "parts": {
            "shallow": {**part, "runs": shallow},
            "lstm": {**part, "runs": lstm},
        },
        "runs": {},
    }


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
    same = report.same_network
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
    state = {
        "results": [
            {"name": "a", "seconds": 3600, "memory": 2e9, "error": ""},
            {"name": "b_vggnet", "seconds": 7200, "memory": 7e9, "error": ""},
        ]
    }
    results["runs"]["full"] = report.whole_run(state)
    text = targets(results)
    found = row(text, "whole curriculum at full pace, without VGGNet")
    assert found[2:] == ["1.00 h, 2 notebooks", "yes"]
    found = row(text, "peak memory of any notebook at full pace")
    assert found[2:] == ["7.00 GB (b_vggnet)", "**no**"]
    broken = copy.deepcopy(state)
    broken["results"][0]["error"] = "ValueError"
    results["runs"]["full"] = report.whole_run(broken)
    found = row(targets(results), "whole curriculum at full pace, without VGGNet")
    assert found[3] == "**no**"  # a run that broke off proves nothing


def test_a_target_beyond_the_machine_says_so(results):
    work = 4e9  # of a training; see the fixture
    lstm = results["parts"]["lstm"]["runs"]
    printed_gflops = work / 1e9 / report.seconds(lstm["printed"])
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


def test_own_products_of_every_recurrent_net_and_the_gan():
    found = child.own_products({"smoke": True})["gflops"]
    assert found.keys() == {*printed.RECURRENT, "gan"}
    assert all(0.1 < gflops < 1e5 for gflops in found.values())


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


def test_replays_are_compared_by_how_far_weights_move():
    def side(after):
        replay = {"before": [0.0, 0.0], "after": after}
        return {"replay of 1": replay, "replay of 32": replay}

    def text(one, other):
        return report.replay_text(report.replays(side(one), side(other)))

    assert "the same up to rounding" in text([3, 4], [3, 4])
    # 1 apart, after a way of 5
    assert "2.0e-01" in text([3, 4], [3, 5])
    runs = {"printed": [side([3, 4])], "ours, tensorflow": [side([3, 5])]}
    for results in runs.values():
        results[0]["seconds"] = [1.0]
    assert run._without_weights(runs) == {"1": 0.2, "32": 0.2}
    assert list(runs["printed"][0]) == ["seconds"]


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


def test_every_part_with_a_target_is_reported():
    assert set(report.titles()) == {*TRAININGS, *LOOPS}
