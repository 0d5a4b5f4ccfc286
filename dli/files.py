"""Files written whole or not at all, and their hashes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A temporary file beside a target, which takes its place if all goes well.

    Yields:
        The temporary file, empty.

    Raises:
        OSError: it can't be written; the target is as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(target: Path, seconds: float = 3600) -> None:
    """Removes what killed processes left beside a target of `replacing`.

    Args:
        target: the file whose place a temporary one was to take.
        seconds: only temporary files that nobody has written to for so long.
    """
    for left in target.parent.glob(f".{target.name}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime >= seconds:
                left.unlink()


def sha256(file: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
