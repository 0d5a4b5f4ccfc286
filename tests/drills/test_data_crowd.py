"""A classroom that asks for one data set at once shares one download."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time

import pytest

from tests.support.drills import data_child
from tests.support.drills.data_sets import (
    GOOD,
    NAMES,
    UNPACKED,
    file,
    four_sets,
    unpacked,
)
from tests.support.drills.figures import FULL, times

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks processes")

CROWD = 16
KINDS = NAMES if FULL else ("first", "packed")


def begin(table: str, folder, name: str, count: int):
    """Start processes that wait for each other and then load a data set."""
    context = multiprocessing.get_context("forkserver")
    start = context.Barrier(count + 1)
    started = []
    for _ in range(count):
        here, there = context.Pipe()
        arguments = (table, str(folder), name, start, there)
        started.append((data_child.forked(data_child.load_together, *arguments), here))
        there.close()
    start.wait(60)
    return started


def answers(started) -> list[str]:
    found = [here.recv() if here.poll(60) else "no answer" for _, here in started]
    for process, _ in started:
        process.join(60)
    return found


def slowly(handler) -> None:
    time.sleep(0.3)
    file(handler)


@pytest.mark.parametrize("name", KINDS)
def test_sixteen_ask_at_once(figures, monkeypatch, tmp_path, name):
    """16 processes ask for a data set that is not cached, at the same moment, for each
    kind of data set in turn: 16 good results after one download.
    """
    tries, missed, slowest = times(1, 8), [], 0.0
    with four_sets(monkeypatch, tmp_path, slowly) as (table, asked):
        for number in range(tries):
            asked.clear()
            folder = tmp_path / f"cache{number}"
            began = time.monotonic()
            found = answers(begin(table, folder, name, CROWD))
            slowest = max(slowest, time.monotonic() - began)
            monkeypatch.setenv("DLI_DATA_DIR", str(folder))
            if name == "packed" and unpacked() != UNPACKED:
                missed.append(f"{name}, round {number}: not unpacked")
            if len(asked) != 1 or len(found) != CROWD or not set(found) <= GOOD[name]:
                missed.append(
                    f"{name}, round {number}: {len(asked)} downloads, {found}"
                )
            if len(set(found)) != 1:
                missed.append(f"{name}, round {number}: they differ")
    figures.all_caught(
        "sixteen processes at once",
        tries=tries,
        missed=missed,
        detail=f"{name}: at most {slowest:.1f} s.",
    )


@pytest.mark.parametrize("name", KINDS)
def test_the_one_that_fetches_is_killed(figures, monkeypatch, tmp_path, name):
    """16 processes wait for one that fetches a data set, and that one is killed: one
    of them fetches it instead, and all have it.
    """
    missed, killed = [], threading.Event()

    def answer(handler):
        if len(asked) == 1:
            killed.wait(9)
        else:
            file(handler)

    with four_sets(monkeypatch, tmp_path, answer) as (table, asked):
        folder = tmp_path / "cache"
        [(first, _)] = begin(table, folder, name, 1)
        while not asked:
            time.sleep(0.01)
        started = begin(table, folder, name, CROWD)
        time.sleep(0.1)
        first.kill()
        killed.set()
        found = answers(started)
    if len(asked) != 2 or not set(found) <= GOOD[name] or len(found) != CROWD:
        missed.append(f"{name}: {len(asked)} downloads, {set(found)}")
    figures.all_caught(
        "the one that fetches is killed, sixteen wait", tries=1, missed=missed
    )
