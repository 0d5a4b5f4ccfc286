"""Load data sets on a disk that is full or read-only; test_data_disk.py runs this.

It runs in a mount namespace of its own, so that nothing stays mounted. It reads jobs,
each a line of JSON, and prints a line of JSON with the result of each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dli import files
from dli.datasets._fetch import cache, sources
from tests.support.drills import data_child


def mount(options: str, folder: Path) -> None:
    subprocess.run(["mount", *options.split(), str(folder)], check=True)


def content(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder except locks, by name."""
    found = (f for f in folder.rglob("*") if f.is_file() and f.suffix != ".lock")
    return {str(file.relative_to(folder)): files.sha256(file) for file in found}


def full(name: str, folder: Path, size: int, refresh: bool) -> dict:
    """Load on a disk of `size` bytes, then again when there is space."""
    found = {}
    mount(f"-t tmpfs -o size={10**7 if refresh else size} tmpfs", folder)
    if refresh:
        data_child.outcome(name)
        used = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        mount(f"-o remount,size={used + size}", folder)
    found["first"] = data_child.outcome(name, refresh)
    found["kept"] = data_child.outcome(name) if refresh else ""
    found["left"] = data_child.left(folder)
    mount(f"-o remount,size={10**7}", folder)
    found["then"] = data_child.outcome(name)
    return found


def read_only(name: str, folder: Path, before: str) -> dict:
    """Load on a read-only disk where the data set is absent, whole or damaged."""
    mount(f"-t tmpfs -o size={10**7} tmpfs", folder)
    if before != "absent":
        data_child.outcome(name)
    if before == "damaged":
        file = cache.path(sources.table()[name], "complete")
        file.write_bytes(file.read_bytes()[:-100])
    was = content(folder)
    mount("-o remount,ro", folder)
    first = data_child.outcome(name)
    found = {"first": first, "same": content(folder) == was}
    mount("-o remount,rw", folder)
    return {**found, "then": data_child.outcome(name)}


if __name__ == "__main__":
    for line in sys.stdin:
        job = json.loads(line)
        folder = Path(job["folder"])
        folder.mkdir()
        data_child.surroundings(job["table"], str(folder))
        os.environ["DLI_PROGRESS"] = "0"
        act = {"full": full, "read-only": read_only}[job["act"]]
        found = act(job["name"], folder, **job["arguments"])
        print(json.dumps(found), file=sys.__stdout__, flush=True)
        subprocess.run(["umount", str(folder)], check=True)
