"""What counts as another training, and what does not."""

import copy

import numpy as np
import pytest

from dli.kept import description, differences


def layer(name, **config):
    return {"class_name": "Dense", "config": {"name": name, **config}}


def network(*layers, **compiled):
    config = {"name": "sequential", "layers": list(layers)}
    return {
        "name": "sequential",
        "config": {"config": config, "compile_config": compiled},
        "shapes": [[3, 1], [1]],
        "classes": {},
    }


def described(data):
    return {
        "cell": "model.fit(x)",
        "definitions": {"error": "def error(): ..."},
        "seed": 42,
        "versions": {"keras": "3.15.1", "gensim": ""},
        "backend": "tensorflow",
        "provenance": {"mnist": "complete"},
        "network": network(layer("dense", units=1), loss="mse", jit_compile=True),
        "fit": {"epochs": 3, "batch_size": 16},
        "callbacks": [],
        "data": {"x": description.of_data(data)},
    }


@pytest.fixture
def data():
    return np.random.default_rng(0).random((200, 30)).astype("float32")


@pytest.fixture
def recorded(data):
    return described(data)


def test_the_same_is_the_same(recorded, data):
    assert differences.between(recorded, described(data)) == []


def test_speed_backend_and_counted_names_do_not_matter(recorded, data):
    now = described(data)
    now["backend"], now["provenance"]["imdb"] = "jax", "sample"
    now["versions"]["gensim"] = "4.4"
    now["network"] = network(layer("dense_7", units=1), loss="mse")
    now["network"]["config"]["config"]["name"] = "sequential_2"
    now["network"]["config"]["module"] = "keras.src.backend.torch.optimizers"
    assert differences.between(recorded, now) == []


def test_the_last_bits_of_floats_do_not_matter(recorded, data):
    nudged = np.nextafter(data, np.float32(2))
    assert nudged.tobytes() != data.tobytes()
    assert differences.between(recorded, described(nudged)) == []


def changed_value(data):
    data[7, 7] += 0.01
    return data


@pytest.mark.parametrize(
    "change",
    [
        changed_value,
        lambda data: data[::-1],
        lambda data: data[:100],
        lambda data: data.astype("float64"),
        lambda data: (data * 255).astype("uint8"),
    ],
)
def test_other_data(recorded, data, change):
    now = described(change(data.copy()))
    assert differences.between(recorded, now) == ["other data: x"]


def test_a_label_of_whole_numbers(data):
    labels = np.arange(200) % 10
    recorded = described(labels)
    labels[3] = 9
    assert differences.between(recorded, described(labels)) == ["other data: x"]


def set_in(path, value):
    def change(now):
        *inside, last = path
        for name in inside:
            now = now[name]
        now[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            set_in(["provenance", "mnist"], "stand-in"),
            "the data (mnist) are not the original ones (stand-in)",
        ),
        (set_in(["seed"], None), "seed is not given"),
        (
            set_in(["versions", "keras"], "3.16.0"),
            "Keras is 3.16.0, recorded with 3.15.1",
        ),
        (set_in(["fit", "epochs"], 4), "epochs is 4, recorded with 3"),
        (set_in(["cell"], "model.fit(y)"), "the code of this cell is another"),
        (set_in(["definitions"], {}), "the code of error is another"),
        (
            set_in(["network", "config", "compile_config", "loss"], "mae"),
            "loss is mae, recorded with mse",
        ),
        (set_in(["network", "shapes"], [[4, 1], [1]]), "the network has other layers"),
        (set_in(["callbacks"], [{"class": "EarlyStopping"}]), "other callbacks"),
    ],
)
def test_what_is_another_training(recorded, change, said):
    now = copy.deepcopy(recorded)
    change(now)
    assert differences.between(recorded, now) == [said]


def of_cell(used, **values):
    own = {"used": sorted(used)} if used is not None else {}
    same = {"cell": "loop()", "versions": {}, "provenance": {}, "definitions": {}}
    return same | {"seed": 42, "values": values, "data": {}, "networks": {}} | own


@pytest.mark.parametrize(
    ("recorded", "now", "found"),
    [
        (of_cell({"a"}, a=1), of_cell({"a"}, a=1), []),
        (of_cell({"a"}, a=1), of_cell({"a"}, a=2), ["a is 2, recorded with 1"]),
        (of_cell({"a"}, a=1), of_cell({"a"}), ["a is not given"]),
        (of_cell({"a"}), of_cell({"a"}, a=1), ["a is given"]),
        # recorded before what is read was noted: with a function's own variable ...
        (of_cell(None, a=1, local=5), of_cell({"a"}, a=1), []),
        (of_cell(None, a=1, local=5), of_cell({"a"}, a=2), ["a is 2, recorded with 1"]),
        (of_cell(None, a=1), of_cell({"a"}), ["a is not given"]),
        # ... and without dictionaries
        (of_cell(None), of_cell({"d"}, d="{'rate': 1}"), []),
    ],
)
def test_names_that_a_cell_reads(recorded, now, found):
    assert differences.between(recorded, now) == found


def test_what_only_bears_a_name_that_a_function_has_inside():
    recorded, now = of_cell(None), of_cell({"f"})
    recorded["networks"] = {"net": network(layer("dense", units=1))}
    recorded["definitions"] = {"f": "def f(): net = thick", "thick": "def thick(): ..."}
    now["definitions"] = {"f": "def f(): net = thick"}
    assert differences.between(recorded, now) == []
    now["used"] = ["f", "net", "thick"]
    assert differences.between(recorded, now) == [
        "a network is missing",
        "the code of thick is another",
    ]


def test_data_of_fit_are_compared_whatever_the_cell_reads(recorded, data):
    now = described(data[:100]) | {"used": ["model"]}
    assert differences.between(recorded, now) == ["other data: x"]
