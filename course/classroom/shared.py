"""What students share: a repository with the chosen edition, which is written at every
start and committed where something has changed, so that `course update` brings it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from course import catalogue
from course.bootstrap import NOTEBOOKS, ROOT
from course.classroom.settings import Settings
from course.files import write_notebook, write_whole
from course.publish import editions
from dli.kept.files import FOLDER as WEIGHTS

# Of the repository: what notebooks import, and `course reset`, `update`, `progress`.
# Neither tests nor lesson plans: both hold answers.
_TAKEN = ("README.md", "LICENSE", "pyproject.toml", "requirements.txt", ".gitignore")
_FOLDERS = ("dli", "course", "site")
_EDITIONS: dict[str, Callable[[dict], dict]] = {
    "student": editions.student,
    "blank": lambda content: editions.student(content, outputs=False),
    "solutions": editions.solutions,
}


def write(settings: Settings) -> bool:
    """Bring `shared/` up to date.

    Returns:
        Whether something has changed, and `course update` has something to bring.

    Raises:
        OSError: it can't be written.
        ValueError: a notebook can't be read, or git refuses.
    """
    into = settings.shared
    if not (into / ".git").exists():
        _git(into.parent, "init", "--quiet", "--initial-branch=main", str(into))
    written = {".gitignore"}
    for source in _files():
        name = source.relative_to(ROOT).as_posix()
        _copy(source, into / name)
        written.add(name)
    for notebook in catalogue.notebooks():
        target = into / "notebooks" / f"{notebook.name}.ipynb"
        write_notebook(target, _EDITIONS[settings.edition](notebook.content))
        written.add(target.relative_to(into).as_posix())
    # Kernels find kept weights here; no student's copy needs its own.
    ignored = (ROOT / ".gitignore").read_text("utf-8") + f"notebooks/*/{WEIGHTS}/\n"
    write_whole(into / ".gitignore", ignored)
    for name in _git(into, "ls-files", "-z").split("\0"):
        if name and name not in written:
            (into / name).unlink(missing_ok=True)
    _git(into, "add", "--all")
    if not _git(into, "status", "--porcelain"):
        return False
    _git(into, "commit", "--quiet", "--message", f"The {settings.edition} edition")
    return True


def _files() -> Iterator[Path]:
    """What is copied as it is."""
    yield from (ROOT / name for name in _TAKEN if name != ".gitignore")
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield NOTEBOOKS / "recorded.json"
    yield from sorted(NOTEBOOKS.glob("*/*.toml"))
    yield from sorted(NOTEBOOKS.glob(f"*/{WEIGHTS}/*"))


def _copy(source: Path, target: Path) -> None:
    content = source.read_bytes()
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)


def solutions(into: Path) -> None:
    """Write all notebooks with their solutions, for the teacher; never over others.

    Raises:
        OSError: they can't be written.
    """
    for notebook in catalogue.notebooks():
        target = into / f"{notebook.name}.ipynb"
        if not target.exists():
            write_notebook(target, editions.solutions(notebook.content))


def _git(folder: Path, *arguments: str) -> str:
    """What git answers, whatever root's own settings are.

    Raises:
        ValueError: it refuses; in its words.
    """
    who = {"NAME": "classroom", "EMAIL": "classroom@localhost"}
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    env |= {
        f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True
    )
    if done.returncode:
        raise ValueError(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout
