"""What `record` keeps of trainings: a small notebook in a real kernel."""

import json

import numpy as np
import pytest

from course import catalogue, record, recording
from dli import facts
from dli.kept import files

IMPORTS = """
import keras
import numpy as np
from pathlib import Path
from dli.weights import keep
keras.utils.set_random_seed(42)
rows = np.random.default_rng(0)
x, y = rows.random((64, 3)).astype("float32"), rows.random((64, 1))
"""
PARAMETERS = "epochs, batch_size = 3, 16"
NETWORK = """
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name="only")])
model.compile(loss="mse", optimizer="sgd")
folder = Path("model_output")
folder.mkdir(exist_ok=True)
save = keras.callbacks.ModelCheckpoint(
    folder / "epoch_{epoch:02d}.weights.h5", save_weights_only=True
)
"""
FIT = """
history = model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0,
                    validation_data=(x, y), callbacks=[save])
"""
LOAD = 'model.load_weights(folder / "epoch_02.weights.h5")'
SHORT = "_ = model.fit(x, y, verbose=0)"
LOOP = """
noted, pictures = [], {}
for step in range(3):
    noted.append([step, *np.ravel(model.train_on_batch(x, y)).tolist()])
pictures[3] = model.predict(x, verbose=0)
keep(model=model, noted=noted, pictures=pictures)
print(len(noted))
"""


def write(house, *sources, keep=True, tags=()):
    """A notebook of these cells; `tags` names those that train, by number."""
    notebook = house.add(
        "ch10_later/05_net", *sources, more="keep = true\n" if keep else ""
    )
    content = record.nbformat.read(notebook.path, as_version=4)
    for number in tags:
        content.cells[number + 1].metadata["tags"] = ["training"]
    record.nbformat.write(content, notebook.path)
    return catalogue.find("net")


def kept(house):
    folder = house.notebooks / "ch10_later" / files.FOLDER
    described = json.loads((folder / "net.json").read_text())
    return described, files.unpack(folder / "net.npz")


def test_a_fit_leaves_its_history_and_the_weights_that_are_loaded_later(house):
    cells = (IMPORTS, PARAMETERS, NETWORK, FIT, LOAD, SHORT)
    notebook = write(house, *cells, tags=[3])
    (result,) = record.record([notebook])
    assert result.is_ok, result.reason
    described, arrays = kept(house)
    (fit,) = described["trainings"]  # not that of the untagged cell
    assert list(fit["history"]) == ["loss", "val_loss"] and fit["epochs"] == [0, 1, 2]
    assert fit["goes_on_with"] == "epoch_02.weights.h5"
    assert {name: a.shape for name, a in arrays.items()} == {
        "0/epoch_02.weights.h5.000": (3, 1),
        "0/epoch_02.weights.h5.001": (1,),
    }
    needs = fit["needs"]
    assert needs["cell"] == FIT and needs["seed"] == 42
    assert needs["fit"]["epochs"] == 3 and needs["fit"]["batch_size"] == 16
    assert needs["data"]["x"][0]["shape"] == [64, 3]
    assert needs["callbacks"][0]["class"] == "ModelCheckpoint"
    assert needs["versions"]["keras"] and needs["backend"] == "tensorflow"
    folder = notebook.path.parent / files.FOLDER
    noted = {file.name: record.keeping.sha256(file) for file in folder.iterdir()}
    assert facts.kept() == {"net": noted} and set(noted) == {"net.json", "net.npz"}
    assert facts.recorded() == {}
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    (again,) = record.record([notebook])
    assert again.is_ok
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    content = record.nbformat.read(notebook.path, as_version=4)
    assert not recording.is_stale(content)


def test_a_loop_of_its_own_keeps_what_one_line_names(house):
    notebook = write(house, IMPORTS, NETWORK, LOOP, tags=[2])
    (result,) = record.record([notebook])
    assert result.is_ok, result.reason
    described, arrays = kept(house)
    (cell,) = described["trainings"]
    assert cell["kind"] == "cell" and set(cell["results"]) == {
        "model",
        "noted",
        "pictures",
    }
    stored = {name.removeprefix("0/"): array for name, array in arrays.items()}
    pictures = files.unflatten(cell["results"]["pictures"]["value"], stored)
    assert pictures[3].shape == (64, 1)
    noted = files.unflatten(cell["results"]["noted"]["value"], stored)
    assert [row[0] for row in noted] == [0, 1, 2] and isinstance(noted[0][0], int)
    assert "model" in cell["needs"]["networks"] and "x" in cell["needs"]["data"]


def test_without_the_flag_nothing_is_kept_and_old_files_go(house):
    notebook = write(house, IMPORTS, PARAMETERS, NETWORK, FIT, tags=[3], keep=False)
    folder = notebook.path.parent / files.FOLDER
    folder.mkdir()
    (folder / "net.json").write_text("{}")
    (result,) = record.record([notebook])
    assert result.is_ok and not list(folder.iterdir())
    assert house.recorded() == {}


def test_a_flag_without_a_training_is_refused(house):
    notebook = write(house, "1 + 1")
    before = notebook.path.read_bytes()
    (result,) = record.record([notebook])
    assert "no cell tagged `training`" in result.reason
    assert notebook.path.read_bytes() == before


@pytest.mark.parametrize("size", [10, files.WHOLE])
def test_large_arrays_take_sixteen_bits(size):
    array = np.random.default_rng(0).standard_normal(size).astype("float32")
    stored = files.rounded(array)
    assert stored.dtype == ("float32" if size < files.WHOLE else "float16")
    assert np.allclose(stored, array, rtol=2**-files.BITS, atol=1e-6)


def test_too_large_for_sixteen_bits_stays_whole():
    array = np.full(files.WHOLE, 1e6, "float32")
    assert files.rounded(array).dtype == np.float32
