"""Unpacking of archives that nobody here wrote.

Formats: zip (also wheels) and tar, plain or compressed with gzip, bzip2 or xz. Only
regular files come out. Absolute paths, `..`, links, devices, names that occur twice
and archives that swell beyond bounds are refused with `UnsafeArchive` before the file
in question is written. Modes, owners and times in the archive are ignored.
"""

import os
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from dli.datasets._fetch import disk
from dli.datasets._fetch.errors import CacheUnusable

MAX_BYTES = 2 * 2**30  # unpacked, the whole archive
MAX_RATIO = 200  # unpacked bytes for each byte of the archive file
MAX_FILES = 20_000  # folders and links, which are left out, count too
_MAX_NAME = 255  # bytes of a part of a path; file systems take no more
_MAX_HEADER = 2**20  # of a tar's extended headers, which are read into memory
_FREE_BYTES = 2**20  # below this no ratio is suspicious


class UnsafeArchive(Exception):
    """The archive is broken or holds something that must not be unpacked."""


_Open = Callable[[], IO[bytes]]
_Member = tuple[str, int, _Open | None]  # name, size, content


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
        CacheUnusable: a file can't be written.
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
        CacheUnusable: a file can't be written.
    """
    with _reading(archive):
        names = [name for name, _ in _members(archive)]
        tops = {PurePosixPath(name).parts[0] for name in names}
        nested = all(len(PurePosixPath(name).parts) > 1 for name in names)
        dropped = 1 if len(tops) == 1 and nested else 0
        files = []
        for name, opened in _members(archive):
            target = into.joinpath(*PurePosixPath(name).parts[dropped:])
            with disk.writing():
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
    except (UnsafeArchive, CacheUnusable):
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
    files: set[str] = set()
    folders: set[str] = set()
    total = 0
    for number, (raw_name, size, opened) in enumerate(lister(archive, skip_links), 1):
        if size < 0:  # said in an extended header
            raise UnsafeArchive(f"{archive.name} holds a file of {size:,} bytes")
        total += size
        if total > limit or number > MAX_FILES:
            raise UnsafeArchive(
                f"{archive.name} swells beyond {limit // 10**6} MB or "
                f"{MAX_FILES:,} files when it is unpacked"
            )
        if opened is None:
            continue
        name = _safe_name(raw_name)
        key = PurePosixPath(name.casefold())
        above = {str(folder) for folder in key.parents}
        if str(key) in files:
            raise UnsafeArchive(f"{archive.name} holds {name} twice")
        if str(key) in folders or above & files:
            raise UnsafeArchive(f"{archive.name} holds a file and a folder of one name")
        files.add(str(key))
        folders |= above
        yield name, opened


def _safe_name(name: str) -> str:
    """The member's relative path with `/`, or UnsafeArchive."""
    path = PurePosixPath(name)
    unsafe = (
        path.is_absolute()
        or ".." in path.parts
        or not path.parts
        or any(mark in name for mark in ("\\", ":", "\0"))
        or any(len(os.fsencode(part)) > _MAX_NAME for part in path.parts)
    )
    if unsafe:
        raise UnsafeArchive(f"the archive holds the unsafe path {name!r}")
    return str(path)


class _Header(tarfile.TarInfo):
    """A member's header; one that would fill the memory or lead back is refused."""

    _EXTENDED = (
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    )

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        extended = self.type in self._EXTENDED
        if self.size < 0 or (extended and self.size > _MAX_HEADER):
            raise UnsafeArchive(f"the archive holds a header for {self.size:,} bytes")
        return super()._proc_member(tar)


def _tar_members(archive: Path, skip_links: bool) -> Iterator[_Member]:
    """What a tar holds; a content only for regular files."""
    with tarfile.open(archive, "r:*", tarinfo=_Header) as tar:
        for info in tar:
            if info.isdir():
                if PurePosixPath(info.name).parts:  # not "./"
                    _safe_name(info.name)
                yield info.name, 0, None
            elif info.isreg() and not info.issparse():
                yield info.name, info.size, lambda info=info: tar.extractfile(info)
            elif not skip_links:
                raise UnsafeArchive(f"{info.name} is a link or a device")
            else:
                yield info.name, info.size, None


def _zip_members(archive: Path, skip_links: bool) -> Iterator[_Member]:
    """What a zip holds; a content only for regular files."""
    with zipfile.ZipFile(archive) as zipped:
        for info in zipped.infolist():
            kind = (info.external_attr >> 16) & 0o170000
            if info.is_dir():
                _safe_name(info.filename)
                yield info.filename, 0, None
            elif kind in (0, 0o100000):
                size = info.file_size
                yield info.filename, size, lambda info=info: zipped.open(info)
            elif not skip_links:
                raise UnsafeArchive(f"{info.filename} is a link or a device")
            else:
                yield info.filename, info.file_size, None


def _write(opened: _Open, target: Path) -> None:
    """Copies one member; a shorter or longer one than announced raises."""
    with opened() as source:
        with disk.writing():
            sink = open(target, "xb")  # noqa: SIM115 (closed by the next line)
        with sink:
            while piece := source.read(2**20):
                with disk.writing():
                    sink.write(piece)
                    sink.flush()
