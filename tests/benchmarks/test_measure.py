"""What one measurement does in its process."""

import keras
import numpy as np
from keras import layers

from benchmarks.measure.laps import Laps
from benchmarks.measure.network import reference_loss
from benchmarks.measure.products import own_products
from benchmarks.parts import RECURRENT


def test_laps_leave_out_the_first():
    laps = Laps(None)
    laps.epochs = [0, 9, 10, 12, 13, 16]  # begin and end of three epochs
    laps.starts = [0]
    assert laps.seconds == [2, 3]
    several = Laps(None)
    several.starts, several.end = [0, 9, 11], 14
    assert several.seconds == [2, 3]


def test_fixed_weights_tell_networks_apart():
    x = np.array([[0.5, -0.5, 1.0]])
    losses = []
    for activation in ("tanh", "tanh", "relu"):
        model = keras.Sequential(
            [keras.Input((3,)), layers.Dense(4, activation=activation), layers.Dense(3)]
        )
        model.compile(loss="mse", optimizer="sgd")
        losses.append(reference_loss(model, x, x))
    assert losses[0] == losses[1] != losses[2]


def test_own_products_of_every_recurrent_net_and_the_gan():
    found = own_products({"smoke": True})["gflops"]
    assert found.keys() == {*RECURRENT, "gan"}
    assert all(0.1 < gflops < 1e5 for gflops in found.values())
