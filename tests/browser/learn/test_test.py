"""The test before and after the lessons, as one reader takes it on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from app.lessons.quiz import FORMS, TOPICS
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

PHONE = {"width": 320, "height": 700}
# Right in the first round: all but the first three. In the second: all but the last.
BEFORE, AFTER = range(3, 10), range(9)


def answer(page: Page, right: range) -> None:
    """Answers all questions, those of `right` rightly and the others with “I don’t know”."""
    for number in range(len(TOPICS)):
        screen = page.locator(".quiz-question:visible")
        expect(screen).to_contain_text(f"Question {number + 1} of 10")
        form = (screen.get_attribute("data-screen") or "")[0]
        option = str(FORMS[form][number].right) if number in right else ""
        screen.locator(f'[data-option="{option}"]').click()


@pytest.mark.slow
def test_a_reader_takes_both_forms_and_sees_the_gain(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(f"{server.url}learn/test", viewport=PHONE)
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Start").click()
    first = page.locator(".quiz-question:visible").get_attribute("data-screen")
    # The focus goes along; the arrow back shows what was chosen, and a reload loses nothing.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".quiz-question:visible h2")).to_be_focused()
    page.get_by_role("button", name="Back").click()
    expect(page.locator(f'[data-screen={first}] [data-option="0"]')).to_have_attribute("aria-pressed", "true")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    page.reload()
    expect(page.get_by_text("You have answered 1 of 10 questions.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Back").click()
    answer(page, BEFORE)
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("Now the lessons, then come back.")).to_be_visible()
    expect(page.get_by_text("Before: 7 of 10")).to_be_hidden()
    page.get_by_role("link", name="To the lessons").click()
    page.get_by_role("link", name="short test").click()
    page.get_by_role("button", name="Take the second test").click()
    second = page.locator(".quiz-question:visible").get_attribute("data-screen")
    assert {first, second} == {"a0", "b0"}
    answer(page, AFTER)
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Before: 7 of 10 right. After: 9 of 10 right.")).to_be_focused()
    rows = page.locator(".quiz-result tbody tr")
    expect(rows.first).to_have_text("The cost of one answer✗ not right✓ right")
    expect(rows.last).to_have_text("Batch✓ right✗ not right")
    why = page.locator(".quiz-whys li:visible")
    expect(why).to_have_count(1)
    expect(why.get_by_role("link")).to_have_attribute("href", "learn/descent")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)

    page.get_by_role("button", name="Delete my answers").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("your answers before and after the lessons from this device")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("kept", ["{", json.dumps({"version": 1, "first": "a", "before": {"answers": [0, "x"]}})])
def test_a_damaged_record_is_ignored(open_page: OpenPage, server: RunningServer, kept: str) -> None:
    page = open_page("about:blank")
    page.add_init_script(f"localStorage.setItem('descent-test', {json.dumps(kept)})")
    page.goto(f"{server.url}learn/test")

    expect(page.get_by_role("button", name="Start")).to_be_visible()


@pytest.mark.slow
def test_a_browser_that_keeps_nothing_says_so_and_the_test_works(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page("about:blank")
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    page.goto(f"{server.url}learn/test")
    expect(page.get_by_text("This browser keeps nothing for pages")).to_be_visible()
    for words in ("Start", "Take the second test"):
        page.get_by_role("button", name=words).click()
        answer(page, AFTER)
        page.get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Before: 9 of 10 right. After: 9 of 10 right.")).to_be_visible()


@pytest.mark.slow
def test_a_second_tab_goes_on_where_the_first_one_is_and_brings_nothing_back_that_was_deleted(
    open_page: OpenPage, server: RunningServer
) -> None:
    first = open_page(f"{server.url}learn/test")
    second = first.context.new_page()
    second.goto(f"{server.url}learn/test")
    second.get_by_role("button", name="Start").click()
    first.get_by_role("button", name="Start").click()
    answer(first, BEFORE)
    first.get_by_role("button", name="Finish").click()
    expect(second.get_by_role("button", name="Take the second test")).to_be_visible()

    second.get_by_role("button", name="Take the second test").click()
    first.get_by_role("button", name="Delete my answers").click()
    first.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(second.get_by_role("button", name="Start")).to_be_visible()
    assert first.evaluate("localStorage.length") == 0


def test_on_a_desk_it_begins_where_the_navigation_does(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(f"{server.url}learn/test", viewport={"width": 1280, "height": 800})

    def left(selector: str) -> float:
        return float(page.locator(selector).first.evaluate("(element) => element.getBoundingClientRect().left"))

    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert left("h1") == left(".site-header a")
    assert left(".quiz-about") == left("h1")
