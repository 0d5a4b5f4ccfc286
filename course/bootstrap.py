"""The virtual environment that every verb runs in.

Only the standard library is imported here: `python -m course` begins in whatever Python
the reader has, makes `.venv` from `requirements.txt`, and goes on inside it.

Only what bears our mark is ever cleared. An older `.venv` of ours is kept aside while a
new one is made in its place, and comes back if that fails.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from enum import Enum, auto
from importlib.util import find_spec
from pathlib import Path

from course import kernels
from course.advice import advice_on
from course.kernels import EXTRAS, Backend

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements.txt"

STICK = ".dli-stick"  # marks the folder of `course export FOLDER --classroom`

_OLDEST, _NEWEST = (3, 11), (3, 13)
_LAYOUT = b"3"  # change it when `install` makes something else from the same packages
_MARK = "dli-made"  # in a .venv of ours from its first moment on
_STAMP = "dli-installed"  # in one that is complete

_OF_STICK = "README.txt on the stick says for which Python its packages are."
_NO_TENSORFLOW = (
    "TensorFlow has no package for {what}, so the notebooks can't be set up here. Read "
    "them on the repository's web page, open them in a hosted notebook service, or use "
    "another machine; README.md says what is supported."
)


class SetupError(RuntimeError):
    """The environment can't be made or used; the message says what to do."""


class Venv(Enum):
    """What lies at `.venv`."""

    MISSING = auto()
    FOREIGN = auto()  # a reader's own: never touched
    UNFINISHED = auto()  # ours, but its set-up did not come to its end
    OUTDATED = auto()  # ours, complete, of another lock
    CURRENT = auto()


def state() -> Venv:
    """What lies at `.venv` now; nothing is changed."""
    if not os.path.lexists(VENV):
        return Venv.MISSING
    stamp = VENV / _STAMP
    if not _python().exists() or not stamp.exists():
        ours = (VENV / _MARK).exists() and not VENV.is_symlink()
        return Venv.UNFINISHED if ours else Venv.FOREIGN
    if stamp.read_text(encoding="utf-8") == _fingerprint():
        return Venv.CURRENT
    return Venv.FOREIGN if VENV.is_symlink() else Venv.OUTDATED


def is_ready() -> bool:
    """Whether this very interpreter is the one to work with.

    `DLI_ENV=current` (set in the Docker image, and for people who manage their own
    environments) says that it is; otherwise it must be an up-to-date `.venv`.
    """
    if os.environ.get("DLI_ENV") == "current":
        return True
    return _is_inside() and state() == Venv.CURRENT


def ensure(*, may_install: bool = True) -> None:
    """Go on inside the set-up environment, making it first if need be.

    Does not return where this interpreter is not that environment's: the command is
    run again inside it.

    Args:
        may_install: whether it may be made or brought up to date. Without that, an
            outdated one will do: whoever only reports changes nothing.

    Raises:
        SetupError: there is none and none may be made, or it can't be made.
    """
    if is_ready():
        if find_spec("nbformat") is None:
            raise SetupError(
                "DLI_ENV=current says that this Python has the packages of "
                "requirements.txt, but it has not: unset it, or install them"
            )
        return
    _restore_if_interrupted()
    found = state()
    if not may_install:
        if found not in (Venv.CURRENT, Venv.OUTDATED):
            raise SetupError(f"{_described(found)} `make setup` makes one.")
        if _is_inside():
            return
    elif found != Venv.CURRENT:
        install()
    command = [str(_python()), "-m", "course", *sys.argv[1:]]
    os.chdir(ROOT)
    if os.name == "nt":  # execv there returns to the shell before the command ends
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def install() -> None:
    """Make `.venv` with exactly the packages of `requirements.txt`, and the kernels.

    Raises:
        SetupError: no fitting Python or machine, a package could not be installed, or
            there is a `.venv` that is not ours. What was there before is as it was.
    """
    check_machine()
    base = _base()
    _restore_if_interrupted()
    found = state()
    if found == Venv.FOREIGN:
        raise SetupError(_described(found))
    print(f"Setting up {VENV.name}/ (about 3 GB, once; a few minutes) …", flush=True)
    aside = _aside()
    if found == Venv.UNFINISHED:
        shutil.rmtree(VENV)
    elif found != Venv.MISSING:  # leftovers of other versions are not repeatable
        os.replace(VENV, aside)
    try:
        _make(base)
    except BaseException:
        if aside.exists():
            shutil.rmtree(VENV, ignore_errors=True)
            os.replace(aside, VENV)
            print(f"{VENV.name}/ is again as it was before.", file=sys.stderr)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    print("Set up.", flush=True)


def _make(base: str) -> None:
    """Fill `.venv`, which does not exist yet."""
    VENV.mkdir()
    (VENV / _MARK).write_text("made by `python -m course setup`\n", encoding="utf-8")
    wheels = wheels_of_stick()
    if not wheels and (uv := shutil.which("uv")):
        _call([uv, "venv", "--quiet", "--allow-existing", "--seed", "-p", base, VENV])
        pip = [uv, "pip", "install", "--quiet", "--python", _python()]
    else:
        _call([base, "-m", "venv", VENV])
        pip = [_python(), "-m", "pip", "--disable-pip-version-check", "install"]
        pip += ["--quiet", "--no-input"]
    if wheels:
        print(f"Packages come from {wheels}.", flush=True)
        pip += ["--no-index", f"--find-links={wheels}"]
    _call([*pip, "--require-hashes", "-r", REQUIREMENTS], _OF_STICK if wheels else "")
    _call([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT])
    _call([_python(), "-m", "course.bootstrap"])
    (VENV / _STAMP).write_text(_fingerprint(), encoding="utf-8")


def wheels_of_stick() -> Path | None:
    """The packages beside the data that `DLI_MIRROR` names, if both are on a stick."""
    mirror = os.environ.get("DLI_MIRROR")
    stick = Path(mirror).expanduser().absolute().parent if mirror else ROOT
    return stick / "wheels" if (stick / STICK).is_file() else None


def install_backend(backend: Backend) -> None:
    """Add JAX or PyTorch to this environment, and its kernels.

    The locked packages stay as they are.

    Raises:
        SetupError: it can't be had here, or does not start.
    """
    extra = EXTRAS[backend]
    print(f"Installing {extra.package} ({extra.notes}) …", flush=True)
    again = (
        f"Then run `python -m course {extra.verb}` again. All notebooks but the one on "
        f"PyTorch do without {backend.title}; it does not exist for Macs with an Intel "
        "processor."
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    # As a constraint the lock forbids other versions of what is here already.
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        locked.write_text("\n".join(pins()) + "\n", encoding="utf-8")
        _call([*pip, "--quiet", "--no-input", "-c", locked, extra.package], again)
    trial = "import keras; keras.ops.sum(keras.ops.zeros(1))"
    env = {**os.environ, "KERAS_BACKEND": str(backend)}
    _call([sys.executable, "-c", trial], again, env)
    _call([sys.executable, "-m", "course.bootstrap"])
    menu = kernels.title(kernels.Pace.FULL, backend)
    print(
        f"Installed. JupyterLab offers the kernel {menu!r}; "
        f"`make test BACKEND={backend}` runs the notebooks on it.",
        flush=True,
    )


def need_backend(backend: Backend) -> None:
    """Make sure that Keras can run on a backend here, and that its kernels are there.

    Raises:
        SetupError: it is not installed.
    """
    if backend not in EXTRAS:
        return
    if not backend.is_installed:
        verb = EXTRAS[backend].verb
        raise SetupError(f"{backend.title} is not installed: `make {verb}`")
    install_kernels()  # whoever installed it by hand has none yet


def install_kernels() -> list[Path]:
    """Write the kernel specs into this environment; see `course.kernels.install`."""
    return kernels.install(ROOT)


def pins() -> list[str]:
    """The locked packages without their hashes: `name==version ; marker`."""
    lock = REQUIREMENTS.read_text(encoding="utf-8")
    return re.findall(r"^(\S+==.+?) \\$", lock, re.M)


def check_machine() -> None:
    """Name what the locked packages do not exist for, before anything is changed.

    Raises:
        SetupError: the notebooks can't be set up on this machine, or in this folder.
    """
    machine = platform.machine().lower()
    what = ""
    if sys.platform == "darwin" and machine == "x86_64":
        what = "Macs with an Intel processor (or a Python made for them)"
    elif os.name == "nt" and machine == "arm64":
        what = "Windows on Arm"
    elif sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        what = "Linux without glibc (Alpine, for instance)"
    elif sys.maxsize < 2**32:
        what = "a 32-bit Python"
    if what:
        raise SetupError(_NO_TENSORFLOW.format(what=what))
    if os.pathsep in str(ROOT):
        raise SetupError(
            f"the path of this folder, {ROOT}, holds a {os.pathsep!r}, which separates "
            "folders on the PATH; no virtual environment can be made in it. Move the "
            "folder."
        )


def _described(found: Venv) -> str:
    """What is wrong with a `.venv` that can't be used, and what to do."""
    if found == Venv.FOREIGN:
        link = " (a link)" if VENV.is_symlink() else ""
        return (
            f"{VENV.name}{link} is there already and was not made by this project, so "
            f"it is left as it is. Move it away (`mv {VENV.name} my-venv`) and run "
            "this again; or work in it: install requirements.txt and `-e .` into it, "
            "activate it, and set DLI_ENV=current."
        )
    if found == Venv.UNFINISHED:
        return f"The set-up of {VENV.name} did not come to its end."
    return f"There is no {VENV.name} yet."


def _aside() -> Path:
    return VENV.with_name(f"{VENV.name}.before")


def _restore_if_interrupted() -> None:
    """Bring back what a set-up that was killed had laid aside."""
    aside = _aside()
    if not (aside / _STAMP).exists():
        return
    found = state()
    if found == Venv.UNFINISHED:
        shutil.rmtree(VENV)
    if found in (Venv.UNFINISHED, Venv.MISSING):
        os.replace(aside, VENV)
    elif found in (Venv.CURRENT, Venv.OUTDATED):
        shutil.rmtree(aside)


def _is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _base() -> str:
    """A Python that the locked packages support: this one, else one on the PATH."""
    if _OLDEST <= sys.version_info[:2] <= _NEWEST:
        # Inside a virtual environment, the Python it was made from.
        return getattr(sys, "_base_executable", sys.executable)
    for minor in range(_NEWEST[1], _OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and _starts(found):
            return found
    raise SetupError(
        f"this is Python {sys.version_info[0]}.{sys.version_info[1]}; the notebooks "
        "need 3.11, 3.12 or 3.13. Install one of them and run "
        "`python3.12 -m course setup`."
    )


def _starts(python: str) -> bool:
    """Whether a Python runs: pyenv's stand for versions that are not there."""
    with suppress(OSError):
        return not subprocess.run([python, "-V"], capture_output=True).returncode
    return False


def _python() -> Path:
    if os.name == "nt":
        return VENV / "Scripts" / "python.exe"
    return VENV / "bin" / "python"


def _fingerprint() -> str:
    """Changes when `.venv` has to be made again."""
    return hashlib.sha256(_LAYOUT + REQUIREMENTS.read_bytes()).hexdigest()


def _call(command: list, advice: str = "", env: dict | None = None) -> None:
    """Run a command; its last words and what to do are the error if it fails."""
    command = [str(part) for part in command]
    done = subprocess.run(command, cwd=ROOT, text=True, stderr=subprocess.PIPE, env=env)
    if not done.returncode:
        return
    tail = "\n".join(done.stderr.strip().splitlines()[-12:])
    advice = advice or "Then run `python -m course setup` again."
    what = f"`{' '.join(command)}` failed:\n{tail}\n"
    raise SetupError(f"{what}{advice_on(done.stderr)} {advice}".rstrip())


if __name__ == "__main__":
    install_kernels()
