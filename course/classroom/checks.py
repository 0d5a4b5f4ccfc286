"""What has to be true before anything is changed; each refusal says what to do."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from course.bootstrap import ROOT, SetupError
from course.classroom.settings import MARK, Settings

NODE = 18  # the oldest that the proxy starts on
TOOLS = ("useradd", "git")
# What of this clone shows solutions: notebooks, their history, and copies.
_SECRET = ("notebooks", ".git", "build", "runs", "tests", "teaching")


def all_of(settings: Settings) -> None:
    """Refuse what can't work.

    Raises:
        SetupError: the computer or this clone is not fit for it.
        ValueError: the folder or a port is taken.
    """
    root()
    folder(settings.folder)
    not_running(settings)
    ports(settings)
    tools()
    hidden_solutions()


def root() -> None:
    """Raises:
    SetupError: no Linux, or not root.
    """
    if sys.platform != "linux":
        raise SetupError("a classroom needs Linux: students get accounts of the system")
    if os.geteuid():
        raise SetupError(
            "a classroom needs root, which makes students' accounts and starts their "
            "servers as them: `sudo make classroom FOLDER=…`"
        )


def folder(found: Path) -> None:
    """Raises:
    ValueError: it holds something else.
    """
    if found.exists() and not found.is_dir():
        raise ValueError(f"{found} is a file: name a folder")
    if found.exists() and any(found.iterdir()) and not (found / MARK).is_file():
        raise ValueError(f"{found} holds something else: name an empty folder")


def not_running(settings: Settings) -> None:
    """Raises:
    ValueError: the hub of this folder runs already.
    """
    if (process := _running(settings.hub / "hub.pid", "jupyterhub")) is not None:
        raise ValueError(
            f"this classroom runs already, as process {process.pid}; Ctrl-C there (or "
            f"`kill {process.pid}`) stops it"
        )


def ports(settings: Settings) -> None:
    """The proxy's, the hub's, and the one over which they talk.

    Raises:
        ValueError: another program has one of them.
    """
    # A proxy of ours that lost its hub: the hub ends it.
    if _running(settings.hub / "proxy.pid", "configurable-http-proxy"):
        return
    for port in range(settings.port, settings.port + 3):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(
                    (settings.ip if port == settings.port else "127.0.0.1", port)
                )
            except OSError as error:
                raise ValueError(
                    f"port {port}: {error.strerror}. A classroom needs three in a row; "
                    f"--port {settings.port + 10}, for instance, takes others"
                ) from None


def tools() -> None:
    """Raises:
    SetupError: a program is missing, or too old.
    """
    for tool in TOOLS:
        if not shutil.which(tool):
            raise SetupError(f"{tool} is not here: install it first")
    advice = f"Node.js {NODE} or newer with npm: on Debian, apt install nodejs npm"
    if not shutil.which("node") or not shutil.which("npm"):
        raise SetupError(f"the hub's proxy needs {advice}")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    with suppress(ValueError):
        if int(told.strip().lstrip("v").split(".")[0]) < NODE:
            raise SetupError(
                f"this is Node.js {told.strip()}; the proxy needs {advice}"
            )


def hidden_solutions() -> None:
    """Raises:
    SetupError: everybody could read the solutions in this clone.
    """
    secret = [str(ROOT / name) for name in _SECRET]
    found = _as_nobody(["/bin/sh", "-c", _READABLE, "sh", *secret]).stdout.split("\n")
    if found := [name for name in found if name]:
        raise SetupError(
            "students could read the solutions in this clone. Close it to them:\n"
            f"  chmod o= {' '.join(found)}"
        )


_READABLE = """\
for name; do
    if [ -r "$name" ] || [ -x "$name" ]; then echo "$name"; fi
done
"""


def usable_by_students(settings: Settings) -> None:
    """Raises:
    SetupError: students could not start this Python, or not read the folder.
    """
    shared = str(settings.shared)
    code = "import json, dli, jupyterhub, sys; print(json.dumps(dli.__file__))"
    done = _as_nobody([sys.executable, "-c", code], {"PYTHONPATH": shared})
    with suppress(ValueError):
        if json.loads(done.stdout).startswith(shared):
            return
    said = (done.stderr.strip().splitlines() or ["it is not readable"])[-1]
    raise SetupError(
        f"students can't use {sys.prefix} and {shared}: {said}. Every folder above "
        "both must be open to all (`chmod o+x`), as a home folder seldom is: put the "
        "clone and the classroom below /srv, for instance."
    )


def _as_nobody(command: list[str], env: dict[str, str] | None = None):
    """What a command says that runs as the account that may the least."""
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    env = {"PATH": os.defpath, "HOME": "/", **(env or {})}
    try:
        return subprocess.run(
            command, cwd="/", env=env, capture_output=True, text=True, **who
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _running(pid_file: Path, word: str) -> psutil.Process | None:
    """The process that a file names, if it lives and is what it should be."""
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if any(word in part for part in process.cmdline()):
            return process
    return None
