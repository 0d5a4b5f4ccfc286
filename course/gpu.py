"""The GPU of this machine: what the driver says of it, and what a backend sees."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

# Asked in a process of its own: importing a backend is slow, noisy, and may crash.
_BACKEND = """
import json, keras
backend = keras.backend.backend()
gpus = []
if backend == "tensorflow":
    import tensorflow
    version = tensorflow.__version__
    details = tensorflow.config.experimental.get_device_details
    for gpu in tensorflow.config.list_physical_devices("GPU"):
        gpus.append(details(gpu).get("device_name", gpu.name))
    built = tensorflow.test.is_built_with_cuda()
elif backend == "jax":
    import jax
    version = jax.__version__
    gpus = [d.device_kind for d in jax.devices() if d.platform == "gpu"]
    built = True
else:
    import torch
    version = torch.__version__
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    built = torch.version.cuda is not None
print(json.dumps([keras.__version__, backend, version, gpus, built]))
"""

_ASKED = "name,memory.total,memory.free,driver_version"


class BackendFailed(Exception):
    """Keras does not start; the text says why."""


@dataclass(frozen=True)
class Backend:
    """What Keras runs on.

    Attributes:
        keras: its version.
        name: of the backend.
        version: of the backend.
        gpus: names of those that it sees.
        has_cuda: whether it was built to use one.
    """

    keras: str
    name: str
    version: str
    gpus: tuple[str, ...]
    has_cuda: bool


@dataclass(frozen=True)
class Card:
    """A card that the driver knows.

    Attributes:
        name: as the driver says it.
        total: MiB of memory; 0 where the driver does not say.
        free: MiB of it that nobody holds.
        driver: version of the driver.
    """

    name: str
    total: int
    free: int
    driver: str


def backend() -> Backend:
    """What Keras runs on, asked in a process of its own.

    Raises:
        BackendFailed: it does not start.
    """
    done = subprocess.run(
        [sys.executable, "-c", _BACKEND],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode == -signal.SIGILL:
        raise BackendFailed("this processor lacks AVX, which TensorFlow needs")
    if done.returncode:
        raise BackendFailed((done.stderr.strip().splitlines() or ["no message"])[-1])
    keras, name, version, gpus, built = json.loads(done.stdout.splitlines()[-1])
    return Backend(keras, name, version, tuple(gpus), built)


def cards() -> list[Card] | None:
    """What `nvidia-smi` says; None without a driver, none where it does not answer."""
    command = ["nvidia-smi", f"--query-gpu={_ASKED}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired):
        return []
    rows = csv.reader(done.stdout.splitlines(), skipinitialspace=True)
    if done.returncode:
        return []
    return [
        Card(name, _number(total), _number(free), driver)
        for name, total, free, driver in (row for row in rows if len(row) == 4)
    ]


def _number(text: str) -> int:
    """MiB; 0 for `[N/A]`, as of a card that shares the machine's memory."""
    with suppress(ValueError):
        return int(text)
    return 0


def is_hidden() -> bool:
    """Whether a setting of the reader's hides all cards from every backend."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    return visible is not None and visible.strip() in ("", "-1")


def sharing() -> str:
    """What two kernels at once on one card do."""
    if os.environ.get("TF_FORCE_GPU_ALLOW_GROWTH", "true").lower() in ("false", "0"):
        return (
            "TF_FORCE_GPU_ALLOW_GROWTH=false: the first kernel takes all memory of the "
            "card, and a second one stops for want of it"
        )
    return (
        "each takes the memory it needs (our kernels let it grow) and keeps it until "
        "it is shut down; where both need more than there is, the second stops, out of "
        "memory; they share its time, so both are slower"
    )


def device() -> str:
    """What Keras computes on here, in words: `"CPU"`, or the name of a card."""
    if not cards() or is_hidden():
        return "CPU"
    with suppress(BackendFailed, subprocess.TimeoutExpired):
        return ", ".join(backend().gpus) or "CPU"
    return "CPU"
