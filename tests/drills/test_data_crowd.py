"""A classroom that asks for one data set at once: one download is everybody's."""

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


def told(table: str, folder, name: str, count: int):
    """Processes that load a data set when a barrier of one more falls."""
    context = multiprocessing.get_context("forkserver")
    start = context.Barrier(count + 1)
    started = []
    for _ in range(count):
        here, there = context.Pipe()
        arguments = (table, str(folder), name, start, there)
        started.append((data_child.forked(data_child.told, *arguments), here))
        there.close()
    start.wait(60)
    return started


def answers(started) -> list[str]:
    said = [here.recv() if here.poll(60) else "no answer" for _, here in started]
    for process, _ in started:
        process.join(60)
    return said


def slowly(handler) -> None:
    time.sleep(0.3)
    file(handler)


@pytest.mark.parametrize("name", KINDS)
def test_sixteen_ask_at_once(figures, monkeypatch, tmp_path, name):
    """16 processes ask for a data set that nobody has, at the same moment, one after
    the other for every kind of data set: 16 good results after one download.
    """
    tries, missed, slowest = times(1, 8), [], 0.0
    with four_sets(monkeypatch, tmp_path, slowly) as (table, asked):
        for number in range(tries):
            asked.clear()
            folder = tmp_path / f"cache{number}"
            began = time.monotonic()
            said = answers(told(table, folder, name, CROWD))
            slowest = max(slowest, time.monotonic() - began)
            monkeypatch.setenv("DLI_DATA_DIR", str(folder))
            if name == "packed" and unpacked() != UNPACKED:
                missed.append(f"{name}, round {number}: not unpacked")
            if len(asked) != 1 or len(said) != CROWD or not set(said) <= GOOD[name]:
                missed.append(f"{name}, round {number}: {len(asked)} downloads, {said}")
            if len(set(said)) != 1:
                missed.append(f"{name}, round {number}: results differ")
    figures.all_caught(
        "sixteen processes at once",
        tries=tries,
        missed=missed,
        detail=f"{name}: at most {slowest:.1f} s.",
    )


@pytest.mark.parametrize("name", KINDS)
def test_the_one_that_fetches_is_killed(figures, monkeypatch, tmp_path, name):
    """16 processes wait for one that fetches a data set, and that one is killed: one
    of them fetches it in its place, and all have it.
    """
    missed, killed = [], threading.Event()

    def answer(handler):
        if len(asked) == 1:
            killed.wait(9)
        else:
            file(handler)

    with four_sets(monkeypatch, tmp_path, answer) as (table, asked):
        folder = tmp_path / "cache"
        [(first, _)] = told(table, folder, name, 1)
        while not asked:
            time.sleep(0.01)
        started = told(table, folder, name, CROWD)
        time.sleep(0.1)
        first.kill()
        killed.set()
        said = answers(started)
    if len(asked) != 2 or not set(said) <= GOOD[name] or len(said) != CROWD:
        missed.append(f"{name}: {len(asked)} downloads, {set(said)}")
    figures.all_caught(
        "the one that fetches is killed, sixteen wait", tries=1, missed=missed
    )
