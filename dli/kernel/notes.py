"""Why the kernel before this one was ended, told by who ended it.

`course classroom` writes it into the file that `DLI_NOTE` names when a student's kernel
needed too much memory; JupyterLab itself only says that the kernel died.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FRESH = 120  # seconds: an older note is about a kernel that was forgotten since


def unread() -> str:
    """A note that was written just now; empty if there is none."""
    with suppress(OSError):
        note = Path(os.environ.get("DLI_NOTE", ""))
        if time.time() - note.stat().st_mtime < FRESH:
            return note.read_text(encoding="utf-8")
    return ""


def once(shell, note: str) -> Callable:
    """A callback for `pre_run_cell` that shows a note above the first cell's output."""

    def show(info) -> None:
        shell.events.unregister("pre_run_cell", show)
        print(note)

    return show
