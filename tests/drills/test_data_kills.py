"""A download killed at any moment leaves the cache absent or whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from multiprocessing import Pipe

import pytest

from dli.datasets._fetch import cache, disk, sources
from dli.datasets._fetch.errors import Damaged
from tests.support.datasets import send
from tests.support.drills import data_child
from tests.support.drills.data_sets import (
    FILES,
    GOOD,
    NAMES,
    UNPACKED,
    four_sets,
    unpacked,
)
from tests.support.drills.figures import times

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")

SEED = 20261125
PIECES = 12


class Server:
    """Sends files in the present `version`, slowly if `slow`."""

    slow = False
    version = 0

    def answer(self, handler) -> None:
        versions = FILES[handler.path.lstrip("/")]
        body = versions[self.version % len(versions)]
        if not self.slow:
            return send(handler, body)
        step = -(-len(body) // PIECES)
        try:
            send(handler, b"", length=len(body))
            for start in range(0, len(body), step):
                handler.wfile.write(body[start : start + step])
                handler.wfile.flush()
                time.sleep(0.002)
        except OSError:  # the other side was killed
            pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The slow server, and the table and the cache of this process set to it."""
    made = Server()
    with four_sets(monkeypatch, tmp_path, made.answer) as (made.table, _):
        yield made


def state(name: str) -> str:
    """Whether the cache holds a data set: "whole", "absent" or "damaged"."""
    data_set = sources.table()[name]
    try:
        content = cache.read(data_set, "complete")
    except FileNotFoundError:
        return "absent"
    except Damaged:
        return "damaged"
    return "whole" if cache.content_hash(content) in GOOD[name] else "wrong"


def begin(name: str, before: str, server: Server) -> None:
    """A cache in which a data set is absent, damaged or whole."""
    shutil.rmtree(disk.folder(), ignore_errors=True)
    if before == "absent":
        return
    server.slow = False
    data_child.load(name)
    if before == "damaged":
        file = cache.path(sources.table()[name], "complete")
        file.write_bytes(file.read_bytes()[:-1000])


def die(name: str, refresh: bool, server: Server, at: int, wait: float) -> int | None:
    """Load in a process and kill it; its number of events if it ended before that."""
    server.slow = True
    here, there = Pipe()
    folder = str(disk.folder())
    process = data_child.forked(
        data_child.killed, server.table, folder, name, refresh, at, there
    )
    there.close()
    assert here.poll(60) and here.recv() == "begun"
    if wait:
        time.sleep(wait)
        process.kill()
    process.join(60)
    server.slow = False
    if process.exitcode == -signal.SIGKILL:
        return None
    assert process.exitcode == 0, "the process failed by itself"
    return here.recv()


ALLOWED = {
    "absent": ("absent", "whole"),
    "damaged": ("damaged", "absent", "whole"),  # it was so before
    "whole": ("whole",),
}


def debris(name: str) -> list[str]:
    """What is in the cache besides the data set, its record, folder and lock.

    Of artefacts set aside one may stay.
    """
    artefact = sources.table()[name].artefact
    usual = (artefact, f"{artefact}.json", f".{name}.lock", "packed")
    found = [n for n in data_child.left(disk.folder()) if n not in usual]
    aside = [n for n in found if n.startswith(f"{artefact}.damaged-")]
    return [n for n in found if n not in aside[:1]]


def piled_up(name: str) -> list[str]:
    """Debris of more than one process that died: it would grow without bound.

    What one of them left stays until the data set is fetched again.
    """
    found = debris(name)
    artefact = sources.table()[name].artefact
    for start in (f".fetching-{name}-", f".{artefact}-", f".{artefact}.json-"):
        one = [n for n in found if n.startswith(start)][:1]
        found = [n for n in found if n not in one]
    return found


def test_a_download_killed_at_any_moment(figures, server):
    """A process that fetches is killed (SIGKILL) at a random moment of the clock, or
    at a random one of the files it opens, renames and removes; the cache was empty,
    damaged or about to be refreshed; up to three die before one may finish.

    What is cached stays absent or whole, the next load works, and nothing piles up.
    """
    chance = random.Random(SEED)
    kills = {"by the clock": 0, "by the event": 0}
    missed, spans, lasts, completed = [], {}, {}, 0
    wanted, number = times(15, 240), 0
    while sum(kills.values()) < wanted and number < 4 * wanted:
        name = NAMES[number % len(NAMES)]
        before = ("absent", "damaged", "whole")[number // len(NAMES) % 3]
        refresh = before == "whole"
        number += 1
        if (name, before) not in spans:  # how long it takes undisturbed
            begin(name, before, server)
            began = time.monotonic()
            lasts[name, before] = die(name, refresh, server, 0, 0)
            spans[name, before] = time.monotonic() - began
        begin(name, before, server)
        for _ in range(chance.randint(1, 3)):
            server.version += refresh
            stood = state(name)
            way = chance.choice(list(kills))
            if way == "by the clock":
                at, wait = 0, chance.uniform(0.001, spans[name, before])
            else:
                at, wait = chance.randint(1, lasts[name, before]), 0
            moment = f"{name}, {before}, {f'{wait:.4f} s' if wait else f'event {at}'}"
            if die(name, refresh, server, at, wait) is not None:
                completed += 1
                continue
            kills[way] += 1
            found = state(name)
            if found not in ALLOWED[stood] or unpacked() not in ({}, UNPACKED):
                missed.append(f"{moment}: {stood}, then {found}")
        loaded = data_child.load(name)
        if loaded not in GOOD[name]:
            missed.append(f"{moment}: then another load was wrong")
        rubbish = piled_up(name)
        data_child.load(name, refresh=True)
        if rubbish := rubbish or debris(name):
            missed.append(f"{moment}: {', '.join(rubbish)} left behind")
    tries = sum(kills.values())
    figures.all_caught(
        "downloads killed",
        tries=tries,
        detail=", ".join(f"{n} {way}" for way, n in kills.items())
        + f"; {completed} more had finished before they were killed",
        missed=missed,
    )
    assert tries >= wanted
