"""A site with its networks, and a browser that asks nobody outside for anything."""

import pytest

from course.publish import site
from tests.support.browser import CHROMIUM, Browser


@pytest.fixture(scope="package")
def built(tmp_path_factory):
    into = tmp_path_factory.mktemp("live") / "site"
    site.build(into)
    return into


@pytest.fixture(scope="package")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    pytest.importorskip("websocket", reason="websocket-client is not installed")
    tab = Browser()
    yield tab
    tab.close()


@pytest.fixture
def tab(browser):
    """The browser; a test fails if a page complained or asked another host."""
    browser.errors.clear()
    browser.outside.clear()
    browser.size(1280)
    yield browser
    assert browser.errors == []
    assert browser.outside == [], "requests to other hosts"
