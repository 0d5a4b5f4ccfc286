"""What a cell leaves that trains in a way of its own: taken apart, and filled in again.

A result is a network of Keras or PyTorch, word vectors of gensim, an object of a class
that the notebook itself defines, a list, dictionary or array of numbers, or a list,
tuple or dictionary of all these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import numpy as np

from dli.kept import description, files
from dli.kept.store import Unusable


def taken(value, arrays: dict[str, np.ndarray], name: str, before=()) -> dict:
    """A result with its arrays taken out: what JSON can hold.

    Args:
        value: the result.
        arrays: the arrays are added here, by a name that begins with `name`.
        name: of the result.
        before: the weights that it had before the cell ran, where it is a network of
            Keras: what can't be trained and has not changed is left out.

    Raises:
        TypeError: it holds something else.
    """
    if is_network(value):
        return {"network": of_network(value, changed(value, before), arrays, name)}
    if description.is_module(value):
        state = {k: v.detach().cpu().numpy() for k, v in value.state_dict().items()}
        arrays |= {f"{name}.{key}": array for key, array in state.items()}
        names = [f"{name}.{key}" for key in state]
        return {"module": description.module(value), "arrays": names}
    if (vectors := _vectors(value)) is not None:
        arrays[name] = vectors.vectors
        words = description.of_words(vectors.index_to_key)
        return {"vectors": {"array": name}, "words": words}
    if is_own(value):
        return {"object": _attributes(value, arrays, name)}
    if _is_mixed(value):
        return {
            "parts": [
                [files.flatten(key, {}, name), taken(part, arrays, f"{name}.{key}")]
                for key, part in _parts(value)
            ]
        }
    return {"value": files.flatten(value, arrays, name)}


def _attributes(value, arrays, name) -> list:
    """What can be kept of an object; its game and its random numbers stay."""
    found = []
    for key, part in sorted(vars(value).items()):
        own: dict[str, np.ndarray] = {}
        try:
            found.append([key, taken(part, own, f"{name}.{key}")])
        except TypeError:
            continue
        arrays |= own
    return found


def fits(value, stored: Mapping, arrays: Mapping[str, np.ndarray]) -> bool:
    """Whether a result has the form of the stored one, so that it can be filled."""
    if "network" in stored:
        if not is_network(value):
            return False
        shapes = [[int(size or 0) for size in w.shape] for w in value.weights]
        return shapes == stored["network"]["form"]["shapes"]
    if "module" in stored:
        return (
            description.is_module(value)
            and description.module(value)["shapes"] == stored["module"]["shapes"]
        )
    if "vectors" in stored:
        vectors = _vectors(value)
        return vectors is not None and stored["words"] == description.of_words(
            vectors.index_to_key
        )
    if "object" in stored:
        return is_own(value) and all(
            _fits_inside(getattr(value, key, None), part, arrays)
            for key, part in stored["object"]
        )
    if "parts" in stored:
        parts = [[key, part] for key, part in _parts(value)]
        return [key for key, _ in parts] == _keys(stored) and all(
            _fits_inside(part, kept, arrays)
            for (_, part), (_, kept) in zip(parts, stored["parts"])
        )
    kept = files.unflatten(stored["value"], arrays)
    same = type(kept) is type(value) and isinstance(kept, (list, dict, np.ndarray))
    return same and getattr(kept, "shape", ()) == getattr(value, "shape", ())


def _fits_inside(value, stored, arrays) -> bool:
    """As `fits`; plain values inside a result are replaced, whatever they are now."""
    return "value" in stored or fits(value, stored, arrays)


def put(value, stored: Mapping, arrays: Mapping[str, np.ndarray], name: str) -> None:
    """Fill a result in place with the stored one that it `fits`.

    Args:
        value: the result.
        stored: what `taken` made of the recorded one.
        arrays: of the training by name.
        name: with which the names of its arrays begin.
    """
    if "network" in stored:
        places = [weight["place"] for weight in stored["network"]["weights"]]
        fill(value, places, arrays, name)
    elif "module" in stored:
        torch = sys.modules["torch"]
        state = {
            key: torch.from_numpy(np.array(arrays[f"{name}.{key}"], ndmin=0))
            for key in stored["module"]["shapes"]
        }
        value.load_state_dict(
            {k: v.to(value.state_dict()[k].dtype) for k, v in state.items()}
        )
    elif "vectors" in stored:
        vectors = _vectors(value)
        vectors.vectors[...] = arrays[name]
        vectors.norms = None  # worked out again when they are asked for
    elif "object" in stored:
        for key, kept in stored["object"]:
            if "value" in kept:
                setattr(value, key, files.unflatten(kept["value"], arrays))
            else:
                put(getattr(value, key), kept, arrays, f"{name}.{key}")
    elif "parts" in stored:
        for (key, part), (_, kept) in zip(list(_parts(value)), stored["parts"]):
            if "value" in kept:
                value[key] = files.unflatten(kept["value"], arrays)
            else:
                put(part, kept, arrays, f"{name}.{key}")
    else:
        kept = files.unflatten(stored["value"], arrays)
        if isinstance(kept, list):
            value[:] = kept
        elif isinstance(kept, dict):
            value.clear()
            value.update(kept)
        else:
            value[...] = kept


def fill(model, places, arrays: Mapping[str, np.ndarray], name: str) -> None:
    """Put kept arrays into a network.

    Args:
        model: the network.
        places: which of `model.weights`.
        arrays: of the training by name.
        name: with which the names of these begin.
    """
    for place in places:
        weight = model.weights[place]
        array = arrays[f"{name}.{place:03}"]
        weight.assign(np.asarray(array, dtype=_dtype(weight)))


def _dtype(weight) -> str:
    return weight.dtype if weight.dtype in ("int32", "int64", "uint8") else "float32"


def of_network(model, kept, arrays: dict[str, np.ndarray], name: str) -> dict:
    """A trained network: its form, and which of its weights are kept.

    Args:
        model: the network.
        kept: those of `model.weights` that are kept.
        arrays: they are added here.
        name: with which their names begin.
    """
    places = {id(w): i for i, w in enumerate(model.weights)}
    stored = []
    for weight in kept:
        place = places[id(weight)]
        array = f"{name}.{place:03}"
        arrays[array] = to_numpy(weight)
        stored.append({"place": place, "path": weight.path, "array": array})
    return {"form": description.network(model), "weights": stored}


def changed(model, before) -> list:
    """Weights that a training can change, and those that it has changed."""
    return [
        weight
        for i, weight in enumerate(model.weights)
        if weight.trainable
        or i >= len(before)
        or not np.array_equal(before[i], to_numpy(weight))
    ]


def to_numpy(weight) -> np.ndarray:
    """A weight as float32, or as integers."""
    import keras

    array = np.asarray(keras.ops.convert_to_numpy(weight))
    return array if np.issubdtype(array.dtype, np.integer) else array.astype(np.float32)


def weights_in(stored: Mapping) -> Iterator[str]:
    """Names of the arrays in a stored result that are weights of networks."""
    if "network" in stored:
        yield from (weight["array"] for weight in stored["network"]["weights"])
    if "vectors" in stored:
        yield stored["vectors"]["array"]
    if "module" in stored:
        yield from stored["arrays"]
    for _, part in (*stored.get("object", ()), *stored.get("parts", ())):
        yield from weights_in(part)


def is_network(value) -> bool:
    """Whether it is a network of Keras."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def is_own(value) -> bool:
    """Whether it is an object of a class that the notebook defines."""
    return type(value).__module__ == "__main__" and hasattr(value, "__dict__")


def _vectors(value):
    """gensim's vectors: of a `Word2Vec`, or `KeyedVectors` themselves."""
    vectors = getattr(value, "wv", value)
    is_one = hasattr(vectors, "index_to_key") and hasattr(vectors, "vectors")
    return vectors if is_one else None


def _is_mixed(value) -> bool:
    """Whether a list, tuple or dictionary holds more than plain data."""
    return any(
        is_network(part)
        or description.is_module(part)
        or _vectors(part) is not None
        or is_own(part)
        or _is_mixed(part)
        for _, part in _parts(value)
    )


def _parts(value) -> Iterator[tuple]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)


def _keys(stored: Mapping) -> list:
    return [files.unflatten(key, {}) for key, _ in stored["parts"]]


def check(name: str, value, stored: Mapping, arrays) -> None:
    """Whether what is kept can be filled into a result.

    Raises:
        Unusable: it can't.
    """
    if not fits(value, stored, arrays):
        raise Unusable(f"{name} has another form than in the recorded run")
