"""What all drills share: how often they try, and where their figures go.

`make test` runs drills with few tries. `make drills` sets `DLI_DRILLS=1`: more tries,
and the drills marked `drill` too. It also sets `DLI_DRILLS_REPORT`, a file to which
every drill adds one line; `figures.py` makes the table in `README.md` of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.drills import figures as report

_NOTES = pytest.StashKey[list]()


def pytest_configure(config):
    config.addinivalue_line("markers", "drill: long; run by `make drills` only")
    if report.REPORT and not hasattr(config, "workerinput"):
        report.add({"machine": report.machine()})


def pytest_collection_modifyitems(items):
    for item in items:
        if not report.FULL and item.get_closest_marker("drill"):
            item.add_marker(pytest.mark.skip(reason="long: make drills"))


class Figures:
    """Collects what one test tried."""

    def __init__(self, notes: list) -> None:
        self._notes = notes

    def note(
        self,
        drill: str,
        tries: int,
        caught: int,
        detail: str = "",
        missed: Iterable[str] = (),
    ) -> None:
        """Adds one line to the table of drills; call it before asserting.

        Args:
            drill: a few words; tries of the same drill and file are added up.
            tries: how often it was tried.
            caught: how many of the tries ended as they must.
            detail: what else was measured, in a few words.
            missed: a name for each try that did not end as it must.
        """
        self._notes.append(
            {
                "drill": drill,
                "tries": tries,
                "caught": caught,
                "detail": detail,
                "missed": list(missed),
            }
        )

    def all_caught(
        self, drill: str, tries: int, missed: Iterable[str], detail: str = ""
    ) -> None:
        """`note`, where each try that was not missed was caught; fails if any was."""
        missed = list(missed)
        self.note(drill, tries, max(0, tries - len(missed)), detail, missed)
        assert not missed


@pytest.fixture
def figures(request) -> Figures:
    """Where a drill notes its tries: `figures.note(drill, tries=…, caught=…)`."""
    notes = request.node.stash.setdefault(_NOTES, [])
    return Figures(notes)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    here = Path(__file__).parent in item.path.parents
    ended = call.when == "call" or outcome.skipped or outcome.failed
    if report.REPORT and here and ended:
        report.add(
            {
                "test": item.nodeid,
                "tried": (item.function.__doc__ or item.name).split("\n\n")[0],
                "outcome": outcome.outcome,
                "reason": outcome.longrepr[2] if outcome.skipped else "",
                "seconds": call.duration,
                "notes": item.stash.get(_NOTES, []),
            }
        )
    return outcome
