"""The words with their meaning on tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from app.lessons.glossary import meaning_of
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer


def open_lesson(open_page: OpenPage, server: RunningServer, width: int, height: int) -> Page:
    page = open_page("about:blank", viewport={"width": width, "height": height}, has_touch=True)
    page.goto(f"{server.url}learn/network", wait_until="networkidle")
    return page


def meaning(page: Page) -> Locator:
    return page.locator(".term-note:visible")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 800)])
def test_a_tap_shows_a_meaning_at_its_word_and_moves_nothing_and_a_tap_elsewhere_closes_it(
    open_page: OpenPage, server: RunningServer, width: int, height: int
) -> None:
    page = open_lesson(open_page, server, width, height)
    for number, word in enumerate(page.locator(".term:visible").all()):
        # The lowest place on the screen too, where there is room above the word only.
        page.evaluate("([word, below]) => word.scrollIntoView(!below)", [word.element_handle(), number % 2 == 0])
        before = page.evaluate("[scrollY, document.documentElement.scrollHeight]")
        word.tap()
        expect(word).to_have_attribute("aria-expanded", "true")
        note, box = meaning(page).bounding_box(), word.bounding_box()
        assert note is not None
        assert box is not None
        assert note["x"] >= 0
        assert note["x"] + note["width"] <= width
        assert note["y"] >= 0
        assert note["y"] + note["height"] <= height
        below, above = note["y"] - box["y"] - box["height"], box["y"] - note["y"] - note["height"]
        assert 0 <= max(below, above) < 10
        assert (page.evaluate("[scrollY, document.documentElement.scrollHeight]"), width_over(page)) == (before, 0)
        word.tap()
        expect(meaning(page)).to_have_count(0)
    page.locator(".term:visible").first.tap()
    assert violations_in_both_themes(page) == []
    # Where nothing takes the focus.
    page.evaluate("scrollTo(0, 0)")
    expect(meaning(page)).to_have_count(1)
    page.touchscreen.tap(3, 3)
    expect(meaning(page)).to_have_count(0)
    assert page.locator(".term[aria-expanded=true]").count() == 0


@pytest.mark.slow
def test_by_keyboard_a_meaning_opens_and_escape_closes_it_and_nothing_else(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(open_page, server, 1280, 800)
    page.evaluate("window.escapes = 0; addEventListener('keydown', ({key}) => { escapes += key === 'Escape' ? 1 : 0 })")
    word = page.get_by_role("button", name="weighted input")
    word.focus()
    page.keyboard.press("Enter")
    expect(meaning(page)).to_have_text(f"Weighted input. {meaning_of('weighted input')}")
    assert meaning(page).get_attribute("id") == word.get_attribute("aria-controls")
    page.keyboard.press("Escape")
    expect(meaning(page)).to_have_count(0)
    expect(word).to_be_focused()
    assert page.evaluate("escapes") == 0

    page.keyboard.press("Space")
    expect(meaning(page)).to_have_count(1)
    page.keyboard.press("Tab")
    expect(meaning(page)).to_have_count(0)
    page.keyboard.press("Escape")
    assert page.evaluate("escapes") == 1
