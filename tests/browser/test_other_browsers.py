"""Every page in Firefox, in WebKit, and in a Chromium without what the oldest browsers of docs/pages.md lack."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.every_page import walk
from tests.support.api import FEW, ended
from tests.support.engines import ENGINES, missing
from tests.support.local_server import local_server
from tests.support.server import Server

FIRST_SCRIPT = "page/older-browsers.js"
# Comes before all modules, and keeps what they throw and what the content security policy refuses.
LISTENER = """
var thrown = [];
addEventListener("error", (event) => thrown.push(event.message || `not loaded: ${event.target.src}`), true);
addEventListener("unhandledrejection", (event) => thrown.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => thrown.push(`refused: ${event.blockedURI}`));
"""

REMOVE_NEW = ROOT / "tests" / "support" / "oldest-browsers.js"
# The same of style sheets.
NEW_CSS = re.compile(r"(?<=:)has\(|(?<=@)container|color-mix\(|light-dark\(|[sdl]vh|subgrid|text-wrap:")


class Chromium:
    """A page as the walk uses it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def goto(self, url: str) -> None:
        self._page.goto(url, timeout=120_000)

    def evaluate(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        mouse = self._page.mouse
        mouse.move(*points[0])
        mouse.down()
        for x, y in points[1:]:
            mouse.move(x, y, steps=3)
        mouse.up()


@pytest.fixture(scope="module")
def listening_server(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[Server]:
    """A server with a sweep of two runs, whose pages keep in `thrown` what they throw."""
    folder = tmp_path_factory.mktemp("listening")
    shutil.copytree(ROOT / "static", folder / "static")
    script = folder / "static" / FIRST_SCRIPT
    script.write_text(LISTENER + script.read_text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.main.ROOT", folder)
        with local_server(folder / "state", datasets_dir=few_digits) as server:
            with server.client() as client:
                sweep = {"base": FEW, "vary": {"batch_size": {"values": [64, None]}}}
                client.post("admin/sweeps", json=sweep).raise_for_status()
                for run in (1, 2):
                    ended(client, run)
            yield server


@pytest.mark.slow
@pytest.mark.parametrize("name", ENGINES)
def test_every_page_works_in_another_browser(name: str, listening_server: Server, tmp_path: Path) -> None:
    start, programs = ENGINES[name]
    if lacking := missing(programs):
        reason = f"{name} is not tested, since this is not installed: {', '.join(lacking)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with start(tmp_path) as engine:
        walk(engine, listening_server)


@pytest.mark.slow
def test_every_page_works_without_what_the_oldest_browsers_lack(
    open_page: OpenPage, listening_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")  # of the run that is not there
    page = open_page("about:blank", viewport={"width": 390, "height": 844})
    page.add_init_script(path=REMOVE_NEW)
    page.route("**/*.css", _without_new_css)
    walk(Chromium(page), listening_server)


def _without_new_css(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=NEW_CSS.sub(r"unknown-\g<0>", answer.text()))


@pytest.mark.slow
def test_a_browser_that_cannot_read_the_modules_says_that_it_is_too_old(
    open_page: OpenPage, server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("Unexpected")
    page = open_page("about:blank")
    page.add_init_script("delete Array.prototype.at")
    page.route(
        lambda url: "/static/" in url and url.endswith(".js") and FIRST_SCRIPT not in url,
        lambda route: route.fulfill(body="class { static { } #in", content_type="text/javascript"),
    )
    for path in ("", "learn/cost", "runs"):
        page.goto(server.url + path)
        expect(page.get_by_role("alert")).to_contain_text("This browser is too old")
