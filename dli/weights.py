"""Kept weights: what the recorded trainings left.

At *trained* pace a long training is shown for a few batches, and then its network gets
the weights of the recorded run. A call of `keras.Model.fit` needs nothing for that. A
cell that trains in a loop of its own, or with another library, ends in one line:

    keep(generator=generator, history=history)

which, at full pace, does nothing. `load` gives the trained networks themselves.
"""

from __future__ import annotations

from dli.kept import files, player, recorder, store
from dli.kept.results import fill
from dli.kept.store import Unusable


def load(notebook: str, network: str = ""):
    """The trained network of a notebook, with its layers, ready to be used.

    Args:
        notebook: its id, such as `"lenet_in_keras"`.
        network: which, where a notebook trains several in a loop of its own, by the
            name of its variable: `"generator"`.

    Returns:
        A `keras.Model` with the kept weights, compiled as in the notebook. Where the
        notebook goes on with its best epoch, it is that of the best epoch.

    Raises:
        KeyError: there is no such notebook, or it has no such network.
        Unusable: nothing is kept of it, it is not as it was recorded, or it belongs to
            another version of Keras.
    """
    import keras

    found = store.of_notebook(notebook)
    number, training = _training(found, network)
    recorded = training["needs"]["versions"]["keras"]
    if recorded != keras.__version__:
        raise Unusable(f"recorded with Keras {recorded}; this is {keras.__version__}")
    if left := training.get("left_out"):
        raise Unusable(f"the recorded weights are left out ({left})")
    arrays = found.arrays(number)
    if training["kind"] == "fit":
        model = _built(training["network"]["form"])
        name = files.goes_on_with(training) or "weights"
        places = [weight["place"] for weight in training["network"]["weights"]]
    else:
        name = network
        model = _built(training["needs"]["networks"][name])
        stored = training["results"].get(name, {}).get("network")
        if stored is None:
            model.set_weights(_noted(training, arrays, model))
            return model
        places = [weight["place"] for weight in stored["weights"]]
    fill(model, places, arrays, name)
    return model


def _training(found, network: str) -> tuple[int, dict]:
    for number, training in enumerate(found.trainings):
        if training["kind"] == "fit" and network in (
            "",
            training["needs"]["network"]["name"],
        ):
            return number, training
        if training["kind"] == "cell" and network in training["needs"]["networks"]:
            return number, training
    known = {n for t in found.trainings for n in t["needs"].get("networks", ())}
    there = f"; there are: {', '.join(sorted(known))}" if known else ""
    raise KeyError(f"no network {network!r} is kept of {found.entry.id}{there}")


def _built(form: dict):
    import keras

    if form["config"] is None:
        raise Unusable(f"{form['name']} can't be built without its notebook")
    model = keras.saving.deserialize_keras_object(form["config"])
    if [list(weight.shape) for weight in model.weights] != form["shapes"]:
        raise Unusable(f"{form['name']} can't be built without its notebook")
    return _with_base(model)


def _with_base(model):
    """A network that stands on one trained on ImageNet gets the weights of that."""
    for layer in model.layers:
        if layer.name in ("vgg19", "efficientnet_lite0"):
            from dli import pretrained

            layer.set_weights(pretrained.load_base(layer.name).model.get_weights())
    return model


def _noted(training: dict, arrays: dict, model) -> list:
    """The last list of weights of a network among what its loop has noted."""
    shapes = [tuple(weight.shape) for weight in model.weights]
    for stored in training["results"].values():
        if "value" not in stored:
            continue
        value = files.unflatten(stored["value"], arrays)
        parts = list(value.values()) if isinstance(value, dict) else [value]
        for part in reversed(parts):
            if (
                isinstance(part, list)
                and [getattr(a, "shape", 0) for a in part] == shapes
            ):
                return part
    raise KeyError(f"the weights of {model.name} are not kept")


def keep(**results) -> None:
    """What this cell's training leaves; at trained pace, what the recorded one left.

    The line stands at the left margin, right after the loop, before anything is
    computed from its results.

    Args:
        **results: networks of Keras or PyTorch, word vectors of gensim, objects of the
            notebook's own classes, lists, dictionaries and arrays of numbers, and lists
            and dictionaries of all these. At trained pace they are filled in place with
            what the recorded run left in them; at any other pace they stay as they are.
            What holds networks or objects has to be complete before the loop begins,
            which is a short one then.

    Raises:
        TypeError: something else is to be kept (when the notebook is recorded).
    """
    recorder.note_cell(results)
    player.restore(results)
