"""What all drills share: how often they try, and where their figures go.

`make test` runs drills with few tries. `make drills` sets `DLI_DRILLS=1`: more tries,
and the drills marked `drill` too. It also sets `DLI_DRILLS_REPORT`, a file to which
every drill adds one line, and makes the page `README.md` of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.drills import figures as report

_NOTES = pytest.StashKey[list]()


def pytest_configure(config):
    config.addinivalue_line("markers", "drill: long; run by `make drills` only")
    if report.REPORT and not hasattr(config, "workerinput"):
        report.add({"machine": report.machine()})


def pytest_collection_modifyitems(items):
    for item in items:
        if not report.FULL and item.get_closest_marker("drill"):
            item.add_marker(pytest.mark.skip(reason="long: make drills"))


@pytest.fixture
def figures(request) -> report.Figures:
    """Where a drill notes its tries: `figures.note(drill, tries=…, caught=…)`."""
    return report.Figures(request.node.stash.setdefault(_NOTES, []))


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
