"""Measure parts of the benchmark, each side in a process of its own, and report.

    python -m benchmarks [PART …] [--repeats 3] [--json FILE] [--smoke]

The sides take turns: printed, ours, printed, ours. What was measured is kept in
`results.json`, from which `README.md` is written; parts that are not named keep their
results as long as they were measured on the same machine with the same versions. The
seconds and memory of all notebooks are those of the last `make run`, at either pace,
as it left them in `runs/`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import compare, report
from benchmarks.parts import ALL, DATA_SETS, SCALED, TRAININGS
from course import catalogue, machine
from course.kernels import Backend, Pace
from course.run import results as of_runs
from course.run.results import Run

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
README = HERE / "README.md"

TIMEOUT = 600  # seconds, of one measurement
CLOSE = 1.25  # a backend that is slower than the fastest by more is not repeated
PACKAGES = [
    *("keras", "tensorflow", "jax", "torch", "numpy", "gensim", "nltk", "gymnasium")
]


def main(arguments: list[str] | None = None) -> int:
    """Measure and report; 0 if everything that was asked for was measured."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(ALL))
    parser.add_argument("--repeats", type=int, default=3, help="of each side")
    parser.add_argument("--json", type=Path, help="keep the results there instead")
    parser.add_argument("--smoke", action="store_true", help="a trial; prints only")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(ALL):
        parser.error(
            f"no part {', '.join(sorted(unknown))}; there are {', '.join(ALL)}"
        )
    kept = asked.json or (None if asked.smoke else RESULTS)
    results = _earlier(kept)
    results["runs"] |= whole_runs()
    measure(asked.parts or ALL, results, kept, asked.repeats, asked.smoke)
    text = report.page(results)
    results["headline"] = report.headline(results)
    if kept:
        kept.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if asked.smoke or asked.json:
        print(text)
    else:
        README.write_text(text, encoding="utf-8")
    failed = [name for name, part in results["parts"].items() if part["failed"]]
    if failed:
        print("failed:", ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def _earlier(file: Path | None) -> dict:
    """Results of earlier parts if they were measured on this machine, else none."""
    described = machine.description(PACKAGES)
    if file and file.exists():
        results = json.loads(file.read_text("utf-8"))
        if results["machine"] == described:
            return results
    empty = {"peak_gflops": 0.0, "own_gflops": {}, "parts": {}, "runs": {}}
    return {"machine": described, **empty}


def whole_runs() -> dict[str, dict]:
    """By pace, what the last run of all notebooks took, if there was one."""
    names, found = {notebook.name for notebook in catalogue.notebooks()}, {}
    for pace in Pace:
        folder = of_runs.folder(pace)
        last = Run.load(folder)
        if last and last.complete and set(last.notebooks) == names:
            results = [of_runs.load(folder, name) for name in last.notebooks]
            if all(results):
                found[str(pace)] = compare.whole_run(results, last.seconds)
    return found


def measure(parts, results: dict, file: Path | None, repeats: int, smoke: bool) -> None:
    """Measure parts into `results`, and keep them in `file` after each."""
    if smoke:
        repeats = 1
    peak = _child({"part": "matrix_products", "smoke": smoke})
    results["peak_gflops"] = max(results["peak_gflops"], peak.get("gflops", 0))
    own = _child({"part": "own_products", "smoke": smoke}).get("gflops", {})
    for name, gflops in own.items():
        results["own_gflops"][name] = max(results["own_gflops"].get(name, 0), gflops)
    for name in parts:
        started = time.monotonic()
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        runs, failed = _measured(name, repeats, smoke)
        seconds = time.monotonic() - started
        results["parts"][name] = {
            "date": datetime.date.today().isoformat(),
            "seconds": seconds,
            "runs": runs,
            "failed": failed,
        }
        if name == "dqn" and runs.get("printed") and compare.fastest(runs):
            results["parts"][name]["replays"] = _without_weights(runs)
        print(f"{seconds:.0f} s {'; '.join(failed)}", file=sys.stderr, flush=True)
        if file:
            file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _without_weights(runs: dict) -> dict[str, float]:
    """`compare.replays`; the thousands of weights that it compares are not kept."""
    printed, ours = runs["printed"], runs[compare.fastest(runs)]
    found = compare.replays(printed[0], ours[0])
    for result in (*printed, *ours):
        for count in found:
            del result[f"replay of {count}"]
    return found


def _measured(name: str, repeats: int, smoke: bool) -> tuple[dict, list[str]]:
    """Results by side, and what went wrong."""
    runs: dict = {}
    failed: list[str] = []

    def take(label: str, spec: dict, backend: str = "tensorflow") -> None:
        result = _child({"part": name, "smoke": smoke, **spec}, backend)
        if "error" in result:
            failed.append(f"{label}: {result['error']}")
        else:
            runs.setdefault(label, []).append(result)

    if name == "imports":
        for _ in range(repeats):
            take("dli", {"module": "dli"})
            take("keras", {"module": "keras"})
    elif name == "data_loads":
        for data in DATA_SETS:
            for _ in range(1 + repeats):  # the first may fetch and unpack
                take(data, {"data": data})
            runs[data] = runs.get(data, [])[1:]
    elif name == "scaling":
        for net in SCALED[:1] if smoke else SCALED:
            take(net, {"net": net})
    else:
        _alternate(name, repeats, take, runs)
    return runs, failed


def _alternate(name: str, repeats: int, take, runs: dict) -> None:
    """Printed and ours in turn; ours first on every backend, then on the fast ones."""
    backends = installed_backends() if _on_all_backends(name) else ["tensorflow"]
    if name in ("preprocessing", "vggnet"):  # take minutes
        repeats = min(repeats, 2)
    for number in range(repeats):
        first = {"word2vec": number == 0} if name == "preprocessing" else {}
        take("printed", {"side": "printed", **first})
        for backend in backends:
            take(f"ours, {backend}", {"side": "ours", **first}, backend)
        quickest = {b: compare.quickest(runs.get(f"ours, {b}", [])) for b in backends}
        limit = CLOSE * min(quickest.values())
        backends = [b for b in backends if quickest[b] <= limit]


def _on_all_backends(name: str) -> bool:
    return name in TRAININGS and TRAININGS[name].backends


def installed_backends() -> list[str]:
    """Keras's backends that are installed here, TensorFlow first."""
    return [str(backend) for backend in Backend if backend.is_installed]


def _child(spec: dict, backend: str = "tensorflow") -> dict:
    """The result of one measurement, or its error."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DLI_PACE")}
    paths = [str(HERE.parent), os.environ.get("PYTHONPATH", "")]
    environment |= {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "KERAS_BACKEND": backend,
        "MPLBACKEND": "agg",  # notebooks draw; there is no window
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    with tempfile.TemporaryDirectory(prefix="dli-bench-") as folder:
        target, log = Path(folder, "result.json"), Path(folder, "log")
        command = [sys.executable, "-m", "benchmarks.child", json.dumps(spec)]
        try:
            with open(log, "w", encoding="utf-8") as stream:
                subprocess.run(
                    [*command, str(target)],
                    cwd=folder,
                    env=environment,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    timeout=TIMEOUT,
                    check=True,
                )
        except subprocess.TimeoutExpired:
            return {"error": f"longer than {TIMEOUT} s"}
        except subprocess.CalledProcessError as error:
            lines = log.read_text("utf-8", errors="replace").strip().splitlines()
            return {"error": lines[-1] if lines else f"exit status {error.returncode}"}
        return json.loads(target.read_text("utf-8"))
