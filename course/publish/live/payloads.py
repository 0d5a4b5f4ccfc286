"""The payload of each box that needs trained networks: which of them, how finely."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course.publish.live import networks
from course.publish.live.packing import Payload
from dli.kept import description, store
from dli.kept.store import Unusable

_WORDS = Path(__file__).with_name("words")

#: The networks that read a digit: what they are called, their notebook, their bits.
_READERS = {
    "shallow": ("Shallow net", "shallow_net_in_keras", 0),
    "intermediate": ("Intermediate net", "intermediate_net_in_keras", 0),
    "deep": ("Deep net", "deep_net_in_keras", 0),
    "lenet": ("LeNet", "lenet_in_keras", 4),
}
# Bits of the generator after some iterations; the others are left out.
_SKETCHES = {0: 4, 100: 4, 300: 4, 1000: 4, 2000: 8}


def digit() -> Payload:
    """The networks that read digits, as far as they are kept."""
    payload = Payload()
    payload.about["names"] = {}
    for key, (name, notebook, bits) in _READERS.items():
        try:
            payload.add_network(key, networks.trained(notebook), bits)
        except Unusable as reason:
            payload.missing.append(f"{name} is not here yet: {reason}.")
        else:
            payload.about["names"][key] = name
    if not payload.networks:
        raise Unusable("no network that reads digits is kept")
    return payload


def apple() -> Payload:
    """The generator after some iterations of its training."""
    payload = Payload()
    notebook = "generative_adversarial_network"
    form = networks.form_of(notebook, "generator")
    for iteration, weights in networks.noted(notebook, "generator_at").items():
        if bits := _SKETCHES.get(iteration):
            network = networks.network(form, weights)
            payload.add_network(str(iteration), network, bits)
    return payload


def review() -> Payload:
    """The convolutional sentiment classifier and the words that it knows."""
    payload = Payload()
    network = networks.trained("convolutional_sentiment_classifier")
    payload.add_network("convolutional", network, 8)
    first_layer = network.form["config"]["config"]["layers"][0]["config"]
    # Ids 0 to 3 are reserved: padding, the start of a review, an unknown word, none.
    payload.about |= {
        "words": " ".join(_words("imdb")),
        "first": 4,
        "length": first_layer["batch_shape"][1],
    }
    return payload


def words() -> Payload:
    """The word vectors of chapter 11 and where t-SNE placed them."""
    payload = Payload()
    kept = store.of_notebook("natural_language_preprocessing")
    recorded = kept.trainings[0]["results"]["model"]
    known = _words("gutenberg")
    if description.of_words(known) != recorded["words"]:
        raise Unusable("the recorded vectors belong to other words than gutenberg.txt")
    vectors = kept.arrays(0)[recorded["vectors"]["array"]].astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    placed = networks.noted("natural_language_preprocessing", "placed")
    payload.add_array("vectors", unit, 8)
    payload.add_array("places", np.asarray(placed, np.float32), 8)
    payload.about["words"] = " ".join(known)
    return payload


def pole() -> Payload:
    """The agent of chapter 13 after some episodes of its training."""
    payload = Payload()
    for episode, weights in networks.noted("cartpole_dqn", "checkpoints").items():
        network = networks.dense(weights, ["relu", "relu", "linear"])
        payload.add_network(str(episode), network)
    return payload


def _words(name: str) -> list[str]:
    return (_WORDS / f"{name}.txt").read_text("utf-8").split("\n")[:-1]


MAKERS = {maker.__name__: maker for maker in (digit, apple, review, words, pole)}
