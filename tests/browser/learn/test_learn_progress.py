"""The list of lessons says what is done in this tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

PLACES = "[...document.querySelectorAll('main *')].map((one) => one.getBoundingClientRect().y)"


@pytest.mark.slow
def test_the_list_says_which_lessons_are_done_and_how_many_questions_are_left_without_a_shift(
    visit: OpenPage, server: RunningServer
) -> None:
    page = visit(f"{server.url}learn")
    progress = page.locator("[data-progress]")
    expect(progress).to_have_text(["Not started"] * 5)
    before = page.evaluate(PLACES)

    page.goto(f"{server.url}learn/cost")
    expect(page.locator("[data-network=trained] [data-part=cross_entropy]")).not_to_be_empty()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="All lessons").click()
    expect(progress).to_have_text(["Not started", "3 questions left", *["Not started"] * 3])
    page.go_back()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_text("Compare with a model answer").click()
    expect(page.get_by_text("You have done this lesson.")).to_be_visible()
    page.get_by_role("link", name="All lessons").click()
    expect(progress.nth(1)).to_have_text("Done")
    assert progress.nth(1).evaluate("(one) => getComputedStyle(one, '::before').content").startswith('"✓')
    assert page.evaluate(PLACES) == before
    assert violations_in_both_themes(page) == []
