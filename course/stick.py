"""`course export FOLDER --classroom`: a class on a stick, for a room without a network.

    FOLDER/README.txt                     the commands, for those who get the stick
    FOLDER/deep-learning-illustrated.zip  this repository, as it was committed
    FOLDER/data/                          the data sets: what DLI_MIRROR names
    FOLDER/wheels/                        the locked packages, for one system or several
    FOLDER/student/                       notebooks without solutions
    FOLDER/site/index.html                the site, with slides and lesson plans
    FOLDER/weights/                       kept weights, for those who use `dli` alone

`course.bootstrap` finds `wheels/` beside the data. What is there already stays, so an
export that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from course import bootstrap, catalogue
from course.advice import advice_on
from course.bootstrap import REQUIREMENTS, ROOT, STICK
from course.files import write_notebook, write_whole
from dli import datasets
from dli.datasets._fetch import sources

NAME = "deep-learning-illustrated"
WHEELS_EACH, REST = 1_000_000_000, 300_000_000  # bytes: of a system; site and others

_PINNED = re.compile(
    r"^(?P<pin>\S+==\S+)(?: ; (?P<marker>.+?))? \\\n(?P<hashes>(?: +--hash=.+\n)+)",
    re.M,
)
_HERE = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_MANYLINUX = [f"manylinux_2_{n}_x86_64" for n in (28, 27, 26, 24, 17, 12, 5)]
_PIP_NAMES = {
    "linux": [*_MANYLINUX, "manylinux2014_x86_64", "manylinux2010_x86_64"],
    "macos": ["macosx_14_0_arm64"],  # pip adds the older ones
    "windows": ["win_amd64"],
}
_MARKERS = {
    "linux": ("linux", "Linux", "posix", "x86_64"),
    "macos": ("darwin", "Darwin", "posix", "arm64"),
    "windows": ("win32", "Windows", "nt", "AMD64"),
}


@dataclass(frozen=True)
class System:
    """What packages are made for.

    Attributes:
        name: "linux" (x86-64), "macos" (Apple silicon) or "windows" (x86-64).
        python: "3.12".
    """

    name: str
    python: str

    def __str__(self) -> str:
        return f"{self.name}-{self.python}"

    @staticmethod
    def here() -> System:
        """This computer's, and this Python's."""
        python = ".".join(map(str, sys.version_info[:2]))
        return System(_HERE.get(sys.platform, sys.platform), python)

    @staticmethod
    def parse(word: str) -> System:
        """Of a word such as `windows` (with this Python's version) or `windows-3.12`.

        Raises:
            ValueError: it is none that the packages are made for.
        """
        name, _, python = word.partition("-")
        if name not in _PIP_NAMES or python not in ("", "3.11", "3.12", "3.13"):
            known = "linux, macos or windows, or with a version, as windows-3.12"
            raise ValueError(f"no platform {word!r}: name {known}")
        return System(name, python or System.here().python)

    def requirements(self, lock: str) -> list[str]:
        """The pinned packages that it needs, with their hashes.

        Args:
            lock: the content of requirements.txt.
        """
        platform, system, os_name, machine = _MARKERS[self.name]
        environment = {
            "sys_platform": platform,
            "platform_system": system,
            "os_name": os_name,
            "platform_machine": machine,
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        return [
            f"{found['pin']} \\\n{found['hashes']}"
            for found in _PINNED.finditer(lock)
            if not found["marker"] or Marker(found["marker"]).evaluate(environment)
        ]

    def pip_options(self) -> list[str]:
        """What makes pip fetch for it; none where it is this one."""
        if self == System.here():
            return []
        options = [f"--platform={name}" for name in _PIP_NAMES[self.name]]
        return [*options, f"--python-version={self.python}", "--implementation=cp"]


def write(into: Path, systems: Iterable[System] = ()) -> list[str]:
    """Write a stick, or go on with one.

    Args:
        into: a folder of its own.
        systems: for which packages are fetched; this computer's by default.

    Returns:
        What had to be left out, a line each.

    Raises:
        ValueError: the folder holds something else, or the disk is too full.
        SetupError: a package can't be had.
        OSError: the folder can't be written.
    """
    chosen = list(dict.fromkeys(systems)) or [System.here()]
    mark = into / STICK
    if into.exists() and any(into.iterdir()) and not mark.exists():
        raise ValueError(f"{into} holds something else: name an empty folder on it")
    _look_for_room(into, len(chosen))
    into.mkdir(parents=True, exist_ok=True)
    # Other packages than those of today would be refused at every laptop.
    if mark.exists() and json.loads(mark.read_text("utf-8"))["lock"] != _lock():
        print("the lock has changed since: packages are fetched anew", flush=True)
        shutil.rmtree(into / "wheels", ignore_errors=True)
    write_whole(mark, json.dumps({"lock": _lock(), "systems": list(map(str, chosen))}))
    left = _data(into / "data")
    for system in chosen:
        fetch_wheels(system, into / "wheels")
    _notebooks(into)
    left += _repository(into / f"{NAME}.zip")
    text = _README.format(
        name=NAME,
        systems=", ".join(map(str, chosen)),
        left="\n".join(f"- {line}" for line in left) or "nothing",
    )
    write_whole(into / "README.txt", text)
    return left


def _lock() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def size(folder: Path) -> int:
    """Bytes of all files in a folder; 0 where there is none."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _look_for_room(into: Path, systems: int) -> None:
    data = sum(found.size for found in sources.table().values())
    needed = systems * WHEELS_EACH + data + REST - size(into)
    there = next(folder for folder in (into, *into.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if needed > free:
        raise ValueError(
            f"{into} needs about {needed / 1e9:.1f} GB more, and {free / 1e9:.1f} are "
            "free: take a larger stick, or fewer platforms"
        )


def _data(into: Path) -> list[str]:
    left = []
    for name, found in sources.table().items():
        try:
            datasets.export(into, [name])
        except datasets.DataUnavailable:
            left.append(f"data: {found.title} can't be had here")
    return left


def fetch_wheels(system: System, into: Path) -> None:
    """Fetch the locked packages for a system, a few at a time.

    pip checks their hashes, also of those that are there already.

    Raises:
        SetupError: one can't be had.
        OSError: the folder can't be written.
    """
    done = into / f".{system}"
    if done.exists():
        return
    into.mkdir(parents=True, exist_ok=True)
    wanted = system.requirements(REQUIREMENTS.read_text("utf-8"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
    pip += ["--quiet", "--no-input", "--no-deps", "--require-hashes"]
    pip += ["--only-binary=:all:", f"--dest={into}", *system.pip_options()]
    for first in range(0, len(wanted), 20):
        group = wanted[first : first + 20]
        last = first + len(group)
        print(f"packages for {system}: {last} of {len(wanted)}", flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            some = Path(scratch) / "some.txt"
            some.write_text("".join(group), encoding="utf-8")
            command = [*pip, "--requirement", str(some)]
            ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode:
            said = "\n".join(ended.stderr.strip().splitlines()[-6:])
            raise bootstrap.SetupError(
                f"packages for {system} can't be fetched:\n{said}\n"
                f"{advice_on(said)} The same command goes on from here."
            )
    done.touch()


def _notebooks(into: Path) -> None:
    from course.publish import editions, site

    weights = into / "weights"
    for notebook in catalogue.notebooks():
        student = editions.student(notebook.content, outputs=True)
        write_notebook(into / "student" / f"{notebook.name}.ipynb", student)
        for file in sorted((notebook.path.parent / "weights").glob(f"{notebook.id}.*")):
            target = weights / notebook.entry.folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    print(f"the site: {site.build(into / 'site')}", flush=True)


def _repository(target: Path) -> list[str]:
    """This repository as an archive; what is left out, where it has no history."""
    command = ["git", "archive", "--format=zip", f"--prefix={NAME}/", "HEAD"]
    try:
        made = subprocess.run(command, cwd=ROOT, capture_output=True)
    except OSError:
        return [f"{target.name}: git is not here. Copy the repository's folder by hand"]
    if made.returncode:
        return [f"{target.name}: no git checkout. Copy the repository's folder by hand"]
    write_whole(target, made.stdout)
    return []


_README = """Deep Learning Illustrated: the companion notebooks, without a network

Read: open site/index.html in a browser. Slides and lesson plans are in it, too.

Run: a Python has to be installed, and 4 GB of the disk be free. This stick has packages
for {systems}: for other systems, and other versions of Python, it has none.

Linux, macOS (put your own path in place of /media/stick):

    unzip /media/stick/{name}.zip
    cd {name}
    export DLI_MIRROR=/media/stick/data
    python3 -m course setup        (or python3.12 -m …, if packages are for that one)
    python3 -m course lab

Windows (put your own letter in place of E:):

    tar -xf E:\\{name}.zip
    cd {name}
    set DLI_MIRROR=E:\\data
    py -m course setup
    py -m course lab

Packages and data come from the stick then; nothing asks the network. Choose the kernel
"Deep Learning Illustrated (trained)". PyTorch and JAX are not on the stick.

Notebooks without solutions: student/. Copy it into notebooks/, and open those.
Kept weights, for those who use `dli` elsewhere: weights/.

Left out:
{left}
"""
