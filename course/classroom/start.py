"""Prepare a classroom, or go on with one, and become its hub."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from course import machine
from course.advice import advice_on
from course.bootstrap import ROOT, SetupError
from course.classroom import checks, collect, memory, shared
from course.classroom.settings import Settings

PACKAGES = ROOT / "docker" / "requirements-classroom.txt"
PROXY = ROOT / "docker" / "classroom" / "proxy"
_CONFIG = Path(__file__).with_name("jupyterhub_config.py")


def run(arguments) -> int:
    """What `course classroom` does; does not return where it becomes the hub.

    Raises:
        SetupError: the computer or this clone is not fit for it.
        ValueError: an argument that can't be, or a folder or port that is taken.
        OSError: something can't be written.
    """
    folder = arguments.folder
    if arguments.collect:
        checks.root()
        found = collect.collect(Settings.load(folder), arguments.collect)
        print(collect.told(found))
        return 0
    data = os.environ.get("DLI_DATA_DIR") or None
    settings = Settings.of(folder, {**vars(arguments), "data": data})
    checks.all_of(settings)
    prepare(settings)
    print(_told(settings), flush=True)
    become_hub(settings)
    return 0


def prepare(settings: Settings) -> None:
    """Write what is missing in the folder; what is there stays.

    Raises:
        SetupError, ValueError, OSError: as `run`.
    """
    os.umask(0o022)  # what is shared is for all to read
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.save()
    modes = {settings.hub: 0o700, settings.homes: 0o711, settings.notes: 0o711}
    for folder, mode in {settings.folder: 0o755, **modes}.items():
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
    _install_packages()
    _install_proxy(settings.hub / "proxy")
    if shared.write(settings):
        print("The students' repository has something new.", flush=True)
    checks.usable_by_students(settings)
    if not settings.data:
        _fetch_data(settings.data_folder)


def _install_packages() -> None:
    pins = re.findall(r"^(\S+)==(\S+)", PACKAGES.read_text("utf-8"), re.M)
    if machine.versions(name for name, _ in pins).items() >= dict(pins).items():
        return
    print("Installing JupyterHub into this environment …", flush=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    pip += ["--quiet", "--no-input", "--no-deps", "--no-build-isolation"]
    _call([*pip, "--require-hashes", "--requirement", str(PACKAGES)])


def _install_proxy(into: Path) -> None:
    """The proxy in exactly the version of the lock; again where that has changed."""
    lock = (PROXY / "package-lock.json").read_bytes()
    done = into / "installed.json"
    if done.exists() and done.read_bytes() == lock:
        return
    print("Installing the proxy …", flush=True)
    into.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(PROXY / name, into / name)
    _call(["npm", "ci", "--omit=dev", "--no-audit", "--no-fund"], into)
    done.write_bytes(lock)


def _fetch_data(into: Path) -> None:
    """All data sets that can be had; those that can't, notebooks name by themselves."""
    print(f"The data sets, into {into} …", flush=True)
    into.mkdir(exist_ok=True)
    env = {**os.environ, "DLI_DATA_DIR": str(into)}
    subprocess.run([sys.executable, "-m", "dli", "data", "fetch"], env=env, cwd=ROOT)
    # It is unpacked at its first use, and students can't write here.
    code = "from dli.datasets import hot_dogs; hot_dogs.load_folder()"
    subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT)
    for path in into.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _call(command: list[str], cwd: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise SetupError(
            f"`{' '.join(command)}` failed:\n{said}\n{advice_on(said)} "
            "Then the same command goes on."
        )


def _told(settings: Settings) -> str:
    scheme = "https" if settings.ssl_cert else "http"
    if settings.ip == "127.0.0.1":
        where = "this computer alone; --ip 0.0.0.0 lets others in"
    else:
        where = "every computer that reaches this one"
    return (
        f"\n{scheme}://{settings.ip}:{settings.port}/hub/signup (from {where})\n"
        f"1. Sign up as {settings.teacher!r} before anybody else does.\n"
        "2. Students sign up there too; let them in at /hub/authorize.\n"
        f"Edition: {settings.edition}. Memory: {settings.memory} a student, held by "
        f"{memory.held_by()}. Idle servers stop after {settings.idle} s.\n"
        "Ctrl-C ends the hub and all servers; files stay.\n"
    )


def become_hub(settings: Settings) -> None:
    """Go on as JupyterHub in this very process.

    Raises:
        SetupError: it is not installed.
    """
    if not find_spec("jupyterhub"):
        raise SetupError("JupyterHub is not installed")
    given = {"DLI_CLASSROOM": str(settings.folder), "PYTHONPATH": str(ROOT)}
    os.chdir(settings.hub)
    command = [sys.executable, "-m", "jupyterhub", f"--config={_CONFIG}"]
    os.execve(sys.executable, command, {**os.environ, **given})
