"""Which notebook runs on which backend of Keras: every one, at quick pace.

    .venv/bin/python -m benchmarks.backends [BACKEND …]      tensorflow, jax, torch

Needs `make pytorch` and `make jax`. Writes `backends.json`; of backends that are not
named it keeps what it holds. `headline` in it is the sentence of `sentence`.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from course import bootstrap, catalogue
from course.kernels import Backend, Pace
from course.run import runner
from course.run.results import Result, State

RESULTS = Path(__file__).with_suffix(".json")
TITLES = {str(backend): backend.title for backend in Backend}
RUNS, TEACHES = "runs", "it teaches "  # what `Notebook.lacks` says


def outcome(result: Result) -> str:
    """`runs`, or why not."""
    if result.state == State.FAILED:
        return f"fails: {result.reason.splitlines()[0]}"
    return RUNS if result.state == State.RAN else result.reason or str(result.state)


def keep(backend: str, results: list[Result], file: Path = RESULTS) -> None:
    """Write the outcome of all notebooks on one backend to the file."""
    with FileLock(file.with_suffix(".lock")):
        found = json.loads(file.read_text("utf-8")) if file.exists() else {}
        found[backend] = {
            "keras": version("keras"),
            "version": version(backend),
            "notebooks": {result.name: outcome(result) for result in results},
        }
        found["headline"] = sentence(found)
        text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
        file.write_text(text + "\n", encoding="utf-8")


def sentence(found: dict) -> str:
    """What is in `backends.json`, in one sentence for a reader.

    Args:
        found: by backend its `version` and the outcomes of its `notebooks`.
    """
    tried = {TITLES[name]: found[name] for name in TITLES if name in found}
    names = sorted({name for each in tried.values() for name in each["notebooks"]})
    plain, teaching, failed = [], [], []
    for name in names:
        outcomes = {t: tried[t]["notebooks"].get(name, "not tried") for t in tried}
        taught = [why for why in outcomes.values() if why.startswith(TEACHES)]
        fine = (RUNS, *taught)
        faults = [f"{t} ({why})" for t, why in outcomes.items() if why not in fine]
        if faults:
            failed.append(f"`{name}` on {_listed(faults)}")
        if taught:
            teaching.append(f"`{name}` ({taught[0].removeprefix(TEACHES)})")
        else:
            plain.append(not faults)
    count = "All" if all(plain) else f"{sum(plain)} of the"
    versions = [f"{t} {each['version'].partition('+')[0]}" for t, each in tried.items()]
    text = f"{count} {len(plain)} notebooks that teach no backend run at quick pace on "
    text += _listed(versions)
    if teaching:
        verb = "teaches" if len(teaching) == 1 else "teach"
        text += f"; {len(teaching)} {verb} one: {_listed(teaching)}"
    if failed:
        text += f"; not running: {_listed(failed)}"
    return f"{text}."


def _listed(words: list[str]) -> str:
    """`a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def main(wanted: list[str]) -> int:
    """Try all notebooks; 1 if one failed that should run."""
    failed = False
    for backend in map(Backend, wanted) if wanted else Backend:
        bootstrap.need_backend(backend)
        notebooks = catalogue.notebooks()
        results = runner.run(notebooks, Pace.QUICK, backend, afresh=True)
        if any(result.state == State.INTERRUPTED for result in results):
            return 130
        keep(backend, results)
        failed |= not all(result.is_ok for result in results)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
