"""What shows that the networks of both sides are one and the same."""

from __future__ import annotations

import numpy as np


def fix_weights(model) -> None:
    """Give a network weights that depend on nothing but their shapes."""
    rng = np.random.default_rng(0)
    for weight in model.weights:
        values = rng.normal(0, 0.05, weight.shape)
        if weight.path.endswith("variance"):
            values = np.abs(values) + 0.5
        weight.assign(values.astype("float32"))


def reference_loss(model, x, y) -> float:
    """The loss of `fix_weights` on some data: equal for equal networks and losses."""
    fix_weights(model)
    return float(np.atleast_1d(model.test_on_batch(x, y))[0])
