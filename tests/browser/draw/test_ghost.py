"""A ghost's pen shows once what the page does, and makes room for the reader at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_answering import PREDICT, hold_answers
from tests.browser.test_pages import FIRST_LOAD
from tests.support.hand import ONE, draw_with_mouse, ink
from tests.support.server import RunningServer

_WATCH_SHIFTS = """() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""


def open_first(open_page: OpenPage, url: str, **options: Any) -> Page:
    """The draw page of somebody who was never there, and whose system moves what it likes."""
    return open_page(url, reduced_motion="no-preference", **options)


def questions(page: Page) -> list[str]:
    """What the network is asked from now on."""
    asked: list[str] = []

    def keep(request: Request) -> None:
        if "predict" in request.url:
            asked.append(request.url)

    page.on("request", keep)
    return asked


def draws(page: Page) -> None:
    draw_with_mouse(page, ONE)


def touches_beside(page: Page) -> None:
    page.mouse.click(5, 300)


def presses_a_key(page: Page) -> None:
    page.keyboard.press("Tab")


def chooses_an_example(page: Page) -> None:
    page.get_by_role("button", name="Example: a handwritten 4").click()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_it_writes_a_digit_that_the_network_answers_and_leaves_an_empty_sheet_on_which_nothing_has_moved(
    open_page: OpenPage, server: RunningServer, width: int, height: int
) -> None:
    page = open_first(open_page, "about:blank", viewport={"width": width, "height": height})
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(server.url)
    page.evaluate(_WATCH_SHIFTS)
    page.locator("#answer-announcement").evaluate(
        "(region) => new MutationObserver(() => { window.spoke = true; }).observe(region, { childList: true })"
    )
    digit, ghost, turn = page.locator(".answer-digit"), page.locator(".ghost"), page.get_by_text("Your turn")
    expect(turn).to_be_hidden()
    expect(ghost).to_be_visible()
    expect(turn).to_be_visible()
    expect(digit).to_have_text("3")
    expect(page.locator(".answer-sentence")).to_have_text("More than 99% sure")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    assert ink(page) == 0

    expect(ghost).not_to_be_attached()
    expect(digit).to_be_empty()
    expect(turn).to_be_visible()
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")
    assert page.evaluate("window.spoke") is None
    assert page.evaluate("sessionStorage.getItem('drawing')") is None
    assert page.evaluate("window.shifted") == 0
    assert sum(response.request.sizes()["responseBodySize"] for response in responses) < FIRST_LOAD

    asked = questions(page)
    page.reload()
    expect(ghost).not_to_be_attached()
    assert asked == []


@pytest.mark.slow
@pytest.mark.parametrize("act", [draws, touches_beside, presses_a_key, chooses_an_example])
def test_it_is_gone_at_the_first_touch_with_the_answer_that_was_on_its_way(
    open_page: OpenPage, server: RunningServer, act: Callable[[Page], None]
) -> None:
    page = open_first(open_page, "about:blank")
    held = hold_answers(page)
    with page.expect_request(PREDICT):
        page.goto(server.url)
    # Long before the page gives an answer up by itself.
    with page.expect_event("requestfailed", lambda request: request == held[0].request, timeout=8_000):
        act(page)
    expect(page.locator(".ghost")).not_to_be_attached()
    page.unroute(PREDICT)
    page.keyboard.press("Delete")
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")
    draw_with_mouse(page, ONE)
    expect(page.locator(".answer-digit")).to_have_text("1")


@pytest.mark.slow
def test_without_an_answer_it_leaves_and_says_nothing(
    open_page: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_CONNECTION_REFUSED")
    page = open_first(open_page, "about:blank")
    page.route(PREDICT, lambda route: route.abort("connectionrefused"))
    with page.expect_request(PREDICT):
        page.goto(server.url)
    expect(page.locator(".ghost")).not_to_be_attached(timeout=8_000)
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")
    expect(page.locator(".answer-problem")).to_be_hidden()


@pytest.mark.slow
def test_it_is_not_there_for_those_who_want_nothing_that_moves(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page("about:blank", reduced_motion="reduce")
    asked = questions(page)
    page.goto(server.url)
    expect(page.locator(".ghost")).not_to_be_attached()
    assert asked == []
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")


def test_it_never_begins_where_a_drawing_is_there_already(open_page: OpenPage, server: RunningServer) -> None:
    page = open_first(open_page, "about:blank")
    asked = questions(page)
    page.goto(f"{server.url}?drawing=Rzh8OLI4oVuRf4KoctA")
    expect(page.locator(".answer-digit")).to_have_text("7")
    expect(page.locator(".ghost")).not_to_be_attached()
    assert len(asked) == 1
