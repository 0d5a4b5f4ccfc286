"""Writing files whole, and keeping two processes out of one folder."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dli.files import replacing


def write_whole(path: Path, content: str | bytes) -> None:
    """Write all of a file or nothing: a full disk never costs the old one.

    Raises:
        OSError: it can't be written; the old file is as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path) as temporary, open(temporary, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def write_notebook(path: Path, content: dict) -> None:
    """Write a notebook (nbformat 4) whole; its folder is made if need be.

    Raises:
        OSError: it can't be written; an old file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def exclusive_lock(
    lock: Path, give_up: Callable[[], bool] = lambda: False
) -> Iterator[bool]:
    """Hold a lock file, so that no other runner writes where this one does.

    The process that holds it is named, and waited for; one that was killed holds
    nothing.

    Args:
        lock: the file; its folder is made if need be.
        give_up: asked while waiting.

    Yields:
        Whether it is held; False where `give_up` said so.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = lock.with_name(f"{lock.name}.holder")
    held, waiting = FileLock(lock), False
    while True:
        try:
            held.acquire(timeout=0.5 if waiting else 0)
            break
        except NotImplementedError:  # a file system without locks
            break
        except Timeout:
            if not waiting:
                known = holder.exists()
                who = holder.read_text("utf-8") if known else "another process"
                print(f"waiting: {who} is running notebooks here", flush=True)
                waiting = True
        if give_up():
            yield False
            return
    try:
        since = time.strftime("%H:%M:%S")
        holder.write_text(f"process {os.getpid()} (since {since})", "utf-8")
        yield True
    finally:
        holder.unlink(missing_ok=True)
        held.release()
