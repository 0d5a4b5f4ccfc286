"""The files of networks trained on ImageNet; `dli.pretrained` builds the networks.

VGG19, the book's network, comes from Keras's bucket only. EfficientNet-Lite0 also lies
in a package registry, as a file of PyTorch's old format. That format is a pickle, which
could run anything: the file is opened only under its known hash, and even then
`read_state` takes nothing from it but tensors.
"""

import hashlib
import math
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np

from dli.datasets._fetch import loader, recipes
from dli.datasets._fetch.readers import Arrays

# As `keras.applications` checks it; nobody publishes an SHA-256.
_VGG19_MD5 = "253f8cb515780f3b799900260a226db6"

_MAGIC = 0x1950A86A20F9469CFC6C  # of PyTorch's format before 1.6
_STORAGES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


def vgg19_file() -> Path:
    """The weights of VGG19 without its top, a HDF5 file as Keras loads it.

    Raises:
        DataUnavailable: no source has it, or the cache can't be written.
    """
    return loader.file("vgg19")


def efficientnet_lite0_weights() -> Arrays:
    """The weights of EfficientNet-Lite0, its top included.

    Returns:
        float32 arrays under PyTorch's names, `_blocks.3._depthwise_conv.weight` for
        one, in PyTorch's order of axes: (out, in, height, width).

    Raises:
        DataUnavailable: no source has it, or the cache can't be written.
    """
    state = read_state(loader.file("efficientnet_lite0"))
    return {name: a for name, a in state.items() if a.dtype == np.float32}


def read_vgg19(files: Mapping[str, Path]) -> Path:
    """The one file, if it is the one that Keras names."""
    with open(files["file"], "rb") as opened:
        found = hashlib.file_digest(opened, "md5").hexdigest()
    if found != _VGG19_MD5:
        raise ValueError(f"its MD5 is {found}, not Keras's {_VGG19_MD5}")
    return files["file"]


def read_state(file: Path) -> Arrays:
    """The tensors of a state dictionary in PyTorch's old file format.

    The format: pickles of a magic number, the protocol, the machine, the dictionary
    and the storages' keys; then for each storage its length (64 bits) and its values.

    Args:
        file: with little-endian numbers, as on every machine of today.

    Returns:
        Arrays (float32 or int64) by name.

    Raises:
        ValueError: it is no such file, is cut off, or refers to anything but tensors.
    """
    try:
        with open(file, "rb") as opened:
            if _Tensors(opened).load() != _MAGIC:
                raise ValueError("it does not begin with PyTorch's magic number")
            _protocol, _machine = (_Tensors(opened).load() for _ in range(2))
            reading = _Tensors(opened)
            state = reading.load()
            values = {
                key: _values(opened, *reading.storages[key])
                for key in _Tensors(opened).load()
            }
        return {name: _array(values, *where) for name, where in state.items()}
    except Exception as error:  # broken files fail in many ways
        raise ValueError(f"{file.name} is no file of tensors: {error}") from error


class _Tensors(pickle.Unpickler):
    """Unpickles dictionaries of tensors, of which it notes where they lie."""

    def __init__(self, opened: IO[bytes]) -> None:
        super().__init__(opened)
        self.storages: dict[str, tuple[str, int]] = {}  # dtype and length by key

    def find_class(self, module: str, name: str):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _where
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, known: tuple) -> str:
        kind, dtype, key, _device, length, _view = known
        if kind != "storage" or dtype not in _STORAGES.values():
            raise pickle.UnpicklingError(f"it refers to {kind!r}")
        self.storages[key] = (dtype, length)
        return key


def _where(key: str, offset: int, size: tuple, stride: tuple, *_) -> tuple:
    """What a pickled tensor says: its storage, first value, shape and strides."""
    return key, offset, size, stride


def _values(opened: IO[bytes], dtype: str, length: int) -> np.ndarray:
    """The next storage of the file."""
    if int.from_bytes(opened.read(8), "little") != length:
        raise ValueError("a storage has another length than the dictionary says")
    values = np.fromfile(opened, dtype, length)
    if len(values) != length:
        raise ValueError("it is cut off")
    return values


def _array(
    values: Mapping[str, np.ndarray], key: str, offset: int, size: tuple, stride: tuple
) -> np.ndarray:
    """A tensor as an array of its own; PyTorch counts strides in values."""
    storage = values[key]
    last = offset + sum((n - 1) * step for n, step in zip(size, stride))
    if min((0, offset, *size, *stride)) < 0 or len(size) != len(stride):
        raise ValueError(f"a tensor has the shape {size} and the strides {stride}")
    if last >= len(storage) and math.prod(size):
        raise ValueError("a tensor reaches beyond its storage")
    steps = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, steps).copy("C")


recipes.register("vgg19", readers={"vgg19": read_vgg19})
recipes.register("efficientnet_lite0")
