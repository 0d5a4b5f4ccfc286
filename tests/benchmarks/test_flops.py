"""Arithmetic of networks, against counts by hand."""

import keras
from keras import layers

from benchmarks import flops


def net(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])


def test_flops_of_small_layers_by_hand():
    # 3 inputs to 2 neurons: six products, six sums
    assert flops.forward(net((3,), layers.Dense(2))) == 12
    # 4 x 4 places of a 3 x 3 kernel over 2 maps, to 5 maps
    assert flops.forward(net((6, 6, 2), layers.Conv2D(5, 3))) == 2 * 16 * 9 * 2 * 5
    # stride 2 leaves 3 x 3 places
    strided = layers.Conv2D(5, 3, strides=2, padding="same")
    assert flops.forward(net((6, 6, 2), strided)) == 2 * 9 * 9 * 2 * 5
    assert flops.forward(net((7, 2), layers.Conv1D(4, 3))) == 2 * 5 * 3 * 2 * 4
    # each of 4 x 4 inputs of 3 maps meets a 5 x 5 kernel of 2 maps
    transposed = layers.Conv2DTranspose(2, 5, padding="same")
    assert flops.forward(net((4, 4, 3), transposed)) == 2 * 16 * 25 * 3 * 2
    # a dense layer at each of 4 places
    assert flops.forward(net((4, 3), layers.Dense(2))) == 4 * 12


def test_flops_of_recurrent_layers_by_hand():
    # 7 steps; 3 inputs and 2 states to 2 units
    step = 2 * 2 * (3 + 2)
    assert flops.forward(net((7, 3), layers.SimpleRNN(2))) == 7 * step
    assert flops.forward(net((7, 3), layers.LSTM(2))) == 7 * 4 * step
    assert flops.forward(net((7, 3), layers.GRU(2))) == 7 * 3 * step
    both = layers.Bidirectional(layers.LSTM(2))
    assert flops.forward(net((7, 3), both)) == 2 * 7 * 4 * step


def test_flops_of_nested_models_and_of_an_epoch():
    inner = net((3,), layers.Dense(2), layers.Dropout(0.5))
    outer = net((3,), inner, layers.Dense(1))
    assert flops.forward(outer) == 12 + 4
    # of a training step, the first layer passes nothing back to the data
    first = flops.forward(outer.layers[0])
    assert flops.training(outer) == 3 * 16 - first and first > 0
    assert flops.epoch(outer, train=10, valid=5) == (3 * 16 - first) * 10 + 16 * 5
    words = net((4,), layers.Embedding(9, 3), layers.LSTM(2))
    assert flops.training(words) == 3 * flops.forward(words), "the words learn, too"
