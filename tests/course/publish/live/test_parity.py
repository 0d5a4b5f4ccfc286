"""Trained networks in a real browser against Keras: 1,000 inputs each, at most 1e-5."""

import json

import numpy as np
import pytest

from course.publish import live
from course.publish.live import networks
from course.publish.live.packing import Payload, as_sent
from course.publish.site import STATIC
from dli import weights
from dli.kept.store import Unusable

keras = pytest.importorskip("keras")

N = 1_000
CASES = [
    (one.name, key)
    for one in live.all_of_them()
    if one.payload
    for key in one.payload.networks
    if one.name != "apple" or key in ("0", "2000")
    if one.name != "pole" or key in ("1", "1000")
]


def _payload(name):
    return next(one for one in live.all_of_them() if one.name == name).payload


def _built(network, inputs):
    """The network in Keras, with the numbers that the page has."""
    if "class_name" in network.form["config"]:
        model = keras.saving.deserialize_keras_object(network.form["config"])
    else:
        layers = [
            keras.layers.Dense(a[0].shape[1], activation=layer["activation"])
            for layer, a in zip(network.layers, network.arrays, strict=True)
        ]
        model = keras.Sequential([keras.Input(inputs.shape[1:]), *layers])
    return model


def _inputs(name, network):
    rng = np.random.default_rng(11)
    if name == "digit":
        shape = (28, 28, 1) if network.layers[0]["kind"] == "Conv2D" else (784,)
        drawn = rng.uniform(0, 1, (N, *shape)) * (rng.uniform(size=(N, *shape)) < 0.2)
        return drawn.astype("float32")
    if name == "review":  # as the page hands it over: with three zeros in front
        return np.pad(rng.integers(1, 5_000, (N, 60)), [(0, 0), (3, 0)]).astype("f4")
    if name == "apple":
        return rng.uniform(-1, 1, (N, 32)).astype("float32")
    return rng.normal(0, 0.3, (N, 4)).astype("float32")


@pytest.mark.parametrize(("name", "key"), CASES)
def test_the_page_says_what_keras_says(tab, built, tmp_path, name, key):
    network, bits = _payload(name).networks[key]
    inputs = _inputs(name, network)
    model = _built(network, inputs)
    model.set_weights([as_sent(a, bits) for arrays in network.arrays for a in arrays])
    asked = inputs
    if name == "review":  # as the network was trained: zeros up to its length
        asked = np.pad(inputs, [(0, 0), (model.input_shape[1] - inputs.shape[1], 0)])
    wanted = model.predict(asked, batch_size=100, verbose=0).reshape(N, -1)

    numbers = tmp_path / "inputs.js"
    numbers.write_text(f"const INPUTS = {json.dumps(inputs.reshape(N, -1).tolist())};")
    page = tmp_path / "parity.html"
    static = built / "static" / "live"
    scripts = [STATIC / "live" / "ui.js", STATIC / "live" / "forward.js"]
    scripts += [static / "data" / f"{name}.js", numbers]
    tags = "".join(f'<script src="{s.as_uri()}"></script>' for s in scripts)
    page.write_text(f"<!doctype html><meta charset=utf-8>{tags}", "utf-8")
    tab.open(page)
    told = tab.ask(
        f"""Forward.load("{name}").then(({{ networks }}) => {{
          const network = networks["{key}"], shape = {list(inputs.shape[1:])};
          return INPUTS.map(x => [...network.output(Float32Array.from(x), shape)]);
        }})"""
    )
    assert np.abs(np.array(told) - wanted).max() <= 1e-5


def test_kept_bits_are_sent_as_they_are():
    """Where no bits are given up, the page's networks are those of `dli.weights`."""
    for _, (network, bits) in _payload("digit").networks.items():
        if bits:
            continue
        sent = [as_sent(a, bits) for arrays in network.arrays for a in arrays]
        ids = ("shallow_net_in_keras", "intermediate_net_in_keras", "deep_net_in_keras")
        known = [weights.load(id).get_weights() for id in ids]
        assert any(
            len(own) == len(sent)
            and all(np.array_equal(a, b) for a, b in zip(own, sent, strict=True))
            for own in known
        )


@pytest.mark.parametrize("bits", [4, 8])
def test_steps_are_close_to_what_they_stand_for(bits):
    array = np.random.default_rng(1).normal(size=(200, 64)).astype("float32")
    off = np.abs(as_sent(array, bits) - array)
    step = np.abs(array).max(axis=0) / (2 ** (bits - 1) - 1)
    assert (off <= step / 2 + 1e-6).all()
    assert np.array_equal(as_sent(array[:2], bits), array[:2])
    assert np.array_equal(as_sent(np.zeros((100, 64)), bits), np.zeros((100, 64)))


def _stacks():
    """Small networks that hold every kind of layer which the pages know."""
    layers = keras.layers
    pictures = [
        layers.Conv2D(5, 3, activation="relu"),
        layers.Conv2D(6, 5, strides=2, padding="same", activation="tanh"),
        layers.MaxPooling2D(2),
        layers.UpSampling2D(),
        layers.Conv2DTranspose(4, 5, padding="same"),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
    texts = [
        layers.Embedding(50, 8),
        layers.SpatialDropout1D(0.2),
        layers.Conv1D(7, 3, activation="relu"),
        layers.GlobalMaxPooling1D(),
        layers.Dense(12, activation="sigmoid"),
        layers.Reshape((3, 4)),
    ]
    yield keras.Sequential([keras.Input((13, 12, 2)), *pictures])
    yield keras.Sequential([keras.Input((20,)), *texts])


def test_every_kind_of_layer_that_pages_know(tab, tmp_path):
    rng = np.random.default_rng(5)
    for number, model in enumerate(_stacks()):
        found = [
            rng.uniform(0.1, 0.5, w.shape) - 0.2 * (len(w.shape) > 1)
            for w in model.weights
        ]
        model.set_weights(found)
        form = {"name": "a", "config": keras.saving.serialize_keras_object(model)}
        payload = Payload()
        payload.add_network("a", networks.network(form, found))
        shape = model.input_shape[1:]
        inputs = rng.integers(0, 50, (20, *shape)).astype(float)
        if number == 0:
            inputs /= 50
        wanted = model.predict(inputs.astype("float32"), verbose=0).reshape(20, -1)
        (tmp_path / "a.js").write_text(payload.script("a"), "utf-8")
        page = tmp_path / "layers.html"
        scripts = [STATIC / "live" / "ui.js", STATIC / "live" / "forward.js"]
        tags = "".join(
            f'<script src="{s.as_uri()}"></script>'
            for s in [*scripts, tmp_path / "a.js"]
        )
        page.write_text(f"<!doctype html><meta charset=utf-8>{tags}", "utf-8")
        tab.open(page)
        told = tab.ask(
            f"Forward.load('a').then(({{ networks }}) => "
            f"{json.dumps(inputs.reshape(20, -1).tolist())}.map(x => "
            f"[...networks.a.output(Float32Array.from(x), {list(shape)})]))"
        )
        assert np.abs(np.array(told) - wanted).max() <= 1e-5


def test_a_layer_that_pages_do_not_know():
    model = keras.Sequential([keras.Input((5, 4)), keras.layers.LSTM(3)])
    form = {"name": "a", "config": keras.saving.serialize_keras_object(model)}
    with pytest.raises(Unusable, match="LSTM"):
        networks.network(form, model.get_weights())
