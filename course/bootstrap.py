"""The virtual environment that every verb runs in, and the Jupyter kernels.

Only the standard library is imported here: `python -m course` begins in whatever Python
the reader has, makes `.venv` from `requirements.txt`, and goes on inside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"


class Backend(NamedTuple):
    """A backend of Keras beside TensorFlow: nobody needs it, so it is not locked."""

    title: str
    package: str  # as pip is asked for it; the version that was tested
    verb: str  # of the command line, that adds it
    notes: str


BACKENDS = {
    "jax": Backend("JAX", "jax==0.10.2", "jax", "without a GPU"),
    "torch": Backend(
        "PyTorch", "torch==2.13.0", "pytorch", "large on Linux: CUDA comes with it"
    ),
}

_OLDEST, _NEWEST = (3, 11), (3, 13)
_LAYOUT = b"1"  # change it when `install` makes something else from the same packages
_START_AFRESH = (
    "Check the network and the free disk space (3 GB), then run "
    "`python -m course setup` again; it starts afresh."
)


class SetupError(RuntimeError):
    """The environment can't be made; the message says what to do."""


def is_ready() -> bool:
    """Whether this very interpreter is the one to work with.

    `DLI_ENV=current` (set in the Docker image, and for people who manage their own
    environments) says that it is; otherwise it must be an up-to-date `.venv`.
    """
    if os.environ.get("DLI_ENV") == "current":
        return True
    return Path(sys.prefix).resolve() == VENV.resolve() and _is_current()


def ensure() -> None:
    """Go on inside the set-up environment, making it first if need be.

    Does not return where this interpreter is not that environment's: the command is
    run again inside it.
    """
    if is_ready():
        return
    if not _is_current():
        install()
    command = [str(_python()), "-m", "course", *sys.argv[1:]]
    os.chdir(ROOT)
    if os.name == "nt":  # execv there returns to the shell before the command ends
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def install() -> None:
    """Make `.venv` with exactly the packages of `requirements.txt`, and the kernels.

    Raises:
        SetupError: no fitting Python, or a package could not be installed.
    """
    # A .venv that holds other versions is made anew: leftovers are not repeatable.
    print(f"Setting up {VENV.name}/ (about 3 GB, once; a few minutes) …", flush=True)
    _stamp().unlink(missing_ok=True)
    uv = shutil.which("uv")
    if uv:
        _call([uv, "venv", "--quiet", "--clear", "--seed", "--python", _base(), VENV])
        pip = [uv, "pip", "install", "--quiet", "--python", str(_python())]
    else:
        _call([_base(), "-m", "venv", "--clear", VENV])
        pip = [_python(), "-m", "pip", "--disable-pip-version-check", "install"]
        pip += ["--quiet", "--no-input"]
    _call([*pip, "--require-hashes", "-r", REQUIREMENTS])
    _call([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT])
    _call([_python(), "-m", "course.bootstrap"])
    _stamp().write_text(_fingerprint())
    print("Set up.", flush=True)


def install_backend(name: str) -> None:
    """Add JAX or PyTorch to this environment, and its kernels.

    The locked packages stay as they are.

    Args:
        name: of the backend as Keras calls it, `"jax"` or `"torch"`.

    Raises:
        SetupError: it can't be had here, or does not start.
    """
    backend = BACKENDS[name]
    print(f"Installing {backend.package} ({backend.notes}) …", flush=True)
    again = (
        f"Check the network and the free disk space, and that {backend.title} exists "
        "for this machine (not for Macs with an Intel processor); then run "
        f"`python -m course {backend.verb}` again. All notebooks but the one on "
        "PyTorch do without it."
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    # As a constraint the lock forbids other versions of what is here already.
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        locked.write_text("\n".join(pins()) + "\n", encoding="utf-8")
        _call([*pip, "--quiet", "--no-input", "-c", locked, backend.package], again)
    trial = "import keras; keras.ops.sum(keras.ops.zeros(1))"
    env = {**os.environ, "KERAS_BACKEND": name}
    _call([sys.executable, "-c", trial], again, env)
    _call([sys.executable, "-m", "course.bootstrap"])
    print(
        f"Installed. JupyterLab offers the kernel {_title(backend.title)!r}; "
        f"`make test BACKEND={name}` runs the notebooks on it.",
        flush=True,
    )


def need_backend(name: str) -> None:
    """Make sure that Keras can run on a backend here, and that its kernels are there.

    Raises:
        SetupError: it is not installed.
    """
    if name not in BACKENDS:
        return
    backend = BACKENDS[name]
    if find_spec(name) is None:
        raise SetupError(f"{backend.title} is not installed: `make {backend.verb}`")
    install_kernels()  # who installed it by hand has none yet


def pins() -> list[str]:
    """The locked packages without their hashes: `name==version ; marker`."""
    lock = REQUIREMENTS.read_text(encoding="utf-8")
    return re.findall(r"^(\S+==.+?) \\$", lock, re.M)


def install_kernels() -> list[Path]:
    """Write the kernel specs into this environment.

    `python3` is the kernel every notebook names; `dli-quick` runs the same notebooks
    at quick pace. Where JAX or PyTorch is installed there are two more for each, with
    Keras on that backend. All leave what libraries print below Python (TensorFlow's
    start-up log) in the terminal, where it does not end up among a notebook's outputs.

    Returns:
        The files written. Kernels of a backend that is gone are removed.
    """
    quick = {"DLI_PACE": "quick"}
    kernels = {
        "python3": ("Python 3 (ipykernel)", {}),
        "dli-quick": (_title("quick"), quick),
    }
    folder = Path(sys.prefix) / "share" / "jupyter" / "kernels"
    for name, backend in BACKENDS.items():
        if find_spec(name) is None:
            for left in (f"dli-{name}", f"dli-{name}-quick"):
                shutil.rmtree(folder / left, ignore_errors=True)
            continue
        env = {"KERAS_BACKEND": name}
        kernels[f"dli-{name}"] = (_title(backend.title), env)
        kernels[f"dli-{name}-quick"] = (_title(f"{backend.title}, quick"), env | quick)
    written = []
    for name, (title, env) in kernels.items():
        spec = {
            "argv": [
                sys.executable,
                "-m",
                "ipykernel_launcher",
                "--IPKernelApp.capture_fd_output=False",
                "-f",
                "{connection_file}",
            ],
            "display_name": title,
            "language": "python",
            "env": env,
            "metadata": {"debugger": True},
        }
        path = folder / name / "kernel.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _title(words: str) -> str:
    return f"Deep Learning Illustrated ({words})"


def _base() -> str:
    """A Python that the locked packages support: this one, else one on the PATH."""
    if _OLDEST <= sys.version_info[:2] <= _NEWEST:
        # Inside a virtual environment, the Python it was made from.
        return getattr(sys, "_base_executable", sys.executable)
    for minor in range(_NEWEST[1], _OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise SetupError(
        f"this is Python {sys.version_info[0]}.{sys.version_info[1]}; the notebooks "
        "need 3.11, 3.12 or 3.13. Install one of them and run "
        "`python3.12 -m dli setup`."
    )


def _python() -> Path:
    if os.name == "nt":
        return VENV / "Scripts" / "python.exe"
    return VENV / "bin" / "python"


def _stamp() -> Path:
    return VENV / "dli-installed"


def _is_current() -> bool:
    stamp = _stamp()
    return _python().exists() and stamp.exists() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    """Changes when `.venv` has to be made again."""
    return hashlib.sha256(_LAYOUT + REQUIREMENTS.read_bytes()).hexdigest()


def _call(command: list, advice: str = _START_AFRESH, env: dict | None = None) -> None:
    """Run a command; its last words and `advice` are the error if it fails."""
    command = [str(part) for part in command]
    done = subprocess.run(command, cwd=ROOT, text=True, stderr=subprocess.PIPE, env=env)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise SetupError(f"`{' '.join(command)}` failed:\n{tail}\n{advice}")


if __name__ == "__main__":
    install_kernels()
