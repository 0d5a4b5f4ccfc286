"""Package clients: they deliver, run nothing, and every failure has a reason."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import pytest

from dli import files
from dli.datasets._fetch import delivery, packages
from dli.datasets._fetch.sources import Source
from tests.support.datasets import (
    clean,
    contents,
    fake_client,
    posix,
    reason,
    send,
    serving,
    sha,
    tar,
    zipped,
)


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    clean(monkeypatch, tmp_path)


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


# --- package clients: the real ones on registries made here ---------------------------


@posix
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_npm_delivers_members_and_runs_nothing(tmp_path, into, monkeypatch):
    script = {"preinstall": "touch RAN", "prepack": "touch RAN", "prepare": "touch RAN"}
    manifest = {"name": "tiny-data", "version": "1.2.0", "scripts": script}
    package = tar(
        {
            "package/package.json": json.dumps(manifest).encode(),
            "package/data/one": b"1",
            "package/index.js": b"require('fs').writeFileSync('RAN', '')",
        }
    )

    def answer(handler):
        if handler.path.endswith(".tgz"):
            return send(handler, package)
        host = handler.headers["Host"]
        digest = b64encode(hashlib.sha512(package).digest()).decode()
        dist = {
            "tarball": f"http://{host}/tiny-data/-/tiny-data-1.2.0.tgz",
            "shasum": hashlib.sha1(package, usedforsecurity=False).hexdigest(),
            "integrity": f"sha512-{digest}",
        }
        answered = {
            "name": "tiny-data",
            "dist-tags": {"latest": "1.2.0"},
            "versions": {"1.2.0": {**manifest, "dist": dist}},
        }
        send(handler, json.dumps(answered).encode())

    source = Source(
        "npm",
        "tiny-data 1.2.0",
        members={"one": "package/data/one"},
        sha256=(sha(package),),
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with serving(answer) as (address, _):
        monkeypatch.setenv("npm_config_registry", f"{address}/")
        files = delivery.deliver(source, into)
    assert contents(files) == {"one": b"1"}
    assert not list(tmp_path.rglob("RAN"))
    assert not (tmp_path / "home" / ".npm" / "_cacache").exists()


@posix
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_npm_without_a_network_ends_soon(into, monkeypatch):
    with serving(lambda handler: None) as (address, _):
        pass
    monkeypatch.setenv("npm_config_registry", f"{address}/")
    said, seconds = reason(Source("npm", "tiny-data 1.2.0", members={"a": "b"}), into)
    assert said.startswith("npm view failed: ")
    assert seconds < packages.PROBE_SECONDS + 2


def wheel(folder: Path) -> Path:
    """A wheel `tiny_data` 1.2.0 with one data file."""
    info = "tiny_data-1.2.0.dist-info"
    body = zipped(
        {
            "tiny_data/one": b"1",
            "tiny_data/__init__.py": b"open('RAN', 'w')",
            f"{info}/METADATA": b"Metadata-Version: 2.1\nName: tiny-data\n"
            b"Version: 1.2.0\nRequires-Dist: nonsense-that-is-nowhere\n",
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
            b"Tag: py3-none-any\n",
            f"{info}/RECORD": b"",
        }
    )
    file = folder / "tiny_data-1.2.0-py3-none-any.whl"
    file.write_bytes(body)
    return file


def offline_pip(monkeypatch, links):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))


@pytest.mark.skipif(not packages.find_spec("pip"), reason="no pip in this environment")
def test_pip_delivers_members_and_runs_nothing(tmp_path, into, monkeypatch):
    offline_pip(monkeypatch, tmp_path)
    file = wheel(tmp_path)
    source = Source(
        "pypi",
        "tiny-data 1.2.0",
        members={"one": "tiny_data/one"},
        sha256=(files.sha256(file),),
    )
    assert contents(delivery.deliver(source, into)) == {"one": b"1"}
    assert not list(tmp_path.rglob("RAN"))


@pytest.mark.skipif(not packages.find_spec("pip"), reason="no pip in this environment")
def test_pip_never_builds_a_package(tmp_path, into, monkeypatch):
    offline_pip(monkeypatch, tmp_path)
    ran = tmp_path / "RAN"
    setup = f"open({str(ran)!r}, 'w')\nfrom setuptools import setup\nsetup()"
    name = "tiny-data-1.2.0"
    info = b"Metadata-Version: 2.1\nName: tiny-data\nVersion: 1.2.0\n"
    body = tar({f"{name}/setup.py": setup.encode(), f"{name}/PKG-INFO": info})
    (tmp_path / f"{name}.tar.gz").write_bytes(body)
    said, _ = reason(Source("pypi", "tiny-data 1.2.0", members={"a": "b"}), into)
    assert said.startswith("pip download failed: ")
    assert not ran.exists()


APT = shutil.which("apt-get") and shutil.which("dpkg-deb")


@posix
@pytest.mark.skipif(not APT, reason="apt-get or dpkg-deb is not on this machine")
def test_apt_delivers_members_and_changes_nothing(tmp_path, into, monkeypatch):
    archive = tmp_path / "archive"
    tree = tmp_path / "tree"
    ran = tmp_path / "RAN"
    archive.mkdir()
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/share/tiny").mkdir(parents=True)
    (tree / "usr/share/tiny/one").write_bytes(b"1")
    (tree / "usr/share/tiny/link").symlink_to("/etc/passwd")
    script = tree / "DEBIAN" / "postinst"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    control = (
        "Package: tiny-data\nVersion: 1.2\nArchitecture: all\nMaintainer: n <n@n.nn>\n"
        "Description: tiny\n"
    )
    (tree / "DEBIAN" / "control").write_text(control)
    deb = archive / "tiny-data_1.2_all.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", tree, deb],
        check=True,
        capture_output=True,
    )
    entry = (
        f"{control}Filename: ./{deb.name}\nSize: {deb.stat().st_size}\n"
        f"SHA256: {files.sha256(deb)}\n"
    )
    (archive / "Packages").write_text(entry)
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] file:{archive} ./\n")
    settings = tmp_path / "machine.conf"  # stands for the settings of the machine
    settings.write_text(
        f'Dir::Etc::SourceList "{tmp_path}/sources.list";\n'
        'Dir::Etc::SourceParts "/dev/null";\n'
        f'APT::Update::Post-Invoke {{ "touch {ran}"; }};\n'
    )
    monkeypatch.setenv("APT_CONFIG", str(settings))
    lists = Path("/var/lib/apt/lists")
    before = sorted(os.listdir(lists)) if lists.is_dir() else None
    source = Source("debian", "tiny-data", members={"one": "usr/share/tiny/one"})
    assert contents(delivery.deliver(source, into)) == {"one": b"1"}
    assert not ran.exists()
    assert before == (sorted(os.listdir(lists)) if lists.is_dir() else None)
    assert not Path("/usr/share/tiny").exists()

    other = tmp_path / "other"
    other.mkdir()
    said, _ = reason(Source("debian", "no-such-data", members={"a": "b"}), other)
    assert "no-such-data" in said


# --- package clients: what can go wrong -----------------------------------------------

PACKAGES = {
    "npm": Source("npm", "tiny-data 1.2.0", members={"one": "package/one"}),
    "pypi": Source("pypi", "tiny-data 1.2.0", members={"one": "tiny/one"}),
    "debian": Source("debian", "tiny-data", members={"one": "usr/one"}),
}
CLIENTS = {"npm": "npm", "pypi": "pip", "debian": "apt-get"}


@pytest.fixture
def bin(tmp_path, monkeypatch):
    """The only folder on PATH; pip is not in the environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    fake_client(folder, "dpkg-deb", "sys.exit(2)")
    return folder


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_missing_client_is_named(bin, into, kind):
    said, seconds = reason(PACKAGES[kind], into)
    assert said.startswith(f"{CLIENTS[kind]} is not")
    assert seconds < 5
    if kind == "pypi":
        assert "uv pip install pip" in said


def test_dpkg_deb_is_needed_too(bin, into):
    fake_client(bin, "apt-get", "")
    (bin / "dpkg-deb").unlink()
    assert reason(PACKAGES["debian"], into)[0] == "dpkg-deb is not on this machine"


@posix
@pytest.mark.parametrize("kind", PACKAGES)
def test_what_a_client_says_is_passed_on(bin, into, kind):
    said = {
        "npm": "npm error code E404\nnpm error 404 Not Found - no such package",
        "pypi": "Looking\nERROR: No matching distribution found",
        "debian": "Reading\nE: Unable to locate package",
    }[kind]
    fake_client(bin, CLIENTS[kind], f"sys.stderr.write({said!r}); sys.exit(1)")
    heard, _ = reason(PACKAGES[kind], into)
    assert heard.endswith(("such package", "distribution found", "locate package"))
    assert "failed: " in heard
    assert "\n" not in heard


@posix
@pytest.mark.parametrize("kind", PACKAGES)
def test_a_client_that_hangs_is_stopped_with_its_children(
    bin, into, monkeypatch, kind, tmp_path
):
    monkeypatch.setattr(packages, "PROBE_SECONDS", 2.5)
    monkeypatch.setattr(packages, "PACKAGE_SECONDS", 2.5)
    beat = tmp_path / "beat"
    child = (
        f"import time\nwhile True: open({str(beat)!r}, 'a').write('x'); time.sleep(.05)"
    )
    command = [sys.executable, "-S", "-c", child]
    fake_client(bin, CLIENTS[kind], f"import subprocess; subprocess.run({command})")
    said, seconds = reason(PACKAGES[kind], into)
    assert "took more than" in said
    assert seconds < 12
    size = beat.stat().st_size
    assert size > 0
    time.sleep(0.3)
    assert beat.stat().st_size == size


@posix
@pytest.mark.parametrize("kind", ["npm", "pypi"])
@pytest.mark.parametrize(
    ("arrives", "complaint"),
    [
        ("nothing", "0 files"),
        ("truncated", "broken"),
        ("other", "not the expected file"),
        ("lacking", "holds no"),
        ("traversal", "unsafe path"),
    ],
)
def test_packages_that_are_wrong(bin, into, tmp_path, kind, arrives, complaint):
    make = tar if kind == "npm" else zipped
    member = PACKAGES[kind].members["one"]
    good = make({member: os.urandom(10**5), "other": b""})
    body = {
        "truncated": good[: len(good) // 2],
        "lacking": make({"other": b""}),
        "traversal": make({"../evil": b"", member: b"1"}),
    }.get(arrives, good)
    expected = (sha(b"data"),) if arrives == "other" else ()
    source = Source(
        kind, "tiny-data 1.2.0", members=PACKAGES[kind].members, sha256=expected
    )
    (tmp_path / "package").write_bytes(body)
    name = "x.tgz" if kind == "npm" else "x.whl"
    copying = f"shutil.copy({str(tmp_path / 'package')!r}, {str(into / name)!r})"
    nothing = arrives == "nothing"
    fake_client(bin, CLIENTS[kind], "pass" if nothing else copying)
    assert complaint in reason(source, into)[0]
    assert not (into.parent / "evil").exists()


@posix
def test_a_pip_elsewhere_is_used_where_the_environment_has_none(bin, into, tmp_path):
    file = wheel(tmp_path)
    copying = (
        "assert args[:2] == ['download', 'tiny-data==1.2.0'] and '--no-deps' in args\n"
        "dest = [a for a in args if a.startswith('--dest=')][0][7:]\n"
        f"shutil.copy({str(file)!r}, dest)"
    )
    fake_client(bin, "pip", copying)
    source = Source("pypi", "tiny-data 1.2.0", members={"one": "tiny_data/one"})
    assert contents(delivery.deliver(source, into)) == {"one": b"1"}


def test_a_client_that_cannot_start_is_a_reason(bin, into):
    broken = bin / "npm"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    assert "can't be started" in reason(PACKAGES["npm"], into)[0]


def test_the_gist_of_a_coloured_message_is_plain():
    said = b"\x1b[31mERROR: No matching distribution\x1b[0m\x1b[31m\n\x1b[0m"
    assert packages._gist(said) == "No matching distribution"
