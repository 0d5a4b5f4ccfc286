"""Folders that a reader names, and folders that can be written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_temporary: dict[str, Path] = {}  # by name, in place of those that can't be written


def given(path: str | Path) -> Path:
    """A path as a reader gives it, absolute; `~` stands for the home folder.

    Raises:
        ValueError: it begins with `~name`, and there is no such account.
    """
    expanded = os.path.expanduser(path)
    if expanded.startswith("~"):
        raise ValueError(f"{path}: there is no account of that name")
    return Path(os.path.abspath(expanded))


def named(variable: str) -> Path | None:
    """The folder that an environment variable names, absolute; None if it is not set.

    Raises:
        ValueError: as `given`.
    """
    text = os.environ.get(variable, "").strip()
    try:
        return given(text) if text else None
    except ValueError as error:
        raise ValueError(f"{variable}={error}") from None


def above(name: str) -> Path | None:
    """The nearest folder of a name, in the current folder or in one above it."""
    here = Path.cwd()
    found = (folder / name for folder in (here, *here.parents))
    return next((folder for folder in found if folder.is_dir()), None)


def writable(name: str) -> Path:
    """A folder to write into: beside the notebook, or else a temporary one.

    Args:
        name: of the folder; it is made if need be.

    Returns:
        `Path(name)`, relative to the current folder, which is the notebook's. Where
        that can't be written, a temporary folder of the same name, always the same one
        in a process; a line says so the first time.

    Raises:
        OSError: no temporary folder can be made either.
    """
    beside = Path(name)
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=beside):
            return beside
    except OSError as error:
        if name not in _temporary:
            _temporary[name] = Path(tempfile.mkdtemp(prefix="dli-")) / name
            why = error.strerror or error
            print(f"{name}/ can't be written here ({why}): it is {_temporary[name]}")
        _temporary[name].mkdir(parents=True, exist_ok=True)
        return _temporary[name]
