"""One screen on this machine: what a bug report asks for (`make doctor`)."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys

from course import bootstrap
from dli import __version__, datasets

# Asked in a process of its own: importing a backend is slow, noisy, and may crash.
_BACKEND = """
import json, keras
backend = keras.backend.backend()
gpus = []
if backend == "tensorflow":
    import tensorflow
    version = tensorflow.__version__
    gpus = [d.name for d in tensorflow.config.list_physical_devices("GPU")]
    built = tensorflow.test.is_built_with_cuda()
elif backend == "jax":
    import jax
    version = jax.__version__
    gpus = [str(d) for d in jax.devices() if d.platform == "gpu"]
    built = True
else:
    import torch
    version = torch.__version__
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    built = torch.version.cuda is not None
print(json.dumps([keras.__version__, backend, version, gpus, built]))
"""


def report(need_gpu: bool = False) -> int:
    """Print the report; 1 if something is wrong that stops the notebooks.

    Args:
        need_gpu: whether a machine on which the backend sees no GPU is wrong too.
    """
    wrong = []

    def line(topic, text, bad=False):
        print(f"{'!' if bad else ' '} {topic:<10} {text}")
        if bad:
            wrong.append(topic)

    line("notebooks", f"Deep Learning Illustrated, dli {__version__}")
    line("machine", f"{platform.platform()}, {os.cpu_count()} CPU cores")
    line("python", f"{platform.python_version()} in {_home(sys.prefix)}")
    line("packages", *_packages())
    keras, gpu, seen = _backend()
    line("backend", *keras)
    line("gpu", gpu, bad=need_gpu and not seen)
    line("memory", *_memory())
    line("disk", *_disk())
    for name, value in sorted(os.environ.items()):
        if name.startswith(("DLI_", "KERAS_", "CUDA_VISIBLE")):
            line("setting", f"{name}={_home(value)}")
    for port, use in ((8888, "Jupyter"), (6006, "TensorBoard")):
        line(f"port {port}", f"{'free' if _free(port) else 'in use'} ({use})")
    clients = ("npm", "apt-get", "uv", "docker")
    line("clients", ", ".join(c for c in clients if shutil.which(c)) or "none")
    for row in datasets.status():
        text = f"{row.extent}, {row.source}" if row.extent else "not fetched yet"
        line("data", _home(f"{row.name}: {text}"))
    if wrong:
        print(
            f"\nTo mend: {', '.join(wrong)}. `python -m course setup` makes .venv anew."
        )
    if "gpu" in wrong:
        print("A GPU was asked for (--gpu); docker/README.md says what one needs.")
    return 1 if wrong else 0


def _packages() -> tuple[str, bool]:
    """What is installed against the lock."""
    lock = bootstrap.REQUIREMENTS.read_text()
    pins = re.findall(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", lock, re.M)
    other, missing = [], []
    for name, version, marker in pins:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if not marker:  # a marker may exclude this system on purpose
                missing.append(name)
            continue
        if found != version:
            other.append(f"{name} {found} instead of {version}")
    if not other and not missing:
        return f"as locked ({len(pins)})", False
    text = f"{len(other)} differ from the lock, {len(missing)} are missing: "
    return text + ", ".join([*other, *missing][:6]), bool(missing)


def _backend() -> tuple[tuple[str, bool], str, bool]:
    """The backend and whether it fails; words on the GPU, and whether one is seen."""
    done = subprocess.run(
        [sys.executable, "-c", _BACKEND], capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return (f"Keras does not start: {last}", True), "not asked", False
    answer = json.loads(done.stdout.splitlines()[-1])
    keras, backend, version, gpus, built = answer
    text = f"Keras {keras} on {backend} {version}"
    if gpus:
        return (text, False), f"seen: {', '.join(gpus)}", True
    if not shutil.which("nvidia-smi"):
        why = "no NVIDIA driver on this machine (no nvidia-smi)"
    elif not built:
        why = f"a driver is there, but this {backend} was built without CUDA"
    else:
        why = f"a driver is there, but {backend} did not find its CUDA libraries"
    return (text, False), f"none: {why}; everything runs on the CPU", False


def _memory() -> tuple[str, bool]:
    import psutil

    memory = psutil.virtual_memory()
    text = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    return text, memory.available < 2**30


def _disk() -> tuple[str, bool]:
    usage = shutil.disk_usage(bootstrap.ROOT)
    return f"{usage.free / 2**30:.0f} GiB free here", usage.free < 2**30


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _home(text: str) -> str:
    """Without the reader's name: this is made to be pasted."""
    return str(text).replace(os.path.expanduser("~"), "~")
