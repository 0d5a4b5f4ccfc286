"""The search: which source is used, what is said, and what is done when all fail."""

import errno
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from dli import datasets, files
from dli.datasets import DataUnavailable
from dli.datasets._fetch import cache, delivery, disk, download, loader, sources
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import (
    COMPLETE,
    MIRROR,
    MIRROR_SAMPLE,
    SAMPLE,
    STAND_IN,
    clean,
    npz,
    publisher,
    register,
    same,
    send,
    serving,
    serving_files,
    table_text,
    trapped_npz,
    use,
    zipped,
)

NOWHERE = publisher("https://nowhere.invalid/tiny.npz")
PACKAGE_SAMPLE = (
    'kind = "npm"\nlocator = "tiny-data 1.2.0"\nformat = "npz"\nextent = "sample"'
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    return clean(monkeypatch, tmp_path)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A mirror folder, empty at first."""
    made = tmp_path / "mirror"
    made.mkdir()
    monkeypatch.setenv("DLI_MIRROR", str(made))
    return made


@pytest.fixture
def deliveries(monkeypatch):
    """Replaces deliver: the kinds that were asked, and what each delivers."""
    asked, brought = [], {}

    def deliver(source, into):
        asked.append((source.kind, source.extent))
        body = brought.get((source.kind, source.extent))
        if body is None:
            raise SourceFailed(f"no {source.kind} today")
        (into / "file").write_bytes(body)
        return {"file": into / "file"}

    monkeypatch.setattr(delivery, "deliver", deliver)
    return asked, brought


ALL = [MIRROR, MIRROR_SAMPLE, publisher("https://x/tiny.npz"), PACKAGE_SAMPLE]
KINDS = [
    ("mirror", "complete"),
    ("mirror", "sample"),
    ("publisher", "complete"),
    ("npm", "sample"),
]


def extent():
    return datasets.provenance()["tiny"].extent


# --- the order ------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(4))
def test_the_first_source_that_delivers_is_used(monkeypatch, deliveries, number):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    for kind, content in KINDS[number:]:
        brought[kind, content] = npz(COMPLETE if content == "complete" else SAMPLE)
    found = loader.arrays("tiny")
    assert asked == KINDS[: number + 1]
    assert same(found, COMPLETE if KINDS[number][1] == "complete" else SAMPLE)
    assert extent() == KINDS[number][1]


def test_what_is_cached_is_not_asked_for_again(monkeypatch, deliveries, capsys):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["publisher", "complete"] = npz(COMPLETE)
    for _ in range(3):
        assert same(loader.arrays("tiny"), COMPLETE)
    assert len(asked) == 3
    assert capsys.readouterr().out == ""
    origin = datasets.provenance()["tiny"]
    assert origin.source == "https://x/tiny.npz"
    assert origin.path == disk.folder() / "tiny.npz"
    assert origin.reason == ""


def test_wrong_content_is_passed_over(monkeypatch, deliveries, tmp_path):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["mirror", "complete"] = npz({**COMPLETE, "y": COMPLETE["y"] + 1})
    brought["mirror", "sample"] = npz(COMPLETE)[:-30]
    brought["publisher", "complete"] = trapped_npz(tmp_path / "sprung")
    brought["npm", "sample"] = npz(SAMPLE)
    assert same(loader.arrays("tiny"), SAMPLE)
    assert asked == KINDS
    assert not (tmp_path / "sprung").exists()
    why = datasets.provenance()["tiny"].reason
    assert "publisher: what arrived can't be read" in why


def test_a_reader_of_the_module_is_found(monkeypatch, deliveries):
    found = np.frombuffer(b"data", np.uint8)
    line = 'kind = "npm"\nlocator = "t 1"\nformat = "plain"'
    use(monkeypatch, table_text(line, complete=cache.digest({"bytes": found})))
    deliveries[1]["npm", "complete"] = b"data"
    assert same(loader.arrays("tiny"), {"bytes": found})


def test_an_unknown_reader_is_a_reason(monkeypatch, deliveries):
    use(monkeypatch, table_text('kind = "npm"\nlocator = "t 1"\nformat = "odd"'))
    deliveries[1]["npm", "complete"] = b"data"
    loader.arrays("tiny")
    assert "no reader of the format 'odd'" in datasets.provenance()["tiny"].reason


def test_an_unknown_data_set_is_refused():
    with pytest.raises(ValueError, match="did you mean mnist"):
        loader.arrays("mnsit")


# --- samples --------------------------------------------------------------------------


def test_a_sample_announces_itself_each_time(monkeypatch, deliveries, capsys):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["npm", "sample"] = npz(SAMPLE)
    for _ in range(2):
        loader.arrays("tiny")
        said = capsys.readouterr().out
        assert said.startswith("sample: Tiny, 2 of 6 pictures, from npm package")
        assert "python -m dli data fetch tiny" in said
        assert said.count("\n") == 1
    assert asked == KINDS  # once


def test_a_mirror_replaces_a_cached_sample(monkeypatch, mirror, capsys):
    text = table_text(MIRROR, MIRROR_SAMPLE)
    use(monkeypatch, text)
    (mirror / "tiny-sample.npz").write_bytes(npz(SAMPLE))
    assert same(loader.arrays("tiny"), SAMPLE)
    (mirror / "tiny.npz").write_bytes(b"half a f")
    assert same(loader.arrays("tiny"), SAMPLE)
    capsys.readouterr()
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE, compressed=True))
    assert same(loader.arrays("tiny"), COMPLETE)
    assert capsys.readouterr().out == ""
    (mirror / "tiny.npz").unlink()
    assert same(loader.arrays("tiny"), COMPLETE)


def test_loading_looks_for_more_than_a_sample_only_in_the_mirror(
    monkeypatch, deliveries, mirror
):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["npm", "sample"] = npz(SAMPLE)
    loader.arrays("tiny")
    asked.clear()
    loader.arrays("tiny")
    assert asked == []
    (mirror / "tiny.npz").write_text("damage")
    assert same(loader.arrays("tiny"), SAMPLE)
    assert asked == [("mirror", "complete")]


def test_fetch_looks_for_more_than_a_sample(monkeypatch, deliveries):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["mirror", "sample"] = npz(SAMPLE)
    assert datasets.fetch(["tiny"])["tiny"].extent == "sample"
    assert asked == [KINDS[0], KINDS[2], KINDS[1]]  # complete before sample
    asked.clear()
    origin = datasets.fetch(["tiny"])["tiny"]
    assert origin.extent == "sample"
    assert "no publisher today" in origin.reason
    assert asked == [KINDS[0], KINDS[2]]
    brought["publisher", "complete"] = npz(COMPLETE)
    origin = datasets.fetch(["tiny"])["tiny"]
    assert (origin.extent, origin.reason) == ("complete", "")
    assert same(loader.arrays("tiny"), COMPLETE)


# --- fetch, status, export ------------------------------------------------------------


def test_refresh_fetches_anew_and_keeps_the_old_if_that_fails(monkeypatch, deliveries):
    use(monkeypatch, table_text(*ALL))
    asked, brought = deliveries
    brought["publisher", "complete"] = npz(COMPLETE)
    datasets.fetch()
    asked.clear()
    assert datasets.fetch(["tiny"])["tiny"].extent == "complete"
    assert asked == []
    datasets.fetch(["tiny"], refresh=True)
    assert asked == [KINDS[0], KINDS[2]]
    brought.clear()
    brought["npm", "sample"] = npz(SAMPLE)
    origin = datasets.fetch(["tiny"], refresh=True)["tiny"]
    assert origin.extent == "complete"
    assert origin.reason.startswith("kept as it was")
    assert same(loader.arrays("tiny"), COMPLETE)


def test_fetch_makes_no_stand_in(monkeypatch, deliveries, capsys):
    use(monkeypatch, table_text(*ALL))
    origin = datasets.fetch(["tiny"])["tiny"]
    assert origin.extent == "unavailable"
    assert "no npm today" in origin.reason
    assert origin.path is None
    assert capsys.readouterr().out == ""
    assert datasets.provenance() == {}


def test_fetch_of_an_unknown_name():
    with pytest.raises(ValueError, match="no data set 'mnsit'"):
        datasets.fetch(["mnsit"])


def test_a_modules_name_stands_for_its_data_sets(monkeypatch, deliveries):
    text = table_text(*ALL)
    two = text + text.replace("[tiny]", '[other]\nmodule = "tiny"').replace(
        "tiny.source", "other.source"
    ).replace("tiny.npz", "other.npz")
    use(monkeypatch, two)
    assert list(datasets.fetch(["tiny"])) == ["tiny", "other"]
    assert list(datasets.fetch(["other", "tiny"])) == ["other", "tiny"]


def test_status_tells_what_is_there(monkeypatch, deliveries):
    data_set = use(monkeypatch, table_text(*ALL))
    _, brought = deliveries

    def row():
        (only,) = datasets.status()
        return only.extent, only.cached, only.path.name, only.source

    assert row() == ("", False, "tiny.npz", "")
    assert datasets.status()[0].size == 1000
    brought["npm", "sample"] = npz(SAMPLE)
    datasets.fetch()
    package = "npm package tiny-data 1.2.0"
    assert row() == ("sample", True, "tiny-sample.npz", package)
    brought["publisher", "complete"] = npz(COMPLETE)
    datasets.fetch()
    assert row() == ("complete", True, "tiny.npz", "https://x/tiny.npz")
    file = cache.path(data_set, "complete")
    assert datasets.status()[0].size == file.stat().st_size
    os.truncate(file, 100)
    assert row() == ("sample", True, "tiny-sample.npz", package)
    cache.path(data_set, "sample").unlink()
    assert row() == ("damaged", False, "tiny.npz", "https://x/tiny.npz")
    assert file.exists()  # looking changes nothing


def test_what_export_writes_a_mirror_reads(monkeypatch, tmp_path, folder):
    use(monkeypatch, table_text(MIRROR, publisher("https://x/tiny.npz")))
    data_set = sources.table()["tiny"]
    cache.store(data_set, "complete", COMPLETE, data_set.sources[0])
    stick = tmp_path / "stick" / "data"
    assert datasets.export(stick, ["tiny"]) == [stick / "tiny.npz"]
    assert [file.name for file in stick.iterdir()] == ["tiny.npz"]
    monkeypatch.setenv("DLI_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("DLI_MIRROR", str(stick))
    assert same(loader.arrays("tiny"), COMPLETE)
    assert extent() == "complete"
    assert datasets.provenance()["tiny"].source == "tiny.npz in DLI_MIRROR"


def test_a_sample_is_exported_as_one(monkeypatch, deliveries, tmp_path):
    use(monkeypatch, table_text(*ALL))
    deliveries[1]["npm", "sample"] = npz(SAMPLE)
    assert datasets.export(tmp_path / "stick") == [tmp_path / "stick/tiny-sample.npz"]


def test_export_overwrites_nothing_of_a_reader(monkeypatch, deliveries, tmp_path):
    use(monkeypatch, table_text(*ALL))
    deliveries[1]["publisher", "complete"] = npz(COMPLETE)
    theirs = tmp_path / "tiny.npz"
    theirs.write_text("mine")
    with pytest.raises(FileExistsError, match="move it away"):
        datasets.export(tmp_path, ["tiny"])
    assert theirs.read_text() == "mine"
    theirs.write_bytes(npz(COMPLETE, compressed=True))  # the same data
    before = theirs.read_bytes()
    datasets.export(tmp_path, ["tiny"])
    assert theirs.read_bytes() == before


def test_export_never_writes_a_stand_in(monkeypatch, deliveries, tmp_path):
    use(monkeypatch, table_text(*ALL))
    with pytest.raises(DataUnavailable, match="no npm today"):
        datasets.export(tmp_path / "stick", ["tiny"])
    assert not (tmp_path / "stick").exists()


# --- stand-ins and errors -------------------------------------------------------------


def test_a_stand_in_announces_itself_and_why(monkeypatch, capsys):
    use(monkeypatch, table_text(MIRROR, NOWHERE))
    assert same(loader.arrays("tiny"), STAND_IN)
    said = capsys.readouterr().out
    assert said.startswith("stand-in data: Tiny, made by the project, because no ")
    assert "publisher: no connection to nowhere.invalid" in said
    assert said.count("\n") == 1
    origin = datasets.provenance()["tiny"]
    assert (origin.extent, origin.path) == ("stand-in", None)
    assert "nowhere.invalid" in origin.reason
    assert not (disk.folder() / "tiny.npz").exists()


def test_without_stand_ins_the_error_names_every_source(monkeypatch, folder):
    use(monkeypatch, table_text(MIRROR, NOWHERE, PACKAGE_SAMPLE))
    monkeypatch.setenv("DLI_STANDIN", "0")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataUnavailable) as caught:
        loader.arrays("tiny")
    lines = [line.strip() for line in str(caught.value).splitlines()]
    assert lines[0] == "Tiny (tiny) can't be had."
    assert lines[2:7] == [
        f"cache, {folder / 'tiny.npz'}: is not there",
        "mirror, tiny.npz: DLI_MIRROR is not set",
        lines[4],
        "npm, tiny-data 1.2.0: npm is not installed",
        "stand-in, tiny: turned off by DLI_STANDIN=0",
    ]
    assert lines[4].startswith(
        "publisher, https://nowhere.invalid/tiny.npz: no connection to nowhere.invalid"
    )
    advice = " ".join(lines[7:])
    for help in ("data fetch tiny", "data export FOLDER tiny", "DLI_MIRROR", "STANDIN"):
        assert help in advice
    assert datasets.provenance() == {}


def test_a_data_set_without_a_stand_in(monkeypatch):
    use(monkeypatch, table_text(MIRROR))
    register(monkeypatch, None)
    with pytest.raises(DataUnavailable, match="stand-in, tiny: the project has none"):
        loader.arrays("tiny")


def archive(monkeypatch, mirror, body=None):
    body = body or zipped({"tiny/a": b"1", "tiny/b": b"2"})
    (mirror / "tiny.zip").write_bytes(body)
    line = 'kind = "mirror"\nlocator = "tiny.zip"'
    digest = files.sha256(mirror / "tiny.zip")
    text = table_text(line, kind="archive", artefact="d/tiny.zip", complete=digest)
    use(monkeypatch, text)


def test_an_archive_comes_as_a_folder(monkeypatch, mirror, folder):
    archive(monkeypatch, mirror)
    found = loader.folder("tiny")
    assert found == folder / "d" / "tiny"
    assert (found / "a").read_bytes() == b"1"
    assert loader.file("tiny") == folder / "d" / "tiny.zip"
    (found / "a").write_bytes(b"9")
    assert (loader.folder("tiny") / "a").read_bytes() == b"1"
    (folder / "d" / "tiny.zip").write_bytes(b"9")
    assert (loader.folder("tiny") / "a").read_bytes() == b"1"


def test_an_unsafe_archive_is_an_error_in_words(monkeypatch, mirror, tmp_path):
    archive(monkeypatch, mirror, zipped({"a/b": b"1", "../../evil": b"1"}))
    with pytest.raises(DataUnavailable, match="unsafe path"):
        loader.folder("tiny")
    assert not list(tmp_path.rglob("evil"))


def test_the_stand_in_of_an_archive_is_a_folder_too(monkeypatch, mirror, folder):
    archive(monkeypatch, mirror)
    (mirror / "tiny.zip").unlink()
    made = []

    def stand_in(into):
        made.append(into)
        (into / "a").write_text("drawn")

    register(monkeypatch, stand_in)
    for _ in range(2):
        found = loader.folder("tiny")
        assert found == folder / "stand-in" / "d" / "tiny"
        assert (found / "a").read_text() == "drawn"
        assert extent() == "stand-in"
    assert len(made) == 1


# --- damage and disk ------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["flipped", "truncated", "pickle", "folder"])
def test_a_damaged_file_is_set_aside_and_fetched_again(
    monkeypatch, mirror, capsys, tmp_path, harm
):
    data_set = use(monkeypatch, table_text(MIRROR))
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE))
    loader.arrays("tiny")
    file = cache.path(data_set, "complete")
    if harm == "flipped":
        body = bytearray(file.read_bytes())
        body[body.index(COMPLETE["y"].tobytes())] ^= 1
        file.write_bytes(body)
    elif harm == "truncated":
        os.truncate(file, 300)
    elif harm == "pickle":
        file.write_bytes(trapped_npz(tmp_path / "sprung"))
    else:
        file.unlink()
    assert same(loader.arrays("tiny"), COMPLETE)
    said = capsys.readouterr().out
    aside = list(file.parent.glob("tiny.npz.damaged-*"))
    if harm == "folder":  # nothing there is no damage
        assert said == "" and not aside
    else:
        assert said.startswith("damaged: tiny.npz ")
        assert said.count("\n") == 1
        assert [path.name in said for path in aside] == [True]
    assert not (tmp_path / "sprung").exists()
    assert same(cache.read(data_set, "complete"), COMPLETE)


def test_a_damaged_file_without_a_source_ends_in_a_stand_in(
    monkeypatch, mirror, capsys
):
    data_set = use(monkeypatch, table_text(MIRROR))
    disk.folder().mkdir()
    cache.path(data_set, "complete").write_text("damage")
    assert same(loader.arrays("tiny"), STAND_IN)
    damaged, stand_in = capsys.readouterr().out.splitlines()
    assert damaged.startswith("damaged: ")
    assert stand_in.startswith("stand-in data: ")


def test_a_file_in_place_of_the_cache_folder(monkeypatch, mirror, folder):
    use(monkeypatch, table_text(MIRROR))
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE))
    folder.write_text("a file")
    with pytest.raises(DataUnavailable, match="DLI_DATA_DIR") as caught:
        loader.arrays("tiny")
    assert str(folder) in str(caught.value)
    assert folder.read_text() == "a file"
    with pytest.raises(DataUnavailable, match="DLI_DATA_DIR"):
        datasets.fetch(["tiny"])
    assert datasets.status()[0].extent == ""


@pytest.fixture
def read_only(monkeypatch):
    """Makes every way of writing fail, as on a read-only file system."""

    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    def turn_on():
        import filelock

        for owner, name in [
            (tempfile, "mkdtemp"),
            (tempfile, "mkstemp"),
            (os, "replace"),
            (Path, "mkdir"),
            (Path, "write_text"),
            (filelock.FileLock, "acquire"),
        ]:
            monkeypatch.setattr(owner, name, refuse)

    return turn_on


def test_a_read_only_cache_that_holds_the_data_works(monkeypatch, mirror, read_only):
    use(monkeypatch, table_text(MIRROR))
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE))
    loader.arrays("tiny")
    read_only()
    assert same(loader.arrays("tiny"), COMPLETE)
    assert extent() == "complete"


def test_a_read_only_cache_with_an_unpacked_archive_works(
    monkeypatch, mirror, read_only
):
    archive(monkeypatch, mirror)
    found = loader.folder("tiny")
    read_only()
    assert loader.folder("tiny") == found


def test_a_read_only_cache_without_the_data(monkeypatch, mirror, read_only, folder):
    use(monkeypatch, table_text(MIRROR))
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE))
    read_only()
    with pytest.raises(DataUnavailable, match="Read-only file system") as caught:
        loader.arrays("tiny")
    assert "DLI_DATA_DIR" in str(caught.value)


def test_a_disk_that_fills_during_a_download(monkeypatch, folder):
    class Full(io.BytesIO):
        def write(self, piece):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(download, "open", lambda *_: Full(), raising=False)
    with serving_files({"tiny.npz": npz(COMPLETE)}) as (address, _):
        use(monkeypatch, table_text(publisher(f"{address}/tiny.npz")))
        with pytest.raises(DataUnavailable, match="No space left"):
            loader.arrays("tiny")
    assert [path.name for path in folder.iterdir()] == [".tiny.lock"]


def test_missing_certificates_lead_to_the_next_source(monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "corp-root.pem"))
    monkeypatch.setenv("PATH", "")
    use(monkeypatch, table_text(NOWHERE, PACKAGE_SAMPLE))
    assert same(loader.arrays("tiny"), STAND_IN)
    why = datasets.provenance()["tiny"].reason
    assert "corp-root.pem, the certificates to trust, is not there" in why
    assert "npm: npm is not installed" in why, "it was asked too"


def test_a_mirror_that_cannot_be_read_is_a_reason(monkeypatch, mirror):
    use(monkeypatch, table_text(MIRROR))
    (mirror / "tiny.npz").write_bytes(npz(COMPLETE))

    def unreadable(source, into):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setitem(delivery._DELIVERY, "mirror", unreadable)
    assert same(loader.arrays("tiny"), STAND_IN)
    assert "mirror: can't be read" in datasets.provenance()["tiny"].reason


def test_an_interrupt_leaves_nothing_behind(monkeypatch, folder):
    use(monkeypatch, table_text(publisher("https://x/y")))

    def interrupted(source, into):
        (into / "half").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(delivery, "deliver", interrupted)
    with pytest.raises(KeyboardInterrupt):
        loader.arrays("tiny")
    assert [path.name for path in folder.iterdir()] == [".tiny.lock"]
    with disk.lock("tiny"):  # it is free
        pass


# --- two at once ----------------------------------------------------------------------

LOAD = """
import sys
from dli.datasets._fetch import cache, loader, sources
parsed = sources.parse(open(sys.argv[1]).read())
sources.table = lambda: parsed
print(cache.digest(loader.arrays("tiny")))
"""


def test_two_processes_at_once_download_once(tmp_path):
    def slow(handler):
        time.sleep(1)
        send(handler, npz(COMPLETE))

    with serving(slow) as (address, asked):
        text = tmp_path / "table.toml"
        text.write_text(table_text(publisher(f"{address}/tiny.npz")))
        command = [sys.executable, "-c", LOAD, str(text)]
        root = Path(__file__).parents[3]
        both = [
            subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = [process.communicate(timeout=60)[0].strip() for process in both]
    assert said == [cache.digest(COMPLETE)] * 2
    assert len(asked) == 1


@pytest.mark.parametrize("verb", ["load", "fetch"])
def test_many_threads_at_once_download_once(monkeypatch, verb):
    def slow(handler):
        time.sleep(0.3)
        send(handler, npz(COMPLETE))

    found = []
    with serving(slow) as (address, asked):
        use(monkeypatch, table_text(publisher(f"{address}/tiny.npz")))
        if verb == "fetch":
            act = lambda: datasets.fetch(["tiny"])  # noqa: E731
        else:
            act = lambda: found.append(loader.arrays("tiny"))  # noqa: E731
        threads = [threading.Thread(target=act) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(asked) == 1
    assert same(loader.arrays("tiny"), COMPLETE)
    assert len(found) == (8 if verb == "load" else 0)
    assert all(same(each, COMPLETE) for each in found)


# --- imports --------------------------------------------------------------------------


def test_importing_the_data_sets_is_light():
    heavy = [
        "keras",
        "tensorflow",
        "pandas",
        "matplotlib",
        "requests",
        "IPython",
        "PIL",
    ]
    code = (
        "import sys, time, numpy; began = time.process_time();"
        "from dli import datasets; from dli.datasets import mnist, boston_housing;"
        f"print([m for m in {heavy} if m in sys.modules], time.process_time() - began)"
    )
    root = Path(__file__).parents[3]
    seconds = []
    for _ in range(3):  # the machine may be busy
        said = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True
        ).stdout
        modules, _, took = said.rpartition(" ")
        assert modules == "[]"
        seconds.append(float(took))
    assert min(seconds) < 0.2
