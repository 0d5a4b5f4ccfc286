"""Every parameter of every notebook is changed; none fails, none leaves its old value.

A notebook is executed at quick pace, as it is and with other parameters (another batch
size, 1 and 2 epochs, twice the neurons, another seed, half the data, …), in a single
process, many parameters at once; what fails is halved until the parameter is known. A
value that can't be may be refused, in words and before anything is trained.
"""

import json
import os
import subprocess
import sys

import pytest

from course import catalogue
from course.bootstrap import NOTEBOOKS
from tests.support.drills import variations
from tests.support.drills.variations import HALF, Parameter

LIMIT = 1200  # seconds, for one notebook

#: Of the notebooks that are quick: one with and one without Keras.
SAMPLE = ("perceptron", "regression_in_keras")

#: Numbers that happen to be those of a parameter.
OTHER_THINGS = {
    ("activation_functions", "LeakyReLU slope 0.3"),  # Keras's own
    ("learning_by_reward", "for _ in range(20):"),  # rounds of another learner
    ("lstm_sentiment_classifier", "4 * n_lstm"),  # gates and candidate of a cell
    ("lenet_in_keras", "128 * flattened"),  # neurons
    ("lenet_in_keras", "128 * (24 * 24 * kernels_2"),  # neurons
    ("convolution_arithmetic", "range(3)"),  # colours; rows of a kernel
    ("convolution_arithmetic", "3 * bias"),  # channels
    ("stacked_bi_lstm_sentiment_classifier", "4 * n_lstm_1"),  # the wide layer's cells
    ("gru_sentiment_classifier", "4 * n_gru"),  # gates and candidate of a cell
    ("object_detection", "25 * 16 * 32"),  # kernels of two layers
}


def with_parameters():
    return [n for n in catalogue.notebooks() if n.cells("parameters")]


def tried(notebook, folder) -> dict:
    """What `variations_child` reports of a notebook."""
    settings = {
        "DLI_NOTEBOOKS": str(NOTEBOOKS),
        "DLI_PACE": "quick",
        "MPLBACKEND": "Agg",
        "PYTHONPATH": str(NOTEBOOKS.parent),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    child = subprocess.run(
        [sys.executable, "-m", "tests.support.drills.variations_child", notebook.path],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    return json.loads(child.stdout.splitlines()[-1])


def wrong(report, id="") -> list[dict]:
    """What was found; a value refused in words is none."""
    return [
        found
        for found in report["findings"]
        if "error" in found
        or any(not _is_another_thing(id, line) for line in found.get("stale", ()))
    ]


def _is_another_thing(id, line) -> bool:
    return any(id == notebook and part in line for notebook, part in OTHER_THINGS)


def check(notebook, folder, figures):
    report = tried(notebook, folder)
    bad = wrong(report, notebook.id)
    tries = len(report["parameters"]) + 1
    figures.note(f"parameters: {notebook.id}", tries=tries, caught=tries - len(bad))
    assert bad == []


@pytest.mark.parametrize("id", SAMPLE)
def test_a_sample(id, tmp_path, figures):
    """Every parameter of two notebooks is changed, and the data are halved."""
    check(catalogue.find(id), tmp_path, figures)


@pytest.mark.drill
@pytest.mark.parametrize("notebook", with_parameters(), ids=lambda n: n.id)
def test_all(notebook, tmp_path, figures):
    """Every parameter of every notebook is changed, and the data are halved."""
    if notebook.lacks():
        pytest.skip(notebook.lacks())
    check(notebook, tmp_path, figures)


@pytest.mark.parametrize("notebook", with_parameters(), ids=lambda n: n.id)
def test_no_number_stands_for_a_parameter(notebook):
    """No cell calculates with the number that a batch size or epochs happen to have."""
    known = variations.parameters(notebook.code("parameters"))
    fixed = {"parameters", "exercise", "solution"}
    cells = [cell.source for cell in notebook.cells() if not cell.tags & fixed]
    found = [
        line
        for line in variations.literals(cells, known)
        if not _is_another_thing(notebook.id, line)
    ]
    assert found == []


# The drill itself


CELL = """# é: columns are counted in bytes
digits, layers = 10_000, (784, 64, 10)  # two at once
epochs = 20
name, seeds = "lenet", (0, 1)
ready = True; sizes = [
    2, 3,
]
noise = np.array([1.0])
"""


def test_parameters_are_read():
    read = {p.name: p.value for p in variations.parameters(CELL)}
    assert read == {
        "digits": 10_000,
        "layers": (784, 64, 10),
        "epochs": 20,
        "seeds": (0, 1),
        "ready": True,
        "sizes": [2, 3],
    }


def test_parameters_are_changed_where_they_stand():
    values = {"digits": 5, "layers": (784, 128, 10), "seeds": (7,), "sizes": [4]}
    made = variations.changed(CELL, values | {HALF: True})
    read = {p.name: p.value for p in variations.parameters(made)}
    assert read == values | {"epochs": 20, "ready": True}
    assert "digits, layers = 5, (784, 128, 10)  # two at once" in made
    assert 'name, seeds = "lenet", (7,)' in made


@pytest.mark.parametrize(
    ("name", "value", "others"),
    [
        ("epochs", 20, [1, 2]),
        ("epochs", 2, [1]),
        ("batch_size", 8, [6]),
        ("batch_size", 1, [7]),
        ("n_hidden", 64, [128]),
        ("n_lstm_1", 64, [128]),
        ("layers", (784, 64, 10), [(784, 128, 10)]),
        ("hidden", (8, 4), [(16, 8)]),
        ("seed", 42, [43]),
        ("seeds", (0, 1), [(100, 101)]),
        ("n_digits", 1000, [500]),
        ("learning_rate", 0.1, [0.1 * 3]),
        ("dropout_rate", 0.5, [0.25]),
        ("epsilon_decay", 0.995, [0.9975]),
        ("image_size", (224, 224), [(160, 160)]),
        ("rates", (0.1, 0.3), [(0.1,)]),
        ("ready", True, [False]),
    ],
)
def test_other_values(name, value, others):
    assert variations.others(name, value) == others


def test_rounds_try_everything():
    first, second = variations.rounds("epochs, batch_size = 20, 8")
    assert first == {"epochs": 1, "batch_size": 6}
    assert second == {"epochs": 2, HALF: True}


@pytest.mark.parametrize(
    ("name", "old", "line"),
    [
        ("batch_size", 128, "469 batches of 128 images"),
        ("n_digits", 1000, "from 1,000 digits"),
        ("epochs", 20, "the 20 epochs, at once"),
        ("learning_rate", 0.1, "learning rate 0.1"),
        ("n_hidden", 64, "64 neurons"),
    ],
)
def test_an_old_value_is_seen(name, old, line):
    text = f"first\n{line}\nlast"
    assert variations.stale(text, text, name, old) == [line]
    assert variations.stale("another line", text, name, old) == []


@pytest.mark.parametrize(
    ("name", "old", "line"),
    [
        ("batch_size", 128, "128 words"),
        ("batch_size", 12, "batches of 128"),
        ("epochs", 20, "epoch 3: 0.20"),
        ("epochs", 20, "epochs: 20%"),
        ("epochs", 2, "2 epochs"),
    ],
)
def test_other_numbers_are_left_alone(name, old, line):
    assert variations.stale(line, line, name, old) == []


def test_numbers_in_place_of_a_parameter_are_seen():
    known = [
        Parameter("batch_size", 8, (1, 0, 1, 1)),
        Parameter("epochs", 32, (1, 0, 1, 1)),
    ]
    cells = [
        "rows = len(X) - 8 * (n - 1)",
        "speed = moved / 8",
        "for epoch in range(32): pass",
        "model.fit(X, y, batch_size=8)",
        "area = 4 * 8",
        "dense(32)",
    ]
    assert [line.split(":")[0] for line in variations.literals(cells, known)] == [
        "8 where batch_size may be meant",
        "8 where batch_size may be meant",
        "32 where epochs may be meant",
        "8 where batch_size may be meant",
    ]


BAD = {
    "a failing parameter": ("assert epochs > 1", "an assertion without words"),
    "words after the training": (
        "raise ValueError('this can not be done')",
        "ValueError",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_fault_is_found(what, tmp_path):
    """A notebook that fails for one epoch only: the parameter is named."""
    fault, said = BAD[what]
    if "raise" in fault:
        fault = f"if epochs == 1:\n    {fault}"
    path = _notebook(tmp_path, fault)
    report = tried(_File(path), tmp_path)
    (finding,) = wrong(report)
    assert finding["parameter"] == "epochs = 1" and said in finding["error"]


def test_a_refusal_in_words_is_none(tmp_path):
    refusal = "assert epochs > 1, 'two epochs at least, for a line to be drawn'"
    report = tried(_File(_notebook(tmp_path, refusal, trains=False)), tmp_path)
    (finding,) = report["findings"]
    assert "refused" in finding and wrong(report) == []


def test_a_stale_sentence_is_found(tmp_path):
    path = _notebook(tmp_path, "print('batches of 128')")
    (finding,) = wrong(tried(_File(path), tmp_path))
    assert finding == {"parameter": "batch_size = 96", "stale": ["batches of 128"]}


class _File:
    def __init__(self, path):
        self.path = path


def _notebook(folder, last: str, trains=True):
    cells = [
        ("epochs, batch_size, seed = 20, 128, 42", ["parameters"]),
        ("trained = epochs", ["training"] if trains else []),
        ("print(batch_size)", []),
        (last, []),
    ]
    content = {
        "cells": [
            {"cell_type": "code", "source": source, "metadata": {"tags": tags}}
            for source, tags in cells
        ]
    }
    path = folder / "01_made.ipynb"
    path.write_text(json.dumps(content))
    return path
