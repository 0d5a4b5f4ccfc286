"""JupyterHub's spawner of local processes, with a limit on memory that holds."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Unicode

from course.classroom import memory

LOG = ".server.log"  # in the student's home
_LOOK = memory.Look()  # one for all students


class StudentSpawner(LocalProcessSpawner):
    """A server as the student's own account, in a cgroup or watched by the hub.

    The hub asks `poll` every few seconds, also of servers that it found running when it
    was started again.
    """

    notes = Unicode(help="the folder that says why a kernel was ended").tag(config=True)

    @property
    def group(self) -> memory.Cgroup | None:
        """The student's cgroup; None where there can be none."""
        if not hasattr(self, "_group"):
            self._group = memory.cgroup(self.user.name, self.mem_limit)
            self._ended = self._group.ended() if self._group else 0
        return self._group

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """What the new process does before it becomes the server."""
        become_student, group = super().make_preexec_fn(name), self.group

        def begin() -> None:
            memory.spare_the_hub()
            if group is not None:
                group.enter()
            become_student()
            # Not the hub's terminal: the server outlives it where the hub is killed.
            log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)

        return begin

    async def poll(self) -> int | None:
        """None while the server runs, as JupyterHub wants it; looks at its memory."""
        status = await super().poll()
        if status is None:
            self.look()
        return status

    async def stop(self, now: bool = False) -> None:
        """Stop the server; an empty cgroup goes with it."""
        await super().stop(now)
        if self.group is not None:
            with suppress(OSError):  # something of the student's still runs in it
                self.group.folder.rmdir()
                del self._group

    def look(self) -> None:
        """Tell the student what was ended; end it where nobody else does."""
        if self.group is not None:
            ended = self.group.ended()
            fresh = ended > self._ended
            self._ended = ended
        else:
            uid = pwd.getpwnam(self.user.name).pw_uid
            fresh = memory.enforce(uid, self.mem_limit, self.pid, _LOOK)
        if fresh:
            self.log.warning("%s was over the limit on memory", self.user.name)
            gigabytes = self.mem_limit / 1024**3
            note = Path(self.notes) / self.user.name
            note.write_text(
                "Your kernel was ended: together, all that you had open needed more "
                f"than {gigabytes:.3g} GB of memory. Saved notebooks are as they were. "
                "Shut down the kernels that you do not need (square icon on the left), "
                "then run this notebook from its top.\n",
                encoding="utf-8",
            )
            os.chmod(note, 0o644)
