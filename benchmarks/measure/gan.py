"""One side of the GAN of chapter 12."""

from __future__ import annotations

import time

import keras
import numpy as np

from benchmarks import flops, notebook
from benchmarks.child import SEED, peak_mb
from benchmarks.measure.network import reference_loss
from benchmarks.printed.sketches import GAN
from dli.datasets import quickdraw


def gan(spec: dict) -> dict:
    """Seconds an iteration of one side of the GAN."""
    if spec["side"] == "printed":
        keras.utils.set_random_seed(SEED)
        net = GAN()
        discriminator, adversarial = net.discriminator, net.adversarial
        iteration = net.iteration
    else:
        names = notebook.definitions("generative_adversarial_network")
        discriminator, adversarial = names["discriminator"], names["adversarial"]
        iteration = _our_iteration(names)
    sketches = quickdraw.load_data("apple")
    sketches = sketches.reshape(-1, 28, 28, 1).astype("float32") / 255
    seconds, history = [], []
    for _ in range(2 if spec.get("smoke") else 12):
        started = time.perf_counter()
        history.append(iteration(sketches))
        seconds.append(time.perf_counter() - started)
    peak, means = peak_mb(), np.mean(history[1:], axis=0)
    generator = adversarial.layers[-2]
    noise = np.random.default_rng(0).uniform(-1, 1, (64, 32)).astype("float32")
    ones = np.ones((64, 1))
    return {
        "seconds": seconds[1:],
        "peak_mb": peak,
        "quality": dict(zip(("D loss", "D accuracy", "A loss"), map(float, means))),
        # 256 sketches judged and learned from; 128 drawn; 128 drawn and learned from,
        # through a discriminator without gradients of its weights
        "flops": 256 * flops.training(discriminator)
        + 128 * (flops.forward(generator) + flops.training(generator))
        + 128 * 2 * flops.forward(discriminator),
        "parameters": adversarial.count_params(),
        "backend": keras.backend.backend(),
        "identity": {
            "discriminator": reference_loss(discriminator, sketches[:64], ones),
            "adversarial": reference_loss(adversarial, noise, ones),
        },
    }


def _our_iteration(names: dict):
    rng, batch_size = names["rng"], names["batch_size"]

    def iteration(sketches):
        real = sketches[rng.integers(len(sketches), size=batch_size)]
        return [
            *names["discriminator_half_step"](real),
            *names["generator_half_step"](batch_size),
        ]

    return iteration
