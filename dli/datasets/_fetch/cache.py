"""The cache: one verified file for each data set and extent.

The folder is `DLI_DATA_DIR`, or the platform's user cache folder. In it:

    mnist.npz                     the artefact, verified on every load
    mnist.npz.json                where it came from and when
    flowers17_224.tar             an archive, byte for byte as published …
    flowers17_224/                … and unpacked, with a list of hashes in it
    mnist.npz.damaged-20260101-120000   set aside, the newest only
    .mnist.lock                   held while a process fetches
    .fetching-mnist-…             temporary, gone when the fetch is over

Files get their name only when they are complete and verified (temporary file in the
same folder, then `os.replace`), so that a reader never meets half a file. Nothing in
the cache is unpickled.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from dli.datasets._fetch import archives, live, readers
from dli.datasets._fetch.errors import CacheUnusable, Damaged
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import FIRST_USE, DataSet, Source, file_hash

LOCK_SECONDS = 1800  # for another process to finish its fetch
HASH_LIST = ".dli-hashes.json"

Content = Arrays | Path  # arrays, or the artefact's file


@dataclass(frozen=True)
class Record:
    """Where an artefact came from.

    Attributes:
        source: the source in words.
        fetched: time in UTC, ISO 8601.
        sha256: of the content.
        before: of the content that it replaced; empty if there was none.
    """

    source: str
    fetched: str
    sha256: str
    before: str = ""


def folder() -> Path:
    """The cache folder; it may not exist yet."""
    named = os.environ.get("DLI_DATA_DIR", "").strip()
    if named:
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("deep-learning-illustrated", appauthor=False)


def file_name(data_set: DataSet, extent: str) -> str:
    """The artefact's name: `mnist.npz`, or `mnist-sample.npz` for a sample."""
    if extent == "complete":
        return data_set.artefact
    head, dot, suffix = data_set.artefact.rpartition(".")
    return f"{head}-{extent}{dot}{suffix}"


def path(data_set: DataSet, extent: str) -> Path:
    """Where the artefact lies in the cache, or would."""
    return folder() / file_name(data_set, extent)


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over the name, dtype, shape and bytes of every array.

    Args:
        arrays: by name; the order does not matter.

    Raises:
        ValueError: an array holds Python objects.
    """
    sha = hashlib.sha256()
    for name in sorted(arrays):
        values = np.ascontiguousarray(arrays[name])
        if values.dtype.hasobject:
            raise ValueError(f"array {name} holds Python objects")
        sha.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        sha.update(values.reshape(-1).view(np.uint8).data)
    return sha.hexdigest()


def content_hash(content: Content) -> str:
    """The hash that the table names: of arrays or of a file's bytes."""
    return file_hash(content) if isinstance(content, Path) else digest(content)


def read(data_set: DataSet, extent: str, file: Path | None = None) -> Content:
    """The verified content of an artefact.

    Args:
        data_set: an entry of the table.
        extent: "complete" or "sample".
        file: an artefact that lies elsewhere than in the cache.

    Returns:
        The arrays, or for archives and files the file's path.

    Raises:
        FileNotFoundError: there is none.
        Damaged: it can't be read, or is not what the table says.
    """
    file = file or path(data_set, extent)
    if not file.is_file():
        raise FileNotFoundError(file)
    try:
        content = readers.npz(file) if data_set.kind == "arrays" else file
        found = content_hash(content)
    except (PermissionError, MemoryError):
        raise
    except Exception as error:  # a broken file fails in many ways
        raise Damaged(f"{file.name} can't be read ({error})") from error
    allowed = data_set.sha256[extent]
    if FIRST_USE in allowed:
        known = record(file)
        allowed = (known.sha256, known.before) if known else ()
    if found not in allowed:
        raise Damaged(f"{file.name} is not what was stored (SHA-256 {found[:12]}…)")
    return content


def store(data_set: DataSet, extent: str, content: Content, source: Source) -> Content:
    """Puts verified content into the cache, replacing what was there. Needs the lock.

    Args:
        data_set: an entry of the table.
        extent: "complete" or "sample".
        content: arrays, or a file in the workspace or a mirror (it is copied).
        source: where it came from, for the record.

    Returns:
        The content: the same arrays, or the file's path in the cache.

    Raises:
        CacheUnusable: no permission, or no space.
    """
    target = path(data_set, extent)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = record(target) if target.exists() else None
    before = known.sha256 if known else ""
    entry = Record(str(source), now, content_hash(content), before)
    with _writing():
        target.parent.mkdir(parents=True, exist_ok=True)
        for file in (target, _record_file(target)):
            clear_leftovers(file, 0)
        with _replacing(target) as temporary:
            if isinstance(content, Path):
                shutil.copyfile(content, temporary)
            else:
                with open(temporary, "wb") as opened:
                    np.savez(opened, **content)
            # Before the artefact, which may be known by nothing else. A process that
            # dies in between leaves the old artefact: the record knows that too.
            with _replacing(_record_file(target)) as noted:
                noted.write_text(json.dumps(asdict(entry), indent=1) + "\n")
    return target if isinstance(content, Path) else content


def copy(data_set: DataSet, extent: str, target: Path) -> None:
    """Copies a verified artefact out of the cache.

    Args:
        data_set: an entry of the table.
        extent: "complete" or "sample"; it must be in the cache.
        target: the new file; left as it is if it holds the data set already.

    Raises:
        FileExistsError: `target` is there and something else.
        OSError: it can't be written.
    """
    artefact = path(data_set, extent)
    sha = file_hash(artefact)
    if target.exists():
        try:
            if file_hash(target) != sha:
                read(data_set, extent, target)
        except Damaged:
            raise FileExistsError(
                f"{target} is there already and is not {data_set.title}; "
                "move it away, or choose another folder"
            ) from None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    clear_leftovers(target)
    with _replacing(target) as temporary:
        shutil.copyfile(artefact, temporary)
        if file_hash(temporary) != sha:
            raise OSError(f"{target} was not written as it should be")


def record(file: Path) -> Record | None:
    """Where an artefact in the cache came from, if that is known."""
    try:
        return Record(**json.loads(_record_file(file).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def set_aside(file: Path) -> Path:
    """Renames a damaged artefact; an older one set aside before is removed.

    Raises:
        CacheUnusable: no permission.
    """
    with _writing():
        for old in file.parent.glob(f"{file.name}.damaged-*"):
            old.unlink()
        stamp = time.strftime("%Y%m%d-%H%M%S")
        return file.replace(file.with_name(f"{file.name}.damaged-{stamp}"))


def unpacked(data_set: DataSet, extent: str) -> Path:
    """The folder beside a verified archive that holds its files.

    Raises:
        CacheUnusable: no permission, or no space.
        archives.UnsafeArchive: the archive can't be unpacked.
    """
    archive = path(data_set, extent)
    return made_folder(
        data_set.name,
        archive.with_name(archive.name.split(".")[0]),
        file_hash(archive),
        lambda into: archives.unpack(archive, into),
    )


def made_folder(
    name: str, target: Path, stamp: str, make: Callable[[Path], object]
) -> Path:
    """A folder of files that were made once and are verified ever after.

    The hash of every file is kept in the folder. When a file is missing or altered,
    or the stamp is another, the folder is made anew; files that a reader added don't
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
    with lock(name), workspace(name) as work:
        if _intact(target, stamp):
            return target
        made = work / "made"
        made.mkdir()
        make(made)
        files = [file for file in sorted(made.rglob("*")) if file.is_file()]
        hashes = {file.relative_to(made).as_posix(): file_hash(file) for file in files}
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
            file_hash(target / name) == sha for name, sha in entry["files"].items()
        )
    except (OSError, ValueError, TypeError, KeyError):
        return False


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Holds the one lock of a data set, waiting for another process to release it.

    Raises:
        CacheUnusable: the folder can't be written, or the wait was in vain.
    """
    from filelock import FileLock, Timeout

    with _writing():
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
    with _writing():
        for left in folder().glob(f".fetching-{name}-*"):  # by a process that died
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix=f".fetching-{name}-", dir=folder()))
    try:
        with _writing():
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A temporary file beside a target that takes its place when all went well."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def clear_leftovers(target: Path, seconds: float = 3600) -> None:
    """Removes what processes that died left beside a target they were writing.

    Args:
        target: the file whose place a temporary one was to take.
        seconds: only temporary files not written to for so long.
    """
    for left in target.parent.glob(f".{target.name}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime >= seconds:
                left.unlink()


@contextmanager
def _writing() -> Iterator[None]:
    """Turns errors of the disk into CacheUnusable."""
    try:
        yield
    except OSError as error:
        raise CacheUnusable(
            f"the cache folder {folder()} can't be written: {error.strerror or error}"
        ) from error


def _record_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")
