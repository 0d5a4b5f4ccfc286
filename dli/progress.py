"""Live progress that leaves a short, repeatable record in a notebook.

A recorded notebook must not hold timings or a progress bar's every state, so the
live line is one display that is updated in place, and its last state says only
what a rerun can match.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from dli import tables
from dli.kernel import pace

_REFRESH = 0.25  # seconds between updates of a live line
_ROWS = 20  # epochs shown one by one before the table thins out


class _Line:
    """One line (or small table) of output, updated in place."""

    def __init__(self):
        self._handle = None
        self._shown = 0.0

    def update(self, text: str, html: str | None = None, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._shown < _REFRESH:
            return
        self._shown = now
        if not _in_notebook():
            print(text if force else f"{text}\r", end="\n" if force else "", flush=True)
            return
        from IPython.display import display

        bundle = {"text/plain": text}
        if html:
            bundle["text/html"] = html
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def track(iterable: Iterable, description: str, total: int | None = None) -> Iterator:
    """Go through `iterable` with a live line: how far, how long, how much longer.

    Args:
        iterable: what to go through.
        description: what is counted, in the plural ("episodes").
        total: number of items; `len(iterable)` if it has one.

    Yields:
        The items; at quick pace only the first `dli.kernel.pace.ITERATIONS`.
    """
    if total is None:
        total = len(iterable)
    rounds = pace.cap(total)
    if rounds < total:
        pace.announce()
    line = _Line()
    started = time.monotonic()
    done = 0
    try:
        for item in islice(iterable, rounds):
            yield item
            done += 1
            passed = time.monotonic() - started
            left = passed / done * (rounds - done)
            line.update(
                f"{done:,} of {rounds:,} {description} · {_clock(passed)} so far, "
                f"about {_clock(left)} to go"
            )
    finally:  # also when the loop is left early or interrupted
        line.update(f"{done:,} of {total:,} {description}", force=True)


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}"


def fit_progress():
    """A Keras callback that shows the epoch under way and leaves a table of epochs.

    Use it with `verbose=0`. The first, the best and the last epoch are in view. A fold
    lists up to 20 epochs one by one, longer trainings at about ten of their epochs.
    """
    import keras  # here: the PyTorch notebook must not import a second framework

    class FitProgress(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self._line = _Line()
            self._epoch = 0
            self._epochs = []
            self._started = time.monotonic()

        def on_epoch_begin(self, epoch, logs=None):
            self._epoch = epoch + 1

        def on_train_batch_end(self, batch, logs=None):
            steps = self.params.get("steps")
            if steps:  # with `steps_per_execution` the count can run past the end
                self._show(f"batch {min(batch + 1, steps):,} of {steps:,}", logs)
            else:
                self._show(f"batch {batch + 1:,}", logs)

        def on_epoch_end(self, epoch, logs=None):
            self._epochs.append((epoch + 1, dict(logs or {})))
            self._show("done", logs)

        def on_train_end(self, logs=None):
            self._line.update(*_epoch_table(self._epochs), force=True)

        def _show(self, where, logs):
            values = " · ".join(f"{k} {v:.4f}" for k, v in _scalars(logs))
            passed = _clock(time.monotonic() - self._started)
            self._line.update(
                f"epoch {self._epoch:,} of {self.params['epochs']:,}, {where} "
                f"· {values} · {passed}"
            )

    return FitProgress()


def _scalars(logs) -> list[tuple[str, float]]:
    """Metrics in the order the book prints them: loss first, validation last."""

    def place(name):
        return name.startswith("val_"), not name.endswith("loss"), name

    return [(name, float(logs[name])) for name in sorted(logs or {}, key=place)]


def _epoch_table(epochs: list[tuple[int, dict]]) -> tuple[str, str]:
    """The epochs as plain text and as HTML: first, best and last, the others folded.

    Plain text has no folds: there the first, the best and the last stand alone.
    """
    if not epochs:
        return "no epoch was finished", ""
    names = [name for name, _ in _scalars(epochs[0][1])]
    losses = [logs.get("val_loss", math.nan) for _, logs in epochs]
    lowest, diverged = best_epoch(losses), first_divergence(epochs)
    best = None if lowest is None else epochs[lowest][0]
    notes = {diverged: "diverged: no number", best: "lowest validation loss"}
    head = ["epoch", *names, "note"] if {best, diverged} - {None} else ["epoch", *names]

    def lines(shown):
        rows = [
            [
                str(epoch),
                *(f"{value:.4f}" for _, value in _scalars(logs)),
                notes.get(epoch, ""),
            ][: len(head)]
            for epoch, logs in epochs
            if epoch in shown
        ]
        return [head, *rows]

    first, last = epochs[0][0], epochs[-1][0]
    numbers = range(1 + len(names))
    marked = {best, diverged} - {None}
    short = lines({first, last} | marked)
    text, html = tables.aligned(short, numbers), tables.html(short, numbers)
    longer = lines(_epochs_to_show(len(epochs), first, marked))
    if len(longer) > len(short):
        some = "All" if len(longer) == len(epochs) + 1 else f"{len(longer) - 1} of the"
        inside = tables.html(longer, numbers)
        html += tables.fold(f"{some} {len(epochs)} epochs", inside)
    return text, html


def best_epoch(losses: Sequence[float]) -> int | None:
    """Index of the lowest loss; what is not a number is never the lowest.

    Args:
        losses: one an epoch.

    Returns:
        None where no loss is a finite number.
    """
    finite = [i for i, loss in enumerate(losses) if math.isfinite(loss)]
    return min(finite, key=lambda i: losses[i], default=None)


def first_divergence(epochs: list[tuple[int, dict]]) -> int | None:
    """The first epoch whose loss is not a finite number; None if there is none."""
    for epoch, logs in epochs:
        if any(not math.isfinite(v) for k, v in logs.items() if k.endswith("loss")):
            return epoch
    return None


def _epochs_to_show(count: int, first: int, marked: set[int]) -> set[int]:
    last = first + count - 1
    if count <= _ROWS:
        return set(range(first, last + 1))
    step = max(count // 10, 1)
    shown = {first, first + 1, first + 2, last, *range(step, last + 1, step)}
    return shown | marked
