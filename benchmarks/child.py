"""One measurement in a process of its own, with its own memory and warm-up.

    python -m benchmarks.child '{"part": "shallow", "side": "ours"}' result.json

`run` starts it in an empty folder. A result holds at least `peak_mb`, the most memory
that the process has held (10⁶ bytes).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from pkgutil import resolve_name

from course import machine

SEED = 42

_MEASURES = {
    "gan": "gan:gan",
    "dqn": "dqn:dqn",
    "preprocessing": "preprocessing:preprocessing",
    "imports": "loading:imports",
    "data_loads": "loading:data_loads",
    "scaling": "trainings:scaling",
    "matrix_products": "products:matrix_products",
    "own_products": "products:own_products",
}


def peak_mb() -> float:
    """The most memory that this process has held so far, in 10⁶ bytes."""
    return machine.peak_memory() / 1e6


def main(arguments: list[str]) -> None:
    """Measure what the first argument asks for into the file that the second names."""
    spec = json.loads(arguments[0])
    # Imported here: a measurement must not hold the memory of another's libraries.
    name = _MEASURES.get(spec["part"], "trainings:training")
    result = resolve_name(f"benchmarks.measure.{name}")(spec)
    result.setdefault("peak_mb", peak_mb())
    Path(arguments[1]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
