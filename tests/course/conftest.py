"""Fixtures for the tests of `course`."""

import pytest

from tests.support.house import House


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An empty repository with three notebooks, one of which fails."""
    house = House(tmp_path, monkeypatch)
    house.add("appendix_c/01_last", "1")
    pace = "print('pace:', __import__('os').environ.get('DLI_PACE'))"
    house.add("ch10_later/01_good", pace)
    house.add("ch05_first/02_bad", "print('before')", "1 / 0", "print('after')")
    return house
