"""Keras notebooks of chapters 5 to 13 at full pace, on whatever accelerator is there.

    python benchmarks/gpu.py [NAME[=BACKEND] …] [--limit 540] [--at-once 3] [--add]
    python benchmarks/gpu.py --page              write gpu.md from gpu.json

Without names: all of `PLAN`, in the order of what is wanted most. Each notebook is a
process of its own, on Keras with JAX or PyTorch; TensorFlow, Jupyter and a network are
not needed, data come from the cache or `DLI_MIRROR`. Its code cells run as they stand,
solutions left out. After each notebook `gpu.json` is written; those for which no time
is left are noted as not reached. Runs on a CPU too, slowly (`DLI_PACE=quick`: quickly).
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
import types
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_suffix(".json")
SCOREBOARD = "application/vnd.dli.scoreboard+json"
BACKENDS = {"jax": "JAX", "torch": "PyTorch"}
SNAPSHOTS = (1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200)  # epochs
STOP = 25  # seconds before the limit: trainings end, so that there is time to write
VERSIONS = ("keras", "jax", "jaxlib", "torch", "numpy", "scikit-learn")


@dataclass(frozen=True)
class Item:
    """One notebook to run.

    Attributes:
        name: file name of the notebook without its number and suffix.
        backend: "jax" or "torch".
        parameters: values in place of those in the cell tagged `parameters`.
        variant: what `parameters` and `edits` change, in words.
        edits: pieces of code and what takes their place.
        seconds: its trainings stop after so many, at the end of an epoch.
        alone: nothing else runs meanwhile.
        averages: validate once more with batch normalization's averages recomputed.
        seed: in place of the notebook's own.
    """

    name: str
    backend: str = "jax"
    parameters: dict = field(default_factory=dict)
    variant: str = ""
    edits: tuple = ()
    seconds: float | None = None
    alone: bool = False
    averages: bool = False
    seed: int | None = None

    @property
    def pace(self) -> str:
        """That of the process, as in `dli.kernel.pace`."""
        return "quick" if os.environ.get("DLI_PACE") == "quick" else "full"


_SENTIMENT = (
    *("dense", "convolutional", "rnn", "lstm", "bi_lstm", "stacked_bi_lstm", "gru"),
    *("conv_lstm_stack", "multi_convnet"),
)

PLAN = (
    Item(
        "vggnet_in_keras",
        parameters={"epochs": 250},
        backend="torch",  # beside others, JAX still compiled after a minute
        variant="250 epochs",
        seconds=260,
        alone=True,
        averages=True,
    ),
    Item("lenet_in_keras"),
    Item("alexnet_in_keras", averages=True),
    Item("deep_net_in_keras"),
    *(Item(f"{kind}_sentiment_classifier") for kind in _SENTIMENT),
    Item("generative_adversarial_network"),
    Item(
        "vggnet_in_keras",
        backend="torch",
        parameters={"epochs": 100},
        variant="100 epochs at a tenth of the learning rate",
        edits=(('optimizer="adam"', "optimizer=keras.optimizers.Adam(0.0001)"),),
        averages=True,
    ),
    Item("regression_in_keras"),
    Item("weight_initialization"),
    Item("cartpole_dqn"),
    Item("shallow_net_in_keras"),
    Item("intermediate_net_in_keras"),
)
# Of the Keras notebooks two are left out, as they need TensorFlow: the TensorBoard
# callback of chapter 9, and transfer learning's loader of photographs.


def notebook(name: str) -> Path:
    """The notebook of that name.

    Raises:
        LookupError: there is none, or more than one.
    """
    found = list((ROOT / "notebooks").glob(f"*/[0-9][0-9]_{name}.ipynb"))
    if len(found) != 1:
        raise LookupError(f"{len(found)} notebooks are called {name!r}")
    return found[0]


def cells(name: str, edits: tuple = ()) -> list[tuple[str, set[str]]]:
    """Source and tags of the code cells of a notebook, solutions left out.

    Raises:
        LookupError: there is no such notebook, or a piece to be edited is not in it.
    """
    read = json.loads(notebook(name).read_text("utf-8"))["cells"]
    found = []
    for cell in read:
        tags = set(cell["metadata"].get("tags", ()))
        if cell["cell_type"] == "code" and "solution" not in tags:
            found.append(("".join(cell["source"]), tags))
    for old, new in edits:
        if not any(old in source for source, _ in found):
            raise LookupError(f"{name} has no {old!r}")
        found = [(source.replace(old, new), tags) for source, tags in found]
    return found


# --- the process of one notebook ------------------------------------------------------


def execute(spec: dict, keep) -> dict:
    """Run the cells of a notebook in the current folder; errors don't end it.

    Args:
        spec: an `Item` as a dict; `until`, the time at which trainings stop.
        keep: called with the result now and then, as far as it has come.

    Returns:
        What `gpu.json` holds of a notebook.
    """
    shown: list[dict] = []
    _stand_in_for_ipython(shown)
    started = time.perf_counter()
    importlib.import_module("dli.kernel").activate()  # before Keras is wrapped here
    import keras

    if spec["seed"] is not None:
        of_keras = keras.utils.set_random_seed
        keras.utils.set_random_seed = lambda seed: of_keras(spec["seed"])

    result = {
        **{key: spec[key] for key in ("name", "variant", "parameters", "pace", "seed")},
        "backend": keras.backend.backend(),
        "device": device(),
        "errors": [],
        "fits": [],
    }
    watch = _watch(spec, result, keep)
    names: dict = {"__name__": "__main__"}
    for number, (source, tags) in enumerate(cells(spec["name"], spec["edits"]), 1):
        try:
            exec(compile(source, f"code cell {number}", "exec"), names)  # noqa: S102
            if "parameters" in tags:
                unknown = spec["parameters"].keys() - names.keys()
                if unknown:
                    raise LookupError(f"no parameter {', '.join(unknown)}")
                names.update(spec["parameters"])
                result["epochs"] = names.get("epochs")
        except Exception as error:
            traceback.print_exc()
            said = f"code cell {number}: {type(error).__name__}: {error}"
            result["errors"].append(said[:400])
    result["seconds"] = round(time.perf_counter() - started, 1)
    result["peak_mb"] = round(peak_mb())
    result["device_peak_mb"] = device_peak_mb()
    result["measures"] = _measures(spec["name"], shown)
    keep(result)
    watch.undo()
    if spec["averages"] and watch.first:
        try:
            result["averages"] = recomputed(*watch.first, watch.snapshots, keep, result)
        except Exception as error:
            traceback.print_exc()
            result["errors"].append(f"averages: {type(error).__name__}: {error}"[:400])
    return result


def _stand_in_for_ipython(shown: list[dict]) -> None:
    """A module IPython whose `display` keeps scoreboards and drops the rest."""

    def display(*objects, **_):
        for found in objects:
            if isinstance(found, dict) and SCOREBOARD in found:
                shown.append(found[SCOREBOARD])

    ipython = types.ModuleType("IPython")
    ipython.__path__ = []
    ipython.get_ipython = lambda: None
    ipython.version_info = (9, 0, 0)  # Matplotlib asks
    ipython.display = types.ModuleType("IPython.display")
    ipython.display.display = display
    sys.modules["IPython"] = ipython
    sys.modules["IPython.display"] = ipython.display


def _measures(name: str, shown: list[dict]) -> list[dict]:
    """The rows of the scoreboards, with label, format and band of each measure."""
    from dli import facts

    known = {m.name: asdict(m) for m in facts.entry(name).measures}
    rows = [dict(row) for bundle in shown for row in bundle["rows"]]
    for row in rows:
        for key in ("label", "format", "band", "exact"):
            if key in known.get(row["name"], {}):
                row[key] = known[row["name"]][key]
    return rows


def _watch(spec: dict, result: dict, keep):
    """Wrap `keras.Model.fit`: note its epochs, stop it in time, keep snapshots."""
    import keras
    import numpy as np

    original = keras.Model.fit
    watch = types.SimpleNamespace(first=None, snapshots={})
    began = time.time()
    ends = [spec.get("until"), spec["seconds"] and began + spec["seconds"]]
    until = min((end for end in ends if end), default=math.inf)

    class Clock(keras.callbacks.Callback):
        def __init__(self, record, snapshots):
            super().__init__()
            self.record, self.snapshots, self.kept = record, snapshots, time.time()

        def on_epoch_begin(self, epoch, logs=None):
            self.began = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            seconds = time.perf_counter() - self.began
            self.record["seconds"].append(round(seconds, 3))
            for name, value in (logs or {}).items():
                values = self.record["logs"].setdefault(name, [])
                values.append(float(f"{float(value):.5g}"))
            done = epoch + 1
            late = time.time() + _usual(self.record["seconds"]) > until
            if late and done < self.params["epochs"]:
                self.record["stopped"] = done
                self.model.stop_training = True
            last = late or done == self.params["epochs"]
            if self.snapshots is not None and (done in SNAPSHOTS or last):
                file = Path(f"snapshot_{done}.npz").resolve()
                np.savez(file, *self.model.get_weights())
                self.snapshots[done] = file
            if time.time() - self.kept > 5:
                self.kept = time.time()
                keep(result)

    @functools.wraps(original)
    def fit(model, *args, **kwargs):
        record = {"epochs": kwargs.get("epochs", 1), "seconds": [], "logs": {}}
        result["fits"].append(record)
        snapshots = None
        if watch.first is None:
            watch.first = model, args, kwargs
            snapshots = watch.snapshots if spec["averages"] else None
        callbacks = [*(kwargs.get("callbacks") or ()), Clock(record, snapshots)]
        return original(model, *args, **{**kwargs, "callbacks": callbacks})

    def undo():
        keras.Model.fit = original

    watch.undo = undo
    keras.Model.fit = fit
    return watch


def _usual(seconds: list[float]) -> float:
    """Seconds that the next epoch takes at least; the first one compiles, too."""
    return min(seconds[1:], default=0)


def recomputed(model, args, kwargs, snapshots, keep, result, passes: int = 3) -> dict:
    """Validation as it is, and with batch normalization's averages recomputed.

    The averages with which a network is used follow its weights slowly. Here they
    are taken anew, with the weights of a snapshot held still: passes over the training
    data at a learning rate of 0, and what was there before is subtracted.

    Args:
        model, args, kwargs: of the `fit` that trained it.
        snapshots: by epoch, a file of weights.
        keep: called with `result`, after each snapshot.
        result: gets what is found so far.
        passes: over the training data, for each snapshot.

    Returns:
        By epoch, in rows: epoch; loss and accuracy as it is; the same recomputed. And
        of the last snapshot the classes told, as it is and recomputed, and the true.
    """
    import keras
    import numpy as np

    x, y = args[:2]
    x_valid, y_valid = kwargs["validation_data"][:2]
    batch = kwargs.get("batch_size", 32)
    norms = [
        layer
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    model.optimizer.learning_rate = 0.0
    found = result["averages"] = {"rows": []}

    def validated():
        loss, accuracy = model.evaluate(x_valid, y_valid, batch_size=batch, verbose=0)
        return [float(f"{value:.5g}") for value in (loss, accuracy)]

    def classes():
        return model.predict(x_valid, batch_size=batch, verbose=0).argmax(axis=1)

    for epoch, file in sorted(snapshots.items()):
        with np.load(file) as kept:
            model.set_weights([kept[name] for name in kept.files])
        row = [epoch, *validated()]
        before = [[np.array(v) for v in _averages(norm)] for norm in norms]
        as_it_is = classes() if epoch == max(snapshots) else None
        params = model.fit(x, y, batch_size=batch, epochs=passes, verbose=0).params
        steps = params["epochs"] * params["steps"]
        for norm, olds in zip(norms, before):
            rest = norm.momentum**steps
            for variable, old, new in zip(
                (norm.moving_mean, norm.moving_variance), olds, _averages(norm)
            ):
                variable.assign((new - rest * old) / (1 - rest))
        found["rows"].append([*row, *validated()])
        if as_it_is is not None:
            found["classes"] = {
                "as it is": as_it_is.tolist(),
                "recomputed": classes().tolist(),
                "true": np.argmax(y_valid, axis=1).tolist(),
            }
        keep(result)
    return found


def _averages(norm) -> list:
    import keras

    return [
        keras.ops.convert_to_numpy(variable)
        for variable in (norm.moving_mean, norm.moving_variance)
    ]


def device() -> str:
    """What Keras computes on here: the accelerator's name, or "CPU"."""
    import keras

    if keras.backend.backend() == "torch":
        import torch

        return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "CPU"
    if keras.backend.backend() == "jax":
        import jax

        first = jax.local_devices()[0]
        return "CPU" if first.platform == "cpu" else first.device_kind
    return "unknown"


def device_peak_mb() -> int | None:
    """The most memory taken on the accelerator so far, where the backend tells."""
    import keras

    if keras.backend.backend() == "torch":
        import torch

        if torch.cuda.is_available():
            return round(torch.cuda.max_memory_allocated() / 1e6)
    if keras.backend.backend() == "jax":
        import jax

        told = jax.local_devices()[0].memory_stats() or {}
        if "peak_bytes_in_use" in told:
            return round(told["peak_bytes_in_use"] / 1e6)
    return None


def peak_mb() -> float:
    """The most memory this process has held so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        if found:
            return int(found[1]) / 1000
    import psutil

    return psutil.Process().memory_info().rss / 1e6


def child(file: str) -> None:
    """Run the notebook of a spec file and write its result beside it."""
    path = Path(file)
    spec = json.loads(path.read_text("utf-8"))

    def keep(result):
        written = path.with_suffix(".part")
        written.write_text(json.dumps(result), encoding="utf-8")
        written.replace(path.with_suffix(".result"))

    keep(execute(spec, keep))


# --- the run --------------------------------------------------------------------------


def start(item: Item, folder: Path, until: float) -> subprocess.Popen:
    """Start a notebook's process; its result will be `folder`/spec.result."""
    spec = folder / "spec.json"
    spec.write_text(
        json.dumps({**asdict(item), "pace": item.pace, "until": until}),
        encoding="utf-8",
    )
    (folder / "work").mkdir()
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--child", str(spec)],
            cwd=folder / "work",
            env={
                **os.environ,
                "DLI_NOTEBOOKS": str(ROOT / "notebooks"),
                "PYTHONPATH": os.pathsep.join(path for path in paths if path),
                "KERAS_BACKEND": item.backend,
                "MPLBACKEND": "agg",
                "OMP_WAIT_POLICY": "passive",
                "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def ended(item: Item, folder: Path, code: int | None) -> dict:
    """The result of a process that has ended, or was stopped (`code` None)."""
    file = folder / "spec.result"
    if file.exists():
        result = json.loads(file.read_text("utf-8"))
    else:
        result = {**_not_reached(item), "errors": []}
    if code is None:
        result["errors"].append("stopped: the time was over")
    elif code:
        tail = (folder / "log").read_text("utf-8", errors="replace").strip()
        last = tail.splitlines()[-1] if tail else ""
        result["errors"].append(f"ended with code {code}: {last}"[:400])
    return result


def run(items: list[Item], results: dict, limit: float, at_once: int, keep) -> None:
    """Run notebooks, as many at once as allowed, and note each in `results`.

    Args:
        items: in their order.
        results: as in `gpu.json`; gets a row for each, in place of an older one.
        limit: seconds for all of them.
        at_once: processes side by side, but for those that are to be alone.
        keep: called after each notebook.
    """
    began, waiting, running = time.time(), list(items), []
    until = began + limit
    with tempfile.TemporaryDirectory() as made:
        while waiting or running:
            late = time.time() > until
            for entry in list(running):
                item, process, folder, company = entry
                code = process.poll()
                if code is None and not late:
                    continue
                if code is None:
                    process.kill()
                    process.wait()
                running.remove(entry)
                result = ended(item, folder, code)
                result["side by side"] = max(company)
                note(results, result)
                keep()
                print(line(result), flush=True)
            while waiting and (late or _may_start(waiting[0], running, at_once)):
                item = waiting.pop(0)
                if late or time.time() > until - STOP - 15:  # hardly started
                    note(results, _not_reached(item))
                    continue
                folder = Path(made) / str(len(items) - len(waiting))
                folder.mkdir()
                process = start(item, folder, until - STOP)
                running.append((item, process, folder, []))
                for *_, company in running:
                    company.append(len(running))
            time.sleep(0.1)
    keep()


def _may_start(item: Item, running: list, at_once: int) -> bool:
    if any(other.alone for other, *_ in running):
        return False
    return not running if item.alone else len(running) < at_once


def _not_reached(item: Item) -> dict:
    keys = ("name", "variant", "parameters", "pace", "seed", "backend")
    kept = {key: getattr(item, key) for key in keys}
    return {**kept, "errors": ["not reached"], "fits": []}


def note(results: dict, result: dict) -> None:
    """Put a result among the others, in place of one of the same kind."""
    same = ("name", "variant", "pace", "backend")
    rows = results["notebooks"]
    for number, row in enumerate(rows):
        if all(row[key] == result[key] for key in same):
            if result["errors"] != ["not reached"]:
                rows[number] = result
            return
    rows.append(result)


def machine() -> dict:
    """What is measured on: processor, cores, memory, versions."""
    cpuinfo = Path("/proc/cpuinfo")
    named = cpuinfo.exists() and re.search(
        r"model name\s*:\s*(.+)", cpuinfo.read_text("utf-8")
    )
    versions = {"python": platform.python_version()}
    for package in VERSIONS:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return {
        "processor": named[1] if named else platform.machine(),
        "cores": os.cpu_count(),
        "versions": versions,
    }


def line(result: dict) -> str:
    """One result in a line for the terminal."""
    fits = [fit["seconds"] for fit in result["fits"] if fit["seconds"]]
    epochs = f"{len(fits[0])} epochs of {statistics.median(fits[0])} s" if fits else ""
    said = [
        f"{result['name']} {result['variant']} on {result['backend']}",
        f"{result.get('seconds', '?')} s",
        epochs,
        *(f"{m['name']} {m['value']}" for m in _told(result)),
        *result["errors"],
    ]
    return " · ".join(part for part in said if part)


def _told(result: dict) -> list[dict]:
    """Measures that depend on training, of the original data."""
    return [
        measure
        for measure in result.get("measures", ())
        if not measure.get("exact")
        and not measure["verdict"].endswith(" data")  # a sample of it, or a stand-in
    ]


# --- the page -------------------------------------------------------------------------


def page(results: dict) -> str:
    """`gpu.md` from what `gpu.json` holds."""
    where = results["machine"]
    rows = [row for row in results["notebooks"] if row["pace"] == "full"]
    seeded = [row for row in rows if row.get("seed") is not None and _told(row)]
    rows = [row for row in rows if row.get("seed") is None]
    devices = sorted({row["device"] for row in rows if row.get("device")})
    versions = ", ".join(f"{k} {v}" for k, v in where["versions"].items())
    lines = [
        "# Chapters 5 to 13 on a GPU",
        "",
        "Written by `benchmarks/gpu.py --page` from `gpu.json`, not by hand. Measured "
        f"{results['measured']} on one {' / '.join(devices) or 'CPU'}, "
        f"{where['cores']} CPU cores. Versions: {versions}.",
        "",
        "The cells of each notebook as they stand, solutions left out, at full pace, "
        "in a process of its own. *Seconds*: the whole notebook, from importing Keras "
        "to the scoreboard, with loading the data and compiling; *an epoch*: the "
        "median of its first training without the first epoch, validation included. "
        "*Beside*: how many other notebooks ran on the same GPU at the same time; "
        "their seconds are longer than alone, their results are not touched. Memory: "
        "the most that the process held, and on the GPU. A verdict is that of the "
        "notebook's own scoreboard, whose bands are for TensorFlow on a CPU; "
        "there is none where the notebook was changed, or a training cut short.",
        "",
        "| notebook | on | seconds | epochs | an epoch | beside | MB | MB on the GPU "
        "| result | verdict |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in rows if row["errors"] != ["not reached"]),
        "",
    ]
    failed = [row for row in rows if row["errors"] or _cut(row)]
    if failed:
        lines += ["## What fell short", ""]
        for row in failed:
            said = [" ".join(e.split()).replace("|", "/") for e in row["errors"]]
            said = "; ".join([*said, *_cut(row)])
            lines.append(f"- {_titled(row)} on {BACKENDS[row['backend']]}: {said}")
        lines.append("")
    quick = [r for r in results["notebooks"] if r["pace"] == "quick"]
    if quick:
        ran = [f"{r['name']} ({BACKENDS[r['backend']]})" for r in quick]
        lines += [
            f"At quick pace, on the same machine, {len(quick)} ran, "
            f"{sum(not r['errors'] for r in quick)} of them without an error: "
            f"{', '.join(ran)}.",
            "",
        ]
    lines += _seeds_page(seeded)
    for row in rows:
        if row.get("averages", {}).get("rows"):
            lines += _averages_page(row)
    return "\n".join(lines).rstrip() + "\n"


def _row(row: dict) -> str:
    fits = [fit for fit in row["fits"] if fit["seconds"]]
    epochs = each = ""
    if fits and row.get("epochs"):  # else its own loop trains, `fit` only judges
        seconds = fits[0]["seconds"]
        epochs = f"{len(seconds)}"
        if "stopped" in fits[0]:
            epochs += f" of {fits[0]['epochs']}"
        each = f"{statistics.median(seconds[1:] or seconds):.2f} s"
    told = _told(row)
    shown = "<br>".join(f"{m['label']}: {_number(m)}" for m in told)
    verdicts = "<br>".join(_verdict(row, m) for m in told)
    beside = row.get("side by side", 1) - 1
    memory = [row.get("peak_mb"), row.get("device_peak_mb")]
    values = [
        _titled(row),
        BACKENDS[row["backend"]],
        f"{row['seconds']:.0f}" if "seconds" in row else "not finished",
        epochs,
        each,
        str(beside or ""),
        *("" if mb is None else f"{mb:,}" for mb in memory),
        shown,
        verdicts,
    ]
    return f"| {' | '.join(values)} |"


def _number(measure: dict) -> str:
    value = measure["value"]
    return value if isinstance(value, str) else format(value, measure["format"])


def _verdict(row: dict, measure: dict) -> str:
    if row["variant"] or _cut(row):
        return "none, changed" if row["variant"] else "none, cut short"
    if measure["verdict"] != "outside the band":
        return measure["verdict"]
    low, high = (format(end, measure["format"]) for end in measure["band"])
    return f"outside the band, {low} to {high}"


def _cut(row: dict) -> list[str]:
    """Which of a notebook's trainings were cut short."""
    return [
        f"training {number} of {len(row['fits'])} stopped after {fit['stopped']} of "
        f"{fit['epochs']} epochs, as the time was over"
        for number, fit in enumerate(row["fits"], 1)
        if "stopped" in fit
    ]


def _seeds_page(rows: list[dict]) -> list[str]:
    """Of each measure: how many seeds, and where their results lie."""
    found: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        for measure in () if row["errors"] or _cut(row) else _told(row):
            found.setdefault((row["name"], measure["name"]), []).append(measure)
    if not found:
        return []
    lines = [
        "## Seeds",
        "",
        "The same cells with other seeds, on JAX. *Band*: of the notebook's entry "
        "then.",
        "",
        "| notebook | measure | seeds | lowest | median | highest | band |",
        "|---|---|---|---|---|---|---|",
    ]
    for (name, _), measures in found.items():
        values = [float(measure["value"]) for measure in measures]
        spread = (min(values), statistics.median(values), max(values))
        told = [format(value, measures[0]["format"]) for value in spread]
        band = [format(end, measures[0]["format"]) for end in measures[0]["band"]]
        cells = [name, measures[0]["label"], str(len(values)), *told, " to ".join(band)]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _titled(row: dict) -> str:
    return row["name"] + (f", {row['variant']}" if row["variant"] else "")


def _averages_page(row: dict) -> list[str]:
    """By epoch: training, validation, validation with the averages recomputed."""
    logs = row["fits"][0]["logs"]
    lines = [
        f"## {_titled(row)}: batch normalization's averages",
        "",
        "Validation as it is (weights of that epoch), and with the averages recomputed "
        "on the training data, the weights held still.",
        "",
        "| epoch | training loss | accuracy | validation loss | accuracy "
        "| recomputed: loss | accuracy |",
        "|---|---|---|---|---|---|---|",
    ]
    for epoch, loss, accuracy, new_loss, new_accuracy in row["averages"]["rows"]:
        own = f"{logs['loss'][epoch - 1]:.3f} | {logs['accuracy'][epoch - 1]:.1%}"
        lines.append(
            f"| {epoch} | {own} | {loss:.3f} | {accuracy:.1%} "
            f"| {new_loss:.3f} | {new_accuracy:.1%} |"
        )
    best = max(logs["val_accuracy"])
    when = logs["val_accuracy"].index(best) + 1
    count = len(logs["val_accuracy"])
    return [
        *lines,
        "",
        f"Best validation accuracy of all {count} epochs, as it is: {best:.1%}, in "
        f"epoch {when}. Every epoch's numbers are in `gpu.json`.",
        "",
    ]


# --- files and arguments --------------------------------------------------------------


def text(results: dict) -> str:
    """JSON, a list of plain values on one line."""
    spread = json.dumps(results, indent=1)
    return (
        re.sub(
            r"\[\s*([^\[\]{}]*?)\s*\]",
            lambda found: f"[{' '.join(found[1].split())}]",
            spread,
        )
        + "\n"
    )


def chosen(wanted: list[str]) -> list[Item]:
    """The items of `PLAN` for `NAME` or `NAME=BACKEND`; all for none.

    Raises:
        LookupError: there is no such notebook in the plan, or no such backend.
    """
    if not wanted:
        return list(PLAN)
    items = []
    for one in wanted:
        name, _, backend = one.partition("=")
        found = [item for item in PLAN if item.name == name]
        if not found:
            raise LookupError(f"no {name!r} in the plan")
        if backend and backend not in BACKENDS:
            raise LookupError(f"no backend {backend!r}; there are: jax, torch")
        items += [replace(item, backend=backend or item.backend) for item in found]
    return items


def shortened(item: Item, epochs: int) -> Item:
    """The item with so many epochs, if its notebook has any to set."""
    set_here = [source for source, tags in cells(item.name) if "parameters" in tags]
    if not any(re.search(r"^epochs =", source, re.M) for source in set_here):
        return item
    parameters = {**item.parameters, "epochs": epochs}
    variant = ", ".join(filter(None, (item.variant, f"{epochs} epochs only")))
    return replace(item, parameters=parameters, variant=variant)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--child"]:
        child(arguments[1])
        return 0
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME[=BACKEND]")
    parser.add_argument("--limit", type=float, default=540, help="seconds for all")
    parser.add_argument("--at-once", type=int, default=1, help="processes side by side")
    parser.add_argument("--epochs", type=int, help="in place of every notebook's own")
    parser.add_argument("--seeds", type=int, nargs="+", help="each notebook with each")
    parser.add_argument("--out", type=Path, default=RESULTS, help="results, JSON")
    parser.add_argument("--add", action="store_true", help="keep other results in it")
    parser.add_argument("--page", action="store_true", help="write the page only")
    given = parser.parse_args(arguments)
    if not given.page:
        try:
            items = chosen(given.names)
        except LookupError as error:
            parser.error(str(error))
        if given.epochs:
            items = [shortened(item, given.epochs) for item in items]
        if given.seeds:
            items = [
                replace(item, seed=seed, variant=f"seed {seed}", averages=False)
                for seed in given.seeds
                for item in items
                if not item.variant
            ]
        results = {"notebooks": []}
        if given.add and given.out.exists():
            results = json.loads(given.out.read_text("utf-8"))
        results |= {"measured": time.strftime("%Y-%m-%d"), "machine": machine()}

        def keep():
            given.out.write_text(text(results), encoding="utf-8")

        run(items, results, given.limit, given.at_once, keep)
    results = json.loads(given.out.read_text("utf-8"))
    given.out.with_suffix(".md").write_text(page(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
