"""The cache folder: where it is, its locks, and folders that are made in it.

The folder is `DLI_DATA_DIR`, or the platform's user cache folder. What fails in
writing to it is `CacheUnusable`, wherever it happens: no other `OSError` is the
disk's fault.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dli import files, folders
from dli.datasets._fetch import live
from dli.datasets._fetch.errors import CacheUnusable

LOCK_SECONDS = 1800  # for another process to finish its fetch
HASH_LIST = ".dli-hashes.json"


def folder() -> Path:
    """The cache folder; it may not exist yet."""
    named = folders.named("DLI_DATA_DIR")
    if named:
        return named
    from platformdirs import user_cache_path

    return user_cache_path("deep-learning-illustrated", appauthor=False)


@contextmanager
def writing() -> Iterator[None]:
    """Turns errors of the disk into `CacheUnusable`."""
    try:
        yield
    except OSError as error:
        raise CacheUnusable(
            f"the cache folder {folder()} can't be written: {error.strerror or error}"
        ) from error


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Holds the exclusive lock of a data set; waits while another process holds it.

    Raises:
        CacheUnusable: the folder can't be written, or the wait was in vain.
    """
    from filelock import FileLock, Timeout

    with writing():
        folder().mkdir(parents=True, exist_ok=True)
        held = FileLock(folder() / f".{name}.lock")
        try:
            held.acquire(timeout=0.2)
        except Timeout:
            try:
                with live.line(f"waiting: another process is fetching {name}"):
                    held.acquire(timeout=LOCK_SECONDS, poll_interval=0.2)
            except Timeout:
                raise CacheUnusable(
                    f"another process has held {held.lock_file} for "
                    f"{LOCK_SECONDS // 60} minutes; end it and try again"
                ) from None
        except NotImplementedError:  # a file system without locks: files are
            held = None  # replaced whole, so the last of two fetches wins
    try:
        yield
    finally:
        if held is not None:
            held.release()


@contextmanager
def workspace(name: str) -> Iterator[Path]:
    """A temporary folder inside the cache, removed at the end. Needs the lock.

    Raises:
        CacheUnusable: the folder can't be written.
    """
    with writing():
        for left in folder().glob(f".fetching-{name}-*"):  # by a process that died
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=f".fetching-{name}-", dir=folder()))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def made_folder(
    name: str, target: Path, stamp: str, make: Callable[[Path], object]
) -> Path:
    """A folder of files that are made once and verified on every later use.

    The hash of every file is kept in the folder. When a file is missing or altered,
    or the stamp is another, the folder is made again; files that a reader added don't
    matter, but are gone then.

    Args:
        name: of the data set, for the lock.
        target: the folder, inside the cache.
        stamp: stands for what the folder is made from.
        make: fills the empty folder that it is given.

    Returns:
        The folder `target`.

    Raises:
        CacheUnusable: no permission, or no space.
    """
    if _intact(target, stamp):
        return target
    with lock(name), workspace(name) as work, writing():
        if _intact(target, stamp):
            return target
        made = work / "made"
        made.mkdir()
        make(made)
        inside = [file for file in sorted(made.rglob("*")) if file.is_file()]
        hashes = {f.relative_to(made).as_posix(): files.sha256(f) for f in inside}
        entry = {"stamp": stamp, "files": hashes}
        (made / HASH_LIST).write_text(json.dumps(entry), encoding="utf-8")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.replace(work / "old")
        made.replace(target)
    return target


def _intact(target: Path, stamp: str) -> bool:
    try:
        entry = json.loads((target / HASH_LIST).read_text(encoding="utf-8"))
        return entry["stamp"] == stamp and all(
            files.sha256(target / name) == sha for name, sha in entry["files"].items()
        )
    except (OSError, ValueError, TypeError, KeyError):
        return False
