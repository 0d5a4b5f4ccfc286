"""Which notebook runs on which backend: every one, at quick pace.

    .venv/bin/python benchmarks/backends.py [BACKEND …]      tensorflow, jax, torch

Needs `make pytorch` and `make jax`. Writes `backends.json`, from which `make readme`
makes the README's table; of backends that are not named it keeps what it holds.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from course import bootstrap, runner

RESULTS = Path(__file__).with_suffix(".json")


def outcome(result: runner.Result) -> str:
    """`runs`, or why not."""
    if result.error:
        return f"fails: {result.error.splitlines()[0]}"
    return result.lacking or result.not_run or "runs"


def keep(backend: str, results: list[runner.Result]) -> None:
    """Note what became of all notebooks on one backend."""
    with FileLock(RESULTS.with_suffix(".lock")):
        found = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        found[backend] = {
            "keras": version("keras"),
            "version": version(backend),
            "notebooks": {result.name: outcome(result) for result in results},
        }
        text = json.dumps(found, indent=1, sort_keys=True)
        RESULTS.write_text(text + "\n", encoding="utf-8")


def main(wanted: list[str]) -> int:
    """Try all notebooks; 1 if one failed that should run."""
    failed = False
    for backend in wanted or runner.BACKENDS:
        bootstrap.need_backend(backend)
        results = runner.run(runner.discover(), "quick", backend, afresh=True)
        if any(result.not_run == runner.INTERRUPTED for result in results):
            return 130
        keep(backend, results)
        failed |= not all(result.ok for result in results)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
