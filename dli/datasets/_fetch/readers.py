"""Readers: from the raw files of a source to arrays.

A reader takes the delivered files by key and returns arrays by name. It may raise
anything on files that are not what they should be: the search then goes on to the
next source. No reader unpickles.
"""

import gzip
import math
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import numpy as np

Arrays = dict[str, np.ndarray]
Reader = Callable[[Mapping[str, Path]], Arrays]

MAX_BYTES = 2 * 2**30


def read_npz(files: Mapping[str, Path]) -> Arrays:
    """Every array of the one .npz file; object arrays (pickles) raise ValueError."""
    return npz(files["file"])


def npz(file: Path) -> Arrays:
    """The arrays of an .npz file.

    Raises:
        ValueError: it holds pickled objects, or more than 2 GiB.
        zipfile.BadZipFile, OSError, EOFError: it is broken.
    """
    with zipfile.ZipFile(file) as zipped:
        if sum(info.file_size for info in zipped.infolist()) > MAX_BYTES:
            raise ValueError(f"{file.name} unpacks to more than 2 GiB")
        for info in zipped.infolist():
            with zipped.open(info) as opened:
                check_npy(opened, info.file_size)
    with np.load(file, allow_pickle=False) as opened:
        return {name: opened[name] for name in opened.files}


def check_npy(opened: IO[bytes], size: int) -> None:
    """Raises ValueError if an .npy file claims more values than it has bytes for.

    NumPy makes room for all values that a file claims before it reads the first one.

    Args:
        opened: the file, at its beginning; what follows the header is not read.
        size: bytes of the whole file.
    """
    version = np.lib.format.read_magic(opened)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"an array of format {version}")
    one = version == (1, 0)
    header = "read_array_header_1_0" if one else "read_array_header_2_0"
    shape, _, dtype = getattr(np.lib.format, header)(opened)
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > size:
        raise ValueError(f"an array claims the shape {shape} in {size:,} bytes")


def read_idx(files: Mapping[str, Path]) -> Arrays:
    """Arrays of bytes in the IDX format, each file plain or gzipped."""
    return {name: idx(file) for name, file in files.items()}


def idx(file: Path) -> np.ndarray:
    """One IDX file of unsigned bytes.

    The format: two zero bytes, the type (8 = unsigned byte), the number of
    dimensions, each dimension as a big-endian 32-bit number, then the values.

    Returns:
        A uint8 array of the shape that the file names.

    Raises:
        ValueError: not an IDX file of bytes, or shorter or longer than it says.
    """
    with open(file, "rb") as opened:
        zipped = opened.read(2) == b"\x1f\x8b"
    with gzip.open(file) if zipped else open(file, "rb") as opened:
        head = opened.read(4)
        if len(head) < 4 or head[:3] != b"\0\0\x08" or not 1 <= head[3] <= 4:
            raise ValueError(f"{file.name} is not an IDX file of bytes")
        sizes = opened.read(4 * head[3])
        if len(sizes) < 4 * head[3]:
            raise ValueError(f"{file.name} does not hold its dimensions")
        shape = np.frombuffer(sizes, ">u4").tolist()
        count = math.prod(shape)
        if count > MAX_BYTES:
            raise ValueError(f"{file.name} claims {count:,} values")
        values = opened.read(count + 1)
    if len(values) != count:
        raise ValueError(f"{file.name} does not hold the {count:,} values it says")
    return np.frombuffer(bytearray(values), np.uint8).reshape(shape)


READERS: dict[str, Reader] = {"npz": read_npz, "idx": read_idx}
