"""A reader's own work in a clone: a clean notebook, a newer version, nothing lost.

`reset` and `update` first lay a reader's file aside, beside the place where it stood
(`01_lenet_in_keras.yours.ipynb`), and only then touch it. `update` carries answers to
exercises, and cells of the reader's own, into the newer notebook where they still fit.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import nbformat

from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.files import write_notebook, write_whole

ASIDE = ".yours"


def reset(notebook: Notebook, root: Path = ROOT) -> str:
    """Put the clean notebook back, and lay the reader's aside.

    Returns:
        What was done, in a sentence.

    Raises:
        ValueError: the clone knows no clean copy of it.
        OSError: a file can't be written; the reader's is where it was.
    """
    path = notebook.path
    clean = _clean(root, path)
    if not path.exists():
        write_whole(path, clean)
        return f"{path.name} is back"
    if path.read_bytes() == clean:
        return f"{path.name} is clean already"
    aside = lay_aside(path)
    write_whole(path, clean)
    return f"{path.name} is clean; yours is {aside.name}"


def undo(notebook: Notebook, root: Path = ROOT) -> str:
    """Put back what the last `reset` laid aside.

    Returns:
        What was done, in a sentence.

    Raises:
        LookupError: nothing of it lies aside.
        OSError: a file can't be written; no file is lost.
    """
    path = notebook.path
    laid = _laid_aside(path)
    if not laid:
        raise LookupError(f"nothing of yours lies beside {path.name}")
    said = f"{path.name} is yours again"
    if path.exists() and path.read_bytes() != _clean(root, path):
        said += f"; what stood there is {lay_aside(path).name}"
    laid[-1].replace(path)
    return said


def update(root: Path = ROOT) -> list[str]:
    """Bring the newer version of everything, without losing a line of the reader's.

    Files that the reader has changed and the newer version too are laid aside first.
    Where git then refuses, all is put back as it was.

    Returns:
        What happened to the reader's files, a sentence each.

    Raises:
        ValueError: there is no newer version to be had, or git refuses; in its words.
        OSError: a file can't be written; the reader's are where they were.
    """
    _git(root, "fetch", "--quiet")
    newer = _git(root, "rev-parse", "@{upstream}").decode().strip()
    own = int(_git(root, "rev-list", "--count", f"{newer}..HEAD"))
    if own:
        raise ValueError(
            f"this clone has {own} commits of its own: `git pull --rebase` brings the "
            "newer version, and git says where the two meet"
        )
    coming = _names(root, "diff", "--name-only", "--no-renames", "-z", "HEAD", newer)
    if not coming:
        return ["nothing newer"]
    laid, deleted, before = {}, [], {}
    try:
        for name in coming:
            path, old = root / name, _blob(root, f"HEAD:{name}")
            if path.is_file() and path.read_bytes() != old:
                before[name] = old
                laid[name] = lay_aside(path)
            elif old is not None and not path.exists():
                deleted.append(name)
        for name in laid:
            if before[name] is None:
                (root / name).unlink()
        known = [name for name in laid if before[name] is not None]
        if known or deleted:
            _git(root, "checkout", "--quiet", "HEAD", "--", *known, *deleted)
        _git(root, "merge", "--ff-only", "--quiet", newer)
    except (ValueError, OSError):
        for name, aside in laid.items():
            aside.replace(root / name)
        for name in deleted:
            (root / name).unlink(missing_ok=True)
        raise
    said = [_carried(root / name, laid[name], before[name]) for name in laid]
    return said + [
        f"{name} is back, newer" for name in deleted if (root / name).exists()
    ]


def lay_aside(path: Path) -> Path:
    """Copy a file to a free name beside it.

    Raises:
        OSError: it can't be written; nothing is left of the copy.
    """
    number = 1 + max((_number(path, other) for other in _laid_aside(path)), default=0)
    ending = ASIDE if number == 1 else f"{ASIDE}-{number}"
    aside = path.with_name(f"{path.stem}{ending}{path.suffix}")
    write_whole(aside, path.read_bytes())
    shutil.copystat(path, aside)
    return aside


def _laid_aside(path: Path) -> list[Path]:
    """What lies aside of a file, the oldest first."""
    found = [p for p in path.parent.glob("*") if _number(path, p)]
    return sorted(found, key=lambda other: _number(path, other))


def _number(path: Path, other: Path) -> int:
    """Which of a file's copies laid aside this is; 0: none."""
    start = f"{path.stem}{ASIDE}"
    if other.suffix != path.suffix or not other.stem.startswith(start):
        return 0
    rest = other.stem.removeprefix(start)
    if not rest:
        return 1
    return int(rest[1:]) if rest[0] == "-" and rest[1:].isdecimal() else 0


def _carried(path: Path, aside: Path, old: bytes | None) -> str:
    """Bring a reader's answers into the newer notebook; say what became of them."""
    said = f"{path.name} is new; yours is {aside.name}"
    if path.suffix != ".ipynb" or not path.exists() or old is None:
        return said
    try:
        theirs = json.loads(aside.read_bytes())
        nbformat.validate(nbformat.from_dict(theirs))
        made, count = merged(theirs, json.loads(old), json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
        return said  # half-written, or no notebook
    if count:
        write_notebook(path, made)
        said += f"; {count} of your cells are in the new one too"
    return said


def merged(theirs: dict, old: dict, new: dict) -> tuple[dict, int]:
    """A newer notebook with the reader's answers, and with cells of their own.

    An answer is carried where the stub is what it was; a cell of their own comes after
    the cell that it came after. Other changes stay in the copy laid aside.

    Args:
        theirs, old, new: nbformat 4, of the reader, as it was before, and as it is now.

    Returns:
        The notebook, and how many cells were carried.
    """
    was = {cell.get("id"): _source(cell) for cell in old["cells"]}
    mine = {cell.get("id"): cell for cell in theirs["cells"]}
    cells, count = [], 0
    for cell in new["cells"]:
        own = mine.get(cell.get("id"))
        answered = (
            own is not None
            and "exercise" in cell["metadata"].get("tags", ())
            and _source(own) != _source(cell) == was.get(cell.get("id"))
        )
        if answered:
            cell = {**cell, "source": own["source"], "outputs": []}
            cell["execution_count"] = None
        cells.append(cell)
        count += answered
    after = None
    for cell in theirs["cells"]:
        if cell.get("id") not in was:
            places = [c.get("id") for c in cells]
            place = places.index(after) + 1 if after in places else len(cells)
            cells.insert(place, cell)
            count += 1
        after = cell.get("id")
    return {**new, "cells": cells}, count


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _clean(root: Path, path: Path) -> bytes:
    """A file as it is in the clone's version."""
    name = path.relative_to(root).as_posix()
    found = _blob(root, f"HEAD:{name}")
    if found is None:
        raise ValueError(
            f"the clone has no clean {name}: it came after the last update"
        )
    return found


def _blob(root: Path, name: str) -> bytes | None:
    """A file of a version; None where it has none of that name."""
    try:
        return _git(root, "cat-file", "blob", name)
    except GitError as error:
        if error.status != 128:
            raise
        _git(root, "rev-parse", "--verify", "--quiet", "HEAD")  # else: no clone at all
        return None


class GitError(ValueError):
    """git has refused; `status` is its exit status."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


def _names(root: Path, *arguments: str) -> list[str]:
    return [name for name in _git(root, *arguments).decode().split("\0") if name]


def _git(root: Path, *arguments: str) -> bytes:
    """What git answers.

    Raises:
        ValueError: there is no git, this is no clone, or git refuses; in its words.
    """
    if not (root / ".git").exists():
        raise ValueError(
            f"{root} is no git clone: download the notebooks again into another "
            "folder, and copy your own there"
        )
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise ValueError("git is not installed; it keeps the clean copies") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()
        raise GitError(f"git {arguments[0]}: {words or 'it refused'}", done.returncode)
    return done.stdout
