"""The figures of the drills, and the table made of them.

    python tests/drills/figures.py FILE

writes `README.md` beside this script from a file of figures, one JSON object a line, to
which `conftest.py` adds while the drills run.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from course import machine as this

FULL = os.environ.get("DLI_DRILLS") == "1"
REPORT = os.environ.get("DLI_DRILLS_REPORT", "")
PACKAGES = [
    *("tensorflow", "keras", "numpy", "filelock", "requests"),
    *("nbclient", "nbval", "jupyter_server", "pytest"),
]

HEAD = """\
# Drills

<!-- written by tests/drills/figures.py; `make drills` makes it anew -->

Faults, hostile input and crowded classrooms, tried on purpose: downloads killed at
random moments, flipped bytes, lying servers, notebooks that hang, checks that must
fail. A drill passes when nothing that a reader has is lost and nothing half-made is
used.

`make test` runs the quick ones with few tries; `make drills` runs all of them with
many, and writes this page. Random choices are seeded: a drill that fails can be tried
again. *Tries* is how often something was tried, *as it must* how often it ended so.
What two runs on one machine have in common, and what other settings move, is measured
apart: [repeatability](repeatability.md).
"""


def times(quick: int, full: int) -> int:
    """How often to try: in `make test`, and in `make drills`."""
    return full if FULL else quick


def add(line: dict) -> None:
    """Adds a line to the file of figures; several processes may."""
    from filelock import FileLock

    with FileLock(f"{REPORT}.lock"), open(REPORT, "a", encoding="utf-8") as opened:
        opened.write(json.dumps(line) + "\n")


def machine() -> dict:
    """This machine, its packages, and the time."""
    return {
        "processor": this.processor(),
        "cores": this.cores(),
        "system": f"{platform.system()} {platform.release()}",
        "packages": this.versions(PACKAGES),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "full": FULL,
    }


def page(lines: list[dict]) -> str:
    """The README: a table of all drills, the misses, what was not run, the machine.

    Args:
        lines: of the file of figures; of one test the last line counts.
    """
    facts = [line["machine"] for line in lines if "machine" in line]
    tests = {line["test"]: line for line in lines if "test" in line}
    rows = _rows(tests.values())
    table = [
        "| drill | what is tried | tries | as it must | seconds |",
        "|---|---|--:|--:|--:|",
    ]
    for row in rows:
        about = " ".join(filter(None, [row["tried"], *row["details"]]))
        table.append(
            f"| {_cell(row['drill'])} | {_cell(about)} | {row['tries']:,} | "
            f"{row['caught']:,} | {row['seconds']:.1f} |"
        )
    parts = [HEAD, *([] if _all_full(facts) else [_FEW]), "\n".join(table)]
    parts.append(_list("Missed", _missed(rows), "Nothing."))
    failed = [name for name, test in tests.items() if test["outcome"] == "failed"]
    if failed:
        parts.append(_list("Drills that failed", failed))
    skipped = [
        f"{test['test']}: {test['reason'].removeprefix('Skipped: ')}"
        for test in tests.values()
        if test["outcome"] == "skipped"
    ]
    if skipped:
        parts.append(_list("Not run here", skipped))
    parts.append(_measured(facts[-1]))
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


_FEW = "These are the figures of a short run: few tries, long drills left out."


def _all_full(facts: list[dict]) -> bool:
    return all(fact["full"] for fact in facts)


def _rows(tests) -> list[dict]:
    """One row for each drill of a file, its tests added up, in the order of the files.

    A test that noted nothing counts as one try.
    """
    rows: dict[tuple[str, str], dict] = {}
    for test in sorted(tests, key=lambda test: test["test"].partition("::")[0]):
        if test["outcome"] == "skipped":
            continue
        file, _, name = test["test"].partition("::")
        passed = test["outcome"] == "passed"
        plain = {
            "drill": name.partition("[")[0].removeprefix("test_").replace("_", " "),
            "tries": 1,
            "caught": int(passed),
            "detail": "",
            "missed": [] if passed else [name],
        }
        notes = test["notes"] or [plain]
        for note in notes:
            row = rows.setdefault(
                (file, note["drill"]),
                {
                    "drill": note["drill"],
                    "tried": " ".join(test["tried"].split()),
                    "details": [],
                    "tries": 0,
                    "caught": 0,
                    "missed": [],
                    "seconds": 0.0,
                },
            )
            row["tries"] += note["tries"]
            row["caught"] += note["caught"]
            row["missed"] += note["missed"]
            row["seconds"] += test["seconds"] / len(notes)
            if note["detail"] and note["detail"] not in row["details"]:
                row["details"].append(note["detail"])
    return list(rows.values())


def _missed(rows: list[dict]) -> list[str]:
    found = []
    for row in rows:
        unnamed = row["tries"] - row["caught"] - len(row["missed"])
        names = [*row["missed"], *([f"{unnamed} without a name"] * (unnamed > 0))]
        found += [f"{row['drill']}: {name}" for name in names]
    return found


def _list(title: str, entries: list[str], none: str = "") -> str:
    return f"## {title}\n\n" + ("\n".join(f"- {e}" for e in entries) or none)


def _measured(fact: dict) -> str:
    packages = ", ".join(f"{name} {v}" for name, v in fact["packages"].items())
    return (
        f"## Measured\n\n{fact['date']}, on {fact['processor']}, "
        f"{fact['cores']} cores, {fact['system']}; {packages}."
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    read = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    target = Path(__file__).with_name("README.md")
    target.write_text(page([json.loads(line) for line in read]), encoding="utf-8")
    print(f"{target.parent.name}/{target.name}")
