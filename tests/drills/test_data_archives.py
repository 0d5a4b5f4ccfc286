"""Hostile archives, made at random: nothing leaves the folder, nothing swells."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from course import machine
from dli.datasets._fetch import archives
from dli.datasets._fetch.archives import UnsafeArchive
from tests.support.drills.figures import FULL, times

SEED = 17
OUT = ("../evil", "../../evil", "a/../../evil", "/evil", "//evil", "a/b/../../../evil")
WINDOWS = ("..\\evil", "a\\..\\..\\evil", "C:\\evil", "C:evil", "\\\\host\\evil", "a:b")
TAR_MODES = ("w", "w:gz", "w:bz2", "w:xz")
LINKS = {"symlink": tarfile.SYMTYPE, "hard link": tarfile.LNKTYPE}
DEVICES = {
    "character device": tarfile.CHRTYPE,
    "block device": tarfile.BLKTYPE,
    "pipe": tarfile.FIFOTYPE,
}
Add = Callable[..., None]


class Packer:
    """Writes a zip or a tar, member by member."""

    def __init__(self, form: str) -> None:
        self.out = io.BytesIO()
        self.form = form
        if form == "zip":
            self.opened = zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED)
        else:
            self.opened = tarfile.open(fileobj=self.out, mode=form)  # noqa: SIM115

    def add(self, name: str, body: bytes = b"x") -> None:
        if self.form == "zip":
            self.opened.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
        else:
            info = tarfile.TarInfo(name)
            info.size = len(body)
            self.opened.addfile(info, io.BytesIO(body))

    def special(self, name: str, kind: str, target: str) -> None:
        if self.form == "zip":
            modes = {"symlink": stat.S_IFLNK, "pipe": stat.S_IFIFO}
            modes |= {"character device": stat.S_IFCHR, "block device": stat.S_IFBLK}
            info = zipfile.ZipInfo(name)
            info.external_attr = (modes.get(kind, stat.S_IFLNK) | 0o777) << 16
            self.opened.writestr(info, target)
        else:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = (LINKS | DEVICES)[kind], target
            self.opened.addfile(info)

    def bytes(self) -> bytes:
        self.opened.close()
        return self.out.getvalue()


def odd(packer: Packer, kind: str, chance: random.Random) -> None:
    """Adds what makes an archive hostile."""
    if kind == "leads out":
        packer.add(chance.choice(OUT))
    elif kind == "Windows path":
        packer.add(chance.choice(WINDOWS))
    elif kind in LINKS or kind in DEVICES:
        target = chance.choice(["/etc/passwd", "../../evil", "good0"])
        packer.special("evil", kind, target)
    elif kind == "through a link":
        packer.special("evil", "symlink", chance.choice(["..", "/"]))
        packer.add("evil/evil")
    elif kind == "twice":
        packer.add("twin", b"1")
        packer.add(chance.choice(["twin", "./twin", "TWIN", "twin/../twin"]), b"2")
    elif kind == "file and folder":
        for name in chance.sample(["both", "both/below"], 2):
            packer.add(name)
    elif kind == "bomb":
        packer.add("bomb", bytes(chance.randint(2 * 10**6, 9 * 10**6)))
    elif kind == "name too long":
        packer.add("n" * chance.randint(256, 4000))
    else:
        raise AssertionError(kind)


KINDS = (
    *("leads out", "Windows path", *LINKS, *DEVICES, "through a link", "twice"),
    *("file and folder", "bomb", "name too long"),
)


def hostile(chance: random.Random, form: str, kind: str) -> bytes:
    """An archive of good members with a bad one somewhere among them."""
    packer = Packer(form)
    place, count = chance.randint(0, 5), 6
    for number in range(count):
        if number == place:
            odd(packer, kind, chance)
        packer.add(f"{chance.choice(['', 'sub/', 'a/b/'])}good{number}", b"good")
    return packer.bytes()


def outside(folder: Path, into: Path) -> list[str]:
    """What is in a folder, except in the one that was unpacked into."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path != into and into not in path.parents
    )


def harm(archive: Path, folder: Path, into: Path) -> str:
    """What an archive did that is not allowed; empty if it was refused."""
    before = outside(folder, into)
    try:
        archives.unpack(archive, into)
        return "was unpacked"
    except UnsafeArchive:
        pass
    except Exception as error:
        return f"raised {type(error).__name__}: {error}"
    if outside(folder, into) != before:
        return "wrote outside"
    odd = [
        p for p in into.rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir())
    ]
    if odd:
        return f"made {odd[0].name}, no file"
    if any(p.stat().st_nlink > 1 for p in into.rglob("*") if p.is_file()):
        return "made a hard link"
    if sum(p.stat().st_size for p in into.rglob("*") if p.is_file()) > 2**20:
        return "wrote the bomb"
    return ""


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_archives(figures, tmp_path, kind):
    """Archives (zip; tar plain, gzipped, bzipped, xz) of good files and one that leads
    out of the folder, is a link, a device, a bomb, there twice, … at a random place.

    Each is refused with `UnsafeArchive`; nothing is outside, nothing is a link.
    """
    chance = random.Random(f"{SEED} {kind}")
    # A plain tar is as large as what it holds: no bomb.
    forms = ("zip", *TAR_MODES[1 if kind == "bomb" else 0 :])
    missed, tries = [], times(5, 60)
    for number in range(tries):
        form = forms[number % len(forms)]
        folder = tmp_path / str(number)
        into = folder / "deep" / "er" / "into"
        into.mkdir(parents=True)
        archive = folder / "archive"
        archive.write_bytes(hostile(chance, form, kind))
        if what := harm(archive, folder, into):
            missed.append(f"{kind}, {form}, number {number}: {what}")
    figures.all_caught("hostile archives", tries=tries, missed=missed)


def header(kind: bytes, size: int, name: str = "x") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def swelling(kind: str) -> bytes:
    """A small gzipped tar that costs much to look through."""
    out, zeros = io.BytesIO(), bytes(2**20)
    with gzip.open(out, "wb", 6) as tar:
        if kind == "folders":
            many = header(tarfile.DIRTYPE, 0) * 1000
            for _ in range(100):
                tar.write(many)
        elif kind == "negative size":
            tar.write(header(tarfile.REGTYPE, -512) * 4)
        elif kind == "negative size in an extended header":
            body = b"14 size=-1024\n"
            tar.write(header(tarfile.XHDTYPE, len(body)) + body.ljust(512, b"\0"))
            tar.write(header(tarfile.REGTYPE, 0) * 4)
        else:
            types = {
                "extended header": tarfile.XHDTYPE,
                "global header": tarfile.XGLTYPE,
                "long name": tarfile.GNUTYPE_LONGNAME,
                "unknown type": b"Z",
            }
            tar.write(header(types[kind], 99 * len(zeros)))
            for _ in range(99):
                tar.write(zeros)
        tar.write(header(tarfile.REGTYPE, 0, "last") + bytes(1024))
    return out.getvalue()


@pytest.mark.parametrize(
    "kind",
    [
        *("extended header", "global header", "long name", "unknown type", "folders"),
        *("negative size", "negative size in an extended header"),
    ],
)
def test_archives_that_swell_before_a_file_is_seen(
    figures, monkeypatch, tmp_path, kind
):
    """Gzipped tars of some hundred kilobytes whose headers fill memory, or lead on for
    ever: refused within seconds and 40 MB, whole or for a single member.
    """
    if not FULL:
        monkeypatch.setattr(archives, "MAX_FILES", 2_000)
    archive, into = tmp_path / "archive", tmp_path / "into"
    into.mkdir()
    archive.write_bytes(swelling(kind))
    peak = machine.peak_memory()
    began = time.monotonic()
    refused = 0
    for act in (
        lambda: archives.unpack(archive, into),
        lambda: archives.take_members(archive, {"k": "last"}, into),
    ):
        with pytest.raises(UnsafeArchive):
            act()
        refused += 1
    seconds = time.monotonic() - began
    grown = (machine.peak_memory() - peak) / 2**20
    figures.note("tars whose headers swell", tries=2, caught=refused)
    assert seconds < 10
    assert grown < 40 or kind == "folders"
