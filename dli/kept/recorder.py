"""Notes what trainings leave while a notebook is recorded (`DLI_KEEP`).

`course record` names a folder in `DLI_KEEP`, for notebooks whose entry says
`keep = true`. Each call of `keras.Model.fit`, and each cell that ends in
`dli.weights.keep`, leaves `NNN.json` and `NNN.npz` there, whole 32-bit numbers. What of
it goes into the repository is for `course.keeping` to say. Nothing that a notebook
shows is changed.
"""

from __future__ import annotations

import fnmatch
import functools
import inspect
import os
import re
from pathlib import Path

import numpy as np

from dli.kept import cells, description, files
from dli.kept.results import changed, is_network, of_network, taken, to_numpy

# The line of a cell that trains in a way of its own.
KEEP = re.compile(r"^(?:dli\.)?(?:weights\.)?keep\(", re.M)

_fits: list[dict] = []  # noted so far, with the patterns of the files that they wrote
_before: dict | None = None  # what the running cell depends on, if it has that line
_weights: dict[str, list[np.ndarray]] = {}  # of the networks that it keeps, before it


def folder() -> Path | None:
    """Where to note trainings; None where nothing is recorded."""
    named = os.environ.get("DLI_KEEP", "").strip()
    return Path(named) if named else None


def activate() -> None:
    """Note what is trained with Keras, if this kernel records for keeping."""
    if folder() is None:
        return
    import wrapt

    wrapt.register_post_import_hook(_watch, "keras")


def cell_begins(source: str, namespace: dict) -> None:
    """Describe a cell that has a line `keep(…)`, before it changes anything."""
    global _before
    _before = None
    _weights.clear()
    if folder() is not None and KEEP.search(source):
        results = results_of(source)
        _before = description.of_cell(source, namespace, results)
        for name in results & namespace.keys():
            if is_network(namespace[name]):
                _weights[name] = [to_numpy(w) for w in namespace[name].weights]


def results_of(source: str) -> set[str]:
    """What a cell hands to `weights.keep`: all names in that line."""
    line = source[KEEP.search(source).start() :]
    return set(cells.names(line))


def note_cell(results: dict) -> None:
    """Store what a cell has trained or filled, by name.

    Raises:
        TypeError: something among it can't be kept.
    """
    if folder() is None or _before is None:
        return
    arrays: dict[str, np.ndarray] = {}
    stored = {
        name: taken(value, arrays, name, _weights.get(name, ()))
        for name, value in sorted(results.items())
    }
    _write(_next(), {"kind": "cell", "needs": _before, "results": stored}, arrays)


def _watch(keras) -> None:
    if getattr(keras.Model.fit, "_dli_noted", False):  # done already
        return
    fit, load = keras.Model.fit, keras.Model.load_weights
    signature = inspect.signature(fit)

    @functools.wraps(fit)
    def noting_fit(*args, **kwargs):
        call = signature.bind(*args, **kwargs)
        call.apply_defaults()
        if _before is not None or not cells.running():
            return fit(*args, **kwargs)  # of a cell that is kept as a whole
        return _noted_fit(lambda: fit(*args, **kwargs), call.arguments)

    @functools.wraps(load)
    def noting_load(self, filepath, *args, **kwargs):
        done = load(self, filepath, *args, **kwargs)
        _note_load(self, Path(filepath))
        return done

    noting_fit._dli_noted = True
    keras.Model.fit, keras.Model.load_weights = noting_fit, noting_load


def _noted_fit(fit, arguments):
    model = arguments["self"]
    needs = description.of_fit(model, arguments)
    number = _next()
    before = [to_numpy(w) for w in model.weights]
    history = fit()
    kept = changed(model, before)
    arrays: dict[str, np.ndarray] = {}
    noted = {
        "kind": "fit",
        "needs": needs,
        "history": {
            name: [float(v) for v in values] for name, values in history.history.items()
        },
        "epochs": [int(epoch) for epoch in history.epoch],
        "network": of_network(model, kept, arrays, "weights"),
        "files": {},
    }
    _write(number, noted, arrays)
    patterns = [
        files.any_epoch(str(found.filepath))
        for found in description.listed(arguments.get("callbacks"))
        if hasattr(found, "save_weights_only") and hasattr(found, "filepath")
    ]
    _fits.append(
        {"number": number, "noted": noted, "arrays": arrays, "patterns": patterns}
    )
    return history


def _note_load(model, file: Path) -> None:
    """Add the weights of a file to the training that wrote it."""
    for fit in reversed(_fits):
        for pattern in fit["patterns"]:
            if not fnmatch.fnmatch(str(file), pattern):
                continue
            places = [w["place"] for w in fit["noted"]["network"]["weights"]]
            if max(places, default=0) >= len(model.weights):
                continue
            arrays = {}
            for place in places:
                name = f"{file.name}.{place:03}"
                arrays[name] = to_numpy(model.weights[place])
            fit["arrays"] |= arrays
            fit["noted"]["files"][file.name] = {"arrays": sorted(arrays)}
            _write(fit["number"], fit["noted"], fit["arrays"])
            return


def _next() -> int:
    return len(list(folder().glob("*.json")))


def _write(number: int, noted: dict, arrays: dict[str, np.ndarray]) -> None:
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    np.savez(target / f"{number:03}.npz", **arrays)
    (target / f"{number:03}.json").write_text(files.text(noted), encoding="utf-8")
