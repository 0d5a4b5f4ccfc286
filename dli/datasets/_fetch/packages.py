"""Packages of registries, fetched by the registries' own clients.

They are downloaded, never installed or run; what is asked for is taken out of them
elsewhere (`delivery`). Every function puts one package file into a folder and raises
`SourceFailed` with the reason in a few words if it can't.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from dli.datasets._fetch import disk, live
from dli.datasets._fetch.errors import SourceFailed

CONNECT_SECONDS = 5
PROBE_SECONDS = 10  # for a registry to answer at all
PACKAGE_SECONDS = 300  # for a package to arrive
RETRIES = 2


def npm(locator: str, into: Path) -> Path:
    """The .tgz of an npm package, named by `package version`."""
    client = shutil.which("npm")
    if client is None:
        raise SourceFailed("npm is not installed")
    package = "@".join(locator.split())
    quiet = ["--loglevel=error", "--no-update-notifier", f"--cache={into / 'npm'}"]
    asked = [client, "view", package, "dist.shasum", *quiet, "--fetch-retries=0"]
    command = [*asked, f"--fetch-timeout={PROBE_SECONDS * 800}"]
    _call("npm view", command, into, PROBE_SECONDS)
    with live.line(f"npm pack {package}"):
        command = [client, "pack", package, *quiet, "--ignore-scripts"]
        command.append(f"--fetch-retries={RETRIES}")
        _call("npm pack", command, into, PACKAGE_SECONDS)
    return _only_file(into, "*.tgz")


def pypi(locator: str, into: Path) -> Path:
    """The wheel of a PyPI package, named by `package version`."""
    if find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip"]
    elif shutil.which("pip"):
        pip = [shutil.which("pip")]
    else:
        raise SourceFailed(
            "pip is not in this environment (environments made by uv have none): "
            "python -m ensurepip, or uv pip install pip"
        )
    package = "==".join(locator.split())
    command = [
        *pip,
        "download",
        package,
        "--no-deps",
        "--only-binary=:all:",
        "--ignore-requires-python",
        "--no-input",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--quiet",
        f"--timeout={CONNECT_SECONDS}",
        "--retries=0",
        f"--dest={into}",
    ]
    with live.line(f"pip download {package}"):
        _call("pip download", command, into, PACKAGE_SECONDS)
    return _only_file(into, "*.whl")


def debian(package: str, into: Path) -> Path:
    """The .deb of a Debian package, asked for with package lists of our own."""
    tools = {name: shutil.which(name) for name in ("apt-get", "dpkg-deb")}
    for name, path in tools.items():
        if path is None:
            raise SourceFailed(f"{name} is not on this machine")
    settings = into / "apt.conf"
    with disk.writing():
        (into / "lists" / "partial").mkdir(parents=True)
        (into / "archives" / "partial").mkdir(parents=True)
        settings.write_text(_apt_settings(into), encoding="utf-8")
    apt = [tools["apt-get"], f"--config-file={settings}", "-qq"]
    with live.line(f"apt-get download {package}"):
        try:
            command = [*apt, "update"]
            _call("apt-get update", command, into, PACKAGE_SECONDS / 3)
            outdated = ""
        except SourceFailed as failure:  # perhaps only one of many archives failed
            outdated = f"{failure}; "
            if not any((into / "lists").glob("*_Packages*")):
                raise
        try:
            command = [*apt, "download", package]
            _call("apt-get download", command, into, PACKAGE_SECONDS)
        except SourceFailed as failure:
            raise SourceFailed(f"{outdated}{failure}") from None
    return _only_file(into, "*.deb")


def tar_in_deb(package: Path, into: Path) -> Path:
    """The files of a Debian package as a tar file."""
    unpacked = into / "package.tar"
    with disk.writing():
        sink = open(unpacked, "wb")  # noqa: SIM115 (closed below)
    with sink:
        command = ["dpkg-deb", "--fsys-tarfile", str(package)]
        _call("dpkg-deb", command, into, PACKAGE_SECONDS, stdout=sink)
    return unpacked


def _apt_settings(folder: Path) -> str:
    """Settings with which apt reads its own sources but writes only to a folder."""
    return f"""
    Dir::State::Lists "{folder / "lists"}";
    Dir::Cache "{folder}";
    Dir::Cache::pkgcache "";
    Dir::Cache::srcpkgcache "";
    Debug::NoLocking "true";
    APT::Sandbox::User "";
    APT::Update::Error-Mode "any";
    Acquire::Languages "none";
    Acquire::Retries "0";
    Acquire::http::Timeout "{CONNECT_SECONDS}";
    Acquire::https::Timeout "{CONNECT_SECONDS}";
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    """


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SourceFailed(f"{len(found)} files {pattern} arrived instead of one")
    return found[0]


def _call(
    name: str,
    command: list[str],
    folder: Path,
    seconds: float,
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> None:
    """Runs a package client in a folder and waits for it, within bounds.

    Raises:
        SourceFailed: it can't be started, fails, or takes too long. Whatever it
            started is stopped too.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C", "NO_COLOR": "1"},
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise SourceFailed(f"{name} can't be started: {error}") from error
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise SourceFailed(f"{name} took more than {seconds:.0f} s") from None
    finally:
        _stop(process)
    if process.returncode:
        said = (err or b"") + b"\n" + (out or b"")
        raise SourceFailed(f"{name} failed: {_gist(said)}")


def _stop(process: subprocess.Popen) -> None:
    """Ends a client that still runs, and on POSIX its children with it."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _gist(said: bytes, longest: int = 200) -> str:
    """What a client says went wrong: its first two lines of error, or its last line."""
    plain = _COLOUR.sub("", said.decode(errors="replace"))  # in a kernel, pip colours
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    marks = ("npm error ", "npm ERR! ", "ERROR: ", "E: ", "error: ")
    errors = [
        line.removeprefix(mark)
        for line in lines
        for mark in marks
        if line.startswith(mark)
    ]
    errors = [e for e in errors if not e.startswith(("code ", "errno ", "syscall "))]
    gist = "; ".join(errors[:2] or lines[-1:]) or "it gave no message"
    return gist if len(gist) <= longest else f"{gist[: longest - 1]}…"
