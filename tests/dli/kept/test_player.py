"""Trained pace: kept weights are used for the recorded training, and for no other."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from course import catalogue, keeping, record
from course.kernels import Backend, Pace
from course.run import crew
from dli import facts
from dli.kept import files
from tests.support.house import House

START = """
import keras
import numpy as np
from gensim.models import Word2Vec
from dli.kernel import pace
from dli.progress import fit_progress, track
from dli.weights import keep
keras.utils.set_random_seed(42)
rows = np.random.default_rng(0)
x, y = rows.random((640, 3)).astype("float32"), rows.random((640, 1))
print("start")
"""
PARAMETERS = "epochs, batch_size = 3, 16\nsteps = 50"
NETWORK = """
def network():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1))
    return model

def error(y):
    return float(np.mean((model.predict(x, verbose=0) - y) ** 2))

model = network()
save = keras.callbacks.ModelCheckpoint("{epoch}.weights.h5", save_weights_only=True)
"""
FIT = """
history = model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0,
                    callbacks=[save, fit_progress()])
"""
SCORE = """
count = len(history.history["loss"])
print(f"fit: {count} epochs, error {error(y):.4f}")
"""
LOAD = 'model.load_weights("2.weights.h5")'
PREPARE = """
second = network()
losses, words = [], [["ape", "bee", "cat", "doe"]] * 500
def step():
    return float(second.train_on_batch(x, y))
"""
LOOP = """
for _ in track(range(steps), "steps"):
    losses.append(step())
vectors = Word2Vec(words, vector_size=4, min_count=1, workers=1, seed=1, epochs=9)
keep(second=second, losses=losses, vectors=vectors)
"""
END = """
bee = vectors.wv["bee"].sum()
print(f"loop: {len(losses)} steps, {losses[-1]:.4f}, {bee:.4f}")
"""
OTHER = """
third = network()
again = third.fit(x, y, epochs=5, verbose=0)
print("exercise:", len(again.history["loss"]), "epochs")
"""
CELLS = {
    "start": START,
    "parameters": PARAMETERS,
    "network": NETWORK,
    "fit": FIT,
    "load": LOAD,
    "score": SCORE,
    "prepare": PREPARE,
    "loop": LOOP,
    "end": END,
    "other": OTHER,
}

# A shell of IPython with our extension, as in a kernel.
SHELL = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
import dli.kernel
shell = InteractiveShell.instance()
dli.kernel.load_ipython_extension(shell)
for source in json.load(sys.stdin):
    shell.run_cell(source, store_history=True).raise_error()
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder of notebooks, one recorded with what it keeps, and what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        house = House(tmp_path_factory.mktemp("house"), patch)
        name = "ch10_later/05_net"
        notebook = house.add(name, *CELLS.values(), more="keep = true\n")
        content = nbformat.read(notebook.path, as_version=4)
        for cell, tag in zip(content.cells[1:], CELLS):
            if tag in ("fit", "loop"):
                cell.metadata["tags"] = ["training"]
        nbformat.write(content, notebook.path)
        (result,) = record.record([catalogue.find("net")])
        assert result.is_ok, result.reason
        content = nbformat.read(notebook.path, as_version=4)
        said = "".join(
            output.get("text", "")
            for cell in content.cells[1:]
            for output in cell.outputs
        )
    facts._chapters.cache_clear()
    return house.notebooks, said


@pytest.fixture
def run(recorded, tmp_path):
    """Runs the cells at trained pace, some of them changed; returns what they print."""
    notebooks = tmp_path / "notebooks"
    shutil.copytree(recorded[0], notebooks)

    def run(order=tuple(CELLS), backend="tensorflow", **changed):
        env = {"DLI_PACE": "trained", "DLI_NOTEBOOKS": str(notebooks)}
        env["KERAS_BACKEND"] = backend
        done = subprocess.run(
            [sys.executable, "-c", SHELL],
            input=json.dumps([changed.get(name, CELLS.get(name)) for name in order]),
            env=os.environ | env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.folder = notebooks / "ch10_later" / files.FOLDER
    return run


def lines(text, *starts):
    return [line for line in text.splitlines() if line.startswith(starts)]


RESULTS = ("fit:", "loop:", "exercise:")
KEPT = "kept weights: of the recorded run, "


def test_the_recorded_trainings_give_the_recorded_results(recorded, run):
    text = run()
    assert lines(text, *RESULTS) == lines(recorded[1], *RESULTS)
    assert lines(text, "kept", "quick") == [
        KEPT + "3 epochs, those of 2.weights.h5; the scores below are worked out now",
        KEPT + "with all its steps; the scores below are worked out now",
    ]
    assert lines(text, "3 of 50 steps")  # a few are really done
    assert lines(text, "epoch")  # the table of epochs


@pytest.mark.parametrize("backend", [Backend.JAX, Backend.TORCH])
def test_another_backend_gives_the_recorded_results(recorded, run, backend):
    if not backend.is_installed:
        pytest.skip(f"{backend} is not installed")
    text = run(backend=backend.value)
    assert lines(text, *RESULTS) == lines(recorded[1], *RESULTS)
    assert len(lines(text, KEPT)) == 2 and not lines(text, "quick")


def test_cells_that_are_run_again_give_the_same(recorded, run):
    again = ("network", "fit", "fit", "load", "score", "prepare", "loop", "end")
    text = run((*list(CELLS)[:-1], *again))
    fit, loop = lines(recorded[1], "fit:", "loop:")
    assert lines(text, "fit:", "loop:") == [fit, loop] * 2
    assert not lines(text, "quick")


CHANGES = {
    "a hyperparameter": (
        {"parameters": "epochs, batch_size = 4, 16\nsteps = 50"},
        "fit",
        "epochs is 4, recorded with 3",
    ),
    "the learning rate": (
        {"network": NETWORK.replace("0.1", "0.2")},
        "fit",
        "learning_rate is 0.2, recorded with 0.1",
    ),
    "a layer": (
        {"network": NETWORK.replace("Dense(1)", "Dense(2), keras.layers.Dense(1)")},
        "fit",
        "the network has other layers",
    ),
    "an activation": (
        {"network": NETWORK.replace("Dense(1)", "Dense(1, 'relu')")},
        "fit",
        "activation is relu, recorded with linear",
    ),
    "the data": ({"start": START + "x[0, 0] += 0.01"}, "fit", "other data: x"),
    "the seed": (
        {"start": START.replace("(42)", "(1)")},
        "fit",
        "seed is 1, recorded with 42",
    ),
    "the code": (
        {"fit": FIT.replace("save, ", "save, keras.callbacks.TerminateOnNaN(), ")},
        "fit",
        "other callbacks; the code of this cell is another",
    ),
    "Keras": (
        {"network": NETWORK + "keras.__version__ = '3.0'"},
        "fit",
        "Keras is 3.0, recorded with",
    ),
    "a parameter of the loop": (
        {"parameters": PARAMETERS.replace("50", "60")},
        "loop",
        "steps is 60, recorded with 50",
    ),
    "a function of the loop": (
        {"prepare": PREPARE.replace("(second.train", "(2 * second.train")},
        "loop",
        "the code of step is another",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_training_is_a_short_one_and_says_why(recorded, run, change):
    cells, what, why = CHANGES[change]
    order = [name for name in CELLS if name not in ("load", "other")]
    text = run(order, **cells)
    (said, *_) = lines(text, "quick pace, results mean nothing: ")
    assert why in said
    begun = {"fit": "fit: 2 epochs", "loop": "loop: 3 steps"}[what]
    assert lines(text, begun)


@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_a_flipped_byte_is_seen(run, ending):
    file = run.folder / f"net{ending}"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    text = run(("start", "parameters", "network", "fit", "score"))
    assert lines(
        text, f"quick pace, results mean nothing: weights/{file.name} is not as"
    )
    assert lines(text, "fit: 2 epochs")


@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_a_missing_file_is_said(run, ending):
    (run.folder / f"net{ending}").unlink()
    text = run(("start", "parameters", "network", "fit", "score"))
    assert lines(
        text, f"quick pace, results mean nothing: weights/net{ending} is missing"
    )


LOADED = """
from dli import weights
loaded, other = weights.load("net"), weights.load("net", "second")
same = np.array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
print("fit: the same", same, np.allclose(other.evaluate(x, y, verbose=0), losses[-1],
                                         atol=0.01), loaded.layers[0].units)
for wrong in ("third", "nothing"):
    try:
        weights.load("net", wrong)
    except KeyError as error:
        print("fit:", error)
"""


def test_a_reader_gets_the_trained_networks(run):
    text = run((*list(CELLS)[:-1], "loaded"), loaded=LOADED)
    assert lines(text, "fit:")[1:] == [
        "fit: the same True True 1",
        "fit: \"no network 'third' is kept of net; there are: second\"",
        "fit: \"no network 'nothing' is kept of net; there are: second\"",
    ]


STATE = "from dli.kept import player\nprint('fit:', player.state.shortened)"


def test_a_loop_after_a_short_training_is_short_until_that_is_made_good(run):
    first = ("start", "parameters", "network", "fit", "prepare", "loop", "state")
    again = ("recorded", "network", "fit", "prepare", "loop", "state")
    swapped = {"parameters": PARAMETERS.replace("3", "4"), "recorded": PARAMETERS}
    text = run((*first, *again), state=STATE, **swapped)
    assert lines(text, "fit:") == ["fit: True", "fit: False"]
    assert any("an earlier training" in line for line in lines(text, "quick"))
    assert len(lines(text, KEPT)) == 2


SOLUTION = """
fourth = network()
for _ in track(range(9), "rounds"):
    long = fourth.fit(x, y, epochs=5, verbose=0)
print("solution:", len(long.history["loss"]), "epochs")  # exercises.check("net", 1, 2)
"""


def test_a_solution_is_short_only_where_nobody_reads_it(run, monkeypatch):
    order = ("start", "parameters", "network", "fit", "solution", "state")
    text = run(order, solution=SOLUTION, state=STATE)
    assert lines(text, "solution:") == ["solution: 5 epochs"]
    assert "9 of 9 rounds" in text
    monkeypatch.setenv("DLI_SOLUTIONS", "short")
    text = run(order, solution=SOLUTION, state=STATE)
    assert lines(text, "solution:") == ["solution: 2 epochs"]
    assert "3 of 9 rounds" in text and text.count("results mean nothing") == 1
    assert lines(text, "fit:")[-1] == "fit: False", "the notebook's own are kept ones"


def test_a_notebook_of_which_nothing_is_kept_trains_in_full(run):
    own = {"start": START + "# mine", "parameters": PARAMETERS + "# mine"}
    own |= {"network": NETWORK + "# mine"}
    text = run(("start", "parameters", "network", "fit", "score"), **own)
    assert lines(text, "fit: 3 epochs") and not lines(text, "kept", "quick")


def test_a_real_kernel_does_the_same(recorded, monkeypatch):
    monkeypatch.setenv("DLI_NOTEBOOKS", str(recorded[0]))
    facts._chapters.cache_clear()
    notebook = catalogue.find("net")
    paced = (Pace.TRAINED, Backend.TENSORFLOW)
    (outcome,) = crew.outcomes([notebook], *paced, crew.Stop())
    assert not outcome.reason
    said = "".join(
        output.get("text", "")
        for cell in outcome.content.cells[1:]
        for output in cell.outputs
    )
    assert lines(said, *RESULTS) == lines(recorded[1], *RESULTS)
    assert len(lines(said, KEPT)) == 2
    facts._chapters.cache_clear()
    assert keeping.described(notebook)["notebook"] == "net" and v4.nbformat == 4
