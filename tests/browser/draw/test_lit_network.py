"""A small picture of the network stands beside the sheet, and lights up with each answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.draw.test_inside_diagram import PARAMETERS
from tests.support.hand import ONE, SEVEN, draw_with_mouse
from tests.support.server import RunningServer


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return found


def picture(page: Page) -> str:
    """As it is painted in the next frame."""
    painted: str = page.evaluate(
        """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
            resolve(document.querySelector("#lit-network canvas").toDataURL()))))"""
    )
    return painted


def test_on_a_desk_it_is_beside_the_sheet_above_the_fold_and_leads_to_the_bars(draw_page: Page) -> None:
    draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    sheet, network, bars = (box(draw_page, name) for name in (".drawing-pad-sheet", "#lit-network", ".answer-bars"))
    assert sheet["x"] + sheet["width"] < network["x"]
    assert network["x"] + network["width"] < bars["x"]
    assert sheet["y"] < network["y"]
    assert network["y"] + network["height"] < 800
    assert abs(network["y"] - bars["y"]) < 1
    assert abs(network["height"] - bars["height"]) < 1
    assert network["width"] > 140


@pytest.mark.slow
def test_it_has_the_height_of_the_bars_and_leaves_them_room_on_every_screen(draw_page: Page) -> None:
    for width, height in [(320, 640), (390, 844), (740, 360), (800, 900), (1920, 1080)]:
        draw_page.set_viewport_size({"width": width, "height": height})
        network, bars, bar = (box(draw_page, name) for name in ("#lit-network", ".answer-bars", ".bar-track >> nth=0"))
        assert abs(network["height"] - bars["height"]) < 1
        assert bar["width"] > 24


def test_of_a_network_too_large_to_draw_it_says_so(visit: OpenPage, server: RunningServer) -> None:
    page = visit(f"{server.url}?model=wide")
    draw_with_mouse(page, SEVEN)
    expect(page.locator("#lit-network")).to_have_text("512 neurons in a layer: too many to draw")
    page.get_by_label("Network that answers").select_option("classic")
    expect(page.locator("#lit-network")).to_have_text("")


def test_it_lights_up_with_an_answer_and_goes_out_with_it(draw_page: Page) -> None:
    dark = picture(draw_page)
    with draw_page.expect_response(PARAMETERS) as parameters:
        draw_with_mouse(draw_page, SEVEN)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    seven = picture(draw_page)
    assert seven != dark
    assert [len(layer["weights"]) for layer in parameters.value.json()["layers"]] == [16, 10]
    draw_page.get_by_role("button", name="Clear").click()
    assert picture(draw_page) == dark
    draw_with_mouse(draw_page, ONE)
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    assert picture(draw_page) not in (dark, seven)
