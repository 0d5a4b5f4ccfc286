"""Arithmetic of a Keras network, from the shapes of its layers.

Counted are the multiplications and additions of weights with inputs, two for each pair:
dense, convolutional and recurrent layers. Embeddings look up, and what biases,
activations, pooling, dropout and normalisation add is small; they count nothing. Zeros
of a padded border count as inputs.

Training a batch takes about three times the forward pass: once forwards, once backwards
to the inputs, once backwards to the weights.
"""

from __future__ import annotations

import math

TRAINING = 3  # forward passes that one training step is worth

_GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}


def forward(model) -> int:
    """Floating-point operations of one sample's way through a built Keras model."""
    return sum(
        forward(layer) if hasattr(layer, "layers") else _of_layer(layer)
        for layer in model.layers
    )


def epoch(model, train: int, valid: int = 0) -> int:
    """Operations of one epoch: `train` samples to learn from, `valid` to validate."""
    return forward(model) * (TRAINING * train + valid)


def _of_layer(layer) -> int:
    kind = type(layer).__name__
    if kind == "Bidirectional":
        steps, features = layer.input.shape[1:]
        return 2 * recurrent(layer.forward_layer, steps, features)
    if kind in _GATES:
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
    gates = _GATES[type(layer).__name__]
    return 2 * steps * gates * layer.units * (features + layer.units)
