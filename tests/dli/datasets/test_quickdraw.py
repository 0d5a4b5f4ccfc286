"""Quick, Draw!: whose file is used, other categories, the one comparable sample."""

from pathlib import Path

import numpy as np
import pytest

from dli import book, datasets
from dli.datasets import DataUnavailable, quickdraw
from dli.datasets._fetch import cache, delivery, disk, loader, sources
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import (
    MIRROR,
    MIRROR_SAMPLE,
    SAMPLE,
    Trap,
    clean,
    npz,
    table_text,
    use,
)

FEW = np.arange(3 * 784, dtype=np.uint8).reshape(3, 784)


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """The folder `quickdraw_data/`, empty at first, above the notebook's."""
    clean(monkeypatch, tmp_path)
    made = tmp_path / "quickdraw_data"
    made.mkdir()
    (tmp_path / "notebooks" / "ch12").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks" / "ch12")
    return made


@pytest.fixture
def deliveries(monkeypatch):
    """Replaces deliver: the places that were asked, and what each delivers."""
    asked, brought = [], {}

    def deliver(source, into):
        asked.append(source.locator)
        if source.locator not in brought:
            raise SourceFailed("there is no network")
        np.save(into / "file.npy", brought[source.locator])
        return {"file": into / "file.npy"}

    monkeypatch.setattr(delivery, "deliver", deliver)
    return asked, brought


def address(category):
    folder = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
    return f"{folder}/{category}.npy"


# --- categories -----------------------------------------------------------------------


def test_there_are_345_categories():
    names = quickdraw.categories()
    assert len(names) == len(set(names)) == 345
    assert list(names) == sorted(
        names, key=lambda n: "".join(filter(str.isalpha, n)).lower()
    )
    assert {"apple", "The Mona Lisa", "zigzag", "teddy-bear"} <= set(names)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("aple", "apple"), ("mona lisa", "The Mona Lisa"), ("apples", "apple")],
)
def test_an_unknown_category_is_answered_with_near_ones(deliveries, wrong, near):
    with pytest.raises(ValueError, match=f"no Quick, Draw! category '{wrong}'.*{near}"):
        quickdraw.load_data(wrong)
    assert not deliveries[0]


@pytest.mark.parametrize("wrong", ["", "xyzq", 3])
def test_nonsense_is_pointed_to_the_list(deliveries, wrong):
    with pytest.raises(ValueError, match="categories\\(\\) lists them"):
        quickdraw.load_data(wrong)
    assert not deliveries[0]


def test_another_category_comes_from_the_same_places(deliveries, own, capsys):
    asked, brought = deliveries
    brought[address("hot dog")] = FEW
    np.testing.assert_array_equal(quickdraw.load_data("hot dog"), FEW)
    assert asked == [
        "quickdraw_hot dog.npz",
        "hot dog.npy",
        "full_numpy_bitmap_hot dog.npy",
        address("hot dog"),
    ]
    assert np.load(own / "hot dog.npy").shape == (3, 784)
    assert datasets.provenance()["quickdraw-hot dog"].extent == "complete"
    assert capsys.readouterr().out == ""


def test_another_category_has_no_stand_in(deliveries):
    with pytest.raises(DataUnavailable) as error:
        quickdraw.load_data("zebra")
    said = str(error.value)
    assert "category zebra" in said
    assert f"publisher, {address('zebra')}: there is no network" in said
    assert "the project has none" in said
    assert "put the publisher's file zebra.npy into quickdraw_data/" in said
    assert "DLI_STANDIN" not in said
    assert "data fetch" not in said, "the command line knows the apples only"


# --- files ----------------------------------------------------------------------------


def test_what_was_fetched_lands_where_the_book_has_it(monkeypatch, deliveries, own):
    monkeypatch.setattr(quickdraw, "APPLES", 3)
    asked, brought = deliveries
    brought[address("apple")] = FEW
    np.testing.assert_array_equal(quickdraw.load_data(), FEW)
    assert [file.name for file in own.iterdir()] == ["apple.npy"]
    times = len(asked)
    for gone in disk.folder().glob("quickdraw*"):
        gone.unlink()
    np.testing.assert_array_equal(quickdraw.load_data(fewest=3), FEW)
    assert len(asked) == times, "the file that landed is used"


def test_fewer_apples_than_there_are_are_not_taken_for_all(deliveries, own):
    deliveries[1][address("apple")] = FEW
    quickdraw.load_data()
    origin = datasets.provenance()["quickdraw"]
    assert origin.extent == "stand-in"
    assert "3 sketches instead of 144,722" in origin.reason
    assert not list(own.iterdir())


def test_a_readers_file_is_used_and_left_alone(deliveries, own, capsys):
    np.save(own / "zebra.npy", FEW)
    np.testing.assert_array_equal(quickdraw.load_data("zebra", 3), FEW)
    assert capsys.readouterr().out == ""
    np.save(own / "apple.npy", FEW)
    before = (own / "apple.npy").stat()
    np.testing.assert_array_equal(quickdraw.load_data(fewest=3), FEW)
    assert capsys.readouterr().out == (
        "sample: Quick, Draw! apples, 3 sketches, "
        "from your own apple.npy in quickdraw_data/\n"
    )
    assert book._obstacle() == "a sample of the data", "not the sample that is known"
    assert (own / "apple.npy").stat() == before
    assert not deliveries[0]


def test_a_readers_file_that_is_too_small_is_refused_before_a_training(own, capsys):
    np.save(own / "apple.npy", np.zeros((1200, 784), np.uint8))
    with pytest.raises(ValueError) as error:
        quickdraw.load_data("apple")
    assert str(error.value) == (
        "quickdraw_data/apple.npy holds 1,200 sketches, too few to train on: 3,000 are "
        "needed. Move it away to have the sketches fetched, or say "
        "load_data('apple', fewest=1200)"
    )
    assert quickdraw.load_data("apple", fewest=1200).shape == (1200, 784)
    np.save(own / "apple.npy", np.zeros((3000, 784), np.uint8))
    assert len(quickdraw.load_data()) == 3000


def test_the_name_of_a_browsers_download_is_known(deliveries, own, monkeypatch):
    np.save(own / "full_numpy_bitmap_hot dog.npy", FEW)
    np.testing.assert_array_equal(quickdraw.load_data("hot dog", 3), FEW)
    np.save(own / "hot dog.npy", FEW[:1])
    assert len(quickdraw.load_data("hot dog", 1)) == 1, "the name of the address first"
    monkeypatch.setattr(quickdraw, "APPLES", 3)
    deliveries[1]["full_numpy_bitmap_apple.npy"] = FEW
    np.testing.assert_array_equal(quickdraw.load_data(), FEW)
    assert "full_numpy_bitmap_apple.npy in DLI_M" in (
        datasets.provenance()["quickdraw"].source
    )


def test_without_its_folder_the_sketches_stay_in_the_cache(
    monkeypatch, deliveries, own
):
    own.rmdir()
    monkeypatch.setattr(quickdraw, "APPLES", 3)
    deliveries[1][address("apple")] = FEW
    np.testing.assert_array_equal(quickdraw.load_data(), FEW)
    assert not own.exists()
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (FEW.astype(np.float32), r"float32 of shape \(3, 784\), not uint8"),
        (FEW.reshape(3, 28, 28), r"uint8 of shape \(3, 28, 28\), not uint8"),
        (FEW[:0], "holds no sketch"),
        (b"<html>not found</html>", "magic string"),
        (b"", "magic string|EOF|reading"),
    ],
)
def test_a_readers_file_that_is_no_sketches(deliveries, own, body, complaint):
    file = own / "apple.npy"
    if isinstance(body, bytes):
        file.write_bytes(body)
    else:
        np.save(file, body)
    before = file.read_bytes()
    with pytest.raises(DataUnavailable, match=complaint) as error:
        quickdraw.load_data()
    assert "move it away" in str(error.value)
    assert file.read_bytes() == before
    assert not deliveries[0]


def test_a_readers_file_is_not_unpickled(own, tmp_path):
    np.save(own / "apple.npy", np.array([Trap(tmp_path / "sprung")], dtype=object))
    with pytest.raises(DataUnavailable, match="pickle"):
        quickdraw.load_data()
    assert not (tmp_path / "sprung").exists()


def test_landing_never_replaces_a_file(own):
    (own / "apple.npy").write_bytes(b"mine")
    quickdraw._land(FEW, own / "apple.npy")
    assert (own / "apple.npy").read_bytes() == b"mine"
    assert [file.name for file in own.iterdir()] == ["apple.npy"]
    quickdraw._land(FEW, own / "no such folder" / "apple.npy")  # nor does it raise


# --- the sample -----------------------------------------------------------------------


def test_the_sample_of_the_apples_is_comparable_and_says_so(
    monkeypatch, tmp_path, own, capsys
):
    some = {"apple": FEW}
    text = sources.TABLE.read_text(encoding="utf-8")
    real = sources.table()["quickdraw"].sha256["sample"][0]
    tables = sources.parse(text.replace(real, cache.digest(some)))
    monkeypatch.setattr(sources, "table", lambda: tables)
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    (tmp_path / "quickdraw_apple_3000.npz").write_bytes(npz(some))
    np.testing.assert_array_equal(quickdraw.load_data(), FEW)
    assert capsys.readouterr().out.startswith(
        "sample: Quick, Draw! apples, 3,000 of 144,722 sketches, from "
    )
    assert datasets.provenance()["quickdraw"].extent == "sample"
    assert book._obstacle() is None
    assert not list(own.iterdir()), "only the complete file lands"


def test_no_other_sample_is_comparable(monkeypatch, tmp_path):
    having = [d.name for d in sources.table().values() if d.sample_comparable]
    assert having == ["quickdraw"]
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    (tmp_path / "tiny-sample.npz").write_bytes(npz(SAMPLE))
    use(monkeypatch, table_text(MIRROR, MIRROR_SAMPLE))
    loader.arrays("tiny")
    assert book._obstacle() == "a sample of the data"


# --- the stand-in ---------------------------------------------------------------------


def test_the_doodles_announce_themselves(deliveries, capsys, own):
    assert quickdraw.load_data().shape == (4000, 784)
    assert capsys.readouterr().out.startswith("stand-in data: Quick, Draw! apples")
    assert book._obstacle() == "stand-in data"
    assert not list(own.iterdir())
