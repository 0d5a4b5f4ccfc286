"""Backends of Keras, and the Jupyter kernels that stand for a pace and a backend.

Only the standard library is imported here: `course.bootstrap` uses it before there is
an environment, and in a Python that may be too old for the notebooks.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from dli.kernel.pace import Pace

# Seconds that one cell may take.
CELL_TIMEOUT = {Pace.FULL: 4 * 3600, Pace.TRAINED: 3600, Pace.QUICK: 600}


class Backend(str, Enum):  # noqa: UP042 (StrEnum came with Python 3.11)
    """A backend of Keras, by Keras's name for it."""

    __str__ = str.__str__

    TENSORFLOW = "tensorflow"
    JAX = "jax"
    TORCH = "torch"

    @property
    def title(self) -> str:
        """Its name in sentences."""
        return {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}[self]

    @property
    def is_installed(self) -> bool:
        """Whether it can be imported in this environment."""
        return find_spec(self.value) is not None


@dataclass(frozen=True)
class Extra:
    """A backend that nobody needs, so that it is not in the lock.

    Attributes:
        package: as pip is asked for it; the version that was tested.
        verb: of the command line, that adds it.
        notes: what a reader should know before it is installed.
    """

    package: str
    verb: str
    notes: str


EXTRAS = {
    Backend.JAX: Extra("jax==0.10.2", "jax", "without a GPU"),
    Backend.TORCH: Extra(
        "torch==2.13.0", "pytorch", "large on Linux: CUDA comes with it"
    ),
}


def name(pace: Pace | str, backend: Backend | str = Backend.TENSORFLOW) -> str:
    """The Jupyter kernel of a pace and a backend.

    Raises:
        ValueError: no such pace or backend.
    """
    pace, backend = Pace(pace), Backend(backend)
    if backend == Backend.TENSORFLOW and pace == Pace.FULL:
        return "python3"  # the kernel that every notebook names
    parts = ["dli"]
    if backend != Backend.TENSORFLOW:
        parts.append(backend)
    if pace != Pace.FULL:
        parts.append(pace)
    return "-".join(parts)


def backend_of(kernel: str | None) -> Backend:
    """The backend of one of our kernels; TensorFlow for any other."""
    parts = (kernel or "").split("-")
    return next((b for b in Backend if b in parts), Backend.TENSORFLOW)


def title(pace: Pace, backend: Backend) -> str:
    """A kernel's name in JupyterLab's menu."""
    words = [] if backend == Backend.TENSORFLOW else [backend.title]
    if pace != Pace.FULL:
        words.append(pace)
    if not words:
        return "Python 3 (ipykernel)"
    return f"Deep Learning Illustrated ({', '.join(words)})"


def environment(pace: Pace, backend: Backend, clone: Path) -> dict[str, str]:
    """What a kernel sets for itself, whatever the shell says that starts it."""
    return {
        "DLI_CLONE": str(clone),
        "DLI_PACE": str(pace),
        "KERAS_BACKEND": str(backend),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # PyTorch's threads spin while they wait: on a busy machine a small network then
        # takes seventy times as long.
        "OMP_WAIT_POLICY": "passive",
        "TF_USE_LEGACY_KERAS": "0",
    }


def install(clone: Path) -> list[Path]:
    """Write the kernel specs into this environment.

    `python3` is the kernel that every notebook names; the others run the same notebooks
    at another pace or on another backend, if that is installed. All leave what
    libraries print below Python (TensorFlow's start-up log) in the terminal, where it
    does not end up among a notebook's outputs.

    Args:
        clone: the folder of the repository.

    Returns:
        The files written. Kernels of a backend that is gone are removed.
    """
    folder = Path(sys.prefix) / "share" / "jupyter" / "kernels"
    written = []
    for backend in Backend:
        for pace in Pace:
            target = folder / name(pace, backend)
            if backend in EXTRAS and not backend.is_installed:
                shutil.rmtree(target, ignore_errors=True)
                continue
            spec = {
                "argv": [
                    sys.executable,
                    "-m",
                    "ipykernel_launcher",
                    "--IPKernelApp.capture_fd_output=False",
                    "--ext=dli.kernel",
                    "-f",
                    "{connection_file}",
                ],
                "display_name": title(pace, backend),
                "language": "python",
                "env": environment(pace, backend, clone),
                "metadata": {"debugger": True},
            }
            target.mkdir(parents=True, exist_ok=True)
            path = target / "kernel.json"
            path.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
            written.append(path)
    return written
