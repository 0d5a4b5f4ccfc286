"""The table of layers counts as Keras does, whatever the model; drawings tell it."""

import os

import matplotlib

matplotlib.use("Agg")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import pytest
from keras import layers

from dli import architecture, diagrams, figures, tables


@pytest.fixture
def shown(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: found.append(data))
    return found


def net(*inside, shape):
    return keras.Sequential([keras.Input(shape), *inside])


@pytest.mark.parametrize(
    ("shape", "layer", "formula"),
    [
        ((784,), layers.Dense(64), "784 × 64 + 64"),
        ((784,), layers.Dense(64, use_bias=False), "784 × 64"),
        ((28, 28, 3), layers.Conv2D(8, 5), "5 × 5 × 3 × 8 + 8"),
        ((28, 28, 3), layers.DepthwiseConv2D(5), "5 × 5 × 3 × 1 + 3"),
        ((20, 4), layers.Conv1D(8, 3), "3 × 4 × 8 + 8"),
        ((20,), layers.Embedding(100, 8), "100 × 8"),
        ((20, 4), layers.SimpleRNN(6), "4 × 6 + 6 × 6 + 6"),
        ((20, 4), layers.LSTM(6), "4 × (4 × 6 + 6 × 6 + 6)"),
        ((20, 4), layers.GRU(6), "3 × (4 × 6 + 6 × 6 + 2 × 6)"),
        ((20, 4), layers.GRU(6, reset_after=False), "3 × (4 × 6 + 6 × 6 + 6)"),
        ((20, 4), layers.Bidirectional(layers.LSTM(6)), "2 × 4 × (4 × 6 + 6 × 6 + 6)"),
        ((20, 4), layers.Bidirectional(layers.SimpleRNN(6)), "2 × (4 × 6 + 6 × 6 + 6)"),
        ((64,), layers.BatchNormalization(), "4 × 64"),
        ((64,), layers.BatchNormalization(scale=False), "3 × 64"),
        ((64,), layers.Dropout(0.5), ""),
    ],
)
def test_formulas_come_to_what_keras_counts(shape, layer, formula):
    net(layer, shape=shape)
    assert architecture.formula(layer) == formula
    result = eval(formula.replace("×", "*") or "0")  # noqa: S307
    assert result == layer.count_params()


def test_table_of_a_sequential_model(shown):
    model = net(
        layers.Dense(8, activation="relu"),
        layers.BatchNormalization(),
        layers.Dense(2, name="answer"),
        shape=(4,),
    )
    tables.layers(model)
    lines = shown[0]["text/plain"].splitlines()
    assert lines[1].split() == ["input", "4", "0"]
    assert lines[2].split()[0] == "Dense" and lines[2].endswith("40")
    assert lines[4].startswith("answer (Dense)")
    sums = [int(line.split()[-1]) for line in lines[-3:]]
    assert sums == [40 + 16 + 18, 16, model.count_params()]
    assert "</table>" in shown[0]["text/html"] and "│" not in lines[2]


def test_table_of_branches_and_of_a_frozen_model_inside(shown):
    eyes = net(layers.Conv2D(4, 3), shape=(9, 9, 1))
    eyes.trainable = False
    start = keras.Input((9, 9, 1))
    seen = eyes(start)
    both = [layers.GlobalMaxPooling2D()(seen), layers.GlobalAveragePooling2D()(seen)]
    end = layers.Dense(1, name="out")(layers.concatenate(both))
    model = keras.Model(start, end)
    tables.layers(model, {"out": "8 + 1", -2: "side by side"})
    text = shown[0]["text/plain"]
    assert "model of 1 layer " in text and "(not trained)" in text
    assert "8 + 1" in text and "side by side" in text
    assert text.splitlines()[-1].split()[-1] == "49"
    read = architecture.connections(model)
    assert max(map(len, read.values())) == 2


def test_unknown_formulas_and_models_without_weights_are_named(shown):
    model = net(layers.Dense(1, name="answer"), shape=(2,))
    with pytest.raises(KeyError, match="did you mean answer"):
        tables.layers(model, {"anser": "2 + 1"})
    with pytest.raises(KeyError, match="no layer number 7"):
        tables.layers(model, {7: "2 + 1"})
    with pytest.raises(ValueError, match="not built"):
        tables.layers(keras.Sequential([layers.Dense(1)]))


def test_drawings_say_what_they_show(monkeypatch):
    told = []
    monkeypatch.setattr(figures, "show", lambda fig, alt: told.append((fig, alt)))
    chain = [layers.Dense(9 + i, activation="relu") for i in range(20)]
    diagrams.blocks(net(*chain, shape=(4,)), title="Long")
    fig, alt = told[0]
    assert alt.startswith("Long: 21 boxes") and "Dense 9, relu, giving 9" in alt
    assert len(fig.axes[0].patches) >= 21
    diagrams.neurons([784, 64, 10], ["pixels", "sigmoid", "softmax"], title="Net")
    assert "784 pixels, 64 sigmoid, 10 softmax" in told[1][1]
    assert "50,176 and 640 lines" in told[1][1]
    for sizes, labels in (([3], ["a"]), ([3, 2], ["a"]), ([3, 0], ["a", "b"])):
        with pytest.raises(ValueError):
            diagrams.neurons(sizes, labels, title="Net")
    for fig, _ in told:
        figures.plt.close(fig)


def test_heads_of_groups_stand_centred(shown):
    pd = pytest.importorskip("pandas")
    data = pd.DataFrame(
        [[1, 2]], columns=pd.MultiIndex.from_product([["a"], ["b", "c"]])
    )
    tables.frame(data)
    assert 'colspan="2" style="text-align: center">a<' in shown[0]["text/html"]


def test_all_columns_to_the_right():
    lines = [["a", "loss"], ["10", "1"]]
    assert tables.text(lines, right=True) == " a  loss\n10     1"
    assert tables.text(lines) == "a   loss\n10  1"
