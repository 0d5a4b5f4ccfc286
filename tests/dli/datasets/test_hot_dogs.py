"""Hot dogs: the mirror's archive, a reader's own folder, the stand-in."""

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from course.publish import readme
from dli import book, datasets, files
from dli.datasets import DataUnavailable, _command, hot_dogs
from dli.datasets._fetch import disk, loader, sources
from tests.support.datasets import empty_mirror, register, tar

COUNTS = {
    ("train", "hot_dog"): 3,
    ("train", "not_hot_dog"): 2,
    ("test", "hot_dog"): 1,
    ("test", "not_hot_dog"): 2,
}


@pytest.fixture(autouse=True)
def mirror(tmp_path, monkeypatch):
    """A folder for DLI_MIRROR, empty at first."""
    return empty_mirror(monkeypatch, tmp_path)


def picture(number, size=(30, 20), format="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", size, (number * 9, 100, 50)).save(out, format)
    return out.getvalue()


def pictures():
    """Path and bytes of some pictures in the layout that is asked for."""
    paths = [
        f"{part}/{kind}/{number}.jpg"
        for (part, kind), count in COUNTS.items()
        for number in range(count)
    ]
    return {path: picture(number) for number, path in enumerate(paths)}


@pytest.fixture
def own(tmp_path):
    """A reader's folder as it should be."""
    folder = tmp_path / "photos" / "seefood"
    for path, body in pictures().items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    return folder


def everything(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != disk.HASH_LIST
    }


def put_archive(mirror, monkeypatch):
    """Puts an archive into the mirror, and its hash into the table."""
    members = {f"hot-dog-not-hot-dog/{path}": b for path, b in pictures().items()}
    archive = mirror / "hot_dog_not_hot_dog.tar"
    archive.write_bytes(tar(members, "w"))
    text = sources.TABLE.read_text(encoding="utf-8")
    known = sources.table()["hot_dogs"].sha256["complete"][0]
    tables = sources.parse(text.replace(known, files.sha256(archive)))
    monkeypatch.setattr(sources, "table", lambda: tables)
    return archive


# --- the mirror -----------------------------------------------------------------------


def test_the_mirrors_archive_is_unpacked(mirror, monkeypatch, capsys):
    put_archive(mirror, monkeypatch)
    folder = hot_dogs.load_folder()
    assert everything(folder) == pictures()
    assert capsys.readouterr().out == ""
    assert datasets.provenance()["hot_dogs"].extent == "complete"
    assert book._obstacle() is None
    (folder / "train/hot_dog/0.jpg").write_bytes(b"altered")
    assert everything(hot_dogs.load_folder()) == pictures()


def test_another_archive_is_refused(mirror, monkeypatch, capsys):
    archive = put_archive(mirror, monkeypatch)
    archive.write_bytes(archive.read_bytes()[:-2000])
    hot_dogs.load_folder()
    origin = datasets.provenance()["hot_dogs"]
    assert origin.extent == "stand-in"
    assert "mirror: what arrived is not the data set" in origin.reason
    assert "DLI_HOT_DOGS" in capsys.readouterr().out


def test_it_is_exported_as_it_is(mirror, monkeypatch, tmp_path):
    archive = put_archive(mirror, monkeypatch)
    written = datasets.export(tmp_path / "stick", ["hot_dogs"])
    assert [file.name for file in written] == ["hot_dog_not_hot_dog.tar"]
    assert written[0].read_bytes() == archive.read_bytes()


def test_the_real_photographs_are_known(mirror, monkeypatch):
    """Where a mirror has them: a reader who unpacked them has the complete set."""
    monkeypatch.undo()
    folder = sources.mirror()
    if folder is None or not (folder / "hot_dog_not_hot_dog.tar").is_file():
        pytest.skip("needs hot_dog_not_hot_dog.tar in DLI_MIRROR")
    monkeypatch.setenv("DLI_DATA_DIR", str(mirror / "cache"))
    monkeypatch.delenv("DLI_HOT_DOGS", raising=False)
    monkeypatch.setattr(loader, "_loaded", {})
    unpacked = hot_dogs.load_folder()
    counts = {key: len(files) for key, files in hot_dogs._pictures(unpacked).items()}
    assert list(counts.values()) == [100, 100, 25, 25]
    assert loader.provenance()["hot_dogs"].extent == "complete"
    loader._loaded.clear()
    shutil.copytree(unpacked, mirror / "mine")
    assert hot_dogs.load_folder(mirror / "mine") == mirror / "mine"
    assert loader.provenance()["hot_dogs"].extent == "complete"


# --- nothing to be had ----------------------------------------------------------------


def test_the_error_says_where_to_get_one(monkeypatch):
    monkeypatch.setenv("DLI_STANDIN", "0")
    monkeypatch.delenv("DLI_MIRROR")
    with pytest.raises(DataUnavailable) as error:
        hot_dogs.load_folder()
    said = str(error.value)
    for part in ("DLI_HOT_DOGS", "train/", "not_hot_dog/", "Kaggle", "export FOLDER"):
        assert part in said
    assert "data fetch" not in said, "it would be in vain"


def test_the_stand_in_says_why_and_what_to_do(monkeypatch, capsys):
    monkeypatch.delenv("DLI_MIRROR")
    hot_dogs.load_folder()
    assert capsys.readouterr().out.startswith(
        "stand-in data: Hot dogs and other food, made by the project, because no "
        "address on the network has it; name a folder of your own with DLI_HOT_DOGS"
    )
    assert book._obstacle() == "stand-in data"


def test_the_command_line_misses_it_only_when_it_is_named(
    monkeypatch, tmp_path, capsys
):
    tables = {"hot_dogs": sources.table()["hot_dogs"]}
    monkeypatch.setattr(sources, "table", lambda: tables)
    monkeypatch.delenv("DLI_MIRROR")
    assert _command.main(["fetch"]) == 0
    assert _command.main(["fetch", "hot_dogs"]) == 1
    assert "hot_dogs: unavailable; no address on the" in capsys.readouterr().err
    stick = str(tmp_path / "stick")
    assert _command.main(["export", stick]) == 0
    assert "left out: Hot dogs and other food" in capsys.readouterr().out
    assert _command.main(["export", stick, "hot_dogs"]) == 1
    said = capsys.readouterr().err
    assert "can't be had" in said
    assert "DLI_HOT_DOGS" in said


def test_the_readme_says_that_no_address_has_it():
    (row,) = [r for r in readme.data().splitlines() if r.startswith("| Hot dogs")]
    assert "| none on the network: `DLI_MIRROR`, or your own copy |" in row
    assert "AGPL-3.0" in row
    assert readme.data().count("none on the network") == 1


# --- a reader's own folder ------------------------------------------------------------


def test_a_readers_folder_is_used_and_noted(own, capsys):
    before = everything(own)
    folder = hot_dogs.load_folder(own)
    assert [len(found) for found in hot_dogs._pictures(folder).values()] == [3, 2, 1, 2]
    assert capsys.readouterr().out == (
        "own data: Hot dogs and other food, 3 + 2 pictures to train on and 1 + 2 to "
        "validate, from your own seefood in photos/\n"
    )
    assert datasets.provenance()["hot_dogs"].extent == "own"
    assert book._obstacle() == "data of your own"
    assert everything(own) == before


def test_the_known_photographs_are_complete_wherever_they_lie(own, monkeypatch, capsys):
    known = hot_dogs._fingerprint(hot_dogs._pictures(own))
    monkeypatch.setattr(hot_dogs, "_KNOWN", known)
    first = own / "train" / "hot_dog" / "0.jpg"
    first.rename(first.with_name("renamed.jpg"))
    assert hot_dogs.load_folder(own) == own, "they are used where they lie"
    assert capsys.readouterr().out == ""
    assert book._obstacle() is None
    (own / "train/hot_dog/renamed.jpg").rename(own / "train/not_hot_dog/0 too.jpg")
    hot_dogs.load_folder(own)
    assert book._obstacle() == "data of your own", "it is in the other class now"


def test_an_argument_goes_before_the_setting_and_that_before_the_mirror(
    own, mirror, monkeypatch, tmp_path
):
    put_archive(mirror, monkeypatch)
    other = tmp_path / "other"
    shutil.copytree(own, other)
    monkeypatch.setenv("DLI_HOT_DOGS", "  ")
    assert hot_dogs.load_folder().name == "hot_dog_not_hot_dog"
    monkeypatch.setenv("DLI_HOT_DOGS", str(own))
    hot_dogs.load_folder()
    assert datasets.provenance()["hot_dogs"].path == own
    hot_dogs.load_folder(str(other))
    assert datasets.provenance()["hot_dogs"].path == other


def test_keras_finds_the_same_pictures(own):
    import keras

    (own / "train/hot_dog/.hidden").mkdir()
    (own / "train/.ipynb_checkpoints").mkdir()
    deep = own / "train/not_hot_dog/deep"
    deep.mkdir()
    (deep / "b.PNG").write_bytes(picture(7, format="PNG"))
    (deep / "Thumbs.db").write_bytes(b"no picture")
    (own / "notes.txt").write_text("mine")
    prepared = hot_dogs.load_folder(own)
    for folder in (own, prepared):
        mine = hot_dogs._pictures(folder)
        for part in hot_dogs.PARTS:
            found = keras.utils.image_dataset_from_directory(
                folder / part, shuffle=False, verbose=False
            )
            assert tuple(found.class_names) == hot_dogs.CLASSES
            expected = [file for name in hot_dogs.CLASSES for file in mine[part, name]]
            assert [Path(file) for file in found.file_paths] == expected
        assert len(mine["train", "not_hot_dog"]) == 3


def remove(path):
    return lambda own: shutil.rmtree(own / path)


def move(path, to):
    return lambda own: (own / path).rename(own / to)


def empty(own):
    for file in (own / "test/not_hot_dog").iterdir():
        file.rename(file.with_suffix(".webp"))


SPOILT = {
    "missing": (lambda own: shutil.rmtree(own), "it is not there"),
    "no train": (remove("train"), "it has no train/ but test/"),
    "no test": (remove("test"), "it has no test/ but train/"),
    "one class": (
        remove("train/not_hot_dog"),
        "train/ has no not_hot_dog/ but hot_dog/",
    ),
    "other class": (remove("test/hot_dog"), "test/ has no hot_dog/ but not_hot_dog/"),
    "other names": (
        move("test/hot_dog", "test/hotdog"),
        "test/ has no hot_dog/ but hotdog/, not_hot_dog/",
    ),
    "third class": (
        lambda own: (own / "train" / "pizza").mkdir(),
        "train/ has 3 classes: hot_dog/, not_hot_dog/, pizza/",
    ),
    "empty class": (empty, "test/not_hot_dog/ holds no picture"),
    "no folders": (
        lambda own: [shutil.rmtree(own / part / k) for part, k in COUNTS],
        "train/ has no hot_dog/ but no folder at all",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_a_folder_of_another_layout_is_refused(own, monkeypatch, spoil, said):
    spoil(own)
    monkeypatch.setenv("DLI_HOT_DOGS", str(own))
    with pytest.raises(ValueError) as error:
        hot_dogs.load_folder()
    message = str(error.value)
    assert f"the folder {own} can't be used: {said}" in message
    assert "It needs train/ and test/, in each hot_dog/ and not_hot_dog/" in message
    assert "unset DLI_HOT_DOGS" in message
    assert not datasets.provenance()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "seefood.zip").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"it is a file.*drop the argument"):
        hot_dogs.load_folder(tmp_path / "seefood.zip")


def test_the_folder_below_is_suggested(own):
    with pytest.raises(ValueError) as error:
        hot_dogs.load_folder(own.parent)
    assert f"no train/ but seefood/ (do you mean {own}?)" in str(error.value)


BROKEN = {
    "truncated": (picture(1, (300, 300))[:-300], r"\(image file is truncated"),
    "text": (b"<html>not found</html>", r"\(no picture\)"),
    "empty": (b"", r"\(no picture\)"),
    "WebP": (picture(1, format="WEBP"), r"\(no picture\)"),
    "truncated PNG": (picture(1, (99, 99), "PNG")[:150], r"\(.+\)"),
}


@pytest.mark.parametrize(("body", "why"), BROKEN.values(), ids=BROKEN)
def test_a_picture_that_does_not_decode_is_named(own, body, why):
    bad = own / "test/not_hot_dog/1.jpg"
    bad.write_bytes(body)
    with pytest.raises(
        ValueError, match=rf"do not decode: test/not_hot_dog/1\.jpg {why}.*; remove or"
    ):
        hot_dogs.load_folder(own)
    assert bad.read_bytes() == body


def test_of_many_broken_pictures_the_first_are_named(own):
    for file in (own / "train").rglob("*.jpg"):
        file.write_bytes(b"\xff\xd8\xff broken")
    with pytest.raises(ValueError, match=r"train/hot_dog/2\.jpg \(.*\) and 2 more;"):
        hot_dogs.load_folder(own)


def read_by_keras(folder):
    """What the notebook gets: arrays of shape (224, 224, 3), by class and file."""
    import keras

    found = keras.utils.image_dataset_from_directory(
        folder / "train",
        shuffle=False,
        verbose=False,
        batch_size=None,
        image_size=(224, 224),
        crop_to_aspect_ratio=True,
    )
    return [np.asarray(pixels) for pixels, _ in found]


def telephone(orientation):
    """A large photograph, red on the left and blue on the right, as EXIF turns it."""
    halves = Image.new("RGB", (1600, 1200), (250, 0, 0))
    halves.paste((0, 0, 250), (800, 0, 1600, 1200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    halves.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photographs_of_telephones_are_turned_upright(own):
    (own / "train/hot_dog/0.jpg").write_bytes(telephone(6))  # a quarter to the right
    pixels = read_by_keras(hot_dogs.load_folder(own))[0]
    assert pixels[:100, :, 0].min() > 200, "red above"
    assert pixels[-100:, :, 2].min() > 200, "blue below"


def large(mode, format):
    out = io.BytesIO()
    Image.effect_noise((600, 500), 90).convert(mode).save(out, format)
    return out.getvalue()


ODD = {
    "PNG without its last bytes": ("1.png", large("RGB", "PNG")[:-12]),
    "BMP of 1 bit": ("1.bmp", large("1", "BMP")),
    "CMYK": ("1.jpg", large("CMYK", "JPEG")),
    "16 bits": ("1.png", large("I;16", "PNG")),
    "palette with transparency": ("1.gif", large("P", "GIF")),
    "a PNG named .jpg": ("1.jpg", large("LA", "PNG")),
    "a name in Latin-1": (os.fsdecode(b"caf\xe9.jpg"), picture(3)),
}


@pytest.mark.parametrize(("name", "body"), ODD.values(), ids=ODD)
def test_what_passes_the_check_is_read_by_keras(own, name, body):
    shutil.rmtree(own / "train/hot_dog")
    (own / "train/hot_dog").mkdir()
    (own / "train/hot_dog" / name).write_bytes(body)
    read = read_by_keras(hot_dogs.load_folder(own))
    assert len(read) == 1 + 2
    assert np.isfinite(read[0]).all()


@pytest.mark.parametrize(("name", "body"), ODD.values(), ids=ODD)
def test_one_photograph_of_any_kind_is_read(tmp_path, name, body):
    (tmp_path / name).write_bytes(body)
    pixels = hot_dogs.load_photograph(tmp_path / name)
    assert pixels.shape == (224, 224, 3)
    assert pixels.dtype == np.uint8


def test_one_photograph_is_turned_upright(tmp_path):
    (tmp_path / "lunch.jpg").write_bytes(telephone(6))
    pixels = hot_dogs.load_photograph(tmp_path / "lunch.jpg").astype(int)
    assert pixels[:100, :, 0].min() > 200, "red above"
    assert pixels[-100:, :, 2].min() > 200, "blue below"


@pytest.mark.parametrize("size", [(400, 224), (224, 400), (1600, 900), (90, 160)])
def test_a_round_plate_stays_round(tmp_path, size):
    table = Image.new("RGB", size, "black")
    radius = 0.4 * min(size)
    x, y = size[0] / 2, size[1] / 2
    plate = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(table).ellipse(plate, fill="white")
    table.save(tmp_path / "plate.png")
    white = hot_dogs.load_photograph(tmp_path / "plate.png")[..., 0] > 128
    height, width = white.any(axis=1).sum(), white.any(axis=0).sum()
    assert abs(height - width) <= 3
    assert abs(height - 0.8 * 224) <= 4


@pytest.mark.parametrize("body", [b"", b"broken", b"\xff\xd8\xff broken", None])
def test_what_is_no_photograph_is_named(tmp_path, body):
    file = tmp_path / "lunch.jpg"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(ValueError, match=r"lunch\.jpg can't be used \("):
        hot_dogs.load_photograph(file)


def test_a_broken_picture_of_an_odd_name_is_named(own):
    odd = own / "train/hot_dog" / os.fsdecode(b"caf\xe9.jpg")
    odd.write_bytes(b"broken")
    with pytest.raises(ValueError, match=r"train/hot_dog/caf\?\.jpg \(no picture\)"):
        hot_dogs.load_folder(own)


def test_photographs_are_prepared_once_and_again_when_they_change(own, monkeypatch):
    folder = hot_dogs.load_folder(own)
    made = everything(folder)
    prepare = hot_dogs.photographs.prepare
    monkeypatch.setattr(hot_dogs.photographs, "prepare", None)  # would raise
    assert hot_dogs.load_folder(own) == folder
    monkeypatch.setattr(hot_dogs.photographs, "prepare", prepare)
    (own / "train/hot_dog/0.jpg").write_bytes(picture(20))
    other = hot_dogs.load_folder(own)
    assert other != folder, "a kernel may still read the first"
    assert everything(folder) == made


def test_photographs_that_cannot_be_used_are_mentioned(own, capsys):
    for number in range(40):
        (own / f"train/hot_dog/IMG_{number}.HEIC").write_bytes(b"heic")
    (own / "test/hot_dog/b.webp").write_bytes(b"webp")
    (own / "test/hot_dog/Thumbs.db").write_bytes(b"")
    hot_dogs.load_folder(own)
    assert capsys.readouterr().out.startswith(
        "passed over: 40 .heic, 1 .webp; save them as JPEG to have them used\nown "
    )
    for file in (own / "train/hot_dog").glob("*.jpg"):
        file.unlink()
    with pytest.raises(ValueError, match=r"holds no picture but 40 \.heic: save them"):
        hot_dogs.load_folder(own)


def test_a_cache_that_cannot_be_written_is_no_fault_of_the_folder(own, mirror):
    (mirror.parent / "cache").write_text("a file")
    with pytest.raises(DataUnavailable, match="DLI_DATA_DIR"):
        hot_dogs.load_folder(own)


# --- the stand-in ---------------------------------------------------------------------


def test_the_stand_in_is_kept_and_painted_once(monkeypatch):
    folder = hot_dogs.load_folder()
    register(monkeypatch, lambda into: pytest.fail("again"), name="hot_dogs")
    assert hot_dogs.load_folder() == folder
    assert [len(f) for f in hot_dogs._pictures(folder).values()] == [100, 100, 25, 25]
