"""The transfer-learning notebook: what is trained, and what a bad folder leads to."""

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from course import catalogue
from dli import pretrained
from dli.datasets import hot_dogs
from tests.support.datasets import clean


def cell(part: str) -> str:
    """The one code cell that holds some words."""
    cells = catalogue.find("transfer_learning_in_keras").cells()
    (found,) = [cell.source for cell in cells if part in cell.source]
    return found


@pytest.fixture
def names():
    """What the notebook's cells know before they are run."""
    known = {"keras": keras, "layers": layers, "hot_dogs": hot_dogs, "np": np}
    known["pretrained"] = pretrained
    exec(cell("dropout_rate = "), known)
    return known


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A reader's folder of four small pictures, named by `DLI_HOT_DOGS`."""
    clean(monkeypatch, tmp_path)
    for part in ("train", "test"):
        for name in ("hot_dog", "not_hot_dog"):
            folder = tmp_path / "mine" / part / name
            folder.mkdir(parents=True)
            Image.new("RGB", (40, 30), "tan").save(folder / "1.jpg")
    monkeypatch.setenv("DLI_HOT_DOGS", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_a_readers_folder_is_loaded(own, names):
    exec(cell("load_folder()"), names)
    pixels, labels = next(iter(names["train"]))
    assert pixels.shape == (2, 224, 224, 3)
    assert sorted(labels[:, 0].numpy().tolist()) == [0, 1]


def one_class(own):
    (own / "train/not_hot_dog/1.jpg").unlink()
    (own / "train/not_hot_dog").rmdir()


def broken(own):
    (own / "test/hot_dog/1.jpg").write_bytes(b"no picture at all")


def missing(own):
    own.rename(own.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (one_class, "train/ has no not_hot_dog/"),
        (broken, r"do not decode: test/hot_dog/1\.jpg"),
        (missing, "it is not there"),
    ],
)
def test_a_bad_folder_stops_the_notebook_with_a_reason(own, names, spoil, said):
    spoil(own)
    with pytest.raises(ValueError, match=said) as error:
        exec(cell("load_folder()"), names)
    assert "DLI_HOT_DOGS" in str(error.value)


def test_only_the_last_layer_learns(names):
    """Not the base, and not the moving averages of its batch normalisation either."""
    base = pretrained.Base(
        name="EfficientNet-Lite0",
        model=pretrained.efficientnet_lite0(),
        preprocess=pretrained._from_minus_one_to_one,
        source="random",
    )
    names["base"] = base
    for part in ("model.trainable = False", "augment = ", "model = keras.Model("):
        exec(cell(part), names)
    model, before = names["model"], base.model.get_weights()
    head = model.layers[-1]
    assert [w.path for w in model.trainable_weights] == [w.path for w in head.weights]
    kernel = keras.ops.convert_to_numpy(head.kernel).copy()
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 224, 224, 3))
    model.train_on_batch(pixels.astype("float32"), np.eye(2, dtype="float32"))
    for then, now in zip(before, base.model.get_weights()):
        np.testing.assert_array_equal(then, now)
    assert np.abs(keras.ops.convert_to_numpy(head.kernel) - kernel).max() > 0
