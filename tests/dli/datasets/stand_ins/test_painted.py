"""The painted stand-ins: Flowers-17 and the hot dogs."""

import time

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score

from dli.datasets import hot_dogs
from dli.datasets._fetch import cache
from dli.datasets._stand_ins import flowers17
from dli.datasets._stand_ins import hot_dogs as food


def everything(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture(scope="module")
def painted():
    """The stand-in, and the seconds of CPU it took."""
    began = time.process_time()
    data = flowers17.make()
    return data, time.process_time() - began


def test_painted_flowers_have_the_real_shapes(painted):
    data, seconds = painted
    described = {key: (a.shape, a.dtype.name) for key, a in data.items()}
    assert described == {
        "images": ((1360, 224, 224, 3), "uint8"),
        "labels": ((1360,), "uint8"),
    }
    assert np.bincount(data["labels"]).tolist() == [80] * 17
    assert seconds < 15


def thumbnails(images):
    """Means of blocks: (n, 8·8·3), 0 to 1."""
    blocks = images.reshape(len(images), 8, 28, 8, 28, 3)
    return blocks.mean(axis=(2, 4)).reshape(len(images), -1) / 255


def test_painted_flowers_can_be_learned_but_not_by_colour_alone(painted):
    # Of the real photographs, the same learner tells 46 in 100 (chance is 6).
    data, _ = painted
    small, labels = thumbnails(data["images"]), data["labels"]
    held = np.arange(1360) % 4 == 0
    learner = RidgeClassifier(alpha=1).fit(small[~held], labels[~held])
    assert 0.25 < learner.score(small[held], labels[held]) < 0.75


def test_painted_flowers_look_like_pictures(painted):
    data, _ = painted
    small = thumbnails(data["images"])
    assert len(np.unique(small, axis=0)) == 1360
    assert small.std(axis=1).min() > 0.03, "none is blank"
    assert 0.2 < small.mean() < 0.5  # of the real ones 0.37
    for label in range(17):
        shown = data["images"][data["labels"] == label].astype(int)
        middle = shown[:, 72:152, 72:152].mean(axis=(0, 1, 2))
        border = shown[:, :12].mean(axis=(0, 1, 2))
        assert np.abs(middle - border).max() > 8, "the flower is not in the middle"


def test_painted_flowers_are_always_the_same(monkeypatch):
    monkeypatch.setattr(flowers17, "_EACH", 2)
    once, again = flowers17.make(), flowers17.make()
    assert cache.digest(once) == cache.digest(again)


@pytest.fixture(scope="module")
def cooked(tmp_path_factory):
    into = tmp_path_factory.mktemp("cooked")
    food.make(into)
    return into


def test_painted_food_has_the_layout_of_the_photographs(cooked):
    found = hot_dogs._pictures(cooked)
    assert [len(files) for files in found.values()] == [100, 100, 25, 25]
    for file in [files[0] for files in found.values()]:
        with Image.open(file) as opened:
            assert (opened.format, opened.mode) == ("JPEG", "RGB")
            assert max(opened.size) == 224
    size = sum(len(body) for body in everything(cooked).values())
    assert size < 5e6  # the photographs have 2.4 MB


def test_painted_food_can_be_learned_but_not_by_colour_alone(cooked):
    # By their colours, the same learner tells 63 in 100 of the real photographs.
    shares, labels = [], []
    for (_, name), files in hot_dogs._pictures(cooked).items():
        for file in files:
            with Image.open(file) as opened:
                small = opened.resize((56, 56), Image.Resampling.BOX)
            kinds = np.asarray(small).reshape(-1, 3) // 64 @ [16, 4, 1]
            shares.append(np.bincount(kinds, minlength=64) / len(kinds))
            labels.append(name)
    assert len(np.unique(shares, axis=0)) == 250
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    scores = cross_val_score(RidgeClassifier(10), np.sqrt(shares), labels, cv=folds)
    assert scores.mean() > 0.62, "chance is 0.5"
    assert scores.mean() < 0.85, "something is left for the shapes"


def test_painted_food_is_always_the_same(cooked, tmp_path):
    food.make(tmp_path)
    assert everything(cooked) == everything(tmp_path)
