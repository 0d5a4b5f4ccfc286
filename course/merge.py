"""`course merge`: what shards executed, in one folder with one table."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from course.catalogue import Notebook
from course.files import exclusive_lock
from course.kernels import Pace
from course.publish import page
from course.run import results
from course.run.results import Result, Run, State


def merge(folders: Sequence[Path], notebooks: Sequence[Notebook]) -> list[Result]:
    """Bring what shards executed at full pace into `runs/full/`, with one table.

    Args:
        folders: each holds results as `runs/full/` does, at any depth.
        notebooks: those that the shards were to run.

    Returns:
        One result a notebook; of the same notebook the latest. What no shard has
        reached is `State.PENDING`.

    Raises:
        FileNotFoundError: a folder is not there, or none holds a result.
    """
    into = results.folder(Pace.FULL)
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
    found: dict[str, Result] = {}
    with exclusive_lock(into / ".lock"):
        for notebook in notebooks:
            name = notebook.name
            at = [p for f in folders for p in sorted(f.rglob(f"{name}.json"))]
            at = [p for p in at if results.load(_root(p, name), name)]
            if not at:
                continue
            newest = max(at, key=lambda path: path.stat().st_mtime)
            found[name] = results.load(_root(newest, name), name)
            for ending in (".ipynb", ".html", ".json"):
                source, target = newest.with_suffix(ending), into / f"{name}{ending}"
                if source.exists() and source.resolve() != target.resolve():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(source, target)
        if not found:
            places = ", ".join(map(str, folders))
            raise FileNotFoundError(f"no result of a notebook in {places}")
        all_of_them = [found.get(n.name, Result(n.name)) for n in notebooks]
        complete = all(r.state != State.PENDING for r in all_of_them)
        seconds = sum(result.seconds for result in found.values())
        Run(tuple(n.name for n in notebooks), complete, seconds).save(into)
        page.write_index(into, all_of_them, Pace.FULL)
    return all_of_them


def _root(result_file: Path, name: str) -> Path:
    """The folder that a result's name counts from."""
    return result_file.parents[len(Path(name).parts) - 1]
