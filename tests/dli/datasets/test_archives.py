"""Archives: what is wanted comes out, what is unsafe does not."""

import io
import re
import stat
import tarfile
import zipfile

import numpy as np
import pytest

from dli.datasets._fetch import archives
from dli.datasets._fetch.archives import UnsafeArchive
from tests.support.datasets import tar, zipped

MAKERS = {
    "zip": zipped,
    "tar": lambda members: tar(members, "w"),
    "tar.gz": tar,
    "tar.xz": lambda members: tar(members, "w:xz"),
}


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "deep" / "into"
    folder.mkdir(parents=True)
    return folder


def put(tmp_path, body):
    archive = tmp_path / "archive"
    archive.write_bytes(body)
    return archive


def everything(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_only_the_wanted_members_come_out(tmp_path, into, make):
    body = make({"package/a.txt": b"A", "package/setup.py": b"no", "./b/c": b"C"})
    taken = archives.take_members(
        put(tmp_path, body), {"first": "package/a.txt", "second": "b/c"}, into
    )
    assert taken == {"first": into / "first", "second": into / "second"}
    assert everything(into) == {"first": b"A", "second": b"C"}


def test_a_missing_member_is_named(tmp_path, into):
    with pytest.raises(UnsafeArchive, match=r"holds no other\.txt"):
        archives.take_members(
            put(tmp_path, tar({"a.txt": b"A"})), {"x": "other.txt"}, into
        )


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_lone_top_folder_is_dropped(tmp_path, into, make):
    body = make({"flowers/jpg/1.jpg": b"1", "flowers/README": b"r"})
    files = archives.unpack(put(tmp_path, body), into)
    assert everything(into) == {"jpg/1.jpg": b"1", "README": b"r"}
    assert sorted(files) == sorted([into / "jpg" / "1.jpg", into / "README"])


@pytest.mark.parametrize(
    "members",
    [{"a/1": b"1", "b/2": b"2"}, {"a/1": b"1", "top": b"2"}, {"top": b"2"}],
)
def test_other_folders_stay(tmp_path, into, members):
    archives.unpack(put(tmp_path, zipped(members)), into)
    assert everything(into) == members


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/tmp/evil", "a\\..\\evil", "C:evil", ".."]
)
def test_paths_that_lead_out_are_refused(tmp_path, into, make, name):
    archive = put(tmp_path, make({"a": b"good", name: b"evil"}))
    with pytest.raises(UnsafeArchive, match="unsafe path"):
        archives.unpack(archive, into)
    with pytest.raises(UnsafeArchive, match="unsafe path"):
        archives.take_members(archive, {"k": name}, into)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("twin", ["a/b", "./a/b", "A/b"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_occur_twice_are_refused(tmp_path, into, make, twin):
    if make is zipped:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as opened:
            opened.writestr("a/b", b"1")
            opened.writestr(twin, b"2")
        body = out.getvalue()
    else:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as opened:
            for name in ("a/b", twin):
                opened.addfile(tarfile.TarInfo(name))
        body = out.getvalue()
    with pytest.raises(UnsafeArchive, match="twice"):
        archives.unpack(put(tmp_path, body), into)


SPECIAL = [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.GNUTYPE_SPARSE,
]


@pytest.mark.parametrize("kind", SPECIAL)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, into, kind):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as opened:
        info = tarfile.TarInfo("odd")
        info.type, info.linkname = kind, "/etc/passwd"
        opened.addfile(info)
    archive = put(tmp_path, out.getvalue())
    with pytest.raises(UnsafeArchive):
        archives.unpack(archive, into)
    with pytest.raises(UnsafeArchive, match=r"holds no odd|broken"):
        archives.take_members(archive, {"k": "odd"}, into)
    assert everything(into) == {}


def test_a_link_in_a_zip_is_refused(tmp_path, into):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        info = zipfile.ZipInfo("odd")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, "/etc/passwd")
    archive = put(tmp_path, out.getvalue())
    with pytest.raises(UnsafeArchive, match="link or a device"):
        archives.unpack(archive, into)
    with pytest.raises(UnsafeArchive, match="holds no odd"):
        archives.take_members(archive, {"k": "odd"}, into)


@pytest.mark.parametrize("make", [zipped, tar], ids=["zip", "tar.gz"])
def test_a_bomb_is_refused_before_it_is_written(tmp_path, into, make):
    archive = put(tmp_path, make({"bomb": bytes(10**7)}))
    assert archive.stat().st_size < 10**7 / archives.MAX_RATIO
    with pytest.raises(UnsafeArchive, match="swells"):
        archives.unpack(archive, into)
    assert everything(into) == {}


def test_too_many_files_are_refused(tmp_path, into, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 3)
    archive = put(tmp_path, tar({str(n): b"" for n in range(4)}))
    with pytest.raises(UnsafeArchive, match="3 files"):
        archives.unpack(archive, into)


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path, into):
    body = bytearray(zipped({"a": b"0123456789" * 10}))
    for at in (22, body.rindex(b"PK\1\2") + 24):  # both records of the size
        body[at : at + 4] = (7).to_bytes(4, "little")
    with pytest.raises(UnsafeArchive, match="broken"):
        archives.unpack(put(tmp_path, bytes(body)), into)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_truncated_archive_is_refused(tmp_path, into, make, share):
    noise = np.random.default_rng(1).bytes(100_000)
    body = make({"a": noise, "b": noise})
    archive = put(tmp_path, body[: int(len(body) * share)])
    with pytest.raises(UnsafeArchive):
        archives.unpack(archive, into)


def test_something_else_is_refused(tmp_path, into):
    with pytest.raises(UnsafeArchive, match="broken"):
        archives.unpack(put(tmp_path, b"<html>Not found</html>"), into)


def test_a_tar_that_ends_in_a_zip_is_read_as_a_tar(tmp_path, into):
    body = tar({"inner.zip": zipped({"evil": b"1"})}, "w")
    archives.unpack(put(tmp_path, body), into)
    assert list(everything(into)) == ["inner.zip"]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_contents_are_read_one_by_one(tmp_path, make):
    body = make({"in/b2.txt": b"B", "in/a1.txt": b"A", "in/a1.txt.bak": b"no"})
    found = archives.contents(put(tmp_path, body), re.compile(r".*/\w(\d)\.txt"))
    assert [(match[1], content) for match, content in found] == [
        ("2", b"B"),
        ("1", b"A"),
    ]


def test_contents_of_a_broken_archive_are_not_read(tmp_path):
    whole = tar({"a.txt": b"A" * 5000, "b.txt": b"B" * 5000}, "w")
    with pytest.raises(UnsafeArchive, match="broken"):
        list(archives.contents(put(tmp_path, whole[:8000]), re.compile(".*")))
    unsafe = tar({"../a.txt": b"A"})
    with pytest.raises(UnsafeArchive, match="unsafe path"):
        list(archives.contents(put(tmp_path, unsafe), re.compile(".*")))
