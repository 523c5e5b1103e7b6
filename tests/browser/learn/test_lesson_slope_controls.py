"""The lesson on the slope under other conditions: the keyboard alone, malformed addresses, failures, a small phone."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.slope_page import (
    SLICE,
    WALK,
    OpenLesson,
    button,
    open_lesson,
    part,
    place,
    put_ball,
    rows,
    settled,
    tab_to,
)
from tests.browser.learn.test_lessons import address_written
from tests.support.server import RunningServer


@pytest.fixture
def lesson(visit: OpenPage, server: RunningServer) -> OpenLesson:
    return partial(open_lesson, visit, server)


@pytest.mark.slow
def test_all_of_it_works_by_keyboard(lesson: OpenLesson) -> None:
    page = lesson("?about=many")
    tab_to(page, button(page, "Step"))
    page.keyboard.press("Enter")
    expect(part(page, "count")).to_have_text("1")
    stepped = place(page)
    tab_to(page, part(page, "rate-slider"))
    page.keyboard.press("ArrowRight")
    expect(part(page, "rate-field")).to_have_value(re.compile(r"^0\.3[2-9]"))
    assert place(page) == pytest.approx(stepped, abs=1e-3), "another rate moves no ball"
    tab_to(page, part(page, "field"))
    page.keyboard.press("Control+a")
    page.keyboard.type("1.9")
    page.keyboard.press("Enter")
    expect(part(page, "cost")).to_have_text(re.compile(r"^1\.\d+"))
    tab_to(page, part(page, "slider"))
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert place(page) == pytest.approx(2.1, abs=0.021)
    tab_to(page, page.get_by_label("one parameter"))
    page.keyboard.press("ArrowRight")
    expect(part(page, "title")).to_have_text("A made-up curve with two valleys")
    page.keyboard.press("ArrowLeft")
    tab_to(page, button(page, "A pixel in the corner"))
    page.keyboard.press("Space")
    expect(part(page, "title")).to_have_text(
        "Weight from pixel (row 1, column 1) to neuron 1 of the first hidden layer"
    )
    expect(part(page, "words")).to_contain_text("The slope is 0: no step moves the ball")
    tab_to(page, page.locator("[data-part=third] canvas"))
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(part(page, "title")).to_have_text(
        re.compile("^Weight from neuron 1 of the second hidden layer to output 5$")
    )
    expect(page).to_have_url(re.compile("pick=3.5.0"))


@pytest.mark.slow
def test_the_address_restores_all_of_it(lesson: OpenLesson) -> None:
    page = lesson()
    page.get_by_label("the weights").check()
    button(page, "A bias").click()
    page.get_by_label("close").check()
    part(page, "rate-field").fill("2.5")
    part(page, "rate-field").press("Enter")
    put_ball(page, 1.25)
    for _ in range(3):
        button(page, "Step").click()
    expect(part(page, "count")).to_have_text("3")
    address_written(page)
    names = ("title", "cost", "slope", "count", "words")
    texts, ball = [part(page, name).inner_text() for name in names], place(page)
    page.goto(page.evaluate("location.href") + "&hide=situations")
    expect(part(page, "count")).to_have_text("3")
    expect(part(page, "slope")).to_have_text(texts[2])
    assert ([part(page, name).inner_text() for name in names], place(page)) == (texts, ball)
    expect(part(page, "rate-field")).to_have_value("2.5")
    expect(page.get_by_label("the weights")).to_be_checked()
    expect(page.get_by_label("close")).to_be_checked()
    expect(button(page, "Too small")).to_be_hidden()


@pytest.mark.slow
def test_a_malformed_address_is_the_lesson_as_it_begins(lesson: OpenLesson) -> None:
    page = lesson()
    names = ("title", "cost", "slope", "count")
    usual = [part(page, name).inner_text() for name in names]
    queries = (
        "curve=up&pick=4.0.0&at=x&rate=-1&steps=61",
        "pick=1.0.784&at=1e9&rate=1e4&steps=-1&seed=1.5&view=far&meant=12",
    )
    for query in queries:
        page.goto(f"{page.url.partition('?')[0]}?{query}")
        expect(part(page, "slope")).to_have_text(usual[2])
        assert [part(page, name).inner_text() for name in names] == usual
        expect(part(page, "rate-field")).to_have_value("0.3")


@pytest.mark.slow
def test_a_failure_is_explained_and_recovers(lesson: OpenLesson, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of (503|422)")
    page = lesson()
    problem = part(page, "problem")
    page.route(WALK, lambda route: route.fulfill(status=503, body=""))
    page.route(SLICE, lambda route: route.fulfill(status=503, body=""))
    button(page, "A bias").click()
    expect(problem).to_have_text("The server can't be reached just now. The page keeps trying.")
    expect(problem).to_be_visible()
    page.unroute(WALK)
    page.unroute(SLICE)
    expect(problem).to_be_hidden()
    expect(page.locator(".slope canvas")).to_have_attribute("aria-label", re.compile("^Bias of output 3"))
    detail = "That is no place on the line."
    refusal = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    page.route(WALK, lambda route: route.fulfill(status=422, json=refusal))
    button(page, "Run").click()
    expect(problem).to_have_text(detail)
    expect(button(page, "Run")).to_be_visible()
    page.unroute(WALK)
    put_ball(page, 2)
    expect(problem).to_be_hidden()


@pytest.mark.slow
def test_it_is_accessible_and_fits_a_small_phone_whatever_is_open_or_chosen(lesson: OpenLesson) -> None:
    page = lesson("?about=drawing&at=-0.4&rate=3.6&steps=9", viewport={"width": 360, "height": 780})
    expect(page.locator("#own-drawing canvas")).to_be_visible()
    for table in ("The curve as a table", "The steps as a table"):
        rows(page, table)
    assert (violations(page), width_over(page)) == ([], 0)
    page.emulate_media(color_scheme="dark")
    for kind in ("a random direction", "a made-up curve", "towards an identical network"):
        page.get_by_label(kind).check()
        settled(page)
        assert width_over(page) == 0
    assert violations(page) == []
