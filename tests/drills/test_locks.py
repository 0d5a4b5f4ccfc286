"""The locks name final releases from an index, with hashes."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from course.bootstrap import ROOT

LOCKS = [
    "requirements.txt",
    "docker/requirements-gpu.txt",
    "docker/requirements-hub.txt",
    "docker/requirements-classroom.txt",
]


def pins(text: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Each package of a lock, with its hashes.

    Raises:
        ValueError: a line is something else than a pin with its hashes.
    """
    found = {}
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n?", "", text))
    for line in filter(str.strip, joined.splitlines()):
        pin, *hashes = re.split(r"\s+--hash=", line.strip())
        if pin.startswith("-") or " --" in pin:
            raise ValueError(f"an option: {line}")
        requirement = Requirement(pin)
        if requirement.name in found:
            raise ValueError(f"{requirement.name} is there twice")
        found[requirement.name] = (requirement, hashes)
    return found


def wrong_with(requirement: Requirement, hashes: list[str]) -> str:
    """Why a pin of the lock is not one to rely on; empty if it is."""
    if requirement.url:
        return "comes from an address, not from an index"
    [*specifiers] = requirement.specifier
    if len(specifiers) != 1 or specifiers[0].operator != "==":
        return "is not pinned"
    version = Version(specifiers[0].version)
    if version.is_prerelease or version.is_devrelease or version.local:
        return f"{version} is no final release"
    if not hashes:
        return "has no hash"
    if not all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes):
        return "has a hash that is no SHA-256"
    return ""


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_is_a_final_release_with_hashes(figures, lock):
    """Every package of the locks: pinned to one version, a final release, from an
    index, with SHA-256 hashes.
    """
    if not (ROOT / lock).exists():
        pytest.skip(f"{lock} is not part of this copy")
    found = pins((ROOT / lock).read_text("utf-8"))
    bad = {name: why for name, pin in found.items() if (why := wrong_with(*pin))}
    missed = [f"{name} {why}" for name, why in bad.items()]
    figures.all_caught(
        "packages of the locks",
        tries=len(found),
        missed=missed,
    )
    assert len(found) > (100 if lock == "requirements.txt" else 5)


GOOD_HASH = f"--hash=sha256:{'0a' * 32}"


@pytest.mark.parametrize(
    "line",
    [
        f"a==1.0rc1 {GOOD_HASH}",
        f"a==1.0.dev3 {GOOD_HASH}",
        f"a==1.0+local {GOOD_HASH}",
        f"a>=1.0 {GOOD_HASH}",
        f"a==1.* {GOOD_HASH}",
        "a==1.0",
        "a==1.0 --hash=md5:0a0a",
        f"a @ https://example.org/a.whl {GOOD_HASH}",
        f"a @ git+https://example.org/a {GOOD_HASH}",
        "--extra-index-url https://example.org/simple",
        "-e .",
        "--trusted-host example.org",
        f"a==1.0 {GOOD_HASH}\na==1.1 {GOOD_HASH}",
    ],
)
def test_the_check_of_the_locks_catches(figures, line):
    """Lines that have no place in a lock, shown to the check of the locks."""
    try:
        found = [why for pin in pins(f"{line}\n").values() if (why := wrong_with(*pin))]
    except ValueError as error:
        found = [str(error)]
    figures.note("bad lines of a lock", tries=1, caught=int(bool(found)))
    assert found


@pytest.mark.network
@pytest.mark.drill
def test_no_locked_package_was_withdrawn(figures, tmp_path):
    """The packages that this machine would install from the lock, asked of the index:
    there, as wheels (no `setup.py` is run), with the hashes of the lock, not withdrawn.
    """
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--require-hashes", "--only-binary=:all:"]
    command += ["--quiet", "--no-input", f"--report={report}", "-r", "requirements.txt"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=540
        )
    except subprocess.TimeoutExpired:
        pytest.skip("the index is too slow")
    if done.returncode:
        offline = "Retrying" in done.stderr or "Temporary failure" in done.stderr
        if "HASHES" in done.stderr or not offline:
            raise AssertionError(done.stderr)
        pytest.skip("no index can be reached")
    found = json.loads(report.read_text("utf-8"))["install"]
    missed = [p["metadata"]["name"] for p in found if p.get("is_yanked")]
    figures.all_caught(
        "locked packages asked of the index",
        tries=len(found),
        missed=missed,
    )
    assert len(found) > 100
