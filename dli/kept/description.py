"""What a training depends on, described so that two trainings can be compared.

A description holds what it is made of and not only a hash, so that a difference can be
named: the code of the cell and of the functions that it uses, the network, how it is
compiled, the arguments of `fit`, the data, the seed, and the version of Keras.
"""

from __future__ import annotations

import hashlib
import json
import math
import numbers
import sys
import types
from collections.abc import Iterator, Mapping

import numpy as np

from dli.kept import cells

_SHORT = 200  # characters of a value that is noted as it is
_PROJECTIONS = 4  # numbers that stand for an array of floats
_ROWS = 1024  # of an array, converted at a time
_PLAIN = (numbers.Number, str)  # of values in a dictionary
_LIBRARIES = ("keras", "gensim", "torch")
_STATE = {"best", "best_epoch", "best_weights", "wait", "stopped_epoch", "params"}


def of_fit(model, arguments: Mapping) -> dict:
    """What a call of `keras.Model.fit` depends on.

    Args:
        model: the network, compiled, before it is trained.
        arguments: of the call by name, defaults filled in.

    Returns:
        What JSON can hold.
    """
    data = {name: arguments.get(name) for name in ("x", "y", "sample_weight")}
    validation = arguments.get("validation_data")
    if isinstance(validation, (tuple, list)):
        data |= zip(("x_val", "y_val", "sample_weight_val"), validation)
    elif validation is not None:
        data["x_val"] = validation
    plain = ("epochs", "batch_size", "initial_epoch", "steps_per_epoch")
    plain += ("validation_split", "validation_steps", "validation_freq", "shuffle")
    return _surroundings() | {
        "network": network(model),
        "fit": {name: _plain(arguments.get(name)) for name in plain}
        | {"class_weight": repr(arguments.get("class_weight"))},
        "callbacks": [callback(c) for c in listed(arguments.get("callbacks"))],
        "data": {
            name: of_data(part) for name, part in data.items() if part is not None
        },
    }


def of_cell(source: str, namespace: Mapping, results: set[str]) -> dict:
    """What a cell that trains in its own way depends on, before it runs.

    Args:
        source: of the cell.
        namespace: the notebook's variables.
        results: names of what it trains or fills; of these only networks are described.

    Returns:
        What JSON can hold.
    """
    described = _surroundings(source)
    used = set(described["used"])
    given = results | cells.assigned(source)
    values, data, networks = {}, {}, {}
    for name in sorted(used & namespace.keys()):
        value = namespace[name]
        if _is_network(value):
            networks[name] = network(value)
        elif is_module(value):
            networks[name] = module(value)
        elif name in given or isinstance(value, types.ModuleType) or callable(value):
            continue
        elif hasattr(value, "shape") and hasattr(value, "dtype"):
            data[name] = of_data(value)
        elif isinstance(value, Mapping):
            arrays = [part for part in _flat(value) if hasattr(part, "shape")]
            if arrays:
                data[name] = of_data(arrays)
            if all(isinstance(part, _PLAIN) for part in _flat(value)):
                values[name] = _value(dict(value))
        elif isinstance(value, (numbers.Number, str, tuple, list, range)):
            values[name] = _value(value)
    return described | {"values": values, "data": data, "networks": networks}


def _surroundings(source: str | None = None) -> dict:
    source = cells.running() if source is None else source
    definitions = cells.definitions(source)
    read = (cells.names(code) for code in (source, *definitions.values()))
    return {
        "cell": source,
        "definitions": definitions,
        "used": sorted(set().union(*read)),
        "seed": _seed(),
        "versions": {name: _version(name) for name in _LIBRARIES},
        "backend": _backend(),
        "provenance": _provenance(),
    }


def network(model) -> dict:
    """A network and how it is compiled, as Keras serialises them.

    Returns:
        `config` (None where Keras can't serialise it), `shapes` of all weights, and the
        notebook's own classes in it, name to source.
    """
    try:
        config = json.loads(model.to_json())
    except (NotImplementedError, TypeError, ValueError, AttributeError, RuntimeError):
        config = None
    own = {
        type(part).__name__
        for part in (model, *getattr(model, "_flatten_layers", list)())
        if type(part).__module__ == "__main__"
    }
    return {
        "name": model.name,
        "config": config,
        "shapes": [[int(size or 0) for size in w.shape] for w in model.weights],
        "classes": cells.definitions("\n".join(sorted(own))) if own else {},
    }


def module(found) -> dict:
    """A network of PyTorch's own, as it prints itself, and its shapes by name."""
    state = found.state_dict()
    return {
        "config": str(found),
        "shapes": {name: list(array.shape) for name, array in state.items()},
    }


def is_module(value) -> bool:
    """Whether something is a network of PyTorch's own."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.nn.Module)


def callback(found) -> dict:
    """A callback: its class, and its settings as far as they are plain."""
    settings = {
        name: _plain(value)
        for name, value in sorted(vars(found).items())
        if not name.startswith("_")
        and name not in _STATE
        and isinstance(value, (bool, int, float))
    }
    return {"class": type(found).__name__, "settings": settings}


def of_data(data) -> list[dict]:
    """Arrays by their content, other data by its form.

    Returns:
        One dictionary an array of the structure. Floats bear a few projections too: on
        another machine the last bits of a mean can differ.
    """
    if hasattr(data, "element_spec"):  # a tf.data.Dataset
        size = getattr(data, "cardinality", lambda: -1)()
        return [{"stream": str(data.element_spec), "batches": int(size)}]
    found = []
    for part in _flat(data):
        if not hasattr(part, "shape"):
            found.append({"class": type(part).__name__})
            continue
        array = np.ascontiguousarray(np.asarray(part))
        described = {
            "shape": list(array.shape),
            "dtype": str(array.dtype),
            "sha256": hashlib.sha256(array.view(np.uint8).data).hexdigest()
            if array.size and array.dtype != object
            else "",
        }
        if np.issubdtype(array.dtype, np.floating) and array.size:
            described |= projections(array)
        found.append(described)
    return found


def projections(array: np.ndarray) -> dict:
    """Sums of an array under fixed random weights, and its root mean square."""
    flat = array.reshape(len(array), -1) if array.ndim else array.reshape(1, 1)
    columns = np.random.RandomState(0).standard_normal(flat.shape[1])
    rows = np.random.RandomState(1)
    sums, squares = np.zeros(_PROJECTIONS), 0.0
    for first in range(0, len(flat), _ROWS):
        part = flat[first : first + _ROWS].astype(np.float64)
        sums += rows.standard_normal((_PROJECTIONS, len(part))) @ (part @ columns)
        squares += float(np.einsum("ij,ij->", part, part))
    rms = math.sqrt(squares / max(array.size, 1))
    return {"projections": [float(s) for s in sums], "rms": rms}


def _flat(data) -> Iterator:
    if isinstance(data, Mapping):
        for name in sorted(data):
            yield from _flat(data[name])
    elif isinstance(data, (tuple, list)) and not _is_numbers(data):
        for part in data:
            yield from _flat(part)
    elif _is_numbers(data):
        yield np.asarray(data)
    elif data is not None:
        yield data


def _is_numbers(data) -> bool:
    return isinstance(data, (tuple, list)) and all(
        isinstance(part, numbers.Number) for part in data
    )


def of_words(words) -> dict:
    """A vocabulary by its length and hash."""
    joined = "\0".join(words).encode()
    return {"length": len(words), "sha256": hashlib.sha256(joined).hexdigest()}


def _value(value):
    """A plain value as it is, a long one by its length and hash."""
    text = repr(value)
    if len(text) <= _SHORT:
        return _plain(value) if isinstance(value, (int, float, str)) else text
    return {
        "length": len(value) if hasattr(value, "__len__") else 0,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _plain(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if math.isfinite(number) else str(number)
    return repr(value)


def listed(callbacks) -> list:
    if callbacks is None:
        return []
    return list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]


def _is_network(value) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def _seed() -> int | None:
    keras = sys.modules.get("keras")
    try:
        return keras.src.utils.rng_utils.get_random_seed()
    except AttributeError:  # no Keras, or one that keeps it elsewhere
        return None


def _version(package: str) -> str:
    return getattr(sys.modules.get(package), "__version__", "")


def _backend() -> str:
    keras = sys.modules.get("keras")
    return keras.backend.backend() if keras else ""


def _provenance() -> dict:
    from dli import datasets

    return {name: str(found.extent) for name, found in datasets.provenance().items()}
