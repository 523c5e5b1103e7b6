"""A drawing is kept for its tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_pictures import a_two as a_two
from tests.browser.draw.test_pictures import upload
from tests.support.hand import SEVEN, THREE, draw_with_mouse, ink
from tests.support.server import RunningServer


@pytest.mark.slow
def test_a_drawing_survives_a_reload_and_a_way_to_other_pages_until_it_is_cleared(draw_page: Page) -> None:
    digit = draw_page.locator(".answer-digit")
    draw_with_mouse(draw_page, SEVEN)
    expect(digit).to_have_text("7")
    drawn = ink(draw_page)
    draw_page.reload()
    expect(digit).to_have_text("7")
    assert ink(draw_page) == drawn
    draw_page.get_by_role("link", name="Watch one learn").click()
    expect(draw_page).to_have_url(re.compile("/runs$"))
    draw_page.get_by_role("link", name="Draw", exact=True).click()
    expect(digit).to_have_text("7")
    draw_page.get_by_role("link", name="API", exact=True).click()
    draw_page.go_back()
    expect(digit).to_have_text("7")
    assert ink(draw_page) == drawn
    draw_page.get_by_role("button", name="Clear").click()
    draw_page.reload()
    expect(draw_page.locator("#answer")).to_have_attribute("data-state", "blank")
    assert ink(draw_page) == 0


@pytest.mark.slow
def test_a_picture_and_what_is_drawn_over_it_survive_a_reload(draw_page: Page, a_two: bytes) -> None:
    upload(draw_page, "two.jpg", "image/jpeg", a_two)
    expect(draw_page.locator(".answer-digit")).to_have_text("2")
    draw_with_mouse(draw_page, [(0.1, 0.1), (0.2, 0.1)])
    expect(draw_page.get_by_role("button", name="Undo")).to_be_enabled()
    drawn = ink(draw_page)
    draw_page.reload()
    expect(draw_page.locator(".answer-digit")).to_have_text("2")
    assert ink(draw_page) == drawn
    draw_page.get_by_role("button", name="Undo").click()
    assert 0 < ink(draw_page) < drawn


@pytest.mark.slow
def test_a_lesson_begins_with_the_drawing_unless_its_address_has_another(
    draw_page: Page, server: RunningServer
) -> None:
    draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    drawn = ink(draw_page)
    draw_page.goto(f"{server.url}learn/cost")
    expect(draw_page.locator("[data-network=trained] [data-part=digit]")).to_have_text("7")
    expect(draw_page).to_have_url(re.compile("drawing="))

    draw_page.goto(f"{server.url}learn/network?example=4")
    expect(draw_page.get_by_role("button", name="a handwritten 4")).to_have_attribute("aria-pressed", "true")
    draw_page.goto(f"{server.url}learn/network?drawing=blank")
    expect(draw_page.get_by_text("Draw 0 to 9")).to_be_visible()
    draw_page.goto(server.url)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    assert ink(draw_page) == drawn


@pytest.mark.slow
def test_what_is_drawn_in_a_lesson_is_kept_too_and_the_default_example_can_still_be_chosen(
    visit: OpenPage, server: RunningServer
) -> None:
    page = visit(f"{server.url}learn/network")
    seven = page.get_by_role("button", name="a handwritten 7")
    expect(seven).to_have_attribute("aria-pressed", "true")
    draw_with_mouse(page, THREE)
    expect(page).to_have_url(re.compile("drawing="))
    seven.click()
    expect(page).to_have_url(re.compile(r"\?example=7$"))
    page.reload()
    expect(seven).to_have_attribute("aria-pressed", "true")
    page.goto(server.url)
    expect(page.locator(".answer-digit")).to_have_text("3")
