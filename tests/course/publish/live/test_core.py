"""What is trained in the page, against Keras: slopes, optimizers, whole trainings."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from course.publish.site import STATIC

keras = pytest.importorskip("keras")

CORE = STATIC / "live"


@pytest.fixture
def page(tab, tmp_path):
    """An empty page with the core and the playground's data in it."""
    file = tmp_path / "core.html"
    scripts = "".join(
        f'<script src="{(CORE / name).as_uri()}"></script>'
        for name in ("core.js", "playground-data.js")
    )
    file.write_text(f"<!doctype html><meta charset=utf-8>{scripts}", "utf-8")
    tab.open(file)
    return tab


@pytest.fixture
def in_64_bits():
    before = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(before)


NETS = """(() => {{
  const network = new Core.Network({sizes}, {activations}, 5);
  const xs = {xs}, ys = {ys};
  const start = network.layers.flatMap(l => [[...l.weights], [...l.biases]]);
  const cost = Core.slopes(network, "{loss}", xs, ys);
  const slopes = network.layers.flatMap(l => [[...l.dWeights], [...l.dBiases]]);
  const said = network.pass(xs[0]);
  network.clear();
  const last = said.at(-1).map(() => 1);
  return {{ start, cost, slopes, input: [...network.back(said, last)] }};
}})()"""


@pytest.mark.parametrize(
    ("loss", "outputs", "last"),
    [("squared", 2, "tanh"), ("logistic", 1, "linear"), ("softmax", 3, "linear")],
)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_slopes_are_those_of_keras(page, in_64_bits, loss, outputs, last, activation):
    rng = np.random.default_rng(3)
    xs = rng.normal(size=(12, 4))
    if loss == "squared":
        ys, of = rng.normal(size=(12, 2)), keras.losses.MeanSquaredError()
    elif loss == "logistic":
        ys = rng.integers(0, 2, (12, 1)).astype(float)
        of = keras.losses.BinaryCrossentropy(from_logits=True)
    else:
        ys = np.eye(3)[rng.integers(0, 3, 12)]
        of = keras.losses.CategoricalCrossentropy(from_logits=True)
    sizes, activations = [4, 7, 5, outputs], [activation, activation, last]
    told = page.ask(
        NETS.format(
            sizes=sizes,
            activations=json.dumps(activations),
            xs=xs.tolist(),
            ys=ys.tolist(),
            loss=loss,
        )
    )
    model = keras.Sequential([keras.Input((4,))])
    for size, name in zip(sizes[1:], activations, strict=True):
        model.add(keras.layers.Dense(size, activation=name))
    shapes = [w.shape for w in model.weights]
    model.set_weights(
        [np.reshape(w, s) for w, s in zip(told["start"], shapes, strict=True)]
    )
    import tensorflow as tf

    inputs = tf.constant(xs)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(inputs)
        outputs = model(inputs)
        cost = of(ys, outputs)
        total = tf.reduce_sum(outputs[0])
    assert abs(float(cost) - told["cost"]) < 1e-6
    wanted = tape.gradient(cost, model.trainable_weights)
    for own, theirs in zip(told["slopes"], wanted, strict=True):
        assert np.abs(np.array(own) - np.ravel(theirs)).max() < 1e-6
    by_input = tape.gradient(total, inputs)[0]
    assert np.abs(np.array(told["input"]) - by_input).max() < 1e-6


OPTIMIZERS = {
    "sgd": lambda k: k.SGD(0.1),
    "momentum": lambda k: k.SGD(0.05, momentum=0.9),
    "nesterov": lambda k: k.SGD(0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda k: k.Adagrad(0.5),
    "adadelta": lambda k: k.Adadelta(1.0),
    "rmsprop": lambda k: k.RMSprop(0.05),
    "adam": lambda k: k.Adam(0.05),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_step_like_those_of_keras(page, in_64_bits, name):
    path = page.ask(
        f"""(() => {{
          const place = Float64Array.of(-3, 1.5), slope = new Float64Array(2);
          const optimizer = new Core.Optimizer("{name}"), path = [];
          for (let k = 0; k < 60; k++) {{
            slope.set([place[0] / 4, 8 * place[1] / 4]);
            optimizer.step([[place, slope]]);
            path.push([...place]);
          }}
          return path; }})()"""
    )
    place = keras.Variable(np.array([-3.0, 1.5]), dtype="float64")
    optimizer = OPTIMIZERS[name](keras.optimizers)
    for seen in path:
        slope = keras.ops.convert_to_numpy(place) * [1 / 4, 8 / 4]
        optimizer.apply([keras.ops.convert_to_tensor(slope)], [place])
        assert np.abs(keras.ops.convert_to_numpy(place) - seen).max() < 1e-6
    assert set(OPTIMIZERS) == set(page.ask("Object.keys(Core.RULES)"))


def test_the_core_is_short():
    lines = (CORE / "core.js").read_text("utf-8").splitlines()
    assert len(lines) <= 300


def test_softmax_of_large_sums(page):
    shares = page.ask("Core.softmax([1000, 999, -1000])")
    assert np.allclose(shares, [0.731059, 0.268941, 0], atol=1e-6)


@pytest.mark.parametrize(
    "address",
    [
        "#playground:data=spiral&hidden=8-8&optimizer=adam&rate=0.03&batch=10&seed=1",
        "#playground:data=own&own=1_1_1~-1_-1_1~1_-1_-1~-1_1_-1&hidden=4"
        "&activation=relu&optimizer=nesterov&rate=0.1&batch=1&seed=3",
    ],
)
def test_the_printed_keras_code_gives_the_same_numbers(page, tmp_path, address):
    code = page.ask(
        f"""(() => {{
          const state = Playground.fromAddress("{address}");
          const {{ learn }} = Playground.points(state);
          const xs = learn.map(p => p.slice(0, 2)), ys = learn.map(p => [p[2]]);
          const network = new Core.Network([2, ...state.hidden, 1],
            [...state.hidden.map(() => state.activation), "tanh"], state.seed);
          const optimizer = new Core.Optimizer(state.optimizer, state.rate);
          for (let k = 0; k < 5; k++)
            Core.epoch(network, "squared", xs, ys, optimizer, state.batch);
          return Playground.code(state, 5, Core.meanLoss(network, "squared", xs, ys));
        }})()"""
    )
    file = tmp_path / "playground.py"
    file.write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, file],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    by_keras, in_the_page = (
        float(part.split()[0]) for part in done.stdout.strip().split(" by Keras, ")
    )
    assert abs(by_keras - in_the_page) <= 2e-6, done.stdout + done.stderr[-2000:]


def test_the_address_takes_any_nonsense(page):
    state = page.ask(
        """Playground.fromAddress("#playground:data=x&noise=9&seed=-1&rate=abc"
        + "&hidden=9-9&own=1_2~a_b_c~1_1_1&optimizer=__proto__&batch=1e9")"""
    )
    assert state["data"] == "spiral" and state["hidden"] == [8, 8]
    assert state["noise"] == 1 and state["seed"] == 1 and state["batch"] == 50
    assert state["rate"] == 0.03 and state["own"] == [[1, 1, 1]]
    assert state["optimizer"] == "adam"
