"""One run in many tabs of one browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.faults.watching import ToldRun, told_run, watchers_of
from tests.support.server import RunningServer, running_server, wait_until

TABS = 8
RECORD = """async (path) => {
    window.told = [];
    const { followRun } = await import(new URL("static/train/run/run-stream.js", document.baseURI));
    followRun(path, { onEvent: (type, data) => window.told.push(data.step ?? type), onConnection() {} });
}"""

# Each that listens loses the tenth event that another tab passes on.
LOSE_ONE = """(() => {
    const listen = BroadcastChannel.prototype.addEventListener;
    BroadcastChannel.prototype.addEventListener = function (type, listener) {
        let heard = 0;
        listen.call(this, type, (event) => { if (!event.data.number || ++heard !== 10) listener(event); });
    };
})()"""


@pytest.fixture
def told(fresh_server: RunningServer) -> Iterator[ToldRun]:
    with told_run(fresh_server.state_dir) as run:
        yield run


def _all_show(pages: list[Page], step: int) -> None:
    for page in pages:
        expect(page.locator("[data-part=progressText]")).to_contain_text(f"step {step:,} of", timeout=10_000)


@pytest.mark.slow
def test_eight_tabs_share_one_stream_and_lose_nothing_when_the_first_is_closed(
    open_page: OpenPage, fresh_server: RunningServer, told: ToldRun
) -> None:
    told.tell(10)
    path = f"{fresh_server.url}runs/{told.id}"
    pages = [open_page(path)]
    for _ in range(1, TABS):
        pages.append(pages[0].context.new_page())
        pages[-1].goto(path)
        told.tell(10)
        pages[-1].evaluate(RECORD, f"runs/{told.id}/events")
    _all_show(pages, TABS * 10)
    assert watchers_of(fresh_server) == 1

    for gone in range(3):
        pages.pop(0).close()
        told.tell(10)
        _all_show(pages, (TABS + gone + 1) * 10)
        wait_until(lambda: watchers_of(fresh_server) == 1, "one of the others to listen")
    told.end()
    for page in pages:
        expect(page.locator(".run-head .status")).to_have_text("stopped")
        page.wait_for_function("() => window.told.at(-1) === 'end'")
        assert page.evaluate("window.told") == [*range(1, (TABS + 3) * 10 + 1), "end"]


@pytest.mark.slow
def test_a_tab_that_is_not_looked_at_leaves_the_stream_to_another_and_catches_up_when_it_is(
    open_page: OpenPage, fresh_server: RunningServer, told: ToldRun
) -> None:
    path = f"{fresh_server.url}runs/{told.id}"
    first = open_page(path)
    first.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isHidden })")
    second = first.context.new_page()
    second.goto(path)
    told.tell(10)
    _all_show([first, second], 10)

    look = "(isHidden) => { window.isHidden = isHidden; document.dispatchEvent(new Event('visibilitychange')); }"
    first.evaluate(look, True)
    told.tell(10)
    _all_show([second], 20)
    _all_show([first], 10)
    assert watchers_of(fresh_server) == 1
    first.evaluate(look, False)
    _all_show([first, second], 20)
    assert watchers_of(fresh_server) == 1


@pytest.mark.slow
def test_a_tab_that_missed_an_event_asks_for_it(
    open_page: OpenPage, fresh_server: RunningServer, told: ToldRun
) -> None:
    first = open_page(f"{fresh_server.url}runs/{told.id}")
    told.tell(1)
    _all_show([first], 1)  # so it is this one that has the stream
    second = first.context.new_page()
    second.add_init_script(LOSE_ONE)
    second.goto(f"{fresh_server.url}runs/{told.id}")
    second.evaluate(RECORD, f"runs/{told.id}/events")
    _all_show([second], 1)
    told.tell(20)
    _all_show([first, second], 21)
    told.end()
    second.wait_for_function("() => window.told.at(-1) === 'end'")
    assert second.evaluate("window.told") == [*range(1, 22), "end"]


@pytest.mark.slow
def test_where_there_are_no_locks_each_tab_has_a_stream_of_its_own(
    open_page: OpenPage, fresh_server: RunningServer, told: ToldRun
) -> None:
    first = open_page("about:blank")
    # As without https, on another machine than one's own.
    first.context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined })")
    pages = [first, first.context.new_page()]
    for page in pages:
        page.goto(f"{fresh_server.url}runs/{told.id}")
    told.tell(10)
    _all_show(pages, 10)
    assert watchers_of(fresh_server) == 2


@pytest.mark.slow
def test_a_page_for_which_there_is_no_place_says_so_and_follows_the_run_as_soon_as_there_is(
    open_page: OpenPage, tmp_path: Path, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 503|ERR_CONNECTION|ERR_INCOMPLETE")
    state = tmp_path / "state"
    with running_server(state, environment={"DESCENT_WATCHERS": "1"}) as server, told_run(state) as run:
        run.tell(10)
        with httpx.stream("GET", f"{server.url}runs/{run.id}/events", timeout=20):
            page = open_page(f"{server.url}runs/{run.id}")
            lost = page.get_by_text("trying again")
            expect(lost).to_be_visible()
        expect(lost).to_be_hidden()
        _all_show([page], 10)
        page.close()
