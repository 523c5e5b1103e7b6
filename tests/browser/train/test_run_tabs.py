"""One run in many tabs of one browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.faults.watching import watchers_of
from tests.support.active_run import ActiveRun, active_run
from tests.support.server import Server, running_server, wait_until

TABS = 8
# The page's own, and that of the script which writes the events down.
STREAMS_OF_A_TAB = 2
OpenTab = Callable[[], Page]
# Headless Chromium calls every page visible, so a page is hidden by what its script reads and hears.
BEFORE = """
Object.defineProperty(document, "hidden", { get: () => window.isHidden ?? false });
window.received = [];
"""
LOOK = "(isHidden) => { window.isHidden = isHidden; document.dispatchEvent(new Event('visibilitychange')); }"
RECORD = """async (path) => {
    const { followRun } = await import(new URL("static/train/run/run-stream.js", document.baseURI));
    followRun(path, { onEvent: (type, data) => window.received.push(data.step ?? type), onConnection() {} });
}"""


@pytest.fixture
def growing_run(own_server: Server) -> Iterator[ActiveRun]:
    with active_run(own_server.state_dir) as run:
        yield run


def _all_show(pages: list[Page], step: int) -> None:
    for page in pages:
        expect(page.locator("[data-part=progressText]")).to_contain_text(f"step {step:,} of", timeout=10_000)


@pytest.fixture
def open_tab(open_page: OpenPage, own_server: Server, growing_run: ActiveRun) -> OpenTab:
    """Opens the run's page in one more tab of the same browser; it also records the events, over a second stream."""
    pages: list[Page] = []

    def open_tab() -> Page:
        if not pages:
            pages.append(open_page("about:blank"))
            pages[0].context.add_init_script(BEFORE)
        else:
            pages.append(pages[0].context.new_page())
        pages[-1].goto(f"{own_server.url}runs/{growing_run.id}")
        pages[-1].evaluate(RECORD, f"runs/{growing_run.id}/events")
        return pages[-1]

    return open_tab


@pytest.mark.slow
def test_only_the_visible_tab_has_a_stream_and_each_has_every_event_once_it_is_visible(
    open_tab: OpenTab, own_server: Server, growing_run: ActiveRun
) -> None:
    pages: list[Page] = []
    for _ in range(TABS):
        for page in pages[-1:]:
            page.evaluate(LOOK, True)
        pages.append(open_tab())
        growing_run.add_costs(10)
        _all_show(pages[-1:], len(pages) * 10)
    wait_until(lambda: watchers_of(own_server) == STREAMS_OF_A_TAB, "the hidden tabs to close their streams")

    for page in pages[:3]:
        pages[-1].evaluate(LOOK, True)
        growing_run.add_costs(10)
        page.evaluate(LOOK, False)
        growing_run.add_costs(10)
        _all_show([page], growing_run.count)
        page.evaluate(LOOK, True)
    growing_run.end()
    for page in pages:
        page.evaluate(LOOK, False)
        expect(page.locator(".run-head .status")).to_have_text("stopped")
        page.wait_for_function("() => window.received.at(-1) === 'end'")
        assert page.evaluate("window.received") == [*range(1, growing_run.count + 1), "end"]
        page.evaluate(LOOK, True)


@pytest.mark.slow
def test_a_hidden_tab_hears_nothing_until_it_is_visible(
    open_tab: OpenTab, own_server: Server, growing_run: ActiveRun
) -> None:
    page = open_tab()
    growing_run.add_costs(10)
    _all_show([page], 10)
    page.wait_for_function("window.received.length === 10")

    page.evaluate(LOOK, True)
    wait_until(lambda: watchers_of(own_server) == 0, "the hidden tab to close its streams")
    growing_run.add_costs(10)
    page.evaluate("dispatchEvent(new Event('online'))")
    assert httpx.get(f"{own_server.url}runs/{growing_run.id}/events.jsonl").text.count("\n") == 20
    assert (page.evaluate("window.received.length"), watchers_of(own_server)) == (10, 0)

    page.evaluate(LOOK, False)
    _all_show([page], 20)


@pytest.mark.slow
def test_a_page_without_a_free_stream_says_so_and_follows_the_run_once_there_is_one(
    open_page: OpenPage, tmp_path: Path, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 503|ERR_CONNECTION|ERR_INCOMPLETE")
    state = tmp_path / "state"
    with running_server(state, environment={"DESCENT_WATCHERS": "1"}) as server, active_run(state) as run:
        run.add_costs(10)
        with httpx.stream("GET", f"{server.url}runs/{run.id}/events", timeout=20):
            page = open_page(f"{server.url}runs/{run.id}")
            lost = page.get_by_text("trying again")
            expect(lost).to_be_visible()
        expect(lost).to_be_hidden()
        _all_show([page], 10)
        page.close()
