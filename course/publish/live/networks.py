"""Trained networks as the site's pages run them: layers and arrays, without Keras.

They come from the kept weights of the recordings. `static/live/forward.js` has a
function for each kind of layer that is named here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dli.kept import files, store
from dli.kept.store import Unusable

# What a layer's configuration tells a page, and how many arrays it has.
_WEIGHTS = {
    "Dense": 2,
    "Conv1D": 2,
    "Conv2D": 2,
    "Conv2DTranspose": 2,
    "BatchNormalization": 4,
    "Embedding": 1,
}
_NOTHING_TO_DO = ("InputLayer", "Dropout", "SpatialDropout1D")


@dataclass(frozen=True)
class Network:
    """A stack of layers.

    Attributes:
        layers: their kinds and settings, as `forward.js` takes them.
        arrays: the weights of each.
        form: Keras's own description of the network.
    """

    layers: list[dict]
    arrays: list[list[np.ndarray]]
    form: dict


def trained(notebook: str) -> Network:
    """The network of a notebook's first training with `fit`.

    Where the notebook goes on with its best epoch, it is that of the best epoch.

    Raises:
        Unusable: nothing is kept of it, or it has a layer that pages don't know.
    """
    kept = store.of_notebook(notebook)
    number, training = next(
        (n, t) for n, t in enumerate(kept.trainings) if t["kind"] == "fit"
    )
    arrays = kept.arrays(number)
    name = files.goes_on_with(training) or "weights"
    places = [weight["place"] for weight in training["network"]["weights"]]
    weights = [arrays[f"{name}.{place:03}"] for place in places]
    return network(training["network"]["form"], weights)


def noted(notebook: str, what: str) -> dict:
    """What a training loop noted under a name, such as weights by iteration.

    Raises:
        Unusable: nothing is kept of it.
    """
    kept = store.of_notebook(notebook)
    for number, training in enumerate(kept.trainings):
        if training["kind"] == "cell" and what in training["results"]:
            value = training["results"][what]["value"]
            return files.unflatten(value, kept.arrays(number))
    raise Unusable(f"{notebook} has noted no {what}")


def form_of(notebook: str, name: str) -> dict:
    """Keras's description of a network that a notebook trains in a loop of its own."""
    for training in store.of_notebook(notebook).trainings:
        if form := training["needs"].get("networks", {}).get(name):
            return form
    raise Unusable(f"{notebook} has no network {name}")


def dense(weights: list[np.ndarray], activations: list[str]) -> Network:
    """A stack of dense layers of which only the weights are kept."""
    layers = [{"class_name": "Dense", "config": {"activation": a}} for a in activations]
    return network({"name": "dense", "config": {"config": {"layers": layers}}}, weights)


def network(form: dict, weights: list[np.ndarray]) -> Network:
    """A network from Keras's description of it and its weights in Keras's order.

    Raises:
        Unusable: it has a layer that pages don't know.
    """
    layers, arrays, position = [], [], 0
    for layer in form["config"]["config"]["layers"]:
        kind, config = layer["class_name"], layer["config"]
        if kind in _NOTHING_TO_DO:
            continue
        count = _WEIGHTS.get(kind, 0)
        layers.append({"kind": kind} | _settings(kind, config))
        arrays.append([np.asarray(w) for w in weights[position : position + count]])
        position += count
    if position != len(weights):
        raise Unusable(f"{form['name']} has weights of an unknown kind")
    return Network(layers, arrays, form)


def _settings(kind: str, config: dict) -> dict:
    if kind in ("Dense", "Conv1D", "Conv2D", "Conv2DTranspose"):
        found = {"activation": config["activation"]}
        if kind in ("Conv1D", "Conv2D"):
            found["strides"] = list(config["strides"])
            found["same"] = config["padding"] == "same"
        elif kind == "Conv2DTranspose" and (
            list(config["strides"]) != [1, 1] or config["padding"] != "same"
        ):
            raise Unusable("a transposed convolution with strides is not known here")
        return found
    if kind == "BatchNormalization":
        return {"epsilon": config["epsilon"]}
    if kind == "Activation":
        return {"activation": config["activation"]}
    if kind == "Reshape":
        return {"target": list(config["target_shape"])}
    if kind == "UpSampling2D":
        return {"size": list(config["size"])}
    if kind == "MaxPooling2D":
        return {"size": list(config["pool_size"])}
    if kind in ("Flatten", "Embedding", "GlobalMaxPooling1D"):
        return {}
    raise Unusable(f"a layer of the kind {kind} is not known in the pages")
