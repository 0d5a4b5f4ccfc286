"""Copy every student's notebooks of a chapter, into a new folder at each time.

    FOLDER/collected/2026-11-27_18-30-00/submitted/STUDENT/chNN_topic/NN_name.ipynb

That is where nbgrader's `autograde` looks, below its course folder, and `course
progress FOLDER/collected/…/submitted` tells who has done what.
"""

from __future__ import annotations

import subprocess
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course.classroom.accounts import COPY, as_account
from course.classroom.settings import Settings
from course.files import write_whole
from dli import facts

LARGEST = 50_000_000  # bytes: no notebook of ours comes near


@dataclass
class Collected:
    """What one collection has brought.

    Attributes:
        folder: where it lies; `submitted/` in it.
        notebooks: how many of each student's.
        left: what could not be taken, a line each.
    """

    folder: Path
    notebooks: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def collect(settings: Settings, word: str) -> Collected:
    """Collect a chapter.

    Files are read as the student who owns them, so that a link in a home leads to
    nothing that they may not read; only regular files are taken.

    Args:
        settings: of the classroom.
        word: the chapter's folder, or part of its name: "ch09".

    Raises:
        LookupError: no chapter, or several.
        OSError: it can't be written; earlier collections are as they were.
    """
    chapter = _chapter(word)
    into = settings.folder / "collected"
    into.mkdir(mode=0o700, exist_ok=True)
    found = Collected(_new_folder(into))
    for home in sorted(settings.homes.iterdir()):
        if home.name == settings.teacher or home.is_symlink() or not home.is_dir():
            continue
        try:
            target = found.folder / "submitted" / home.name / chapter
            count = _take(home, chapter, target, found.left)
        except tarfile.TarError as error:
            found.left.append(f"{home.name}: {error}")
            continue
        found.notebooks[home.name] = count
        if not count:
            found.left.append(f"{home.name}: no notebook of {chapter}")
    return found


def _chapter(word: str) -> str:
    names = [chapter.folder for chapter in facts.chapters()]
    found = [name for name in names if word == name] or [n for n in names if word in n]
    if len(found) != 1:
        what = ", ".join(found) if found else "no chapter"
        raise LookupError(f"{what} for {word!r}; one of {', '.join(names)}")
    return found[0]


def _new_folder(into: Path) -> Path:
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    for number in range(1, 1000):
        made = into / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            made.mkdir()
        except FileExistsError:
            continue
        return made
    raise OSError(f"{into} holds a thousand collections of this second")


def _take(home: Path, chapter: str, target: Path, left: list[str]) -> int:
    """Copy one student's notebooks of a chapter; how many."""
    owner = home.stat()
    if not owner.st_uid:
        left.append(f"{home.name}: the home is root's")
        return 0
    inside = f"{COPY}/notebooks/{chapter}"
    command = ["tar", "--create", "--file=-", "--ignore-failed-read", "--", inside]
    options = as_account(owner.st_uid, owner.st_gid, str(home))
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options
    )
    count = 0
    with running, tarfile.open(fileobj=running.stdout, mode="r|") as archive:
        for member in archive:
            path = PurePosixPath(member.name).relative_to(inside)
            hidden = any(part.startswith(".") for part in path.parts)
            if path.suffix != ".ipynb" or hidden or member.isdir():
                continue
            if not member.isreg() or member.size > LARGEST:
                left.append(f"{home.name}: {path} is no file of a notebook's size")
                continue
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(target / path, archive.extractfile(member).read())
            count += 1
    return count


def told(found: Collected) -> str:
    """For the terminal."""
    students = sum(1 for count in found.notebooks.values() if count)
    all_ = sum(found.notebooks.values())
    lines = [f"left out: {line}" for line in found.left]
    lines.append(f"{all_} notebooks of {students} students in {found.folder}/submitted")
    return "\n".join(lines)
