"""What the tests of the data layer share: a tiny data set, servers, fake clients."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import sys
import tarfile
import threading
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from dli.datasets._fetch import cache, delivery, download, loader, recipes, sources
from dli.datasets._fetch.errors import SourceFailed

posix = pytest.mark.skipif(os.name != "posix", reason="fake clients are POSIX scripts")

COMPLETE = {
    "x": np.arange(24, dtype=np.uint8).reshape(6, 2, 2),
    "y": np.array([0.5, 1.5, 2.5]),
}
SAMPLE = {"x": COMPLETE["x"][:2].copy(), "y": COMPLETE["y"][:1].copy()}
STAND_IN = {"x": np.zeros((6, 2, 2), np.uint8), "y": np.zeros(3)}


def clean(monkeypatch, folder: Path) -> Path:
    """Without the machine's settings and what was loaded; returns the cache folder."""
    for name in ("DLI_MIRROR", "DLI_STANDIN", "DLI_HOT_DOGS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("no_proxy", "NO_PROXY"):  # a proxy is for the tests of registries
        monkeypatch.setenv(name, "localhost,127.0.0.1,nowhere.invalid")
    monkeypatch.setenv("DLI_DATA_DIR", str(folder / "cache"))
    monkeypatch.setattr(download, "RETRY_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(loader, "_loaded", {})
    return folder / "cache"


def empty_mirror(monkeypatch, folder: Path) -> Path:
    """`clean`, and a folder for DLI_MIRROR with nothing in it, which is returned."""
    clean(monkeypatch, folder)
    mirror = folder / "mirror"
    mirror.mkdir()
    monkeypatch.setenv("DLI_MIRROR", str(mirror))
    return mirror


def npz(arrays: dict, compressed: bool = False) -> bytes:
    """The bytes of an .npz file."""
    out = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(out, **arrays)
    return out.getvalue()


def table_text(*lines: str, kind: str = "arrays", artefact: str = "tiny.npz", **sha):
    """A table with the one data set `tiny` and the given sources."""
    sha = sha or {
        "complete": cache.digest(COMPLETE),
        "sample": cache.digest(SAMPLE),
    }
    hashes = "\n".join(f'sha256.{extent} = "{value}"' for extent, value in sha.items())
    entry = f"""
    [tiny]
    title = "Tiny"
    holds = "six small pictures"
    sample = "2 of 6 pictures"
    kind = "{kind}"
    artefact = "{artefact}"
    size = 1000
    licence = "CC0"
    citation = "nobody"
    {hashes}
    """
    return entry + "\n".join(f"[[tiny.source]]\n{line}" for line in lines)


MIRROR = 'kind = "mirror"\nlocator = "tiny.npz"\nformat = "npz"'
MIRROR_SAMPLE = (
    'kind = "mirror"\nlocator = "tiny-sample.npz"\nformat = "npz"\nextent = "sample"'
)


def publisher(address: str, extent: str = "complete") -> str:
    """A source line for an .npz file at an address."""
    return (
        f'kind = "publisher"\nlocator = "{address}"\n'
        f'format = "npz"\nextent = "{extent}"'
    )


def use(monkeypatch, text: str) -> sources.DataSet:
    """Puts a table in place of the real one; returns its data set `tiny`."""
    parsed = sources.parse(text)
    monkeypatch.setattr(sources, "table", lambda: parsed)
    register(monkeypatch, lambda: {name: a.copy() for name, a in STAND_IN.items()})
    return parsed["tiny"]


def register(monkeypatch, stand_in=None, name: str = "tiny") -> None:
    """Registers a reader `plain` and a stand-in, as a module would, for the test."""

    def read_plain(files):
        return {"bytes": np.frombuffer(files["file"].read_bytes(), np.uint8)}

    recipe = recipes.Recipe({"plain": read_plain}, stand_in)
    monkeypatch.setitem(recipes._registered, name, recipe)


def same(found: dict, expected: dict) -> bool:
    """Whether two sets of arrays are equal to the byte."""
    return cache.digest(found) == cache.digest(expected)


class Trap:
    """An object whose unpickling leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = str(file)

    def __reduce__(self):
        return (open, (self.file, "w"))


def trapped_npz(sprung: Path) -> bytes:
    """An .npz file that creates the file `sprung` when it is unpickled."""
    out = io.BytesIO()
    trap = np.array([Trap(sprung)], dtype=object)
    np.savez(out, x=trap, y=COMPLETE["y"])
    return out.getvalue()


@contextmanager
def serving(answer):
    """A server on this machine.

    Args:
        answer: called with the request handler for each GET; it writes the answer.

    Yields:
        The server's address and the list of paths that were asked for.
    """
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            answer(self)

        do_CONNECT = do_GET  # to be a proxy

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def send(handler, body: bytes, *, length: int | None = None, status: int = 200):
    """Writes an answer; `length` may promise more than comes."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def serving_files(files: dict[str, bytes]):
    """A server of files by name; anything else is 404."""

    def answer(handler):
        body = files.get(handler.path.lstrip("/"))
        send(handler, body or b"", status=404 if body is None else 200)

    with serving(answer) as found:
        yield found


def fake_client(folder: Path, name: str, python: str) -> Path:
    """An executable in a folder that runs some Python with `args` and `here`."""
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(
        f"#!{sys.executable} -S\n"
        "import os, shutil, sys, time\n"
        "args, here = sys.argv[1:], os.getcwd()\n" + python + "\n"
    )
    script.chmod(0o755)
    return script


def sha(body: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(body).hexdigest()


def contents(files):
    """The bytes of the delivered files, by key."""
    return {key: file.read_bytes() for key, file in files.items()}


def reason(source, into):
    """Why a source fails, and after how many seconds."""
    began = time.monotonic()
    with pytest.raises(SourceFailed) as failure:
        delivery.deliver(source, into)
    return str(failure.value), time.monotonic() - began


def tar(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    """The bytes of a tar file of regular files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as opened:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            opened.addfile(info, io.BytesIO(body))
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """The bytes of a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in members.items():
            opened.writestr(name, body)
    return out.getvalue()
