"""The figures of the drills, and the page made of them.

    python -m tests.support.drills.figures FILE

writes `tests/drills/README.md` from a file of figures, one JSON object a line, to which
`tests/drills/conftest.py` adds while the drills run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from benchmarks import pages
from course import machine as this
from course.bootstrap import ROOT

FULL = os.environ.get("DLI_DRILLS") == "1"
REPORT = os.environ.get("DLI_DRILLS_REPORT", "")
PAGE = ROOT / "tests" / "drills" / "README.md"
TEMPLATES = Path(__file__).with_name("templates")
PACKAGES = [
    *("tensorflow", "keras", "numpy", "filelock", "requests"),
    *("nbclient", "nbval", "jupyter_server", "pytest"),
]


def times(quick: int, full: int) -> int:
    """How often to try: in `make test`, and in `make drills`."""
    return full if FULL else quick


def add(line: dict) -> None:
    """Add a line to the file of figures; several processes may do so at once."""
    with FileLock(f"{REPORT}.lock"), open(REPORT, "a", encoding="utf-8") as opened:
        opened.write(json.dumps(line) + "\n")


def machine() -> dict:
    """This machine, its packages, the date, and whether the drills run in full."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    return {**this.description(PACKAGES), "date": today, "full": FULL}


class Figures:
    """Collects what one test has tried.

    Args:
        notes: the list that `note` adds to.
    """

    def __init__(self, notes: list[dict]) -> None:
        self._notes = notes

    def note(
        self,
        drill: str,
        tries: int,
        caught: int,
        detail: str = "",
        missed: Iterable[str] = (),
    ) -> None:
        """Add one line to the table of drills; call it before asserting.

        Args:
            drill: a few words; tries of the same drill and file are added up.
            tries: how often it was tried.
            caught: how many of the tries ended well.
            detail: what else was measured, in a few words.
            missed: a name for each try that did not end well.
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
        self.nearly_all_caught(drill, tries, missed, 1, detail)

    def nearly_all_caught(
        self,
        drill: str,
        tries: int,
        missed: Iterable[str],
        floor: float,
        detail: str = "",
    ) -> None:
        """The same; fails if the share of those caught is below a floor."""
        missed = sorted(missed)
        caught = max(0, tries - len(missed))
        self.note(drill, tries, caught, detail, missed)
        assert tries, "nothing was tried"
        assert caught >= floor * tries, missed


def page(lines: list[dict]) -> str:
    """The page: a table of all drills, the misses, what was not run, the machine.

    Args:
        lines: of the file of figures; of one test the last line counts.
    """
    facts = [line["machine"] for line in lines if "machine" in line]
    tests = {line["test"]: line for line in lines if "test" in line}
    ended = {
        outcome: [test for test in tests.values() if test["outcome"] == outcome]
        for outcome in ("failed", "skipped")
    }
    rows = _rows(tests.values())
    return pages.render(
        TEMPLATES / "drills.md.j2",
        rows=rows,
        is_full=all(fact["full"] for fact in facts),
        missed=[f"{row['drill']}: {name}" for row in rows for name in _missed(row)],
        measured=facts[-1],
        **ended,
    )


def _rows(tests) -> list[dict]:
    """One row for each drill of a file, its tests added up, in the order of the files.

    A test that noted no figures has no row.
    """
    rows: dict[tuple[str, str], dict] = {}
    for test in sorted(tests, key=lambda test: test["test"].partition("::")[0]):
        for note in test["notes"]:
            row = rows.setdefault(
                (test["test"].partition("::")[0], note["drill"]),
                {
                    "drill": note["drill"],
                    "about": " ".join(test["tried"].split()),
                    "tries": 0,
                    "caught": 0,
                    "missed": [],
                    "seconds": 0.0,
                },
            )
            for key in ("tries", "caught", "missed"):
                row[key] += note[key]
            row["seconds"] += test["seconds"] / len(test["notes"])
            if note["detail"] not in row["about"]:
                row["about"] += f" {note['detail']}"
    return list(rows.values())


def _missed(row: dict) -> list[str]:
    unnamed = row["tries"] - row["caught"] - len(row["missed"])
    return [*row["missed"], *([f"{unnamed} without a name"] * (unnamed > 0))]


if __name__ == "__main__":
    read = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    PAGE.write_text(page([json.loads(line) for line in read]), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
