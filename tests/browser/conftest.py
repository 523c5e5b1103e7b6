"""A real Chromium, and pages that fail their test on any error in the console and any request to another origin."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.support.server import RunningServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Page]

# Milliseconds. A right page takes a fraction of a second; a machine that is busy with other tests may take many.
_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)


def chromium() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DESCENT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


# For the tests of this folder alone: while it is open, no other test can run an event loop in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "No Chromium: install Debian's package chromium, or name one in DESCENT_CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def allowed_errors() -> list[str]:
    """Patterns of console errors that the test means to cause; add to it."""
    return []


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser, allowed_errors: list[str]) -> Iterator[OpenPage]:
    """Opens an address on a page of its own; the keywords are those of a Playwright context."""
    # A test's own server before its pages, so that it ends after them: an open page complains when its server is gone.
    for name in request.fixturenames:
        if name.endswith("_server"):
            request.getfixturevalue(name)
    with _pages(browser, allowed_errors) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def open_shared_page(browser: Browser) -> Iterator[OpenPage]:
    """Like `open_page`, for a page that tests of a module share because none of them disturbs the next."""
    with _pages(browser, []) as open_page:
        yield open_page


@contextmanager
def _pages(browser: Browser, allowed_errors: list[str]) -> Iterator[OpenPage]:
    errors: list[str] = []
    origins: set[str] = set()
    contexts = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    def open_page(url: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: origins.add(_origin(request.url)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    unexpected = [error for error in errors if not any(re.search(pattern, error) for pattern in allowed_errors)]
    assert unexpected == []
    assert len(origins - {"data://", "blob://"}) <= 1, "a page asked another origin"


@pytest.fixture
def draw_page(open_page: OpenPage, server: RunningServer) -> Page:
    """The draw page, blank."""
    return open_page(server.url)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
