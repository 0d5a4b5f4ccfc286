"""IMDb: Keras's meaning of every argument, Keras's order, and clear errors."""

import json
import lzma
import time
from pathlib import Path

import numpy as np
import pytest

from dli.datasets import DataUnavailable, _imdb_files, imdb
from dli.datasets._fetch import delivery, loader, sources
from dli.datasets._fetch.errors import SourceFailed
from dli.datasets._stand_ins import imdb as made_up

HEADER = "split,label,id,text\n"
ROWS = [
    'train,1,10_9,"A great, GREAT film.<br />Don\'t miss it: great!"',
    "train,1,2_8,A fine film",
    'train,0,3_1,"A dull film - and ""long"", so long"',
    "train,0,4_2,It is a dull one",
    "test,1,0_10,A film never seen before",
    "test,1,1_7,great fun it is",
    "test,0,2_3,so so dull",
    "test,0,3_4,No film",
]


def csv_file(folder, text=None):
    text = HEADER + "\n".join(ROWS) + "\n" if text is None else text
    file = folder / "imdb_reviews.csv.xz"
    file.write_bytes(lzma.compress(text.encode()))
    return {"file": file}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Eight reviews in place of the data set."""
    data = _imdb_files.read_reviews_csv(csv_file(tmp_path))
    monkeypatch.setattr(loader, "arrays", lambda name: data)
    return data


# --- from text to numbers ---------------------------------------------------------


def test_words_are_lower_case_and_keep_the_apostrophe():
    assert imdb.words_of("Don't!<br />It's (so) GOOD…") == [
        "don't",
        "br",
        "it's",
        "so",
        "good…",
    ]


def test_ranks_are_counted_on_the_training_half(small):
    index = imdb.get_word_index()
    # a 4 times; dull, film, great 3; it, long 2 (and "br", a word in Keras's file too)
    assert list(index)[:4] == ["a", "film", "great", "dull"]
    assert list(index.values()) == list(range(1, len(index) + 1))
    assert "br" in index
    assert "seen" not in index  # only in the validation half


def test_favourable_reviews_come_first_and_words_unknown_to_training_are_left_out(
    small,
):
    (_, y_train), (X_valid, y_valid) = imdb.load_data(seed=1)
    assert sorted(y_train) == sorted(y_valid) == [0, 0, 1, 1]
    assert small["labels"].tolist() == [1, 1, 0, 0] * 2
    index = imdb.get_word_index()
    only = [x for x in X_valid.tolist() if len(x) == 2]  # "No film"
    assert only == [[1, index["film"] + 3]]


def test_rows_in_any_order_give_the_same(tmp_path):
    one = _imdb_files.read_reviews_csv(csv_file(tmp_path))
    turned = HEADER + "\n".join(ROWS[::-1]) + "\n"
    other = _imdb_files.read_reviews_csv(csv_file(tmp_path, turned))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_raw_reviews_are_in_the_order_of_load_data(small):
    for seed in (113, 4):
        split = imdb.load_data(index_from=0, start_char=None, num_words=999, seed=seed)
        texts = imdb.raw_reviews(seed=seed)
        words = ["", *imdb.get_word_index()]
        for (X, _), written in zip(split, texts):
            for ids, text in zip(X, written):
                known = [w for w in imdb.words_of(text) if w in words]
                assert [words[i] for i in ids] == known


def test_texts_survive_as_they_were_written(small):
    train, _ = imdb.raw_reviews()
    assert "A great, GREAT film.<br />Don't miss it: great!" in train
    assert 'A dull film - and "long", so long' in train


# --- the same as keras.datasets.imdb ------------------------------------------------


@pytest.fixture
def keras_files(tmp_path, small):
    """The eight reviews as Keras would have published them."""
    ends = np.cumsum(small["lengths"])[:-1]
    reviews = np.array([x.tolist() for x in np.split(small["words"], ends)], object)
    file = tmp_path / "imdb.npz"
    labels = small["labels"].astype(np.int64)
    np.savez(
        file,
        x_train=reviews[:4],
        y_train=labels[:4],
        x_test=reviews[4:],
        y_test=labels[4:],
    )
    index = tmp_path / "imdb_word_index.json"
    index.write_text(json.dumps(imdb.get_word_index()))
    return {"file": file, "index": index}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"num_words": 8},
        {"num_words": 8, "skip_top": 5},
        {"num_words": 9, "seed": 7},
        {"num_words": 12, "maxlen": 6},
        {"maxlen": 6},
        {"skip_top": 6, "maxlen": 9},
        {"num_words": 9, "start_char": None},
        {"num_words": 9, "oov_char": None, "skip_top": 5},
        {"num_words": 9, "index_from": 0, "start_char": None},
        {"num_words": 9, "index_from": 7, "start_char": 5, "oov_char": 6},
    ],
)
def test_load_data_is_kerass(small, keras_files, monkeypatch, arguments):
    from keras.src.datasets import imdb as kerass

    monkeypatch.setattr(kerass, "get_file", lambda **_: str(keras_files["file"]))
    theirs = kerass.load_data(**arguments)
    ours = imdb.load_data(**arguments)
    for (X, y), (X_keras, y_keras) in zip(ours, theirs):
        assert X.tolist() == X_keras.tolist()
        assert y.tolist() == y_keras.tolist()
        assert X.dtype == object
        assert isinstance(X[0], list)


def test_kerass_own_file_gives_the_same_without_texts(
    small, keras_files, monkeypatch, capsys
):
    expected = imdb.load_data(num_words=9)
    packed = keras_files["file"].read_bytes()
    data = _imdb_files._from_keras(packed, json.loads(keras_files["index"].read_text()))
    monkeypatch.setattr(loader, "arrays", lambda name: data)
    for (X, y), (X_expected, y_expected) in zip(imdb.load_data(num_words=9), expected):
        assert X.tolist() == X_expected.tolist()
        assert y.tolist() == y_expected.tolist()
    train, _ = imdb.raw_reviews()
    assert "a great great film br don't miss it great" in train
    assert "put together from the words" in capsys.readouterr().out


def test_kerass_file_is_not_opened_unless_its_hash_is_known(keras_files, monkeypatch):
    monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("it was unpickled"))
    with pytest.raises(ValueError, match="not Keras's file"):
        _imdb_files.read_keras(keras_files)


# --- bad input ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"num_words": 3}, "at least 4"),
        ({"num_words": 0}, "at least 4"),
        ({"num_words": -1}, "at least 4"),
        ({"maxlen": 0}, "maxlen must be at least 1"),
        ({"maxlen": 2}, "fewer than maxlen=2"),
        ({"skip_top": -1}, "negative"),
        ({"num_words": 50, "skip_top": 50}, "leaves no word"),
        ({"index_from": -3}, "negative"),
    ],
)
def test_arguments_out_of_range(small, arguments, said):
    with pytest.raises(ValueError, match=said):
        imdb.load_data(**arguments)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "header is None"),
        (HEADER, "no reviews"),
        ("text,label\n" + ROWS[0], "header is"),
        (HEADER + 'train,1,0_9,"never clo', "cut off"),
        (HEADER + "train,1,0_9\n", "3 columns"),
        (HEADER + "train,5,0_9,text\n", "label '5'"),
        (HEADER + "dev,1,0_9,text\n", "split 'dev'"),
        (HEADER + 'train,1,0_9,"!"\ntest,1,0_9,good\n', "hold no words"),
        (HEADER + "train,1,0_9,good\n", "none to validate"),
        (HEADER + "train,1,0_9," + "long " * 50_000 + "\n", "larger than"),
    ],
)
def test_a_csv_that_is_not_the_reviews(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        _imdb_files.read_reviews_csv(csv_file(tmp_path, text))


def test_a_truncated_download(tmp_path):
    file = csv_file(tmp_path)["file"]
    file.write_bytes(file.read_bytes()[:-60])
    with pytest.raises(ValueError, match="cut off"):
        _imdb_files.read_reviews_csv({"file": file})


def test_a_kept_file_that_is_another(tmp_path, small):
    file = tmp_path / "imdb_reviews.npz"
    np.savez(file, **small)
    assert _imdb_files.read_kept({"file": file}).keys() == small.keys()
    np.savez(file, **{**small, "words": small["words"] + 1000})
    with pytest.raises(ValueError, match="do not fit together"):
        _imdb_files.read_kept({"file": file})
    np.savez(file, x=np.arange(3))
    with pytest.raises(ValueError, match="does not hold"):
        _imdb_files.read_kept({"file": file})


# --- the cache -----------------------------------------------------------------------


def test_second_load_is_quick_and_nothing_kept_is_pickled(tmp_path, monkeypatch):
    """With as many words as the real reviews: the stand-in's, kept as if fetched."""
    from dli.datasets._fetch import cache

    monkeypatch.setenv("DLI_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DLI_MIRROR", raising=False)
    entry = sources.table()["imdb"]
    cache.store(entry, "complete", made_up.make(), entry.sources[0])
    started = time.process_time()  # other tests may keep the machine busy
    (X_train, y_train), (X_valid, _) = imdb.load_data(num_words=5000, skip_top=50)
    assert time.process_time() - started < 2
    assert len(X_train) == len(X_valid) == 25_000
    assert set(y_train.tolist()) == {0, 1}
    kept = np.load(cache.path(entry, "complete"), allow_pickle=False)
    assert not any(kept[name].dtype.hasobject for name in kept.files)


def test_no_source_and_no_stand_in_is_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setenv("DLI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path / "nothing"))
    monkeypatch.setenv("DLI_STANDIN", "0")

    def refuse(source, into):
        raise SourceFailed("no network in this test")

    monkeypatch.setattr(delivery, "deliver", refuse)
    with pytest.raises(DataUnavailable, match="IMDb reviews"):
        imdb.load_data()


def test_the_real_reviews_are_kerass_in_length_order_and_label(monkeypatch):
    """Where a mirror has them: Keras's first six lengths, and labels of both halves."""
    folder = sources.mirror()
    if folder is None or not (folder / "imdb_reviews.csv.xz").is_file():
        pytest.skip("needs imdb_reviews.csv.xz in DLI_MIRROR")
    data = _imdb_files.read_reviews_csv({"file": Path(folder) / "imdb_reviews.csv.xz"})
    monkeypatch.setattr(loader, "arrays", lambda name: data)
    (X_train, y_train), (_, y_valid) = imdb.load_data()
    assert [len(x) for x in X_train[:6]] == [218, 189, 141, 550, 147, 43]
    assert y_train[:6].tolist() == [1, 0, 0, 1, 0, 0]
    assert y_valid[:10].tolist() == [0, 1, 1, 0, 1, 1, 1, 0, 0, 1]
    assert y_train.mean() == y_valid.mean() == 0.5
