"""The stand-in of Boston housing."""

import numpy as np
from sklearn.linear_model import LinearRegression

from dli.datasets._fetch import cache
from dli.datasets._stand_ins import boston_housing


def test_made_up_tracts_have_the_real_shape_and_can_be_learned():
    data = boston_housing.make()
    x, y = data["x"], data["y"]
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((506, 13), "f8", (506,), "f8")
    assert np.isfinite(x).all()
    assert (x.std(0) > 0).all()
    assert (y.min(), y.max()) >= (5, 20)
    assert y.max() <= 50
    assert set(np.unique(x[:, 3])) == {0.0, 1.0}
    order = np.random.RandomState(0).permutation(506)
    train, test = order[:404], order[404:]
    score = LinearRegression().fit(x[train], y[train]).score(x[test], y[test])
    assert score > 0.5, "the mean price scores 0"
    assert cache.digest(boston_housing.make()) == cache.digest(data)
