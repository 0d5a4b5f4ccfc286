"""The drawn stand-ins: MNIST and Fashion-MNIST, and the doodles of Quick, Draw!"""

import time

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier

from dli.datasets._fetch import cache
from dli.datasets._stand_ins import fashion_mnist, mnist, quickdraw

PICTURES = {"mnist": mnist, "fashion_mnist": fashion_mnist}


@pytest.fixture(scope="module", params=PICTURES)
def drawn(request):
    """The stand-in of a set of pictures, and the seconds it took."""
    began = time.process_time()
    data = PICTURES[request.param].make()
    return request.param, data, time.process_time() - began


def test_drawn_pictures_have_the_real_shapes(drawn):
    _, data, seconds = drawn
    described = {name: (a.shape, a.dtype.name) for name, a in data.items()}
    assert described == {
        "x_train": ((60000, 28, 28), "uint8"),
        "y_train": ((60000,), "uint8"),
        "x_test": ((10000, 28, 28), "uint8"),
        "y_test": ((10000,), "uint8"),
    }
    assert seconds < 10
    for part in ("y_train", "y_test"):
        share = np.bincount(data[part], minlength=10) / len(data[part])
        assert share.min() > 0.08
        assert share.max() < 0.12


def test_drawn_pictures_look_like_pictures(drawn):
    _, data, _ = drawn
    for label in range(10):
        shown = data["x_train"][data["y_train"] == label][:500]
        ink = (shown > 60).mean(axis=(1, 2))
        assert ink.min() > 0.02, "none is blank"
        assert ink.max() < 0.75, "none is full"
        assert shown[:, [0, -1]].mean() < 40, "the middle is where the ink is"
        assert len(np.unique(shown.reshape(500, -1), axis=0)) == 500
    assert data["x_train"].max() > 240
    assert data["x_train"].min() == 0


def test_drawn_pictures_can_be_learned(drawn):
    _, data, _ = drawn
    seen, kept = data["x_train"][:3000], data["x_test"][:2000]
    learner = RidgeClassifier(alpha=10).fit(
        seen.reshape(3000, -1) / 255, data["y_train"][:3000]
    )
    score = learner.score(kept.reshape(2000, -1) / 255, data["y_test"][:2000])
    assert score > 0.7, "chance is 0.1"
    assert score < 0.999, "something is left to learn"


def test_drawn_pictures_are_always_the_same(drawn):
    name, data, _ = drawn
    assert cache.digest(PICTURES[name].make()) == cache.digest(data)


@pytest.fixture(scope="module")
def doodles():
    return quickdraw.make()["sketches"]


def test_doodles_have_the_shape_of_sketches(doodles):
    assert (doodles.shape, doodles.dtype) == ((4000, 784), np.uint8)
    assert len(np.unique(doodles, axis=0)) == 4000
    assert doodles.max() == 255


def test_doodles_look_like_the_real_sketches(doodles):
    # Of the 3,000 real ones: 26% of the pixels inked (5% of the sketches below 21%,
    # 5% above 31%), 15% more than half, mean 38; no ink at the border.
    inked = (doodles > 0).mean(axis=1)
    assert 0.2 < inked.mean() < 0.3
    assert np.percentile(inked, 5) > 0.15
    assert np.percentile(inked, 95) < 0.36
    assert 0.11 < (doodles > 127).mean() < 0.18
    assert 30 < doodles.mean() < 46
    pictures = doodles.reshape(-1, 28, 28)
    assert pictures[:, [0, -1]].max() == pictures[:, :, [0, -1]].max() == 0
    filled = (pictures > 0).any(axis=2).sum(axis=1)
    wide = (pictures > 0).any(axis=1).sum(axis=1)
    assert (np.maximum(filled, wide) >= 22).all(), "enlarged to fill the picture"


def test_doodles_are_hollow_bodies_with_something_on_top(doodles):
    pictures = doodles.reshape(-1, 28, 28) > 127
    # Of the real ones three in four are hollow.
    hollow = ~pictures[:, 13:20, 11:17].any(axis=(1, 2))
    assert hollow.mean() > 0.6, "strokes, not areas"
    above = pictures[:, :9].sum(axis=(1, 2)) > 0
    assert above.all()
    assert np.std(pictures.sum(axis=(1, 2))) > 10, "they differ in size and parts"


def test_doodles_vary(doodles):
    # Differences between pairs against those of real sketches (mean 96 of 255).
    rng = np.random.RandomState(0)
    one, other = doodles[rng.randint(0, 4000, (2, 500))].astype(float)
    assert 75 < np.sqrt(((one - other) ** 2).mean(axis=1)).mean() < 115


def test_doodles_are_always_the_same(doodles):
    np.testing.assert_array_equal(quickdraw.make()["sketches"], doodles)
