"""A classroom for drills: its hub really runs, on the loopback, as root."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import requests

from course.bootstrap import ROOT
from tests.support.drills.hub import Person

TEACHER = "drill-teacher"
STUDENTS = ("drill-ada", "drill-bob", "drill-carol")
SMALL = 70  # megabytes of Carol's disk
_SMALL_ID = 54399  # an account's number that nobody has

# In a mount namespace of its own: folders above this Python that others may not enter
# are replaced by empty ones, in which what leads to it is mounted again.
_OPENED = """
set -eu
keep=$1; shift
while [ "$1" != -- ]; do
    mkdir -p "$keep"
    mount --bind "$1/$2" "$keep"
    mount -t tmpfs -o mode=755 tmpfs "$1"
    mkdir "$1/$2"
    mount --bind "$keep" "$1/$2"
    shift 2
done
shift
mount -t tmpfs -o "size=$1" tmpfs "$2"
chown "$3:$3" "$2"
chmod 700 "$2"
shift 3
exec "$@"
"""


def may_not() -> str:
    """Why no classroom can be started here; empty if one can."""
    if sys.platform != "linux" or os.geteuid():
        return "needs root on Linux"
    for tool in ("node", "npm", "useradd", "userdel", "git", "unshare"):
        if not shutil.which(tool):
            return f"{tool} is not here"
    try:
        import jupyterhub  # noqa: F401
        import nativeauthenticator  # noqa: F401
    except ImportError as error:
        return f"{error}: `make classroom` installs it"
    command = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(command, capture_output=True).returncode:
        return "nothing may be mounted here"
    return ""


def _closed() -> list[str]:
    """Pairs for `_OPENED`: a folder that others may not enter, and the way on in it."""
    pairs = []
    for path in {Path(sys.prefix), Path(sys.executable).resolve()}:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & 0o001:
                pairs.append((str(folder), path.relative_to(folder).parts[0]))
    return [word for pair in dict.fromkeys(pairs) for word in pair]


class Classroom:
    """A copy of this repository, a classroom made from it, and its hub.

    Args:
        folder: an empty one that everybody may enter.
        memory: for each student.
        data: the folder of the data sets.
    """

    def __init__(self, folder: Path, memory: str, data: Path) -> None:
        self.clone, self.folder = folder / "clone", folder / "class"
        self.memory, self.data, self._scratch = memory, data, folder / "keep"
        self.port = _three_free_ports()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "hub.log"
        self._orphans: list[psutil.Process] = []
        self._copy()

    def _copy(self) -> None:
        left = shutil.ignore_patterns("__pycache__", "*.yours.*")
        for name in ("course", "dli", "docker", "notebooks", "site"):
            shutil.copytree(ROOT / name, self.clone / name, ignore=left)
        for name in ("README.md", "LICENSE", "pyproject.toml", "requirements.txt"):
            shutil.copyfile(ROOT / name, self.clone / name)
        shutil.copyfile(ROOT / ".gitignore", self.clone / ".gitignore")
        (self.clone / "notebooks").chmod(0o700)

    @property
    def small(self) -> Path:
        """Carol's home, a small disk of its own."""
        return self.folder / "homes" / STUDENTS[2]

    def start(self, seconds: float = 300) -> None:
        """Start the hub, or start it again, and wait until it answers.

        Raises:
            RuntimeError: it ended, or does not answer.
        """
        words = [sys.executable, "-m", "course", "classroom", str(self.folder)]
        words += ["--port", str(self.port), "--memory", self.memory]
        words += ["--teacher", TEACHER]
        env = {**os.environ, "DLI_ENV": "current", "DLI_DATA_DIR": str(self.data)}
        env |= {"PYTHONPATH": str(self.clone)}
        if not (self.folder / "classroom.json").exists():
            self._prepare(env)
        space = self._namespace()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*space, *words],
                cwd=self.clone,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError), requests.Session() as session:
                session.trust_env = False
                if session.get(f"{self.address}/hub/health", timeout=5).ok:
                    return
            time.sleep(0.5)
        raise RuntimeError(self.log.read_text("utf-8", errors="replace")[-3000:])

    def _prepare(self, env: dict) -> None:
        """All that needs the network and root's own folders, before they are hidden."""
        code = (
            "import sys; from pathlib import Path\n"
            "from course.classroom import checks, start\n"
            "from course.classroom.settings import Settings\n"
            "checks.usable_by_students = lambda settings: None\n"
            "given = {'teacher': sys.argv[2], 'data': sys.argv[3]}\n"
            "start.prepare(Settings.of(Path(sys.argv[1]), given))"
        )
        words = [sys.executable, "-c", code, str(self.folder), TEACHER, str(self.data)]
        env = {**env, "DLI_NOTEBOOKS": str(self.clone / "notebooks")}
        done = subprocess.run(
            words, cwd=self.clone, env=env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        self.small.mkdir()

    def _namespace(self) -> list[str]:
        """What opens the way to this Python; the second time the same as before."""
        if hasattr(self, "_of_before"):
            return ["nsenter", f"--mount={self._of_before}", "--"]
        script = ["sh", "-c", _OPENED, "sh", str(self._scratch), *_closed(), "--"]
        small = [f"{SMALL}m", str(self.small), str(_SMALL_ID)]
        space = ["unshare", "--mount", "--propagation=private"]
        # A process that stays, so that the namespace outlives the hub.
        self._holder = subprocess.Popen(
            [*space, *script, *small, "sh", "-c", "echo ready; exec sleep 3600"],
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout.readline() == b"ready\n"
        self._of_before = f"/proc/{self._holder.pid}/ns/mnt"
        return ["nsenter", f"--mount={self._of_before}", "--"]

    def kill_hub(self) -> None:
        """End the hub as a power cut would; servers and proxy stay."""
        pid = int((self.folder / "hub" / "hub.pid").read_text())
        self._orphans += psutil.Process(pid).children()
        os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def server(self, name: str) -> psutil.Process:
        """The process of a student's server."""
        uid = pwd.getpwnam(name).pw_uid
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                words = " ".join(process.cmdline())
                if process.uids().real == uid and "jupyterhub-singleuser" in words:
                    return process
        raise LookupError(f"{name} has no server")

    def person(self, name: str) -> Person:
        """Somebody in front of a browser."""
        return Person(self.address, name)

    def stop(self) -> None:
        """End everything that was started, and remove the accounts."""
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        homes = self.folder / "homes"
        known = [e for e in pwd.getpwall() if Path(e.pw_dir).parent == homes]
        uids = {entry.pw_uid for entry in known}
        for process in self._orphans:
            with suppress(psutil.Error):
                process.kill()
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                ours = str(self.folder) in " ".join(process.cmdline())
                if process.uids().real in uids or (ours and process.pid != os.getpid()):
                    process.kill()
        time.sleep(1)
        for entry in known:
            subprocess.run(["userdel", entry.pw_name], capture_output=True)
        if hasattr(self, "_holder"):
            self._holder.kill()
            self._holder.wait()


def _three_free_ports() -> int:
    """The first of three in a row that nobody listens on."""
    for first in range(18000, 19000, 10):
        with suppress(OSError):
            for port in range(first, first + 3):
                with socket.socket() as tried:
                    tried.bind(("127.0.0.1", port))
            return first
    raise OSError("no free ports")


def notebook_of(person: Person, path: str) -> tuple[dict, list[str]]:
    """A notebook of a student's copy, and the source of its code cells."""
    content = person.read(path)
    cells = [c for c in content["cells"] if c["cell_type"] == "code"]
    return json.loads(json.dumps(content)), [cell["source"] for cell in cells]
