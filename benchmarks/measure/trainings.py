"""One side of a training that is one `fit`, or on our side a loop of several."""

from __future__ import annotations

from statistics import median

import keras
import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks import flops, notebook
from benchmarks.child import SEED, peak_mb
from benchmarks.measure.laps import Laps, Watch
from benchmarks.measure.network import reference_loss
from benchmarks.parts import FRACTIONS, TRAININGS, Training, printed
from benchmarks.printed.fit import fit
from dli.shuffling import reshuffle_every_epoch

_QUALITY = ("accuracy", "val_accuracy", "loss", "val_loss")


def training(spec: dict) -> dict:
    """Seconds an epoch of one side of `parts.TRAININGS`, memory, quality, arithmetic.

    Both sides start from the same weights and see a new order of the data each epoch.
    """
    part = TRAININGS[spec["part"]]
    rows = part.smoke if spec.get("smoke") else part.rows
    epochs = 2 if spec.get("smoke") else part.epochs
    laps = Laps(rows)
    train = {"printed": _train_printed, "ours": _train_ours}[spec["side"]]
    speeds = train(part, epochs, laps)
    result = {"seconds": laps.seconds, "peak_mb": peak_mb(), **describe(laps, part)}
    if speeds is not None:
        result["quality"]["speed 5:3"] = float(speeds[:, 4].sum() / speeds[:, 2].sum())
    return result


def _train_printed(part: Training, epochs: int, laps: Laps) -> np.ndarray | None:
    """Speeds of learning (epochs, layers) where the part measures them."""
    keras.utils.set_random_seed(SEED)
    reshuffle_every_epoch()
    if not part.data:
        with laps:
            return printed("digits:speed_of_learning")(epochs)[1]
    data = printed(part.data)(*part.data_arguments)
    model = part.network()
    callbacks = [printed(part.callback)()] if part.callback else []
    with laps:
        fit(model, data, epochs, part.batch_size, callbacks)
    return None


def _train_ours(part: Training, epochs: int, laps: Laps) -> np.ndarray | None:
    names, code = notebook.prepare(part.notebook, part.marker, {"epochs": epochs})
    with laps:
        notebook.run(code, part.notebook, names)
    if part.data:
        return None
    laps.x, laps.y = names["X"], names["y"]  # `fit` was given them as one data set
    return names["measured"]


def describe(laps: Laps, part: Training) -> dict:
    """What a training has reached, and what both sides should agree in."""
    model = laps.model
    quality = {name: laps.logs[name] for name in _QUALITY if name in laps.logs}
    x, y = laps.valid or (laps.x, laps.y)
    if part.reviews:
        y_hat = model.predict(x, batch_size=128, verbose=0).flatten()
        quality["ROC AUC"] = float(roc_auc_score(y, y_hat))
    rows = len(laps.x), len(x) if laps.valid else 0
    return {
        "quality": quality,
        "rows": rows,
        "flops": flops.epoch(model, *rows),
        "parameters": model.count_params(),
        "backend": keras.backend.backend(),
        "arithmetic": model.dtype_policy.compute_dtype,
        "identity": {
            "optimizer": type(model.optimizer).__name__,
            "learning rate": round(float(model.optimizer.learning_rate), 9),
            "reference loss": reference_loss(model, x[:64], y[:64]),
        },
    }


def scaling(spec: dict) -> dict:
    """Seconds of an epoch, without validation, on shares of the data; our side."""
    part = TRAININGS[spec["net"]]
    laps = Laps(part.smoke if spec.get("smoke") else part.rows)
    _train_ours(part, 1, laps)
    points = []
    for fraction in FRACTIONS:
        count, watched = int(len(laps.x) * fraction), Laps(None)
        laps.model.fit(
            *(laps.x[:count], laps.y[:count]),
            batch_size=part.batch_size,
            epochs=4,
            verbose=0,
            callbacks=[Watch(watched)],
        )
        points.append([count, median(np.diff(watched.epochs)[::2][1:].tolist())])
    return {"points": points}
