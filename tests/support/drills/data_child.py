"""What the drills on data run in processes of their own, which do not import pytest.

`forked` starts them from a server that has everything imported: a few milliseconds
each instead of a second.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from dli import datasets, files
from dli.datasets._fetch import cache, download, loader, sources

PRELOADED = [
    "dli.datasets._fetch.loader",
    "requests",
    "filelock",
    "platformdirs",
]


def forked(target, *arguments):
    """A started process that runs a function of this module; POSIX only."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def surroundings(table: str, folder: str) -> None:
    """Replace the table of data sets and the cache folder.

    Args:
        table: the text of another `sources.toml`.
        folder: of the cache.
    """
    for name in ("DLI_MIRROR", "DLI_HOT_DOGS"):
        os.environ.pop(name, None)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = "127.0.0.1"
    os.environ.update(DLI_DATA_DIR=folder, DLI_STANDIN="0")
    parsed = sources.parse(table)
    sources.table = lambda: parsed
    download.RETRY_PAUSE_SECONDS = 0.01
    loader._loaded.clear()


def load(name: str, refresh: bool = False) -> str:
    """Load a data set of the table; returns the hash of its content.

    Args:
        name: of the data set; an archive is unpacked too.
        refresh: fetch it although it is cached.
    """
    data_set = sources.table()[name]
    if refresh:
        datasets.fetch([name], refresh=True)
    if data_set.kind == "arrays":
        return cache.digest(loader.arrays(name))
    if data_set.kind == "archive":
        loader.folder(name)
    return files.sha256(loader.file(name))


def killed(
    table: str, folder: str, name: str, refresh: bool, at: int, parent: Connection
) -> None:
    """Load a data set and die at the `at`-th event.

    Args:
        table, folder: see `surroundings`.
        name, refresh: see `load`.
        at: which of the events that Python audits (a file opened, renamed, removed; a
            connection); 0 for none.
        parent: receives "begun", and the number of events at the end.
    """
    surroundings(table, folder)
    events = 0

    def count(event, _):
        nonlocal events
        events += 1
        if events == at:
            os.kill(os.getpid(), signal.SIGKILL)

    parent.send("begun")
    sys.addaudithook(count)
    load(name, refresh)
    parent.send(events)


def load_together(
    table: str, folder: str, name: str, start, parent: Connection
) -> None:
    """Load a data set at the same moment as other processes.

    Args:
        table, folder: see `surroundings`.
        name: see `load`.
        start: a barrier for all of them.
        parent: receives the hash, or the error.
    """
    surroundings(table, folder)
    start.wait(60)
    parent.send(outcome(name))


def limited(
    table: str, folder: str, name: str, refresh: bool, size: int, parent: Connection
) -> None:
    """Load a data set where no file may grow beyond a size.

    Args:
        table, folder: see `surroundings`.
        name, refresh: see `load`.
        size: bytes.
        parent: receives the hash, or the error.
    """
    import resource

    surroundings(table, folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    parent.send(outcome(name, refresh))


def outcome(name: str, refresh: bool = False) -> str:
    """What `load` returns, or the error in words."""
    try:
        return load(name, refresh)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def left(folder: Path) -> list[str]:
    """The names of everything in a cache folder except unpacked files."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
