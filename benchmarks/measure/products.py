"""How fast the machine multiplies: at its peak, and in the sizes of some trainings."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import tensorflow as tf

from benchmarks import flops
from benchmarks.parts import RECURRENT
from benchmarks.printed.sketches import GAN


def matrix_products(spec: dict) -> dict:
    """The machine's float32 peak: the best of some products of large matrices."""
    best = 0.0
    for n in (1024,) if spec.get("smoke") else (2048, 3072, 4096):
        a, b = np.random.default_rng(0).random((2, n, n), dtype="float32")
        for one, other in ((a, b), (tf.constant(a), tf.constant(b))):
            for _ in range(5):
                started = time.perf_counter()
                np.asarray(one @ other)
                best = max(best, 2 * n**3 / (time.perf_counter() - started))
    return {"gflops": best / 1e9}


def own_products(spec: dict) -> dict:
    """GFLOP/s of TensorFlow's bare products, in the sizes that some trainings need.

    Of recurrent nets: the state of 128 reviews times the weights of all gates, step
    after step. Of the GAN: the discriminator's convolutions, forwards and backwards.
    """
    repeats = 1 if spec.get("smoke") else 8
    found = {
        name: _state_products(flops.GATES[layer], repeats)
        for name, layer in RECURRENT.items()
    }
    return {"gflops": found | {"gan": _convolutions(repeats)}}


def _state_products(gates: int, repeats: int) -> float:
    steps, batch, units = 50, 128, 256
    state = tf.random.normal((batch, units))
    weights = tf.random.normal((units, units * gates)) / units

    @tf.function
    def run():
        h = state
        for _ in range(steps):  # each waits for the one before it
            h = tf.matmul(h, weights)[:, :units]
        return h

    work = 2 * steps * batch * units * units * gates
    return work / _best(run, repeats) / 1e9


def _convolutions(repeats: int) -> float:
    work = seconds = 0.0
    for layer in GAN().discriminator.layers:
        if type(layer).__name__ != "Conv2D" or layer.input.shape[-1] == 1:
            continue  # the first has hardly any work
        w, stride = tf.constant(layer.kernel), (1, *layer.strides, 1)
        for batch, to_weights in ((256, True), (128, False)):
            x = tf.random.normal((batch, *layer.input.shape[1:]))
            y = tf.nn.conv2d(x, w, stride, "SAME")
            how = {"out_backprop": y, "strides": stride, "padding": "SAME"}
            ways = [
                partial(tf.nn.conv2d, x, w, stride, "SAME"),
                partial(tf.raw_ops.Conv2DBackpropInput, input_sizes=x.shape, filter=w),
                partial(tf.raw_ops.Conv2DBackpropFilter, input=x, filter_sizes=w.shape),
            ][: 2 + to_weights]
            for number, way in enumerate(ways):
                way = partial(way, **how) if number else way
                seconds += _best(tf.function(way), repeats)
                work += 2 * int(np.prod(w.shape) * np.prod(y.shape[:3]))
    return work / seconds / 1e9


def _best(run, repeats: int) -> float:
    """Seconds of the quickest of some runs."""
    run()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        run().numpy()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
