"""The form in which kept trainings are stored: arrays in `.npz`, the rest in `.json`.

Both hold plain data and nothing that is executed when it is read. The same contents
give the same bytes: no time stamps, a fixed order.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

FOLDER = "weights"  # beside the notebooks of a chapter
MOST = 8_000_000  # numbers of one training; more than that is left out
WHOLE = 4_096  # weights in arrays of fewer numbers keep their 32 bits
NOTED = 20_000  # what a loop has noted in fewer numbers is kept to the last bit
_BYTES = "~16"  # ends the name of an array that is stored byte by byte
BITS = 8  # of the 10 after the point that a 16-bit float has; the others are 0


def rounded(array: np.ndarray) -> np.ndarray:
    """An array as it is stored: large ones of floats in 16 bits, others as they are.

    Args:
        array: any numbers; an array of fewer than `WHOLE` keeps its 32 bits.

    Returns:
        float16 with the last bits 0, so that it is compressed well, where no value is
        too large for that; otherwise float32, or the integers as they are.
    """
    if not np.issubdtype(array.dtype, np.floating):
        return array
    if array.size < WHOLE or not np.abs(array).max() < 65_000:
        return array.astype(np.float32)
    half = array.astype(np.float16)
    dropped = 10 - BITS
    bits = half.view(np.uint16)
    bits = bits + np.uint16((1 << dropped) // 2)  # may carry into the exponent: right
    return (bits & np.uint16(0xFFFF << dropped & 0xFFFF)).view(np.float16)


def any_epoch(name: str) -> str:
    """A checkpoint's file name, `"weights.{epoch:02d}.h5"`, as a pattern for `glob`."""
    return re.sub(r"\{[^}]*\}", "*", name)


def pack(arrays: Mapping[str, np.ndarray]) -> bytes:
    """A `.npz` archive, the same bytes for the same arrays.

    Args:
        arrays: by name.
    """
    target = io.BytesIO()
    stored = dict(_stored(name, array) for name, array in arrays.items())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in sorted(stored.items()):
            content = io.BytesIO()
            np.lib.format.write_array(
                content,
                np.asarray(array, order="C"),
                version=(1, 0),
                allow_pickle=False,
            )
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_LZMA
            entry.create_system = 3  # whatever system writes it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content.getvalue())
    return target.getvalue()


def unpack(file: Path) -> dict[str, np.ndarray]:
    """The arrays of a `.npz` archive by name; no pickle is read.

    Raises:
        OSError, ValueError, zipfile.BadZipFile: it can't be read.
    """
    with np.load(file, allow_pickle=False) as archive:
        return dict(_as_it_was(name, archive[name]) for name in archive.files)


def _stored(name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    """An array as it stands in the archive, under which name.

    Of floats of 16 bits first come all upper bytes, then all lower ones: signs and
    exponents are compressed well, what comes after the point is not.
    """
    if array.dtype != np.float16:
        return name, array
    pairs = np.ascontiguousarray(array, dtype="<f2").view(np.uint8)
    pairs = pairs.reshape(*array.shape, 2)
    return name + _BYTES, np.stack([pairs[..., 1], pairs[..., 0]])


def _as_it_was(name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    if not name.endswith(_BYTES):
        return name, array
    pairs = np.stack([array[1], array[0]], axis=-1)
    return name.removesuffix(_BYTES), pairs.view("<f2")[..., 0].astype(np.float16)


def text(content) -> str:
    """JSON as it is stored, keys in the order that they have."""
    return json.dumps(content, ensure_ascii=False) + "\n"


def without_repeats(trainings: list[dict]) -> list[dict]:
    """Trainings as they are stored: what an earlier one has is not written again.

    Where `needs` or `network` equals that of an earlier training (the same network from
    another seed), `{"as_in": number}` stands for it.
    """
    stored = [dict(training) for training in trainings]
    for number, training in enumerate(stored):
        for part in {"needs", "network"} & training.keys():
            earlier = [t.get(part) for t in trainings[:number]]
            if training[part] in earlier:
                training[part] = {"as_in": earlier.index(training[part])}
    return stored


def with_repeats(stored: list[dict]) -> list[dict]:
    """The trainings of `without_repeats`, each of them whole.

    Raises:
        KeyError, IndexError: it names a training that is not there.
    """
    trainings: list[dict] = []
    for training in stored:
        whole = dict(training)
        for part in {"needs", "network"} & whole.keys():
            if whole[part].keys() == {"as_in"}:
                whole[part] = trainings[whole[part]["as_in"]][part]
        trainings.append(whole)
    return trainings


def goes_on_with(training: dict) -> str:
    """The file with whose weights a notebook goes on after a training; mostly none.

    It is the first that it loads of those that the training wrote.
    """
    return next(iter(training.get("files", ())), "")


def flatten(value, arrays: dict[str, np.ndarray], name: str):
    """A value with its arrays taken out: what JSON can hold.

    Args:
        value: numbers, strings, None, arrays, and lists, tuples and dictionaries of
            them.
        arrays: the arrays are added here, by a name that begins with `name`.
        name: of the value.

    Raises:
        TypeError: it holds something else.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {"array": name}
    if isinstance(value, (list, tuple)):
        if len(value) > 50 and _is_even(value):
            return flatten(np.array(value), arrays, name) | {"list": True}
        parts = [flatten(v, arrays, f"{name}.{i}") for i, v in enumerate(value)]
        return {"tuple": parts} if isinstance(value, tuple) else parts
    if isinstance(value, Mapping):
        pairs = [
            [flatten(k, arrays, f"{name}.{i}k"), flatten(v, arrays, f"{name}.{i}")]
            for i, (k, v) in enumerate(value.items())
        ]
        return {"items": pairs}
    if hasattr(value, "__array__"):  # a tensor
        return flatten(np.asarray(value), arrays, name)
    raise TypeError(f"{name}: a {type(value).__name__} can't be kept")


def _is_even(value) -> bool:
    """Whether a list is one array of floats: many numbers, or rows of equal length."""
    rows = value if isinstance(value[0], (list, tuple)) else [value]
    return all(
        isinstance(row, (list, tuple))
        and len(row) == len(rows[0])
        and all(isinstance(v, float) and not isinstance(v, bool) for v in row)
        for row in rows
    )


def unflatten(stored, arrays: Mapping[str, np.ndarray]):
    """The value of which `flatten` made `stored`."""
    if isinstance(stored, list):
        return [unflatten(part, arrays) for part in stored]
    if not isinstance(stored, dict):
        return stored
    if "array" in stored:
        array = arrays[stored["array"]]
        return array.tolist() if stored.get("list") else array
    if "tuple" in stored:
        return tuple(unflatten(part, arrays) for part in stored["tuple"])
    pairs = ((unflatten(k, arrays), unflatten(v, arrays)) for k, v in stored["items"])
    return dict(pairs)
