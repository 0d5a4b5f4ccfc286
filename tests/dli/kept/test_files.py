"""The form of what is kept: plain data, the same bytes for the same contents."""

import pickle
import zipfile

import numpy as np
import pytest

from dli.kept import files

VALUES = [
    [1, 2.5, "three", None, True],
    {"loss": [0.5, 0.25], "steps": [1, 2]},
    {100: [np.ones((2, 3), "float32"), np.zeros(2)], 200: []},
    [[0.1, 0.2]] * 60,
    [(1, 2.0), (3, 4.0)],
    np.arange(5),
]


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and type(a) is type(b) and all(map(same, a, b))
    return a == b and type(a) is type(b)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_values_come_back_as_they_were(value, tmp_path):
    arrays = {}
    stored = files.flatten(value, arrays, "it")
    packed = files.pack(arrays)
    assert packed == files.pack(dict(reversed(arrays.items())))
    (tmp_path / "it.npz").write_bytes(packed)
    assert same(files.unflatten(stored, files.unpack(tmp_path / "it.npz")), value)


def test_what_is_no_data_is_refused():
    with pytest.raises(TypeError, match=r"it\.0: a object can't be kept"):
        files.flatten([object()], {}, "it")


def test_no_pickle_is_read(tmp_path):
    file = tmp_path / "it.npz"
    with zipfile.ZipFile(file, "w") as archive, archive.open("it.npy", "w") as inside:
        np.lib.format.write_array(inside, np.array([pickle.dumps], object))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        files.unpack(file)


def test_networks_alike_are_described_once():
    wide, deep = {"form": "wide"}, {"form": "deep"}
    trainings = [
        {"needs": {"cell": "a"}, "network": wide, "history": [0.1]},
        {"needs": {"cell": "a"}, "network": deep, "history": [0.2]},
        {"needs": {"cell": "b"}, "network": wide, "history": [0.3]},
        {"needs": {"cell": "b"}, "results": {}},
    ]
    stored = files.without_repeats(trainings)
    assert [training.get("network") for training in stored] == [
        *(wide, deep, {"as_in": 0}, None)
    ]
    assert stored[1]["needs"] == {"as_in": 0}
    assert stored[3]["needs"] == {"as_in": 2}
    assert files.with_repeats(stored) == trainings
    with pytest.raises(IndexError):
        files.with_repeats([*stored[:1], {"needs": {"as_in": 7}}])
