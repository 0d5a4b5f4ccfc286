"""A limit on the memory of all that one student's server starts.

A cgroup where one can be made: the kernel of Linux ends the largest process in it as
soon as the limit is reached. Elsewhere (in most containers) the hub looks every few
seconds at what a student's processes hold, and ends the largest. RLIMIT_AS is no way:
TensorFlow reserves far more addresses than it uses memory.
"""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PARENT = "dli-classroom"
SPARED = 500  # oom_score_adj: where the whole machine is full, the hub stays
_STALE = 1.0  # seconds for which one look at all processes counts


@dataclass(frozen=True)
class Cgroup:
    """A student's cgroup.

    Attributes:
        folder: in `/sys/fs/cgroup`.
    """

    folder: Path

    def enter(self) -> None:
        """Put this process in, and with it all that it will start."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def ended(self) -> int:
        """How many processes were ended for their memory so far; 0 if not known."""
        for file in ("memory.events", "memory.oom_control"):
            with suppress(OSError):
                text = (self.folder / file).read_text()
                if found := re.search(r"^oom_kill (\d+)$", text, re.M):
                    return int(found[1])
        return 0


def cgroup(name: str, most: int, root: Path = CGROUPS) -> Cgroup | None:
    """Make or change a student's cgroup.

    Args:
        name: of the student.
        most: bytes.
        root: where the file systems of cgroups are mounted.

    Returns:
        None where none can be made.
    """
    with suppress(OSError):
        if (root / "cgroup.controllers").exists():  # version 2
            parent = root / PARENT
            parent.mkdir(exist_ok=True)
            for folder in (root, parent):
                if "memory" not in (folder / "cgroup.subtree_control").read_text():
                    (folder / "cgroup.subtree_control").write_text("+memory")
            made = parent / name
            made.mkdir(exist_ok=True)
            (made / "memory.max").write_text(str(most))
            with suppress(OSError):  # a kernel without swap
                (made / "memory.swap.max").write_text("0")
            return Cgroup(made)
        # Version 1: below our own, whose limit holds for all of them.
        own = re.search(
            r"^\d+:memory:/(.*)$", Path("/proc/self/cgroup").read_text(), re.M
        )
        made = root / "memory" / (own[1] if own else "") / PARENT / name
        made.mkdir(parents=True, exist_ok=True)
        (made / "memory.limit_in_bytes").write_text(str(most))
        return Cgroup(made)
    return None


def held_by() -> str:
    """How the limit is held here, in words."""
    probe = cgroup("probe", 2**30)
    if probe is None:
        return "the hub, which looks every two seconds (no cgroup can be made here)"
    with suppress(OSError):
        probe.folder.rmdir()
    return "a cgroup for each student"


def spare_the_hub() -> None:
    """Let Linux end this process, and what it starts, before the hub."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(SPARED))


class Look:
    """What every account's processes hold; one pass over `/proc` serves all."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc
        self._at = -_STALE
        self._found: dict[int, list[tuple[int, int]]] = {}

    def processes(self, uid: int) -> list[tuple[int, int]]:
        """(bytes, process id) of an account's processes, the largest last.

        Counted is what belongs to a process alone: libraries are shared by all.
        """
        if time.monotonic() - self._at >= _STALE:
            self._found = {}
            for folder in self._proc.glob("[0-9]*"):
                with suppress(OSError, ValueError):
                    text = (folder / "status").read_text()
                    owner = int(re.search(r"^Uid:\s+(\d+)", text, re.M)[1])
                    parts = re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+)", text, re.M)
                    held = (sum(map(int, parts)) * 1024, int(folder.name))
                    self._found.setdefault(owner, []).append(held)
            self._at = time.monotonic()
        return sorted(self._found.get(uid, ()))


def enforce(uid: int, most: int, server: int, look: Look) -> bool:
    """End the largest process of an account that holds too much; the hub's way.

    Args:
        uid: the account's; never root's.
        most: bytes that all its processes may hold together.
        server: the student's server, which is ended only where nothing else is left.
        look: at the processes.

    Returns:
        Whether one was ended.
    """
    found = look.processes(uid)
    if not uid or sum(held for held, _ in found) <= most:
        return False
    others = [pid for _, pid in found if pid != server]
    with suppress(ProcessLookupError):
        os.kill(others[-1] if others else server, signal.SIGKILL)
    return True
