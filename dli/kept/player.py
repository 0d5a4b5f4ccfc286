"""Trained pace: long trainings are shown for a few batches, then take what was kept.

`keras.Model.fit` trains a few batches. If the training is the recorded one, the network
then gets the kept weights, its callbacks see the recorded epochs, and the recorded
history is returned. A training that is not the recorded one runs at quick pace, and a
line says why. In notebooks of which nothing is to be kept, all trainings run in full.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from dli.kept import cells, description, differences, files, recorder, store
from dli.kept.results import check, fill, put
from dli.kept.store import Kept, Unusable


@dataclass
class State:
    """What became of the trainings in this kernel.

    Attributes:
        kept: by training (whose notebook, and its number), whether it took what was
            kept; False where it ran at quick pace. A training that is run again
            counts as it ended last.
    """

    kept: dict[tuple[str, int], bool] = field(default_factory=dict)

    @property
    def used(self) -> bool:
        """Whether a network has kept weights."""
        return any(self.kept.values())

    @property
    def shortened(self) -> bool:
        """Whether a network was trained at quick pace."""
        return not all(self.kept.values())


@dataclass(frozen=True)
class _Plan:
    """What becomes of a training: the kept one, or the reason against it."""

    kept: Kept
    number: int = -1
    why: str = ""

    @property
    def slot(self) -> tuple[str, int]:
        """Which training of which notebook it is, or is nearest to."""
        return (self.kept.entry.id, self.number)

    @property
    def training(self) -> dict:
        """The description of the kept training."""
        return self.kept.trainings[self.number]


state = State()
_cell: _Plan | None = None  # of the running cell, if it ends in `keep(…)`
_told = False  # whether the running cell has said that it is a short solution
_shown: set[tuple] = set()  # forms of the networks that were shown to train
_times: dict[tuple[str, int], int] = {}  # how often a kept training was used


def cell_begins(source: str, namespace: dict) -> None:
    """Decide about a cell that trains in its own way, before it changes anything."""
    global _cell, _told
    _cell, _told = None, False
    if recorder.KEEP.search(source) and (candidates := store.running()):
        results = recorder.results_of(source)
        needs = description.of_cell(source, namespace, results)
        _cell = _plan(candidates, needs, "cell")


def is_short() -> bool:
    """Whether the loop of the running cell ends early."""
    return _cell is not None or _is_short_solution()


def _is_short_solution() -> bool:
    """Whether an exercise's solution runs, in a run that nobody reads it in.

    `course run` says so (`DLI_SOLUTIONS`): solutions stay hidden in its pages, and
    their trainings took longer than the notebooks themselves. Who runs one in
    JupyterLab gets all of it.
    """
    global _told
    if os.environ.get("DLI_SOLUTIONS") != "short" or not _is_answer(cells.running()):
        return False
    if not _told:
        print("a solution, which `make run` trains at quick pace: results mean nothing")
    _told = True
    return True


def _is_answer(source: str) -> bool:
    """Whether a cell answers an exercise: a reader's own trainings run in full."""
    return "exercises.check(" in source


def fit(train, arguments, shorten):
    """`keras.Model.fit` at trained pace.

    Args:
        train: the training itself, with `arguments` as they are then.
        arguments: of the call by name, defaults filled in.
        shorten: `fit` at quick pace, called with `train` and `arguments`.
    """
    if is_short():
        return shorten(train, arguments)
    source = cells.running()
    candidates = store.running()
    if not candidates or _is_answer(source) or _is_not_kept(source, candidates):
        return train()
    needs = description.of_fit(arguments["self"], arguments)
    plan = _plan(candidates, needs, "fit")
    state.kept[plan.slot] = not plan.why
    if plan.why:
        print(f"quick pace, results mean nothing: {plan.why}")
        return shorten(train, arguments)
    return _play(plan, train, dict(arguments), arguments, shorten)


def _is_not_kept(source: str, candidates: list[Kept]) -> bool:
    """Whether a cell of the notebook is none of those of which something is kept."""
    for found in candidates:
        trained = {training["needs"]["cell"] for training in found.trainings}
        if store.hash_of(source) in found.code and trained and source not in trained:
            return True
    return False


def _plan(candidates: list[Kept], needs: dict, kind: str) -> _Plan:
    """Which kept training this one is, or how it differs from the nearest."""
    for found in candidates:
        if found.unusable:
            return _Plan(found, why=found.unusable)
    compared = [
        (differences.between(training["needs"], needs), found, number)
        for found in candidates
        for number, training in enumerate(found.trainings)
        if training["kind"] == kind
    ]
    same = [(found, number) for different, found, number in compared if not different]
    if not compared:
        return _Plan(candidates[0], why="nothing is kept of it")
    if not same:
        different, *nearest = min(compared, key=lambda found: len(found[0]))
        return _Plan(*nearest, "; ".join(different[:3]))
    first = (same[0][0].entry.id, same[0][1])
    time = _times.get(first, 0)
    _times[first] = time + 1
    found, number = same[time % len(same)]
    plan = _Plan(found, number)
    if left := plan.training.get("left_out"):
        return _Plan(found, number, f"the recorded weights are left out ({left})")
    try:
        found.arrays(number)
    except Unusable as error:
        return _Plan(found, number, str(error))
    return plan


def _play(plan, train, asked, arguments, shorten):
    """A few batches, then the recorded training.

    That a network trains is shown once: others of its form (another seed) in the same
    notebook get their weights at once.
    """
    import keras

    model, training = asked["self"], plan.training
    form = (type(model), str([weight.shape for weight in model.weights]))
    if form not in _shown or not model.built:
        arguments.update(callbacks=None, validation_data=None, verbose=0)
        arguments.update(validation_split=0.0, epochs=arguments["initial_epoch"] + 1)
        shorten(train, arguments)
        _shown.add(form)
    arrays = plan.kept.arrays(plan.number)
    places = [weight["place"] for weight in training["network"]["weights"]]
    callbacks = description.listed(asked["callbacks"])
    savers = [c for c in callbacks if hasattr(c, "save_weights_only")]
    for saver in savers:
        _write_files(saver, model, training, arrays, places)
    last = files.goes_on_with(training) or "weights"
    fill(model, places, arrays, last)
    history = keras.callbacks.History()
    replayed = keras.callbacks.CallbackList(
        [*(c for c in callbacks if c not in savers), history],
        add_history=False,
        add_progbar=asked["verbose"] not in (0, "0"),
        model=model,
        verbose=asked["verbose"],
        epochs=asked["epochs"],
        steps=None,
    )
    replayed.on_train_begin()
    for row, epoch in enumerate(training["epochs"]):
        logs = {name: values[row] for name, values in training["history"].items()}
        replayed.on_epoch_begin(epoch)
        replayed.on_epoch_end(epoch, logs)
    replayed.on_train_end()
    fill(model, places, arrays, last)
    model.history = history
    _say(f"{len(training['epochs'])} epochs", training)
    return history


def _say(extent: str, training: dict) -> None:
    there = ""
    if file := files.goes_on_with(training):
        there = f", those of {file}"
    print(
        f"kept weights: of the recorded run, {extent}{there}; "
        "the scores below are worked out now"
    )


def _write_files(saver, model, training, arrays, places) -> None:
    """Write the files that are kept; those of other epochs, from other runs, go."""
    path = Path(str(saver.filepath))
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(files.any_epoch(path.name)):
        old.unlink()
    for name in training["files"]:
        fill(model, places, arrays, name)
        write = model.save_weights if saver.save_weights_only else model.save
        write(path.parent / name, overwrite=True)


def restore(results: dict) -> None:
    """Fill what a cell names with what the recorded run left in it.

    Args:
        results: what `dli.kept.results` describes, by name.
    """
    if _cell is None:
        return
    why = _cell.why
    if not why and any(not kept for kept in _earlier().values()):
        why = "an earlier training of this notebook ran at quick pace"
    if not why:
        try:
            stored = _cell.training["results"]
            arrays = _cell.kept.arrays(_cell.number)
            for name, value in results.items():
                check(name, value, stored[name], arrays)
            for name, value in results.items():
                put(value, stored[name], arrays, name)
        except (Unusable, KeyError) as error:
            why = str(error)
    state.kept[_cell.slot] = not why
    if why:
        print(f"quick pace, results mean nothing: {why}")
        return
    _say("with all its steps", _cell.training)


def _earlier() -> dict[tuple[str, int], bool]:
    """What became of the other trainings: this one may build on them."""
    return {slot: kept for slot, kept in state.kept.items() if slot != _cell.slot}
