"""Unpacking of archives that nobody here wrote.

Formats: zip (also wheels) and tar, plain or compressed with gzip, bzip2 or xz. Only
regular files come out. Absolute paths, `..`, links, devices, names that occur twice
and archives that swell beyond bounds are refused with `UnsafeArchive` before the file
in question is written. Modes, owners and times in the archive are ignored.
"""

import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

MAX_BYTES = 2 * 2**30  # unpacked, the whole archive
MAX_RATIO = 200  # unpacked bytes for each byte of the archive file
MAX_FILES = 100_000
_FREE_BYTES = 2**20  # below this no ratio is suspicious


class UnsafeArchive(Exception):
    """The archive is broken or holds something that must not be unpacked."""


_Open = Callable[[], IO[bytes]]


def take_members(
    archive: Path, wanted: Mapping[str, str], into: Path
) -> dict[str, Path]:
    """Unpacks the wanted files of an archive and nothing else.

    Args:
        archive: a zip or tar file.
        wanted: a key of our own for each member path inside the archive.
        into: an existing folder; the files are named after the keys.

    Returns:
        The unpacked file for each key.

    Raises:
        UnsafeArchive: the archive is broken or unsafe, or lacks a wanted member.
    """
    key_of = {member: key for key, member in wanted.items()}
    taken: dict[str, Path] = {}
    with _reading(archive):
        for name, opened in _members(archive, skip_links=True):
            if name in key_of:
                target = into / key_of[name]
                _write(opened, target)
                taken[key_of[name]] = target
    missing = [member for key, member in wanted.items() if key not in taken]
    if missing:
        raise UnsafeArchive(f"{archive.name} holds no {missing[0]}")
    return taken


def unpack(archive: Path, into: Path) -> list[Path]:
    """Unpacks a whole archive.

    A folder that alone holds everything in the archive is dropped:
    `flowers17/jpg/image_0001.jpg` becomes `into/jpg/image_0001.jpg`.

    Args:
        archive: a zip or tar file.
        into: an existing, empty folder.

    Returns:
        The unpacked files, in the archive's order.

    Raises:
        UnsafeArchive: the archive is broken or unsafe.
    """
    with _reading(archive):
        names = [name for name, _ in _members(archive)]
        tops = {PurePosixPath(name).parts[0] for name in names}
        nested = all(len(PurePosixPath(name).parts) > 1 for name in names)
        dropped = 1 if len(tops) == 1 and nested else 0
        files = []
        for name, opened in _members(archive):
            target = into.joinpath(*PurePosixPath(name).parts[dropped:])
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(opened, target)
            files.append(target)
    return files


def contents(
    archive: Path, wanted: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], bytes]]:
    """The files of an archive whose path matches, one after the other, in memory.

    Args:
        archive: a zip or tar file.
        wanted: a pattern that must match the member's whole path.

    Yields:
        The match and the file's bytes, in the archive's order.

    Raises:
        UnsafeArchive: the archive is broken or unsafe.
    """
    with _reading(archive):
        for name, opened in _members(archive, skip_links=True):
            if match := wanted.fullmatch(name):
                with opened() as source:
                    yield match, source.read()


@contextmanager
def _reading(archive: Path) -> Iterator[None]:
    """Turns every way in which a broken archive fails into UnsafeArchive."""
    try:
        yield
    except UnsafeArchive:
        raise
    except OSError as error:
        if error.errno is not None:  # the disk, not the archive
            raise
        raise UnsafeArchive(f"{archive.name} is broken: {error}") from error
    except Exception as error:
        raise UnsafeArchive(f"{archive.name} is broken: {error}") from error


def _members(archive: Path, *, skip_links: bool = False) -> Iterator[tuple[str, _Open]]:
    """The regular files of an archive, each checked before it is handed out."""
    limit = min(MAX_BYTES, max(_FREE_BYTES, MAX_RATIO * archive.stat().st_size))
    with open(archive, "rb") as file:
        lister = _zip_members if file.read(2) == b"PK" else _tar_members
    seen: set[str] = set()
    total = 0
    for raw_name, size, opened in lister(archive, skip_links):
        name = _safe_name(raw_name)
        if name.casefold() in seen:
            raise UnsafeArchive(f"{archive.name} holds {name} twice")
        seen.add(name.casefold())
        total += size
        if total > limit or len(seen) > MAX_FILES:
            raise UnsafeArchive(
                f"{archive.name} swells beyond {limit // 10**6} MB or "
                f"{MAX_FILES:,} files when it is unpacked"
            )
        yield name, opened


def _safe_name(name: str) -> str:
    """The member's relative path with `/`, or UnsafeArchive."""
    path = PurePosixPath(name)
    unsafe = (
        path.is_absolute()
        or ".." in path.parts
        or not path.parts
        or any(mark in name for mark in ("\\", ":", "\0"))
    )
    if unsafe:
        raise UnsafeArchive(f"the archive holds the unsafe path {name!r}")
    return str(path)


def _tar_members(archive: Path, skip_links: bool) -> Iterator[tuple[str, int, _Open]]:
    """Name, size and content of each regular file of a tar."""
    with tarfile.open(archive, "r:*") as tar:
        for info in tar:
            if info.isdir():
                if PurePosixPath(info.name).parts:  # not "./"
                    _safe_name(info.name)
            elif info.isreg() and not info.issparse():
                yield info.name, info.size, lambda info=info: tar.extractfile(info)
            elif not skip_links:
                raise UnsafeArchive(f"{info.name} is a link or a device")


def _zip_members(archive: Path, skip_links: bool) -> Iterator[tuple[str, int, _Open]]:
    """Name, size and content of each regular file of a zip."""
    with zipfile.ZipFile(archive) as zipped:
        for info in zipped.infolist():
            kind = (info.external_attr >> 16) & 0o170000
            if info.is_dir():
                _safe_name(info.filename)
            elif kind in (0, 0o100000):
                size = info.file_size
                yield info.filename, size, lambda info=info: zipped.open(info)
            elif not skip_links:
                raise UnsafeArchive(f"{info.filename} is a link or a device")


def _write(opened: _Open, target: Path) -> None:
    """Copies one member; a shorter or longer one than announced raises."""
    with opened() as source, open(target, "xb") as sink:
        shutil.copyfileobj(source, sink, 2**20)
