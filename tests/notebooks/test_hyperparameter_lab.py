"""The laboratory, as the notebook defines it: killed, taken up again, and repeated."""

import subprocess
import sys
import textwrap

import pytest

from course import catalogue

CELLS = ("load", "parameters", "agent", "space", "lab")
QUICK = "trials, agents_each, games = 4, 1, 4"

RUN = """
import os, signal, sys
exec(compile(open("cells.py").read(), "cells.py", "exec"))
{quick}
kill_at, file = int(sys.argv[1]), sys.argv[2]
count = 0
def watched(trial):
    global count
    count += 1
    value = objective(trial)
    if count == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return value
study = run_lab("lab", watched, trials, seed, f"sqlite:///{{file}}")
done = study.get_trials(states=[DONE])
print([t.value for t in done], study.best_params, len(study.get_trials()) - len(done))
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Run the lab in a process of its own, which may be killed; what it printed."""
    folder = tmp_path_factory.mktemp("lab")
    cells = {cell.id: cell for cell in catalogue.find("hyperparameter_lab").cells()}
    source = "\n\n".join(cells[name].source for name in CELLS)
    (folder / "cells.py").write_text(source, encoding="utf-8")
    (folder / "run.py").write_text(
        textwrap.dedent(RUN).format(quick=QUICK), encoding="utf-8"
    )

    def run(file, kill_at=0):
        done = subprocess.run(
            [sys.executable, "run.py", str(kill_at), file],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        return done.returncode, (done.stdout.strip().splitlines() or [""])[-1]

    return run


@pytest.fixture(scope="module")
def in_peace(lab):
    status, result = lab("peace.db")
    assert status == 0
    return result


def test_the_same_seed_gives_the_same_best_trial(lab, in_peace):
    assert lab("again.db") == (0, in_peace)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_lab_loses_one_trial_and_nothing_else(lab, in_peace):
    status, _ = lab("killed.db", kill_at=3)
    assert status != 0
    status, result = lab("killed.db")
    assert status == 0
    assert result.rsplit(" ", 1) == [in_peace.rsplit(" ", 1)[0], "1"]


def test_a_finished_lab_is_not_run_again(lab, in_peace):
    assert lab("peace.db", kill_at=1) == (0, in_peace)
