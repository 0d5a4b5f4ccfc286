"""NLTK's resources: fetched, checked, put where NLTK finds them, and nowhere else."""

import os
import tempfile
import warnings
import zipfile

import nltk
import pytest
from nltk.corpus import PlaintextCorpusReader, WordListCorpusReader

from dli import datasets
from dli.datasets import nltk_data
from dli.datasets._fetch import cache, delivery, disk, loader, recipes, sources
from dli.datasets._fetch.errors import CacheUnusable, DataUnavailable, SourceFailed
from dli.datasets._stand_ins import gutenberg

TEXTS = {"gutenberg/README": "about", "gutenberg/a.txt": "One. Two.\n"}
STOPWORDS = {"stopwords/english": "a\nthe\n", "stopwords/german": "der\n"}
PUNKT = {
    f"punkt_tab/{language}/{name}": text
    for language in ("english", "german")
    for name, text in {
        "abbrev_types.txt": "mr",
        "collocations.tab": "a\tb",
        "ortho_context.tab": "the\t42",
        "sent_starters.txt": "he",
    }.items()
}


@pytest.fixture(autouse=True)
def rooms(tmp_path, monkeypatch):
    """An own cache and mirror, no network, no trace left in NLTK."""
    monkeypatch.setenv("DLI_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.delenv("DLI_STANDIN", raising=False)
    monkeypatch.setattr(nltk.data, "path", list(nltk.data.path))
    monkeypatch.setattr(loader, "_loaded", {})
    monkeypatch.setattr(nltk_data, "_private", {})

    def no_network(source, into):
        raise SourceFailed("no network in this test")

    for kind in set(sources.KINDS) - {"mirror"}:
        monkeypatch.setitem(delivery._DELIVERY, kind, no_network)
    return tmp_path


@pytest.fixture
def small(rooms, monkeypatch):
    """A mirror with small resources, and a table that knows their hashes."""
    table = dict(sources.table())
    for name, members in (
        ("gutenberg", TEXTS),
        ("stopwords", STOPWORDS),
        ("punkt_tab", PUNKT),
    ):
        place = mirrored(rooms, name)
        zipped(place, members)
        content = recipes.of(table[name]).reader(name)({"file": place})
        hashes = {"complete": (cache.digest(content),)}
        table[name] = sources.DataSet(**{**vars(table[name]), "sha256": hashes})
    monkeypatch.setattr(sources, "table", lambda: table)
    return rooms


def mirrored(rooms, name):
    return rooms / "mirror" / "nltk_data" / f"{nltk_data.PLACES[name]}.zip"


def zipped(path, members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)


def corpus():
    """What NLTK itself finds (`nltk.corpus.gutenberg` keeps its first answer)."""
    return PlaintextCorpusReader(nltk.data.find("corpora/gutenberg"), r".*\.txt")


def tree(folder):
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*")}


def test_nltk_finds_the_resources(small):
    nltk_data.ensure("gutenberg", "stopwords", "punkt_tab")
    assert corpus().fileids() == ["a.txt"]
    assert list(corpus().words()) == ["One", ".", "Two", "."]
    with nltk.data.find("corpora/stopwords/english").open() as opened:
        assert opened.read().split() == [b"a", b"the"]
    assert nltk.sent_tokenize("It was Mr. A. He ran.")
    assert {p.extent for p in datasets.provenance().values()} == {"complete"}


def test_without_a_name_all_are_ensured(small):
    nltk_data.ensure()
    assert set(datasets.provenance()) == set(nltk_data.PLACES)


def test_unknown_resource_names_the_known_ones():
    with pytest.raises(ValueError, match=r"'brown'.*gutenberg, stopwords, punkt_tab"):
        nltk_data.ensure("gutenberg", "brown")


def test_ours_comes_first_and_only_once(small):
    before = list(nltk.data.path)
    nltk_data.ensure("gutenberg", "stopwords")
    nltk_data.ensure("gutenberg")
    assert nltk.data.path == [str(small / "cache" / "nltk_data"), *before]


def test_the_readers_own_nltk_folder_is_left_alone(small, monkeypatch):
    own = small / "home" / "nltk_data"
    (own / "corpora" / "gutenberg").mkdir(parents=True)
    (own / "corpora" / "gutenberg" / "own.txt").write_text("mine")
    monkeypatch.setenv("NLTK_DATA", str(own))
    monkeypatch.setattr(nltk.data, "path", [str(own)])
    before = tree(own)
    nltk_data.ensure()
    assert tree(own) == before
    assert nltk.data.path[-1] == str(own)
    assert corpus().fileids() == ["a.txt"]


OWN_STOPWORDS = {
    "stopwords/english": "an\nolder\nlist\n",
    "stopwords/german": "der\ndie\n",
    "stopwords/README": "about",
}


@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "zip"])
def test_the_readers_own_stop_words_stay_within_reach(small, monkeypatch, packed):
    own = small / "home" / "nltk_data"
    archive = own / "corpora" / "stopwords.zip"
    zipped(archive, OWN_STOPWORDS)
    if not packed:
        zipfile.ZipFile(archive).extractall(archive.parent)
        archive.unlink()
    monkeypatch.setattr(nltk.data, "path", [str(own)])
    before = tree(own)
    for _ in range(2):
        nltk_data.ensure("stopwords")
        lists = WordListCorpusReader(nltk.data.find("corpora/stopwords"), r"[^.].*")
        assert lists.words("german") == ["der", "die"]
        assert lists.words("english") == ["a", "the"], "ours, as recorded"
    assert tree(own) == before
    assert nltk.data.path[-1] == str(own)


def test_the_readers_own_sentence_models_stay_within_reach(small, monkeypatch):
    own = small / "home" / "nltk_data"
    model = own / "tokenizers" / "punkt_tab" / "german"
    model.mkdir(parents=True)
    for name in ("abbrev_types.txt", "sent_starters.txt", "collocations.tab"):
        (model / name).write_text("z.b\n" if name.startswith("abb") else "")
    (model / "ortho_context.tab").write_text("das\t42\n")
    monkeypatch.setattr(nltk.data, "path", [str(own)])
    nltk_data.ensure()
    assert len(nltk.sent_tokenize("Das ist z.B. so. Das auch.", "german")) == 2


@pytest.mark.parametrize("harm", ["altered", "missing", "empty folder", "no folder"])
def test_a_harmed_corpus_folder_is_mended(small, harm):
    nltk_data.ensure("gutenberg")
    folder = small / "cache" / "nltk_data" / "corpora" / "gutenberg"
    if harm == "altered":
        (folder / "a.txt").write_text("Three. Four.\n")
    else:
        (folder / "a.txt").unlink()
    if harm in ("empty folder", "no folder"):
        (folder / disk.HASH_LIST).unlink()
    if harm == "no folder":
        folder.rmdir()
    nltk_data.ensure("gutenberg")
    assert list(corpus().words()) == ["One", ".", "Two", "."]


def only_error(rooms, monkeypatch):
    monkeypatch.setenv("DLI_STANDIN", "0")
    with pytest.raises(DataUnavailable) as caught:
        nltk_data.ensure("gutenberg")
    return str(caught.value)


def test_truncated_zip_is_named(rooms, monkeypatch):
    place = mirrored(rooms, "gutenberg")
    zipped(place, {"gutenberg/a.txt": "text " * 1000})
    place.write_bytes(place.read_bytes()[:2000])
    said = only_error(rooms, monkeypatch)
    assert "gutenberg.zip is truncated or no zip archive" in said
    assert "no network in this test" in said


def test_altered_text_is_refused(rooms, monkeypatch):
    zipped(mirrored(rooms, "gutenberg"), {"gutenberg/austen-emma.txt": "abridged"})
    assert "what arrived is not the data set" in only_error(rooms, monkeypatch)


def test_zip_without_texts_says_so(rooms, monkeypatch):
    zipped(mirrored(rooms, "gutenberg"), {"gutenberg/README": "no books"})
    assert "holds no file gutenberg/*.txt" in only_error(rooms, monkeypatch)


def test_empty_corpus_folder_in_the_mirror_says_which_file_is_missing(
    rooms, monkeypatch
):
    mirrored(rooms, "gutenberg").with_suffix("").mkdir(parents=True)
    said = only_error(rooms, monkeypatch)
    assert "nltk_data/corpora/gutenberg.zip" in said
    assert "has no such file" in said


def test_zip_that_swells_is_refused(rooms, monkeypatch):
    monkeypatch.setattr(nltk_data, "MAX_BYTES", 100)
    zipped(mirrored(rooms, "gutenberg"), {"gutenberg/a.txt": "x" * 101})
    assert "unpacks to more than" in only_error(rooms, monkeypatch)


def test_cache_that_cannot_be_written_says_so(small, monkeypatch):
    (small / "file").write_text("not a folder")
    monkeypatch.setenv("DLI_DATA_DIR", str(small / "file" / "cache"))
    with pytest.raises(DataUnavailable, match=r"(?s)can't be written.*DLI_DATA_DIR"):
        nltk_data.ensure("gutenberg")


def test_cache_that_can_only_be_read_serves_from_a_private_copy(small, monkeypatch):
    nltk_data.ensure("gutenberg")

    def unusable(*args):
        raise CacheUnusable("read-only")

    monkeypatch.setattr(disk, "made_folder", unusable)
    monkeypatch.setattr(tempfile, "tempdir", str(small))
    monkeypatch.setattr(nltk.data, "path", [])
    nltk_data.ensure("gutenberg")
    (root,) = nltk.data.path
    assert root.startswith(str(small / "dli-nltk-"))
    assert list(corpus().words()) == ["One", ".", "Two", "."]
    nltk_data.ensure("gutenberg")
    assert nltk.data.path == [root]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")
def test_files_that_others_may_write_are_made_private(small):
    mask = os.umask(0)
    try:
        nltk_data.ensure("gutenberg")
    finally:
        os.umask(mask)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(corpus().words()) == ["One", ".", "Two", "."]


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can give files away"
)
def test_cache_of_another_account_serves_from_a_private_copy(small, monkeypatch):
    nltk_data.ensure("gutenberg")
    for path in (small / "cache").rglob("*"):
        os.chown(path, 12345, 12345)
    monkeypatch.setattr(tempfile, "tempdir", str(small))
    monkeypatch.setattr(nltk.data, "path", [])
    nltk_data.ensure("gutenberg")
    assert nltk.data.path[0].startswith(str(small / "dli-nltk-"))
    assert list(corpus().words()) == ["One", ".", "Two", "."]


def test_export_is_a_mirror(small, monkeypatch):
    datasets.export(small / "stick", list(nltk_data.PLACES))
    monkeypatch.setenv("DLI_MIRROR", str(small / "stick"))
    monkeypatch.setenv("DLI_DATA_DIR", str(small / "fresh"))
    nltk_data.ensure()
    found = datasets.provenance()["gutenberg"]
    assert (found.extent, found.source) == (
        "complete",
        "nltk_gutenberg.npz in DLI_MIRROR",
    )


def test_stand_ins_are_announced_and_can_be_used(rooms, capsys):
    nltk_data.ensure()
    said = capsys.readouterr().out
    assert said.count("stand-in data: ") == 3
    assert "no network in this test" in said
    assert {p.extent for p in datasets.provenance().values()} == {"stand-in"}
    assert corpus().fileids() == sorted(gutenberg.make())
    # The sentence that the notebook takes apart is the real one.
    sents = corpus().sents("austen-emma.txt")
    assert sents[4][:5] == ["She", "was", "the", "youngest", "of"]
    assert (len(sents[4]), sents[4][14]) == (39, "father")


@pytest.mark.parametrize("name", nltk_data.PLACES)
def test_the_table_names_what_there_is(name):
    assert sources.table()[name].module == "nltk_data"
