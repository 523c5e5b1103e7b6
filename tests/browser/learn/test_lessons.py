"""The lessons: one leads to the next, and the address keeps what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from app.lessons.catalogue import LESSONS
from tests.browser.accessibility import violations, width_over
from tests.browser.conftest import OpenPage
from tests.browser.draw.test_drawing import PHONE
from tests.support.hand import ONE, SEVEN, THREE, draw_with_finger, draw_with_mouse, ink
from tests.support.server import RunningServer, running_server

NAMES = [lesson.name for lesson in LESSONS]
PREDICT = "**/predict?*"
# Of running text, not of labels and numbers; and bytes over the wire, compressed.
MAX_WORDS, FIRST_LOAD = 150, 150 * 1024


@pytest.fixture
def sub_path_server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "state", "--root-path", "/digits") as running:
        yield running


@pytest.fixture
def lesson(visit: OpenPage, server: RunningServer) -> Page:
    """The first lesson, once its example is answered."""
    return open_lesson(visit, server)


def open_lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    page = visit("about:blank", **options)
    with page.expect_response(PREDICT):
        page.goto(f"{server.url}learn/network{query}")
    return page


def state(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def pressed(page: Page) -> list[str]:
    chosen = page.locator(".own-drawing-examples [aria-pressed=true]").all()
    return [button.get_attribute("data-example") or "" for button in chosen]


def answer_after(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """What the server answers about the sheet once something is done."""
    with page.expect_response(PREDICT) as response:
        act()
    answer: dict[str, Any] = response.value.json()
    return answer


def address_written(page: Page) -> None:
    """Waits until the browser's address is that of the state: it is written now and then only."""
    # The module apart: for `wait_for_function`, the promise of an asynchronous function is as good as true.
    module = """await import(document.querySelector("[href$='/page/address-state.js']").href)"""
    page.evaluate(f"async () => {{ window.addressModule = {module}; }}")
    page.wait_for_function("() => addressModule.linkToState() === location.href")


def words_on_a_screen(page: Page) -> int:
    """How many words of running text are at most on the screen, wherever the page is scrolled to."""
    texts = page.locator(".lesson :is(p, figcaption):not(.visually-hidden, .lesson-more p, .lesson-nav p):visible")
    places = [
        (box["y"], box["y"] + box["height"], text.inner_text()) for text in texts.all() if (box := text.bounding_box())
    ]
    height = (page.viewport_size or {"height": 0})["height"]
    counts = [
        sum(len(re.findall(r"[^\W\d_]+", text)) for start, end, text in places if end > top and start < top + height)
        for top, _, _ in places
    ]
    return max(counts)


@pytest.mark.slow
def test_the_list_leads_through_all_five_lessons_and_back(visit: OpenPage, server: RunningServer) -> None:
    page = visit(f"{server.url}learn")
    page.get_by_role("link", name=LESSONS[0].title).click()
    for number, lesson in enumerate(LESSONS, 1):
        expect(page).to_have_url(re.compile(rf"/learn/{lesson.name}(\?|$)"))
        expect(page.get_by_role("heading", level=1)).to_have_text(lesson.title)
        expect(page.get_by_text(f"Lesson {number} of 5")).to_be_visible()
        if number < len(LESSONS):
            page.locator(".lesson-nav [rel=next]").click()
    expect(page.locator(".lesson-nav [rel=next]")).to_have_count(0)
    page.get_by_role("link", name=LESSONS[3].title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LESSONS[3].title)
    page.get_by_role("link", name="All lessons").click()
    expect(page).to_have_url(f"{server.url}learn")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["learn", *(f"learn/{name}" for name in NAMES)])
def test_a_lesson_is_accessible_and_fits_a_small_phone_with_all_of_it_open(
    visit: OpenPage, server: RunningServer, path: str
) -> None:
    page = visit(server.url + path, color_scheme="light", viewport={"width": 320, "height": 640})
    page.wait_for_load_state("networkidle")
    assert (violations(page), width_over(page)) == ([], 0)
    for summary in page.locator(".lesson-more summary").all():
        summary.click()
    page.emulate_media(color_scheme="dark")
    assert (violations(page), width_over(page)) == ([], 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_explains_its_idea_in_150_words_and_is_small(
    open_page: OpenPage, server: RunningServer, name: str
) -> None:
    page = open_page("about:blank")
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(f"{server.url}learn/{name}", wait_until="networkidle")
    assert words_on_a_screen(page) <= MAX_WORDS
    assert sum(response.request.sizes()["responseBodySize"] for response in responses) < FIRST_LOAD


@pytest.mark.slow
def test_a_drawing_survives_a_reload(lesson: Page) -> None:
    draw_with_mouse(lesson, THREE)
    address_written(lesson)
    drawn, address = ink(lesson), lesson.url
    assert pressed(lesson) == []
    # An answer that is still on its way would be taken for the one after the reload.
    lesson.wait_for_load_state("networkidle")
    assert answer_after(lesson, lesson.reload)["digit"] == 3
    assert abs(ink(lesson) - drawn) < 0.05 * drawn
    address_written(lesson)
    assert lesson.url == address


@pytest.mark.slow
def test_a_link_gives_exactly_the_input_that_was_drawn(lesson: Page) -> None:
    draw_with_mouse(lesson, SEVEN)
    draw_with_mouse(lesson, [(0.1, 0.1), (0.12, 0.1)])
    lesson.wait_for_load_state("networkidle")
    here = answer_after(lesson, lesson.get_by_role("button", name="Undo").click)
    address_written(lesson)
    there = answer_after(lesson, lesson.reload)
    assert (here["digit"], here["input"]) == (7, there["input"])


@pytest.mark.slow
def test_a_stroke_over_an_example_begins_a_drawing_and_undo_brings_the_example_back(lesson: Page) -> None:
    draw_with_mouse(lesson, ONE)
    expect(lesson).to_have_url(re.compile("drawing="))
    assert pressed(lesson) == []
    lesson.get_by_role("button", name="Undo").click()
    expect(lesson.locator(".own-drawing-examples [aria-pressed=true]")).to_have_count(1)
    expect(lesson).to_have_url(re.compile(r"\?example=7$"))


@pytest.mark.slow
def test_a_blank_sheet_stays_blank_on_reload(lesson: Page) -> None:
    lesson.get_by_role("button", name="Clear").click()
    expect(lesson).to_have_url(re.compile(r"\?drawing=blank$"))
    expect(lesson.get_by_text("Draw 0 to 9")).to_be_visible()
    lesson.reload()
    expect(lesson.get_by_text("Draw 0 to 9")).to_be_visible()
    assert ink(lesson) == 0


@pytest.mark.slow
def test_a_lesson_begins_with_the_example_seven_and_keeps_another_in_the_address(lesson: Page) -> None:
    assert (pressed(lesson), state(lesson)) == (["7"], {})
    assert ink(lesson) > 0
    four = lesson.get_by_role("button", name="Example: a handwritten 4")
    assert answer_after(lesson, four.click)["digit"] == 4
    expect(lesson).to_have_url(re.compile(r"\?example=4$"))
    assert answer_after(lesson, lesson.reload)["digit"] == 4
    assert pressed(lesson) == ["4"]


@pytest.mark.parametrize("query", ["?example=12", "?drawing=AAAAA"])
def test_a_malformed_address_falls_back_to_the_example(visit: OpenPage, server: RunningServer, query: str) -> None:
    page = open_lesson(visit, server, query)
    expect(page.locator(".own-drawing-examples [aria-pressed=true]")).to_have_attribute("data-example", "7")


@pytest.mark.slow
def test_a_digit_is_drawn_with_a_finger_and_with_the_keyboard(open_page: OpenPage, server: RunningServer) -> None:
    page = open_lesson(open_page, server, "", **PHONE)
    page.locator("#pad").scroll_into_view_if_needed()
    draw_with_finger(page, ONE)
    expect(page).to_have_url(re.compile("drawing="))
    drawn = page.url
    page.get_by_role("button", name="Clear").click()
    page.locator("#pad").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(page.locator("#pad-status")).to_have_text("Pen up, column 15, row 17")
    expect(page).not_to_have_url(re.compile("drawing=blank"))
    assert page.url != drawn
    page.keyboard.press("Delete")
    expect(page).to_have_url(re.compile("drawing=blank"))


def test_a_refused_drawing_is_explained_and_the_next_one_is_answered(lesson: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 422")
    detail = "Nothing of that can be read."
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    lesson.route(PREDICT, lambda route: route.fulfill(status=422, json=problem))
    lesson.get_by_role("button", name="Example: a handwritten 1").click()
    expect(lesson.locator("#own-drawing .notice")).to_have_text(detail)
    lesson.unroute(PREDICT)
    lesson.get_by_role("button", name="Example: a handwritten 2").click()
    expect(lesson.locator("#own-drawing .notice")).to_be_hidden()


@pytest.mark.slow
def test_an_example_that_did_not_come_comes_once_the_server_answers_again(
    lesson: Page, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    lesson.route("**/examples/4.png", lambda route: route.abort())
    four = lesson.get_by_role("button", name="Example: a handwritten 4")
    four.click()
    notice = lesson.locator("#own-drawing .notice")
    expect(notice).to_contain_text("can't be reached")
    lesson.unroute("**/examples/4.png")
    lesson.evaluate("dispatchEvent(new Event('online'))")
    expect(four).to_have_attribute("aria-pressed", "true")
    expect(notice).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_every_control_of_a_lesson_in_order(visit: OpenPage, server: RunningServer, name: str) -> None:
    page = visit(f"{server.url}learn/{name}")
    page.wait_for_load_state("networkidle")
    for summary in page.locator(".lesson-more summary").all():
        summary.click()
    expect(page.locator(".lesson-teachers input").first).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    wanted = page.evaluate(
        """() => {
            const selector = "main :is(a[href], button, input, select, summary, [tabindex='0'])";
            const all = [...document.querySelectorAll(selector)];
            const isReached = (element) => element.checkVisibility() && !element.disabled && element.tabIndex === 0
                && (element.type !== "radio" || element.checked);
            all.forEach((element, i) => element.dataset.tabStop = i);
            return all.filter(isReached).map((element) => element.dataset.tabStop);
        }"""
    )
    page.locator(".skip-link").focus()
    reached: list[str] = []
    for _ in range(len(wanted) + 12):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.dataset.tabStop ?? null")
        reached += [] if stop is None else [stop]
    assert [stop for stop in wanted if stop not in reached] == []
    assert reached[: len(wanted)] == wanted


def test_the_skip_link_leads_to_the_lesson_and_keeps_its_state(lesson: Page) -> None:
    lesson.get_by_role("button", name="Clear").click()
    expect(lesson).to_have_url(re.compile("drawing=blank"))
    lesson.locator(".skip-link").focus()
    lesson.keyboard.press("Enter")
    expect(lesson.locator("#main")).to_be_focused()
    assert state(lesson) == {"drawing": "blank"}
    lesson.keyboard.press("Tab")
    expect(lesson.locator("main :focus")).to_have_count(1)


@pytest.mark.slow
def test_under_a_sub_path_a_lesson_keeps_its_address(visit: OpenPage, sub_path_server: RunningServer) -> None:
    page = open_lesson(visit, sub_path_server)
    page.get_by_role("button", name="Example: a handwritten 2").click()
    expect(page).to_have_url(f"{sub_path_server.url}learn/network?example=2")
