"""What has passed `course verify` already, and need not be executed again.

A result in `runs/full/` bears a key: a hash of everything that could change what its
notebook does. While the key is what it was when the notebook passed, executing it once
more would tell nothing new. What goes into the key is a list of named parts, so that
the drills can change each of them (`tests/drills/test_stale_results.py`).
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from course import machine
from course.bootstrap import ROOT
from course.catalogue import Notebook
from course.kernels import Backend, Pace
from course.recording import code_hash, outputs_hash
from course.run import results
from course.run.results import Result, State
from dli import tables

#: After so many days a result is due: what is not in the key may have changed.
DUE_DAYS = 8

# What every kernel and every comparison loads, whatever the notebook imports.
_ALWAYS = ("dli.kernel", "dli.progress")
_IMPORT = re.compile(
    r"^\s*(?:from (dli[\w.]*) import ([^\n#]+)|import (dli[\w.]*))", re.M
)
_OTHER_NOTEBOOKS = re.compile(r"\bbook\.(?:table|recorded)\(|\bweights\.load\(")


def key(
    notebook: Notebook, backend: Backend = Backend.TENSORFLOW, root: Path = ROOT
) -> str:
    """The hash of all parts."""
    found = parts(notebook, backend, root)
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def parts(
    notebook: Notebook, backend: Backend = Backend.TENSORFLOW, root: Path = ROOT
) -> dict[str, str]:
    """What a notebook's result depends on, by name, each with its hash or its words.

    Args:
        notebook: its file is read anew.
        backend: of Keras.
        root: the repository; its files are read anew.
    """
    content = json.loads(notebook.path.read_text(encoding="utf-8"))
    code = "\n".join("".join(c["source"]) for c in content["cells"])
    chapter = notebook.path.parent
    found = {
        "code": code_hash(content),
        "tags": _hash(json.dumps(_tags(content))),
        "recorded outputs": outputs_hash(content),
        "facts of the chapter": _hash(chapter / "chapter.toml"),
        "lock": _hash(root / "requirements.txt"),
        "how it is compared": _hash(*_comparing(root)),
        "dli": _hash(*_files_of(code, root)),
        "kept weights": _hash(*sorted(chapter.glob(f"weights/{notebook.id}.*"))),
        "backend": str(backend),
        "device": device(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }
    if _OTHER_NOTEBOOKS.search(code):  # it shows what others have recorded
        found["recorded.json"] = _hash(chapter.parent / "recorded.json")
        found["all facts"] = _hash(*sorted(chapter.parent.glob("*/chapter.toml")))
        found["all weights"] = _hash(*sorted(chapter.parent.glob("*/weights/*")))
    return found


def _tags(content: dict) -> list[list[str]]:
    """The tags of the code cells: they decide what is compared."""
    code = (cell for cell in content["cells"] if cell["cell_type"] == "code")
    return [sorted(cell["metadata"].get("tags", ())) for cell in code]


def _comparing(root: Path) -> list[Path]:
    checks = ("nbval_plugin.py", "rules.py")
    return [
        *(root / "course" / "check" / name for name in checks),
        root / "course" / "recording.py",
        root / "conftest.py",
        root / "pyproject.toml",
    ]


def _files_of(code: str, root: Path) -> list[Path]:
    """The files of `dli` that a notebook's code can reach, and all that are no code."""
    wanted = {*_ALWAYS}
    for package, names, plain in _IMPORT.findall(code):
        wanted.add(package or plain)
        wanted |= {
            f"{package}.{name.strip('() ').split(' ')[0]}" for name in names.split(",")
        }
    reached = set().union(*(_reached(name) for name in wanted))
    files = {_file(name, root) for name in reached} - {None}
    data = (p for p in (root / "dli").rglob("*") if p.is_file())
    files |= {p for p in data if p.suffix not in (".py", ".pyc")}
    return sorted(files)


def _file(module: str, root: Path) -> Path | None:
    path = root.joinpath(*module.split("."))
    choices = (path.with_suffix(".py"), path / "__init__.py")
    return next((choice for choice in choices if choice.exists()), None)


@functools.cache
def _graph():
    import grimp

    return grimp.build_graph("dli", cache_dir=None)


@functools.cache
def _reached(module: str) -> frozenset[str]:
    """A module, the packages it lies in, and all that these import, at any depth."""
    graph = _graph()
    if module not in graph.modules:
        return frozenset()  # a name inside a module, not a module
    parents = module.split(".")
    start = {".".join(parents[:i]) for i in range(1, len(parents) + 1)}
    # These packages find their modules by name at run time.
    for package in ("dli.exercises", "dli.kernel", "dli.datasets"):
        if package in start:
            start |= graph.find_descendants(package)
    found = set(start)
    for name in start:
        found |= graph.find_upstream_modules(name)
    for name in tuple(found):  # a package's own file runs when a module of it is loaded
        pieces = name.split(".")
        found |= {".".join(pieces[:i]) for i in range(1, len(pieces))}
    return frozenset(found)


@functools.cache
def device() -> str:
    """What computes: the GPUs by name and driver, or the processor."""
    if smi := shutil.which("nvidia-smi"):
        query = [smi, "--query-gpu=name,driver_version", "--format=csv,noheader"]
        told = subprocess.run(query, capture_output=True, text=True, check=False)
        if told.returncode == 0 and told.stdout.strip():
            return told.stdout.strip()
    return machine.processor()


def _hash(*pieces: str | Path) -> str:
    """SHA-256 of texts and of files with their names; a missing file counts too."""
    digest = hashlib.sha256()
    for piece in pieces:
        if isinstance(piece, Path):
            name = "/".join(piece.parts[-3:])
            content = piece.read_bytes() if piece.exists() else b"\0missing"
        else:
            name, content = "", piece.encode()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


# Which notebooks need not be executed


def split(
    notebooks: Iterable[Notebook], backend: Backend = Backend.TENSORFLOW
) -> tuple[list[Notebook], list[Result]]:
    """Notebooks to be executed, and results of those that need not be."""
    due, passed = [], []
    folder = results.folder(Pace.FULL, backend)
    for notebook in notebooks:
        result = results.load(folder, notebook.name)
        holds = (
            result is not None
            and result.state == State.RAN
            and not result.is_outside
            and result.key
            and result.key == key(notebook, backend)
        )
        if holds:
            passed.append(result)
        else:
            due.append(notebook)
    return due, passed


def age_days(result: Result, now: float | None = None) -> float:
    """Days since a result passed."""
    return ((time.time() if now is None else now) - result.passed) / 86400


def table(passed: Iterable[Result], now: float | None = None) -> str:
    """What is not executed, with ages; empty for nothing."""
    rows = [(r.name, age_days(r, now)) for r in passed]
    if not rows:
        return ""
    lines = [("not executed again: nothing has changed since", "days ago", "")]
    for name, days in rows:
        due = f"due: more than {DUE_DAYS} days" if days > DUE_DAYS else ""
        lines.append((name, f"{days:.1f}", due))
    return tables.text(lines) + "\n`--afresh` executes them all the same"
