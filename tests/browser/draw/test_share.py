"""A drawing is shared by its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_pictures import a_two as a_two
from tests.browser.draw.test_pictures import upload
from tests.support.hand import ONE, SEVEN, draw_with_mouse, ink
from tests.support.server import RunningServer


def share(page: Page) -> str:
    """The link that the page gives."""
    page.get_by_role("button", name="Share").click()
    link = page.get_by_role("textbox", name="Link to this drawing")
    expect(link).to_be_visible()
    return link.input_value()


@pytest.mark.slow
def test_a_link_shows_the_drawing_and_its_answer_to_others(
    draw_page: Page, open_page: OpenPage, server: RunningServer
) -> None:
    draw_with_mouse(draw_page, ONE)
    draw_with_mouse(draw_page, SEVEN)
    draw_page.get_by_role("button", name="Undo").click()
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    link = share(draw_page)
    expect(draw_page.locator("#share")).to_contain_text("Copied.")
    assert draw_page.evaluate("navigator.clipboard.readText()") == link == draw_page.url
    assert link.startswith(f"{server.url}?drawing=")

    other = open_page(link)
    expect(other.locator(".answer-digit")).to_have_text("1")
    assert abs(ink(other) - ink(draw_page)) < 0.05 * ink(draw_page)
    assert other.url == link
    # Also with what a mail program or a section of the page adds.
    other.goto(f"{link}&from=mail#inside")
    expect(other.locator(".answer-digit")).to_have_text("1")
    assert other.url == f"{link}&from=mail#inside"
    other.goto(link)
    expect(other.locator(".answer-digit")).to_have_text("1")
    other.get_by_role("button", name="Undo").click()
    expect(other.locator("#answer")).to_have_attribute("data-state", "blank")
    expect(other).to_have_url(server.url)


def test_an_address_loses_the_drawing_once_it_is_another_and_the_box_closes(
    draw_page: Page, server: RunningServer
) -> None:
    draw_with_mouse(draw_page, ONE)
    share(draw_page)
    draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".share-box")).to_be_hidden()
    expect(draw_page).to_have_url(server.url)
    share(draw_page)
    draw_page.keyboard.press("Escape")
    expect(draw_page.locator(".share-box")).to_be_hidden()


def test_without_a_clipboard_the_link_is_there_to_copy(open_page: OpenPage, server: RunningServer) -> None:
    page = open_page(server.url, permissions=[])
    draw_with_mouse(page, ONE)
    link = share(page)
    expect(page.locator("#share")).to_contain_text("Copy this link.")
    expect(page.get_by_role("textbox", name="Link to this drawing")).to_be_focused()
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == link


@pytest.mark.parametrize("damaged", ["Rzh8O", "no drawing!", "-" * 900])
def test_a_damaged_link_says_so_on_an_empty_sheet(draw_page: Page, server: RunningServer, damaged: str) -> None:
    draw_with_mouse(draw_page, ONE)
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    draw_page.goto(f"{server.url}?drawing={damaged}")
    expect(draw_page.locator(".answer-problem")).to_contain_text("is damaged")
    assert ink(draw_page) == 0
    draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    assert urlsplit(draw_page.url).query == ""


def test_a_picture_cant_be_shared_and_the_page_says_so(draw_page: Page, a_two: bytes) -> None:
    upload(draw_page, "two.jpg", "image/jpeg", a_two)
    expect(draw_page.locator(".answer-digit")).to_have_text("2")
    draw_page.get_by_role("button", name="Share").click()
    expect(draw_page.locator("#share")).to_contain_text("but no picture")
    expect(draw_page.get_by_role("textbox", name="Link to this drawing")).to_be_hidden()
    expect(draw_page).not_to_have_url(re.compile("drawing="))
