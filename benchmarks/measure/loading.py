"""Seconds of imports and of loading data sets."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time

from benchmarks.parts import DATA_SETS

_IMPORT = (
    "import sys, time; started = time.perf_counter(); import {0}; "
    "print(time.perf_counter() - started, 'keras' in sys.modules)"
)


def imports(spec: dict) -> dict:
    """Seconds of one import in a bare process, and whether it imports Keras too."""
    command = [sys.executable, "-c", _IMPORT.format(spec["module"])]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, keras = shown.split()
    return {"seconds": [float(seconds)], "keras": keras == "True"}


def data_loads(spec: dict) -> dict:
    """Seconds to load a data set that an earlier process has loaded before."""
    module = importlib.import_module(f"dli.datasets.{spec['data']}")
    started = time.perf_counter()
    eval(f"module.{DATA_SETS[spec['data']]}", {"module": module})
    return {"seconds": [time.perf_counter() - started]}
