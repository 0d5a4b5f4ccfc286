"""The cache: what comes out is what went in, or it is fetched again."""

import errno
import hashlib
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dli.datasets._fetch import cache, disk, sources
from dli.datasets._fetch.errors import CacheUnusable, Damaged
from dli.datasets._fetch.sources import Source
from tests.support.datasets import (
    COMPLETE,
    MIRROR,
    clean,
    same,
    table_text,
    tar,
    trapped_npz,
    use,
    zipped,
)

FROM = Source("npm", "tiny-data 1.2.0")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    return clean(monkeypatch, tmp_path)


@pytest.fixture
def tiny(monkeypatch):
    return use(monkeypatch, table_text(MIRROR))


def archive_set(monkeypatch, body, artefact="data/tiny.tar"):
    text = table_text(
        'kind = "mirror"\nlocator = "x"',
        kind="archive",
        artefact=artefact,
        complete="-",
    )
    digest = hashlib.sha256(body).hexdigest()
    return replace(use(monkeypatch, text), sha256={"complete": (digest,)})


def put_archive(data_set, body, tmp_path):
    file = tmp_path / "arrived"
    file.write_bytes(body)
    return cache.store(data_set, "complete", file, FROM)


# --- the hash -------------------------------------------------------------------------


def test_the_hash_is_of_names_dtypes_shapes_and_bytes():
    same_again = {"y": COMPLETE["y"].copy(), "x": np.asfortranarray(COMPLETE["x"])}
    assert cache.digest(same_again) == cache.digest(COMPLETE)
    x, y = COMPLETE["x"], COMPLETE["y"]
    flipped = x.copy()
    flipped.flat[-1] ^= 1
    others = [
        {"x": x},
        {"x": x, "z": y},
        {"x": x.reshape(6, 4), "y": y},
        {"x": x.view(np.int8), "y": y},
        {"x": flipped, "y": y},
        {"x": x, "y": y.astype(">f8")},
        {"x": x, "y": y, "z": np.zeros(0)},
    ]
    hashes = {cache.digest(other) for other in [COMPLETE, *others]}
    assert len(hashes) == 1 + len(others)


def test_python_objects_have_no_hash():
    with pytest.raises(ValueError, match="Python objects"):
        cache.digest({"x": np.array([[1], "a"], dtype=object)})


# --- arrays ---------------------------------------------------------------------------


def test_arrays_come_back_as_they_were_and_can_be_written_to(tiny, folder):
    cache.store(tiny, "complete", COMPLETE, FROM)
    found = cache.read(tiny, "complete")
    assert same(found, COMPLETE)
    found["x"][0] = 99  # a reader's own copy
    assert same(cache.read(tiny, "complete"), COMPLETE)
    assert sorted(p.name for p in folder.iterdir()) == ["tiny.npz", "tiny.npz.json"]


def test_the_record_says_where_from_and_when(tiny):
    cache.store(tiny, "complete", COMPLETE, FROM)
    known = cache.record(cache.path(tiny, "complete"))
    assert known.source == "npm package tiny-data 1.2.0"
    assert known.fetched.startswith(time.strftime("%Y-", time.gmtime()))
    assert known.sha256 == cache.digest(COMPLETE)


def test_a_missing_or_broken_record_does_no_harm(tiny):
    cache.store(tiny, "complete", COMPLETE, FROM)
    record = cache.path(tiny, "complete").with_name("tiny.npz.json")
    for text in ("", "[]", '{"source": 1, "odd": 2}'):
        record.write_text(text)
        assert cache.record(cache.path(tiny, "complete")) is None
        assert same(cache.read(tiny, "complete"), COMPLETE)


def test_nothing_there(tiny):
    with pytest.raises(FileNotFoundError):
        cache.read(tiny, "complete")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_noticed(tiny, share):
    cache.store(tiny, "complete", COMPLETE, FROM)
    file = cache.path(tiny, "complete")
    os.truncate(file, int(file.stat().st_size * share))
    with pytest.raises(Damaged):
        cache.read(tiny, "complete")


def test_any_flipped_byte_of_an_array_is_noticed(tiny):
    cache.store(tiny, "complete", COMPLETE, FROM)
    file = cache.path(tiny, "complete")
    good = file.read_bytes()
    at = good.index(COMPLETE["x"].tobytes())
    for place in range(at, at + COMPLETE["x"].nbytes):
        bad = bytearray(good)
        bad[place] ^= 0x40
        file.write_bytes(bad)
        with pytest.raises(Damaged):
            cache.read(tiny, "complete")
    file.write_bytes(good)
    assert same(cache.read(tiny, "complete"), COMPLETE)


def test_other_arrays_are_noticed(tiny):
    cache.store(tiny, "complete", {**COMPLETE, "y": COMPLETE["y"] + 1}, FROM)
    with pytest.raises(Damaged, match="not what was stored"):
        cache.read(tiny, "complete")


def test_a_pickle_is_not_loaded(tiny, tmp_path):
    sprung = tmp_path / "sprung"
    file = cache.path(tiny, "complete")
    file.parent.mkdir()
    file.write_bytes(trapped_npz(sprung))
    with pytest.raises(Damaged):
        cache.read(tiny, "complete")
    assert not sprung.exists()
    with np.load(file, allow_pickle=True) as opened:  # the trap itself works
        _ = opened["x"]
    assert sprung.exists()


def test_a_first_use_is_pinned_by_its_record(monkeypatch):
    text = table_text(
        'kind = "publisher"\nlocator = "https://x/y"\nformat = "npz"',
        complete=sources.FIRST_USE,
    )
    tiny = use(monkeypatch, text)
    cache.store(tiny, "complete", COMPLETE, FROM)
    assert same(cache.read(tiny, "complete"), COMPLETE)
    file = cache.path(tiny, "complete")
    np.savez(file, **{**COMPLETE, "y": COMPLETE["y"] + 1})
    with pytest.raises(Damaged):
        cache.read(tiny, "complete")


def test_a_damaged_file_is_set_aside_and_only_the_newest_kept(tiny, folder):
    file = cache.path(tiny, "complete")
    folder.mkdir()
    (folder / "tiny.npz.damaged-20200101-000000").write_text("older")
    file.write_text("newer")
    aside = cache.set_aside(file)
    assert not file.exists()
    assert aside.read_text() == "newer"
    assert list(folder.iterdir()) == [aside]


def test_a_second_load_of_mnist_takes_less_than_two_seconds(monkeypatch):
    rng = np.random.default_rng(0)
    data = {
        "x_train": rng.integers(0, 256, (60000, 28, 28), np.uint8),
        "y_train": rng.integers(0, 10, 60000, np.uint8),
        "x_test": rng.integers(0, 256, (10000, 28, 28), np.uint8),
        "y_test": rng.integers(0, 10, 10000, np.uint8),
    }
    tiny = use(monkeypatch, table_text(MIRROR, complete=cache.digest(data)))
    cache.store(tiny, "complete", data, FROM)
    began = time.process_time()  # other tests may keep the machine busy
    found = cache.read(tiny, "complete")
    assert time.process_time() - began < 2
    assert found["x_train"].shape == (60000, 28, 28)


# --- archives and files ---------------------------------------------------------------


def test_an_archive_is_kept_whole_and_unpacked_beside(monkeypatch, tmp_path, folder):
    body = tar({"tiny/a/1": b"1", "tiny/b": b"2"}, "w")
    data_set = archive_set(monkeypatch, body)
    file = put_archive(data_set, body, tmp_path)
    assert file == folder / "data" / "tiny.tar"
    assert cache.read(data_set, "complete") == file
    made = cache.unpacked(data_set, "complete")
    assert made == folder / "data" / "tiny"
    assert (made / "a" / "1").read_bytes() == b"1"
    assert (made / "b").read_bytes() == b"2"
    assert not list(folder.glob(".fetching*"))


@pytest.mark.parametrize("harm", ["altered", "missing", "no list", "list", "other"])
def test_an_unpacked_folder_is_mended(monkeypatch, tmp_path, harm):
    body = zipped({"a": b"1", "b": b"2"})
    data_set = archive_set(monkeypatch, body, "tiny.zip")
    put_archive(data_set, body, tmp_path)
    made = cache.unpacked(data_set, "complete")
    notes = made / disk.HASH_LIST
    if harm == "altered":
        (made / "a").write_bytes(b"9")
    elif harm == "missing":
        (made / "b").unlink()
    elif harm == "no list":
        notes.unlink()
        (made / "a").write_bytes(b"9")
    elif harm == "list":
        notes.write_text("[")
    else:
        entry = json.loads(notes.read_text())
        notes.write_text(json.dumps({**entry, "stamp": "0"}))
    assert cache.unpacked(data_set, "complete") == made
    assert (made / "a").read_bytes() == b"1"
    assert (made / "b").read_bytes() == b"2"


def test_an_intact_folder_is_left_alone(monkeypatch, tmp_path):
    body = zipped({"a": b"1", "b": b"2"})
    data_set = archive_set(monkeypatch, body, "tiny.zip")
    put_archive(data_set, body, tmp_path)
    made = cache.unpacked(data_set, "complete")
    (made / ".DS_Store").write_text("a reader's")
    cache.unpacked(data_set, "complete")
    assert (made / ".DS_Store").exists()


def test_an_altered_archive_is_noticed(monkeypatch, tmp_path):
    body = zipped({"a": b"1", "b": b"2"})
    data_set = archive_set(monkeypatch, body, "tiny.zip")
    file = put_archive(data_set, body, tmp_path)
    file.write_bytes(body + b"x")
    with pytest.raises(Damaged):
        cache.read(data_set, "complete")


def test_an_interrupted_unpacking_leaves_nothing(monkeypatch, tmp_path, folder):
    data_set = archive_set(monkeypatch, b"", "tiny.zip")
    target = folder / "made"

    def half(into):
        (into / "half").write_text("1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        disk.made_folder(data_set.name, target, "stamp", half)
    assert not target.exists()
    assert not list(folder.glob(".fetching*"))


# --- disk -----------------------------------------------------------------------------


def test_a_file_in_place_of_the_folder(tiny, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(CacheUnusable, match="can't be written"), disk.lock("tiny"):
        pass
    with pytest.raises(CacheUnusable, match=str(tmp_path / "cache")):
        cache.store(tiny, "complete", COMPLETE, FROM)


@pytest.mark.parametrize("broken", ["savez", "copyfile", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_rubbish(
    tiny, folder, monkeypatch, broken, tmp_path
):
    cache.store(tiny, "complete", COMPLETE, FROM)

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    owner = {"savez": np, "copyfile": shutil, "replace": os}[broken]
    monkeypatch.setattr(owner, broken, full)
    content = tmp_path / "arrived" if broken == "copyfile" else COMPLETE
    if broken == "copyfile":
        content.write_bytes(b"x")
    with pytest.raises(CacheUnusable, match="No space left"):
        cache.store(tiny, "complete", content, FROM)
    monkeypatch.undo()
    clean(monkeypatch, tmp_path)
    assert same(cache.read(tiny, "complete"), COMPLETE)
    assert sorted(p.name for p in folder.iterdir()) == ["tiny.npz", "tiny.npz.json"]


def test_a_lock_that_is_never_released(folder, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(disk, "LOCK_SECONDS", 0.3)
    folder.mkdir()
    with (
        FileLock(folder / ".tiny.lock"),
        pytest.raises(CacheUnusable, match="another process"),
        disk.lock("tiny"),
    ):
        pass
    with disk.lock("tiny"):
        pass


def test_a_file_system_without_locks(folder, monkeypatch):
    import filelock

    def without(*args, **kwargs):
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", without)
    with disk.lock("tiny"), disk.workspace("tiny") as work:
        assert work.is_dir()


def test_what_a_killed_process_left_is_cleared(folder):
    left = folder / ".fetching-tiny-abc"
    other = folder / ".fetching-tinyother-abc"
    left.mkdir(parents=True)
    other.mkdir()
    (left / "half").write_text("1")
    with disk.workspace("tiny") as work:
        assert work.parent == folder
        assert not left.exists()
        assert other.exists()
    assert not work.exists()


def test_the_default_folder_is_the_users(monkeypatch):
    monkeypatch.delenv("DLI_DATA_DIR")
    assert disk.folder().name == "deep-learning-illustrated"
    assert disk.folder().is_relative_to(Path.home())
    monkeypatch.setenv("DLI_DATA_DIR", "~/data")
    assert disk.folder() == Path.home() / "data"
