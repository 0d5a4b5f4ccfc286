"""`docker/image-pin` writes what a registry answers, and nothing else."""

import re
import shutil
import subprocess
import sys

import pytest

from course.bootstrap import ROOT
from tests.support.images import dockerfile, needs_sh

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A Dockerfile with image-pin beside it, and no client of a registry."""
    (tmp_path / "docker").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "docker" / "image-pin", tmp_path / "docker")
    (tmp_path / "Dockerfile").write_text(dockerfile(), encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def client(clone, name, script):
    path = clone / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def pin(clone):
    command = [sys.executable, str(clone / "docker" / "image-pin")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    base = re.search(
        r"^ARG BASE_IMAGE=(.*)$", (clone / "Dockerfile").read_text("utf-8"), re.M
    )[1]
    return done, base


@needs_sh
def test_image_pin_writes_what_a_registry_tells(clone):
    client(clone, "docker", f'[ "$2" = imagetools ] && echo {DIGEST}')
    done, base = pin(clone)
    assert done.returncode == 0, done.stderr
    tag, digest = base.split("@")
    assert (tag.split(":")[0], digest) == ("python", DIGEST)
    # Another digest replaces the first; all else stays.
    client(clone, "docker", "echo cannot connect >&2; exit 1")
    newer = DIGEST.replace("0", "f")
    client(clone, "skopeo", f"echo {newer}")
    done, base = pin(clone)
    assert done.returncode == 0
    assert base == f"{tag}@{newer}"
    restored = (clone / "Dockerfile").read_text("utf-8").replace(base, tag)
    assert restored == re.sub(r"(ARG BASE_IMAGE=[^\s@]+)@\S+", r"\1", dockerfile())
    assert "already" in pin(clone)[0].stdout


@needs_sh
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no route to host >&2; exit 1", "docker: no route to host"),
        ("echo sha256:short", "docker: sha256:short"),
        (f"echo {DIGEST}; exit 1", "docker:"),
        (None, "docker: not installed"),
    ],
)
def test_image_pin_invents_nothing(clone, script, said):
    if script:
        client(clone, "docker", script)
    done, _ = pin(clone)
    assert done.returncode == 1
    assert said in done.stderr
    assert "skopeo: not installed" in done.stderr
    assert (clone / "Dockerfile").read_text("utf-8") == dockerfile()
