"""The virtual environment that every verb runs in, and the Jupyter kernels.

Only the standard library is imported here: `python -m dli` begins in whatever Python
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
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"

PYTORCH = "torch==2.13.0"  # for appendix C alone, so not among the locked packages

_OLDEST, _NEWEST = (3, 11), (3, 13)
_LAYOUT = b"1"  # change it when `install` makes something else from the same packages
_START_AFRESH = (
    "Check the network and the free disk space (3 GB), then run "
    "`python -m dli setup` again; it starts afresh."
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
    command = [str(_python()), "-m", "dli", *sys.argv[1:]]
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
    _call([_python(), "-m", "dli.environment"])
    _stamp().write_text(_fingerprint())
    print("Set up.", flush=True)


def install_pytorch() -> None:
    """Add PyTorch to this environment; the locked packages stay as they are.

    Raises:
        SetupError: it can't be had here, or does not start.
    """
    print(f"Installing {PYTORCH} (large on Linux: CUDA comes with it) …", flush=True)
    again = (
        "Check the network and the free disk space, and that PyTorch exists for this "
        "machine (not for Macs with an Intel processor); then run "
        "`python -m dli pytorch` again. All other notebooks do without it."
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    # As a constraint the lock forbids other versions of what is here already.
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        locked.write_text("\n".join(pins()) + "\n", encoding="utf-8")
        _call([*pip, "--quiet", "--no-input", "-c", locked, PYTORCH], again)
    _call([sys.executable, "-c", "import torch; torch.zeros(1).sum()"], again)
    print("Installed: `make run NB=appendix_c` runs the notebook.", flush=True)


def pins() -> list[str]:
    """The locked packages without their hashes: `name==version ; marker`."""
    lock = REQUIREMENTS.read_text(encoding="utf-8")
    return re.findall(r"^(\S+==.+?) \\$", lock, re.M)


def install_kernels() -> list[Path]:
    """Write the kernel specs into this environment.

    `python3` is the kernel every notebook names; `dli-quick` runs the same notebooks
    at quick pace. Both leave what libraries print below Python (TensorFlow's start-up
    log) in the terminal, where it does not end up among a notebook's outputs.
    """
    written = []
    for name, title, env in (
        ("python3", "Python 3 (ipykernel)", {}),
        ("dli-quick", "Deep Learning Illustrated (quick)", {"DLI_PACE": "quick"}),
    ):
        folder = Path(sys.prefix) / "share" / "jupyter" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
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
        path = folder / "kernel.json"
        path.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written


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


def _call(command: list, advice: str = _START_AFRESH) -> None:
    """Run a command; its last words and `advice` are the error if it fails."""
    command = [str(part) for part in command]
    done = subprocess.run(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise SetupError(f"`{' '.join(command)}` failed:\n{tail}\n{advice}")


if __name__ == "__main__":
    install_kernels()
