"""The artefacts in the cache: one verified file for each data set and extent.

In the cache folder (see `disk`) lie:

    mnist.npz                     the artefact, verified on every load
    mnist.npz.json                where it came from and when
    flowers17_224.tar             an archive, byte for byte as published …
    flowers17_224/                … and unpacked, with a list of hashes in it
    mnist.npz.damaged-20260101-120000   set aside, the newest only
    .mnist.lock                   held while a process fetches
    .fetching-mnist-…             temporary, gone when the fetch is over

Files get their name only when they are complete and verified, so that a reader never
meets half a file. Nothing in the cache is unpickled.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from dli import files
from dli.datasets._fetch import archives, disk, readers
from dli.datasets._fetch.errors import Damaged
from dli.datasets._fetch.readers import Arrays
from dli.datasets._fetch.sources import FIRST_USE, DataSet, Source

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


def file_name(data_set: DataSet, extent: str) -> str:
    """The artefact's name: `mnist.npz`, or `mnist-sample.npz` for a sample."""
    if extent == "complete":
        return data_set.artefact
    head, dot, suffix = data_set.artefact.rpartition(".")
    return f"{head}-{extent}{dot}{suffix}"


def path(data_set: DataSet, extent: str) -> Path:
    """Where the artefact lies in the cache, or would."""
    return disk.folder() / file_name(data_set, extent)


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
    return files.sha256(content) if isinstance(content, Path) else digest(content)


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
    with disk.writing():
        target.parent.mkdir(parents=True, exist_ok=True)
        for file in (target, _record_file(target)):
            files.remove_leftovers(file, 0)
        with files.replacing(target) as temporary:
            if isinstance(content, Path):
                shutil.copyfile(content, temporary)
            else:
                with open(temporary, "wb") as opened:
                    np.savez(opened, **content)
            # Before the artefact, which may be known by nothing else. A process that
            # dies in between leaves the old artefact: the record knows that too.
            with files.replacing(_record_file(target)) as noted:
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
    sha = files.sha256(artefact)
    if target.exists():
        try:
            if files.sha256(target) != sha:
                read(data_set, extent, target)
        except Damaged:
            raise FileExistsError(
                f"{target} is there already and is not {data_set.title}; "
                "move it away, or choose another folder"
            ) from None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    files.remove_leftovers(target)
    with files.replacing(target) as temporary:
        shutil.copyfile(artefact, temporary)
        if files.sha256(temporary) != sha:
            raise OSError(f"{target} was not written correctly")


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
    with disk.writing():
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
    return disk.made_folder(
        data_set.name,
        archive.with_name(archive.name.split(".")[0]),
        files.sha256(archive),
        lambda into: archives.unpack(archive, into),
    )


def _record_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")
