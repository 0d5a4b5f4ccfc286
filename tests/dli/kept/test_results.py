"""What a cell names in `keep(…)` is taken apart and filled into the same forms."""

import json
import random

import keras
import numpy as np
import pytest

from dli.kept import files, results


class Agent:
    """As a notebook defines one: weights, a record of its games, and a game."""

    def __init__(self, seed):
        self.weights = np.random.default_rng(seed).normal(size=(4, 3))
        self.steps, self.rate = [seed, seed + 1], 0.5 / (seed + 1)
        self.dice = random.Random(seed)
        self.net = network(seed)


Agent.__module__ = "__main__"  # where the classes of a notebook live


def network(seed):
    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


def stored(value, tmp_path):
    """A result as it comes back from the repository."""
    arrays = {}
    kept = json.loads(files.text(results.taken(value, arrays, "it")))
    (tmp_path / "it.npz").write_bytes(files.pack(arrays))
    return kept, files.unpack(tmp_path / "it.npz")


def weights(net):
    return np.concatenate([np.asarray(w).ravel() for w in net.get_weights()])


def test_networks_in_lists_and_dictionaries(tmp_path):
    recorded = {"wide": [network(1), network(2)], (2, "deep"): [network(3)]}
    now = {"wide": [network(7), network(8)], (2, "deep"): [network(9)]}
    kept, arrays = stored(recorded, tmp_path)
    results.check("it", now, kept, arrays)
    results.put(now, kept, arrays, "it")
    for name in recorded:
        for before, after in zip(recorded[name], now[name], strict=True):
            assert np.array_equal(weights(before), weights(after))


def test_objects_of_the_notebook(tmp_path):
    recorded, now = [Agent(1), Agent(2)], [Agent(5), Agent(6)]
    recorded[1].steps.append(77)  # it has played longer than the new one
    dice = now[0].dice.getstate()
    kept, arrays = stored(recorded, tmp_path)
    results.check("it", now, kept, arrays)
    results.put(now, kept, arrays, "it")
    for before, after in zip(recorded, now, strict=True):
        assert np.array_equal(before.weights, after.weights)
        assert np.array_equal(weights(before.net), weights(after.net))
        assert (before.steps, before.rate) == (after.steps, after.rate)
    assert now[0].dice.getstate() == dice, "what can't be kept stays as it is"


def test_numbers_beside_networks(tmp_path):
    recorded, now = {"net": network(1), "loss": [0.1, 0.2]}, {"net": network(2)}
    kept, arrays = stored(recorded, tmp_path)
    with pytest.raises(results.Unusable, match="it has another form"):
        results.check("it", now, kept, arrays)
    now["loss"] = []
    results.check("it", now, kept, arrays)
    results.put(now, kept, arrays, "it")
    assert now["loss"] == [0.1, 0.2]


def test_a_long_list_comes_back_to_the_last_bit(tmp_path):
    recorded, now = list(np.random.default_rng(0).random(1_000)), []
    kept, arrays = stored(recorded, tmp_path)
    results.put(now, kept, arrays, "it")
    assert now == recorded


@pytest.mark.parametrize(
    "now",
    [
        [network(1)],
        [network(1), network(2), network(3)],
        [network(1), 5],
        (network(1), network(2)),
        {0: network(1), 2: network(2)},
        5,
    ],
    ids=["fewer", "more", "a number", "a tuple fits", "other keys", "none"],
)
def test_another_form_is_refused(now, tmp_path):
    kept, arrays = stored([network(1), network(2)], tmp_path)
    assert results.fits(now, kept, arrays) == isinstance(now, tuple)


def test_which_arrays_are_weights(tmp_path):
    kept, arrays = stored({"net": network(1), "x": np.ones(3), "a": Agent(1)}, tmp_path)
    found = set(results.weights_in(kept))
    assert found == {"it.net.000", "it.net.001", "it.a.net.000", "it.a.net.001"}
    assert found < arrays.keys()


def test_what_is_no_data_is_refused():
    with pytest.raises(TypeError, match="can't be kept"):
        results.taken({"dice": random.Random(1)}, {}, "it")
