"""A full disk and a read-only cache: a clear error, and nothing broken."""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import subprocess
import sys
from multiprocessing import Pipe

import pytest

from course.bootstrap import ROOT
from dli.datasets._fetch import cache, sources
from tests.support.drills import data_child
from tests.support.drills.data_sets import GOOD, NAMES, four_sets
from tests.support.drills.figures import times

pytestmark = pytest.mark.skipif(os.name != "posix", reason="mounts, limits: POSIX")

SEED = 11


@functools.cache
def namespace() -> tuple[str, ...]:
    """What to put before a command so that it may mount; empty if it never may."""
    tool = shutil.which("unshare")
    for options in (["--mount"], ["--map-root-user", "--mount"]):
        probe = 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d"'
        if (
            tool
            and not subprocess.run(
                [tool, *options, "sh", "-c", probe], capture_output=True
            ).returncode
        ):
            return (tool, *options)
    return ()


needs_mounts = pytest.mark.skipif(
    sys.platform != "linux" or not namespace(),
    reason="a tmpfs can't be mounted",
)


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Runs jobs of data_on_small_disk.py one after the other: their results."""
    with four_sets(monkeypatch, tmp_path) as (table, _):

        def run(jobs: list[dict]) -> list[dict]:
            lines = [
                json.dumps(
                    {**job, "table": table, "folder": f"{tmp_path}/disk{number}"}
                )
                for number, job in enumerate(jobs)
            ]
            module = "tests.support.drills.data_on_small_disk"
            done = subprocess.run(
                [*namespace(), sys.executable, "-m", module],
                cwd=ROOT,
                input="\n".join(lines),
                capture_output=True,
                text=True,
                timeout=540,
            )
            assert done.returncode == 0, done.stderr
            result = [s for s in done.stdout.splitlines() if s.startswith("{")]
            return [json.loads(line) for line in result]

        yield run


def clear(error: str, folder: str, reason: str) -> bool:
    """Whether an error names the folder, what is wrong with it, and the remedy."""
    wanted = (folder, reason, "DLI_DATA_DIR", "Make the folder writable, free some")
    return error.startswith("DataUnavailable: ") and all(w in error for w in wanted)


@needs_mounts
@pytest.mark.parametrize(
    "refresh",
    [pytest.param(False, marks=pytest.mark.drill), True],
    ids=["empty", "refresh"],
)
def test_a_disk_fills_up(figures, on_disk, tmp_path, refresh):
    """A data set of 80 kB is fetched, or fetched again, on a disk with room for a
    random number of bytes, up to three times as many.

    It is loaded, or an error names folder, reason and remedy; what was cached is kept.
    Once there is space it is loaded, and nothing half-made stays.
    """
    chance = random.Random(f"{SEED} {refresh}")
    jobs = [
        {
            "act": "full",
            "name": NAMES[number % len(NAMES)],
            "arguments": {"size": chance.randint(4_096, 250_000), "refresh": refresh},
        }
        for number in range(times(6, 60))
    ]
    missed, failed = [], 0
    for number, (job, found) in enumerate(zip(jobs, on_disk(jobs), strict=True)):
        name, size = job["name"], job["arguments"]["size"]
        what = f"{name} in {size:,} bytes"
        disk = f"{tmp_path}/disk{number}"
        loaded = found["first"] in GOOD[name]
        failed += not loaded
        if not loaded and not clear(found["first"], disk, "No space left on device"):
            missed.append(f"{what}: {found['first']}")
        if refresh and found["kept"] not in GOOD[name]:
            missed.append(f"{what}: lost, {found['kept']}")
        if [entry for entry in found["left"] if entry.startswith(".fetching")]:
            missed.append(f"{what}: left {found['left']}")
        if found["then"] not in GOOD[name]:
            missed.append(f"{what}: not loaded later, {found['then']}")
    figures.all_caught(
        f"disk full, {'set refreshed' if refresh else 'cache empty'}",
        tries=len(jobs),
        detail=f"{failed} did not fit",
        missed=missed,
    )
    assert 0 < failed < len(jobs)


@pytest.mark.parametrize("refresh", [False, True], ids=["empty", "refresh"])
def test_no_file_may_grow_beyond_a_limit(figures, monkeypatch, tmp_path, refresh):
    """The same where the system lets no file grow beyond a random size
    (RLIMIT_FSIZE), which needs no disk of its own.
    """
    chance = random.Random(f"{SEED} limit {refresh}")
    tries, missed, failed = times(8, 120), [], 0
    with four_sets(monkeypatch, tmp_path) as (table, _):
        for number in range(tries):
            name = NAMES[number % len(NAMES)]
            folder = tmp_path / f"cache{number}"
            monkeypatch.setenv("DLI_DATA_DIR", str(folder))
            if refresh:
                data_child.load(name)
            size = chance.choice([chance.randint(1, 400), chance.randint(400, 99_000)])
            here, there = Pipe()
            arguments = (table, str(folder), name, refresh, size, there)
            process = data_child.forked(data_child.limited, *arguments)
            there.close()
            result = here.recv()
            process.join(60)
            what = f"{name}, {size:,} bytes"
            failed += result not in GOOD[name]
            if result not in GOOD[name] and not clear(result, str(folder), "too large"):
                missed.append(f"{what}: {result}")
            held = cache.path(sources.table()[name], "complete")
            if refresh and not held.exists():
                missed.append(f"{what}: lost")
            if data_child.load(name) not in GOOD[name]:
                missed.append(f"{what}: not loaded later")
    figures.all_caught(
        f"file size limited, {'set refreshed' if refresh else 'cache empty'}",
        tries=tries,
        detail=f"{failed} did not fit",
        missed=missed,
    )
    assert 0 < failed < tries


@needs_mounts
def test_a_read_only_cache(figures, on_disk, tmp_path):
    """A cache on a read-only disk that holds a data set, a damaged one, or nothing.

    What is whole is used; otherwise an error names folder, reason and remedy. No byte
    changes. Once the disk is writable, the data set is loaded.
    """
    cases = [
        (name, before) for name in NAMES for before in ("absent", "whole", "damaged")
    ]
    jobs = [
        {"act": "read-only", "name": name, "arguments": {"before": before}}
        for name, before in cases
    ]
    missed = []
    for number, ((name, before), found) in enumerate(
        zip(cases, on_disk(jobs), strict=True)
    ):
        result, disk = found["first"], f"{tmp_path}/disk{number}"
        fine = (
            result in GOOD[name]
            if before == "whole"
            else clear(result, disk, "Read-only file system")
        )
        if not (fine and found["same"] and found["then"] in GOOD[name]):
            missed.append(f"{name}, {before}: {found}")
    figures.all_caught("read-only cache", tries=len(jobs), missed=missed)
