"""Flowers-17: order, decoding, bad archives, the cache's speed, the stand-in."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from dli import book, datasets
from dli.datasets import DataUnavailable, flowers17
from dli.datasets._fetch import archives, delivery, disk, sources
from dli.datasets._fetch.errors import SourceFailed
from dli.datasets._stand_ins import flowers17 as made_up
from dli.datasets._stand_ins import flowers17 as made_up_flowers
from tests.support.datasets import empty_mirror, tar


@pytest.fixture(autouse=True)
def mirror(tmp_path, monkeypatch):
    """A folder for DLI_MIRROR, empty at first; no publisher can be reached."""
    folder = empty_mirror(monkeypatch, tmp_path)

    def unreachable(source, into):
        raise SourceFailed("there is no network")

    monkeypatch.setitem(delivery._DELIVERY, "publisher", unreachable)
    return folder


@pytest.fixture
def few(monkeypatch):
    """Two photographs of each kind instead of 80."""
    monkeypatch.setattr(flowers17, "EACH", 2)
    monkeypatch.setattr(flowers17, "_COUNT", 34)
    monkeypatch.setattr(made_up_flowers, "_EACH", 2)


def jpeg(number=0, size=(24, 16), mode="RGB", format="JPEG"):
    """A picture of one colour from which its number follows."""
    colour = (number % 34 * 7, number // 34 * 6, 128)
    out = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(out, format, quality=95)
    return out.getvalue()


def name(number):
    return f"jpg/image_{number:04}.jpg"


def photographs(count):
    return {name(number): jpeg(number) for number in range(1, count + 1)}


def read(tmp_path, members, **changed):
    file = tmp_path / "flowers.tgz"
    file.write_bytes(tar(members | changed))
    return flowers17.read_photographs({"file": file})


def without_a_stand_in(monkeypatch):
    monkeypatch.setenv("DLI_STANDIN", "0")
    with pytest.raises(DataUnavailable) as error:
        flowers17.load_data()
    return str(error.value)


# --- the photographs ------------------------------------------------------------------


def test_the_archive_is_decoded_once_and_then_kept(mirror, monkeypatch, capsys):
    members = photographs(1360)
    shuffled = dict(sorted(members.items(), key=lambda item: item[1]))
    (mirror / "17flowers.tgz").write_bytes(tar({"jpg/files.txt": b"more", **shuffled}))
    X, y = flowers17.load_data()
    assert (X.shape, X.dtype) == ((1360, 224, 224, 3), np.uint8)
    assert (y.shape, y.dtype) == ((1360,), np.uint8)
    assert y.tolist() == [(n - 1) // 80 for n in range(1, 1361)]
    numbers = np.arange(1, 1361)
    colours = np.stack([numbers % 34 * 7, numbers // 34 * 6, 0 * numbers + 128], axis=1)
    assert np.abs(X[:, 100, 100] - colours).max() < 5, "not in the order of the names"
    assert datasets.provenance()["flowers17"].extent == "complete"

    monkeypatch.setattr(flowers17, "_squeezed", None)  # would raise if it were called
    began = time.process_time()
    again, _ = flowers17.load_data()
    assert time.process_time() - began < 2
    np.testing.assert_array_equal(again, X)
    assert capsys.readouterr().out == ""
    assert book._obstacle() is None

    # What the cache keeps can be exported, and is what a mirror is asked for first.
    (mirror / "17flowers.tgz").unlink()
    assert datasets.export(mirror, ["flowers17"]) == [mirror / "flowers17.npz"]
    monkeypatch.setenv("DLI_DATA_DIR", str(mirror / "other cache"))
    again, _ = flowers17.load_data()
    np.testing.assert_array_equal(again, X)


def test_the_whole_picture_is_squeezed(few, tmp_path):
    halves = Image.new("RGB", (300, 120), (250, 0, 0))
    halves.paste((0, 0, 250), (150, 0, 300, 120))
    out = io.BytesIO()
    halves.save(out, "JPEG", quality=95)
    image = read(tmp_path, photographs(34) | {name(5): out.getvalue()})["images"][4]
    assert image[:, :108, 0].min() > 200
    assert image[:, 116:, 2].min() > 200


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_kinds_of_jpeg_are_taken(few, tmp_path, mode):
    members = photographs(34) | {name(9): jpeg(9, mode=mode)}
    assert read(tmp_path, members)["images"].shape == (34, 224, 224, 3)


BROKEN = {
    "truncated": (name(7), jpeg(7, (200, 200))[:700], r"image_0007\.jpg does not dec"),
    "empty": (name(34), b"", r"image_0034\.jpg does not decode"),
    "no JPEG": (name(1), jpeg(1, format="PNG"), r"image_0001\.jpg does not decode"),
    "huge": (name(2), jpeg(2, (4100, 8)), r"image_0002\.jpg does not .*4100×8 pixels"),
    "twice": ("more/image_0003.jpg", jpeg(3), r"more/image_0003\.jpg is there twice"),
    "another": (name(35), jpeg(35), r"image_0035\.jpg is not of this data set"),
    "zero": (name(0), jpeg(0), r"image_0000\.jpg is not of this data set"),
}


@pytest.mark.parametrize(("member", "body", "said"), BROKEN.values(), ids=BROKEN)
def test_a_bad_photograph_is_named(few, tmp_path, member, body, said):
    with pytest.raises(ValueError, match=said):
        read(tmp_path, photographs(34) | {member: body})


def test_missing_photographs_are_counted(few, tmp_path):
    members = photographs(34)
    del members[name(12)], members[name(30)]
    with pytest.raises(ValueError, match=r"32 of 34 photographs; image_0012\.jpg"):
        read(tmp_path, members)
    with pytest.raises(ValueError, match="0 of 34 photographs"):
        read(tmp_path, {"readme.txt": b"nothing here"})


@pytest.mark.parametrize("body", [b"<html>", tar(photographs(3))[:-700], b""])
def test_a_broken_archive_is_refused(few, tmp_path, body):
    (tmp_path / "a.tgz").write_bytes(body)
    with pytest.raises((archives.UnsafeArchive, ValueError), match=r"broken|0 of 34"):
        flowers17.read_photographs({"file": tmp_path / "a.tgz"})


def test_after_a_bad_archive_the_publisher_is_asked(few, mirror, monkeypatch, tmp_path):
    bad = photographs(34) | {name(20): jpeg(20, (90, 90))[:500]}
    (mirror / "17flowers.tgz").write_bytes(tar(bad))
    said = without_a_stand_in(monkeypatch)
    assert "image_0020.jpg does not decode" in said
    assert "17flowers.tgz: there is no network" in said
    assert not list(disk.folder().glob("flowers17*")), "nothing half is kept"

    def deliver(source, into):
        (into / "file").write_bytes(tar(photographs(34)))
        return {"file": into / "file"}

    monkeypatch.setitem(delivery._DELIVERY, "publisher", deliver)
    X, _ = flowers17.load_data()
    assert len(X) == 34
    origin = datasets.provenance()["flowers17"]
    assert (origin.extent, origin.source[:8]) == ("complete", "https://")


def test_the_mirrors_file_must_be_the_known_one(few, mirror, monkeypatch):
    (mirror / "flowers17_224.tar").write_bytes(tar(photographs(34), "w"))
    said = without_a_stand_in(monkeypatch)
    assert "flowers17_224.tar is not the expected file" in said


def test_only_what_the_cache_keeps_is_taken_from_a_mirror(few, tmp_path):
    good = made_up.make()
    wrong = [
        {"images": good["images"]},
        good | {"more": good["labels"]},
        good | {"images": good["images"].astype(np.float32)},
        good | {"images": good["images"][:33]},
        good | {"labels": good["labels"][::-1]},
        good | {"labels": good["labels"].astype(int)},
    ]
    for number, arrays in enumerate(wrong):
        file = tmp_path / f"{number}.npz"
        np.savez(file, **arrays)
        with pytest.raises(ValueError, match="does not hold the arrays"):
            flowers17.read_kept({"file": file})
    np.savez(tmp_path / "good.npz", **good)
    assert flowers17.read_kept({"file": tmp_path / "good.npz"}).keys() == good.keys()


def test_the_size_stays_within_what_the_cache_reads():
    from dli.datasets._fetch import readers

    assert 3 * sources.table()["flowers17"].size < readers.MAX_BYTES


# --- the stand-in ---------------------------------------------------------------------


def test_the_stand_in_announces_itself(few, monkeypatch, capsys):
    monkeypatch.delenv("DLI_MIRROR")
    X, _ = flowers17.load_data()
    assert len(X) == 34
    assert capsys.readouterr().out == (
        "stand-in data: Oxford Flowers-17, made by the project, because no source "
        "delivered it (publisher: there is no network)\n"
    )
    assert book._obstacle() == "stand-in data"
