"""What our kernels set before a library is imported."""

import os

import pytest

from dli.kernel import settings

GROWTH = ("TF_FORCE_GPU_ALLOW_GROWTH", "XLA_PYTHON_CLIENT_PREALLOCATE")


@pytest.fixture
def environment(monkeypatch):
    for name in GROWTH:
        monkeypatch.setenv(name, "")  # so that it is as it was afterwards
        monkeypatch.delenv(name)


def test_memory_of_a_gpu_grows_by_default(environment):
    settings.activate()
    assert [os.environ[name] for name in GROWTH] == ["true", "false"]


def test_a_reader_may_set_otherwise(environment, monkeypatch):
    monkeypatch.setenv(GROWTH[0], "false")
    settings.activate()
    assert os.environ[GROWTH[0]] == "false"
