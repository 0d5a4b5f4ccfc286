"""A room without any network: the stick sets a fresh copy up, and a notebook runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from course import stick
from course.bootstrap import SetupError

#: Needs data, so that they have to come from the stick; trains nothing.
NOTEBOOK = "mnist_digit_pixel_by_pixel"

# In a namespace of its own a process has no route, and not even a loopback that is up;
# Jupyter's kernels talk over that one.
_ALONE = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x41))  # up and running
    try:
        s.connect(("192.0.2.1", 9))
    except OSError:
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
sys.exit("there is a route")
"""


def _may_unshare() -> bool:
    try:
        command = ["unshare", "--map-root-user", "--net", "true"]
        return not subprocess.run(command, capture_output=True).returncode
    except OSError:
        return False


def _without_network(words: list[str], cwd: Path, env: dict) -> str:
    python = getattr(sys, "_base_executable", sys.executable)
    command = ["unshare", "--map-root-user", "--net", python, "-c", _ALONE, *words]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    told = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    assert done.returncode == 0, told
    return told


@pytest.mark.drill
@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_class_without_any_network(figures, tmp_path):
    """A stick for a class is made (or `DLI_STICK` names one). Then, in a network
    namespace without a route: the archive on it is unpacked, set up, and runs a
    notebook on the stick's data, with empty caches and no settings of pip.
    """
    if not _may_unshare():
        pytest.skip("unshare may not make a network namespace here")
    into = Path(os.environ.get("DLI_STICK") or tmp_path / "stick")
    try:
        stick.write(into)
    except SetupError as error:
        pytest.skip(f"the stick can't be made: {error}")
    with zipfile.ZipFile(into / f"{stick.NAME}.zip") as archive:
        archive.extractall(tmp_path / "room")
    clone = tmp_path / "room" / stick.NAME
    kept = {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH"}
    env = {name: value for name, value in os.environ.items() if name in kept}
    home = tmp_path / "home"
    home.mkdir()
    env |= {"HOME": str(home), "PIP_CONFIG_FILE": os.devnull}
    env |= {"DLI_MIRROR": str(into / "data"), "DLI_PROGRESS": "0"}
    began = time.monotonic()
    told = _without_network(["-m", "course", "setup"], clone, env)
    assert f"Packages come from {into / 'wheels'}" in told
    set_up = time.monotonic()
    told = _without_network(["-m", "course", "run", NOTEBOOK], clone, env)
    ran = time.monotonic()
    assert "within" in told, told
    size = stick.size(into) / 1e9
    detail = f"{size:.1f} GB, set up in {set_up - began:.0f} s, run in "
    detail += f"{ran - set_up:.0f} s"
    print(detail)
    figures.all_caught("a class without a network", tries=1, missed=[], detail=detail)
