"""One screen on this machine: what a bug report asks for (`make doctor`).

Where nothing is set up yet, what the standard library can tell is reported; nothing is
installed or changed.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import sys
from pathlib import Path

from course import bootstrap, gpu
from course.bootstrap import SetupError


class _Screen:
    """Prints lines, and notes the topics of those that say something is wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def line(self, topic: str, text: str, bad: bool = False) -> None:
        print(f"{'!' if bad else ' '} {topic:<10} {text}")
        if bad:
            self.wrong.append(topic)


def report(need_gpu: bool = False) -> int:
    """Print the report; 1 if something is wrong that stops the notebooks.

    Args:
        need_gpu: whether a machine on which the backend sees no GPU is wrong too.
    """
    from dli import __version__, datasets

    screen = _Screen()
    line = screen.line
    line("notebooks", f"Deep Learning Illustrated, dli {__version__}")
    line("machine", f"{platform.platform()}, {os.cpu_count()} CPU cores")
    line("python", f"{platform.python_version()} in {_home(sys.prefix)}")
    line("packages", *_packages())
    keras, words, seen = _backend()
    line("backend", *keras)
    line("gpu", words, bad=need_gpu and not seen)
    for text in _cards(seen):
        line("gpu", text)
    line("memory", *_memory())
    line("disk", *_disk())
    for text in settings():
        line("setting", _home(text))
    for port, use in ((8888, "Jupyter"), (6006, "TensorBoard")):
        line(f"port {port}", f"{'free' if _free(port) else 'in use'} ({use})")
    clients = ("npm", "apt-get", "uv", "docker")
    line("clients", ", ".join(c for c in clients if shutil.which(c)) or "none")
    for row in datasets.status():
        text = f"{row.extent}, {row.source}" if row.extent else "not fetched yet"
        line("data", _home(f"{row.name}: {text}"))
    wrong = screen.wrong
    if "packages" in wrong or "backend" in wrong:
        print("\n`python -m course setup` makes .venv anew.")
    if "gpu" in wrong:
        print("\nA GPU was asked for (--gpu); docker/README.md says what one needs.")
    return 1 if wrong else 0


def report_without_environment(why: SetupError) -> int:
    """Print what can be told before anything is set up; 1, as no notebook runs yet."""
    screen = _Screen()
    screen.line("machine", f"{platform.platform()}, {os.cpu_count()} CPU cores")
    screen.line("python", f"{platform.python_version()} in {_home(sys.prefix)}")
    try:
        bootstrap.check_machine()
    except SetupError as error:
        screen.line("supported", str(error), bad=True)
    screen.line("disk", *_disk())
    for text in settings():
        screen.line("setting", _home(text))
    screen.line("set-up", _home(str(why)), bad=True)
    return 1


_OURS = ("DLI_", "KERAS_", "CUDA_VISIBLE", "TF_FORCE_GPU", "XLA_PYTHON_CLIENT")

# What would change or stop a notebook in a kernel that is not one of ours.
_MATTERS = {
    "TF_USE_LEGACY_KERAS": "TensorFlow's old Keras; our kernels turn it off",
    "MPLBACKEND": "draws elsewhere than in the notebook; our kernels set their own",
    "MATPLOTLIBRC": "other figures; our kernels begin with matplotlib's own settings",
    "PYTHONPATH": "packages from there hide those of .venv",
    "PYTHONSTARTUP": "run in every kernel",
    "IPYTHONDIR": "IPython's profile; test, verify and record use one of their own",
}


def settings() -> list[str]:
    """Settings of the reader's that reach the notebooks, each with what it does."""
    found = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith(_OURS)
    ]
    found += [
        f"{name}={os.environ[name]} ({what})"
        for name, what in _MATTERS.items()
        if os.environ.get(name)
    ]
    return found + _keras_json() + _configuration_files()


def _keras_json() -> list[str]:
    """What Keras's configuration file says otherwise than Keras itself."""
    folder = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    try:
        said = json.loads((folder / "keras.json").read_text(encoding="utf-8"))
        usual = {
            "floatx": "float32",
            "epsilon": 1e-07,
            "backend": "tensorflow",
            "image_data_format": "channels_last",
        }
        other = [f"{k}={v}" for k, v in said.items() if usual.get(k, v) != v]
    except (OSError, ValueError, AttributeError):
        return []
    if not other:
        return []
    text = ", ".join(other)
    return [f"{folder / 'keras.json'}: {text} (our kernels use Keras's own settings)"]


def _configuration_files() -> list[str]:
    ipython = Path(os.environ.get("IPYTHONDIR", "~/.ipython")).expanduser()
    profile = ipython / "profile_default"
    found = [*profile.glob("ipython*_config.*"), *profile.glob("startup/*.py")]
    matplotlib = Path("~/.config/matplotlib/matplotlibrc").expanduser()
    found += [path for path in (matplotlib,) if path.exists()]
    return [f"{path} ({_files_matter(path)})" for path in sorted(found)]


def _files_matter(path: Path) -> str:
    if path.name == "matplotlibrc":
        return _MATTERS["MATPLOTLIBRC"]
    return "changes what cells show; test, verify and record do without it"


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
    try:
        found = gpu.backend()
    except gpu.BackendFailed as error:
        return (f"Keras does not start: {error}", True), "not asked", False
    text = f"Keras {found.keras} on {found.name} {found.version}"
    if found.gpus:
        return (text, False), f"{found.name} sees {', '.join(found.gpus)}", True
    if not shutil.which("nvidia-smi"):
        why = "no NVIDIA driver on this machine (no nvidia-smi)"
    elif gpu.is_hidden():
        why = "CUDA_VISIBLE_DEVICES hides it"
    elif not found.has_cuda:
        why = f"a driver is there, but this {found.name} was built without CUDA"
    else:
        why = f"a driver is there, but {found.name} did not find its CUDA libraries"
    return (text, False), f"none: {why}; everything runs on the CPU", False


def _cards(seen: bool) -> list[str]:
    """What the driver says of each card, and what two kernels at once do."""
    found = gpu.cards()
    if found is None:
        return []
    if not found:
        return ["nvidia-smi does not answer: the driver does not run"]
    texts = []
    for card in found:
        memory = "it shares the machine's memory"
        if card.total:
            free, total = card.free / 1024, card.total / 1024
            memory = f"{free:.1f} of {total:.1f} GiB free"
        texts.append(f"{card.name}: {memory}, driver {card.driver}")
    return [*texts, f"two kernels at once: {gpu.sharing()}"] if seen else texts


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
