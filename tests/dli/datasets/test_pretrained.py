"""Files of pretrained networks: PyTorch's old format, and what must not come of it."""

import io
import pickle
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from dli.datasets import DataUnavailable, pretrained
from dli.datasets._fetch import download
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import Trap, clean

MAGIC = 0x1950A86A20F9469CFC6C
VALUES = np.arange(12, dtype="<f4")


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    clean(monkeypatch, tmp_path)


@pytest.fixture(autouse=True)
def torch(monkeypatch):
    """As much of PyTorch as its files name, whether it is installed or not."""
    made, utils = ModuleType("torch"), ModuleType("torch._utils")
    for name in ("FloatStorage", "LongStorage", "HalfStorage"):
        setattr(made, name, type(name, (), {"__module__": "torch"}))
    made._utils = utils

    def _rebuild_tensor_v2():
        raise AssertionError("it must not be called")

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    monkeypatch.setitem(sys.modules, "torch", made)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    return made


class Storage:
    def __init__(self, key, values, kind="FloatStorage", says=None):
        self.key, self.values, self.kind = key, values, kind
        self.length = len(values) if says is None else says


class Tensor:
    def __init__(self, storage, offset, size, stride):
        self.said = (storage, offset, size, stride, False, OrderedDict())

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.said


def pth(state, storages, magic=MAGIC) -> bytes:
    """A file as `torch.save` of PyTorch 1.5 wrote it."""
    out = io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, it):
            if isinstance(it, Storage):
                kind = getattr(sys.modules["torch"], it.kind)
                return ("storage", kind, it.key, "cpu", it.length, None)

    for part in (magic, 1001, {"little_endian": True}):
        pickle.dump(part, out, protocol=2)
    Pickler(out, protocol=2).dump(state)
    pickle.dump([s.key for s in storages], out, protocol=2)
    for storage in storages:
        out.write(len(storage.values).to_bytes(8, "little") + storage.values.tobytes())
    return out.getvalue()


def read(folder: Path, body: bytes):
    (folder / "a.pth").write_bytes(body)
    return pretrained.read_state(folder / "a.pth")


def test_tensors_are_read_with_their_strides(tmp_path):
    floats, count = Storage("7", VALUES), Storage("8", np.array([5]), "LongStorage")
    state = OrderedDict(
        plain=Tensor(floats, 0, (3, 4), (4, 1)),
        turned=Tensor(floats, 0, (4, 3), (1, 4)),
        part=Tensor(floats, 5, (2,), (3,)),
        count=Tensor(count, 0, (), ()),
    )
    found = read(tmp_path, pth(state, [floats, count]))
    grid = VALUES.reshape(3, 4)
    np.testing.assert_array_equal(found["plain"], grid)
    np.testing.assert_array_equal(found["turned"], grid.T)
    assert found["turned"].flags.c_contiguous
    assert found["part"].tolist() == [5, 8]
    assert found["count"] == 5
    assert found["count"].dtype == np.int64


@pytest.mark.parametrize(
    "where",
    [
        (0, (13,), (1,)),  # a value too many
        (1, (3, 4), (4, 1)),
        (0, (3,), (6,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (2, 2), (1,)),
        (0, (2**40,), (0.5,)),
    ],
)
def test_tensors_outside_their_storage_are_refused(tmp_path, where):
    floats = Storage("7", VALUES)
    with pytest.raises(ValueError, match=r"a\.pth is no file of tensors"):
        read(tmp_path, pth({"a": Tensor(floats, *where)}, [floats]))


def test_nothing_but_tensors_comes_out(tmp_path):
    floats = Storage("7", VALUES)
    good = Tensor(floats, 0, (12,), (1,))
    sprung = tmp_path / "sprung"
    for state in ({"a": good, "b": Trap(sprung)}, Trap(sprung)):
        with pytest.raises(ValueError, match=r"it asks for \S*open"):
            read(tmp_path, pth(state, [floats]))
    with pytest.raises(ValueError, match="it asks for"):
        read(tmp_path, pth({"a": good}, [floats], magic=Trap(sprung)))
    assert not sprung.exists()
    half = Storage("7", VALUES.astype("f2"), "HalfStorage")
    with pytest.raises(ValueError, match=r"it asks for torch\.HalfStorage"):
        read(tmp_path, pth({"a": Tensor(half, 0, (12,), (1,))}, [half]))


def test_broken_files_are_refused(tmp_path):
    floats = Storage("7", VALUES)
    body = pth({"a": Tensor(floats, 0, (12,), (1,))}, [floats])
    assert read(tmp_path, body)["a"].tolist() == VALUES.tolist()
    for broken in (b"", b"<html>", body[:40], body[:-1], pth({}, [], magic=1)):
        with pytest.raises(ValueError, match=r"a\.pth is no file of tensors"):
            read(tmp_path, broken)
    lying = Storage("7", VALUES, says=11)
    with pytest.raises(ValueError, match="another length"):
        read(tmp_path, pth({"a": Tensor(lying, 0, (11,), (1,))}, [lying]))


def test_another_file_is_not_taken_for_vgg19(tmp_path, monkeypatch):
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    monkeypatch.setattr(download, "download", _no_network)
    name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    (tmp_path / name).write_bytes(b"\x89HDF something")
    with pytest.raises(DataUnavailable) as error:
        pretrained.vgg19_file()
    said = str(error.value)
    assert "its MD5 is" in said
    assert "publisher" in said
    assert [attempt.kind for attempt in error.value.tried[1:3]] == [
        "mirror",
        "publisher",
    ]


def _no_network(*_):
    raise SourceFailed("there is no network")
