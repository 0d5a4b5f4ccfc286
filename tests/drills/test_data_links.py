"""Links in a mirror or a cache are not followed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from dli import files
from dli.datasets._fetch import cache, disk, loader, sources
from tests.support.datasets import (
    COMPLETE,
    MIRROR,
    clean,
    npz,
    publisher,
    same,
    serving_files,
    table_text,
    use,
    zipped,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")


def _victim(folder: Path) -> Path:
    made = folder / "victim"
    made.write_bytes(b"a reader's own")
    return made


@pytest.mark.parametrize("what", ["a file", "itself", "a device", "a pipe", "a folder"])
def test_links_in_a_mirror_lead_nowhere(figures, monkeypatch, tmp_path, what):
    """A mirror in which the data set is a link to another file, to itself, to an
    endless device, to a pipe without a writer, to a folder: skipped at once.
    """
    clean(monkeypatch, tmp_path)
    mirror, pipe = tmp_path / "mirror", tmp_path / "pipe"
    mirror.mkdir()
    os.mkfifo(pipe)
    link = mirror / "tiny.npz"
    victim = _victim(tmp_path)
    targets = {"a file": victim, "itself": link, "a device": Path("/dev/zero")}
    targets |= {"a pipe": pipe, "a folder": tmp_path}
    link.symlink_to(targets[what])
    monkeypatch.setenv("DLI_MIRROR", str(mirror))
    began = time.monotonic()
    with serving_files({"tiny.npz": npz(COMPLETE)}) as (address, _):
        use(monkeypatch, table_text(MIRROR, publisher(f"{address}/tiny.npz")))
        loaded = loader.arrays("tiny")
    fine = same(loaded, COMPLETE) and victim.read_bytes() == b"a reader's own"
    fine = fine and time.monotonic() - began < 5 and link.is_symlink()
    figures.note("links in a mirror", tries=1, caught=int(fine))
    assert fine


def test_links_in_a_cache_are_replaced_not_followed(figures, monkeypatch, tmp_path):
    """A cache in which the artefact, its record, and the unpacked folder are links to a
    reader's own files: those stay as they are.
    """
    clean(monkeypatch, tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    victim = _victim(own)
    body = zipped({"a": b"1", "b": b"2"})
    disk.folder().mkdir()
    for name, target in (
        ("tiny.zip", victim),
        ("tiny.zip.json", victim),
        ("tiny", own),
    ):
        (disk.folder() / name).symlink_to(target)
    with serving_files({"tiny.zip": body}) as (address, _):
        line = f'kind = "publisher"\nlocator = "{address}/tiny.zip"'
        (tmp_path / "fetched").write_bytes(body)
        complete = files.sha256(tmp_path / "fetched")
        text = table_text(line, kind="archive", artefact="tiny.zip", complete=complete)
        use(monkeypatch, text)
        folder = loader.folder("tiny")
    fine = [
        (folder / "a").read_bytes() == b"1" and not folder.is_symlink(),
        not cache.path(sources.table()["tiny"], "complete").is_symlink(),
        victim.read_bytes() == b"a reader's own" and os.listdir(own) == ["victim"],
    ]
    figures.note("links in a cache", tries=len(fine), caught=sum(fine))
    assert all(fine)
