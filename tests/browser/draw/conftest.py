"""One draw page for the tests of a module that leave nothing behind but what `Clear` takes away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer


@pytest.fixture(scope="module")
def shared_draw_page(visit_once: OpenPage, server: RunningServer) -> Page:
    return visit_once(server.url)


@pytest.fixture
def sheet(shared_draw_page: Page) -> Page:
    """The shared draw page with a clear sheet; `Undo` may bring back what other tests have drawn."""
    shared_draw_page.evaluate("scrollTo(0, 0)")
    clear = shared_draw_page.get_by_role("button", name="Clear")
    if clear.is_enabled():
        clear.click()
    return shared_draw_page
