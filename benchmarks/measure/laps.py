"""Seconds of each epoch, and on how many rows a training may learn."""

from __future__ import annotations

import time

import keras
import numpy as np


class Laps:
    """Watches `keras.Model.fit`: on how much data it trains, and how long it takes.

    Within the `with` block every fit is cut to `rows` and timed. Of one fit the epochs
    are the laps, with their validation; of several fits, one after the other, the laps
    go from the start of each to the start of the next.

    Args:
        rows: how many to train on and to validate with; None for all.

    Attributes:
        model, x, y, valid: what the last fit was given, cut to `rows`.
        logs: the metrics of its last epoch by name.
    """

    def __init__(self, rows: tuple[int, int] | None):
        self.rows, self.starts, self.epochs = rows, [], []
        self.logs: dict[str, float] = {}

    def __enter__(self):
        self.fit = keras.Model.fit

        def fit(model, x, y=None, *args, validation_data=None, callbacks=(), **others):
            if self.rows and y is not None:
                x, y = x[: self.rows[0]], y[: self.rows[0]]
                if validation_data is not None:
                    validation_data = tuple(p[: self.rows[1]] for p in validation_data)
            self.model, self.x, self.y, self.valid = model, x, y, validation_data
            self.starts.append(time.perf_counter())
            return self.fit(
                *(model, x, y, *args),
                validation_data=validation_data,
                callbacks=[*(callbacks or ()), Watch(self)],
                **others,
            )

        keras.Model.fit = fit
        return self

    def __exit__(self, *_):
        keras.Model.fit = self.fit
        self.end = time.perf_counter()

    @property
    def seconds(self) -> list[float]:
        """Seconds of each lap but the first, in which graphs are built."""
        if len(self.starts) > 1:
            laps = np.diff([*self.starts, self.end])
        else:
            laps = np.diff(self.epochs)[::2]
        return laps[1:].tolist()


class Watch(keras.callbacks.Callback):
    """Notes in `Laps` when each epoch begins and ends, and its metrics."""

    def __init__(self, laps: Laps):
        super().__init__()
        self.laps = laps

    def on_epoch_begin(self, epoch, logs=None):
        self.laps.epochs.append(time.perf_counter())

    def on_epoch_end(self, epoch, logs=None):
        self.laps.epochs.append(time.perf_counter())
        self.laps.logs = {name: float(value) for name, value in (logs or {}).items()}
