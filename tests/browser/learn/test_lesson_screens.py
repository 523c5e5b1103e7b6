"""On a phone and a desk, a lesson's picture and the controls that change it are on one screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

PHONE = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
# The picture of each lesson, the button that moves it, and a control further down that changes it.
PICTURES = {
    "network": ("#pad", "[data-example='3']", None),
    "cost": ("#pad", "[data-example='5']", None),
    "slope": (".slope canvas", "[data-action=step]", "[data-situation=large]"),
    "gradient": ("#map canvas", "[data-action=walk]", "[name=tolerance]"),
    "descent": ("#cost canvas", "[data-action=play]", "[data-preset=diverging]"),
}

MAX_WORDS = 150
# Without formulas, the options of lists, and what is for screen readers alone.
TEXT_ON_SCREEN = """() => {
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const seen = [];
    while (texts.nextNode()) {
        const { parentElement } = texts.currentNode;
        const { top, bottom, width } = parentElement.getBoundingClientRect();
        const isLeftOut = parentElement.closest('.visually-hidden, math, select, script, template') !== null;
        if (!isLeftOut && parentElement.checkVisibility() && width > 0 && top < innerHeight && bottom > 0) {
            seen.push(texts.currentNode.textContent);
        }
    }
    return seen.join(' ');
}"""


def open_lesson(open_page: OpenPage, server: RunningServer, name: str, size: tuple[int, int]) -> Page:
    touch = PHONE if size[0] < 600 else {}
    page = open_page("about:blank", **{**touch, "viewport": {"width": size[0], "height": size[1]}})
    page.goto(f"{server.url}learn/{name}", wait_until="networkidle")
    return page


def is_whole_on_screen(element: Locator) -> bool:
    """Whether all of it is on the screen, and nothing lies over its middle."""
    seen: bool = element.evaluate(
        """(element) => {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth && element.contains(over);
        }"""
    )
    return seen


def skip_questions(page: Page) -> None:
    while page.locator(".predictions:not(.is-over)").count() > 0:
        page.keyboard.press("Escape")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(360, 640), (390, 844), (1280, 800)])
@pytest.mark.parametrize("name", PICTURES)
def test_a_lesson_begins_with_something_to_move_and_it_stays_in_view_of_its_controls(
    open_page: OpenPage, server: RunningServer, name: str, size: tuple[int, int]
) -> None:
    page = open_lesson(open_page, server, name, size)
    picture, first, last = PICTURES[name]
    expect(page.locator(".lead")).to_be_visible(visible=size != (360, 640))
    expect(page.locator(".predictions kbd")).to_be_visible(visible=size[0] > 600)
    assert is_whole_on_screen(page.locator(picture))
    for choice in page.locator("[data-choice]:visible").all():
        assert is_whole_on_screen(choice)
    skip_questions(page)
    assert is_whole_on_screen(page.locator(picture))
    if last is not None:
        assert is_whole_on_screen(page.locator(first))
        if size[0] < 600:
            page.locator(last).scroll_into_view_if_needed()
            assert is_whole_on_screen(page.locator(last))
            assert is_whole_on_screen(page.locator(picture))
    # The help for the keyboard is only shown while the keyboard draws.
    words = " ".join(page.locator("main :is(p, figcaption, label):not(.own-drawing-help)").all_inner_texts())
    assert not re.search(r"\b(hover|arrow keys?|esc)\b", words, re.IGNORECASE)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
@pytest.mark.parametrize("name", PICTURES)
def test_the_first_screen_of_a_lesson_has_few_words_with_those_of_its_buttons_too(
    open_page: OpenPage, server: RunningServer, name: str, size: tuple[int, int]
) -> None:
    page = open_lesson(open_page, server, name, size)
    assert 20 < len(re.findall(r"[^\W\d_]+", page.evaluate(TEXT_ON_SCREEN))) <= MAX_WORDS


@pytest.mark.slow
def test_a_race_starts_with_the_press_that_chooses_it_where_it_can_be_seen(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(open_page, server, "descent", (390, 844))
    page.get_by_role("button", name="Race", exact=True).tap()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert is_whole_on_screen(page.locator("#cost canvas"))
    page.get_by_role("button", name="A rate that is too large").tap()
    expect(page.locator("[data-part=words]")).to_contain_text("B diverged")
    assert is_whole_on_screen(page.locator("#cost canvas"))


@pytest.mark.slow
def test_lists_as_large_as_a_finger_choose_a_weight_whose_cell_is_too_small(
    open_page: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(open_page, server, "slope", (390, 844))
    title = page.locator("#slope-title")
    for label in ("Into", "From"):
        box = page.get_by_role("combobox", name=label).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.get_by_role("combobox", name="Into").select_option("Neuron 12 of the first hidden layer")
    page.get_by_role("combobox", name="From").select_option("pixel row 22")
    page.get_by_role("combobox", name="Column").select_option("13")
    expect(title).to_have_text("Weight from pixel (row 22, column 13) to neuron 12 of the first hidden layer")
    expect(page).to_have_url(re.compile("pick=1.11.600"))
    page.get_by_role("combobox", name="From").select_option("its bias")
    expect(title).to_have_text("Bias of neuron 12 of the first hidden layer")
    page.get_by_role("combobox", name="Into").select_option("Output 4")
    expect(title).to_have_text("Bias of output 4")
    page.get_by_role("combobox", name="From").select_option("neuron 16")
    expect(title).to_have_text("Weight from neuron 16 of the second hidden layer to output 4")
