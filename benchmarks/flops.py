"""Arithmetic of a Keras network, from the shapes of its layers.

Counted are the multiplications and additions of weights with inputs, two for each pair:
dense, convolutional and recurrent layers. Embeddings look up, and what biases,
activations, pooling, dropout and normalisation add is small; they count nothing. Zeros
of a padded border count as inputs.

Training takes three times the forward pass: forwards, backwards to the weights, and
backwards to the inputs; the last of these the layer that reads the data does not need.
"""

from __future__ import annotations

import math

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}


def forward(model) -> int:
    """Floating-point operations of one sample's way through a built Keras model."""
    return sum(
        forward(layer) if hasattr(layer, "layers") else _of_layer(layer)
        for layer in model.layers
    )


def epoch(model, train: int, valid: int = 0) -> int:
    """Operations of one epoch: `train` samples to learn from, `valid` to validate."""
    return training(model) * train + forward(model) * valid


def training(model) -> int:
    """Operations of one step of training, for each sample."""
    return 3 * forward(model) - _reads_data(model)


def _reads_data(model) -> int:
    """Operations, forwards, of the first layer with weights; 0 if it looks words up."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            return _reads_data(layer)
        if layer.weights:
            return _of_layer(layer)
    return 0


def _of_layer(layer) -> int:
    kind = type(layer).__name__
    if kind == "Bidirectional":
        steps, features = layer.input.shape[1:]
        return 2 * recurrent(layer.forward_layer, steps, features)
    if kind in GATES:
        steps, features = layer.input.shape[1:]
        return recurrent(layer, steps, features)
    if kind == "Dense":
        return 2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1])
    if kind in ("Conv1D", "Conv2D"):
        return 2 * math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:-1])
    if kind == "Conv2DTranspose":  # every input meets the whole kernel
        return 2 * math.prod(layer.kernel.shape) * math.prod(layer.input.shape[1:-1])
    return 0


def recurrent(layer, steps: int, features: int) -> int:
    """Operations of one sequence in one direction of a recurrent layer."""
    gates = GATES[type(layer).__name__]
    return 2 * steps * gates * layer.units * (features + layer.units)
