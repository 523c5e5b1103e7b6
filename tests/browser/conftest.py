"""A real Chromium, and pages that fail their test on any error in the console and any request to another origin."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.support.server import RunningServer

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages of one context share a process, in which the program is compiled already.
    "--renderer-process-limit=1",
]

OpenPage = Callable[..., Page]
# A desk's screen, and nothing that moves by itself.
USUAL: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
    "permissions": ["clipboard-read", "clipboard-write"],
}

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


@pytest.fixture(scope="package")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """Its pages load faster than those of new contexts, whose caches are empty."""
    with _new_context(browser) as context:
        yield context


@pytest.fixture
def allowed_errors() -> list[str]:
    """Patterns of console errors that the test means to cause; add to it."""
    return []


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, shared_context: BrowserContext, allowed_errors: list[str]
) -> Iterator[OpenPage]:
    """Opens an address on a new page, signed out at first; the keywords are those of `emulate_media`."""
    _start_servers(request)
    shared_context.clear_cookies()
    with ExitStack() as pages:
        yield partial(_visit, pages, shared_context, allowed_errors)


@pytest.fixture(scope="module")
def visit_once(shared_context: BrowserContext) -> Iterator[OpenPage]:
    """Like `visit`, for a page that tests of a module share because none of them disturbs the next."""
    with ExitStack() as pages:
        yield partial(_visit, pages, shared_context, [])


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser, allowed_errors: list[str]) -> Iterator[OpenPage]:
    """Like `visit`, in a browser context of the page's own; the keywords are those of the context."""
    _start_servers(request)
    with ExitStack() as pages:

        def open_page(url: str, **options: Any) -> Page:
            return _visit(pages, pages.enter_context(_new_context(browser, **options)), allowed_errors, url)

        yield open_page


def _start_servers(request: pytest.FixtureRequest) -> None:
    """The test's own servers start before its pages and end after them: an open page misses its server."""
    for name in request.fixturenames:
        if name.endswith("_server"):
            request.getfixturevalue(name)


def _visit(
    pages: ExitStack,
    context: BrowserContext,
    allowed_errors: list[str],
    url: str,
    viewport: ViewportSize | None = None,
    **media: Any,
) -> Page:
    page = pages.enter_context(_page(context, allowed_errors))
    if viewport:
        page.set_viewport_size(viewport)
    if media:
        page.emulate_media(**media)
    page.goto(url)
    return page


@contextmanager
def _page(context: BrowserContext, allowed_errors: list[str]) -> Iterator[Page]:
    """Fails at its end where the page has logged an error that is not allowed, or has asked another origin."""
    errors: list[str] = []
    origins: set[str] = set()

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    with context.new_page() as page:
        page.on("console", on_console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: origins.add(_origin(request.url)))
        yield page
    unexpected = [error for error in errors if not any(re.search(pattern, error) for pattern in allowed_errors)]
    assert unexpected == []
    assert len(origins - {"data://", "blob://"}) <= 1, "the page asked another origin"


def _new_context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**{**USUAL, **options})
    context.set_default_timeout(_PATIENCE)
    return context


@pytest.fixture
def draw_page(visit: OpenPage, server: RunningServer) -> Page:
    """The draw page, blank."""
    return visit(server.url)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
