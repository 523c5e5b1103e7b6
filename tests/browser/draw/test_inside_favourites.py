"""What the network would like to see, and the test images that it gets wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Request, expect

from app.data import mnist
from app.images.normalise import normalise
from app.network.network import Network
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.accessibility import violations, violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.server import RunningServer

MISTAKES = "**/lessons/mistakes?*"
DREAMS = "**/lessons/dreams?*"
SHADES = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
    return [...data].filter((_, i) => i % 4 === 0);
}"""


@cache
def network(name: str) -> Network:
    return read_weights(ROOT / "models" / f"{name}.safetensors").network


@pytest.fixture(scope="module")
def wrong(test_images: mnist.Images) -> dict[str, NDArray[np.int64]]:
    """The numbers of the test images that each network gets wrong, those of which it is surest first."""
    inputs = normalise(test_images.images)
    found = {}
    for name in ("classic", "wide"):
        probabilities = network(name).probabilities(inputs)
        missed = np.flatnonzero(probabilities.argmax(axis=1) != test_images.labels)
        found[name] = missed[np.argsort(-probabilities[missed].max(axis=1))]
    return found


@pytest.fixture(scope="module")
def section(visit_once: OpenPage, server: RunningServer) -> tuple[Page, Any]:
    """A draw page with the section open, and the answer about what the network would like to see."""
    page = visit_once(server.url)
    with page.expect_response(DREAMS) as response:
        open_section(page)
    return page, response.value.json()["dreams"]


def open_section(page: Page, model: str = "classic") -> None:
    """Opens the section and waits until it shows the network."""
    page.get_by_text("What it would like to see, and what it gets wrong").click()
    expect(page.locator(".inside-favourites")).to_contain_text(f"“{model}” gets")


def tiles(page: Page) -> Locator:
    return page.locator(".inside-favourites .test-images button")


def percent(share: float) -> str:
    return ">99%" if share > 0.99 else f"{share * 100:.0f}%"


def words_for(image: NDArray[np.uint8], label: int, name: str) -> str:
    probabilities = network(name).probabilities(normalise(image[None]))[0]
    article = "an" if label == 8 else "a"
    return f"{article} {label}, taken for {probabilities.argmax()}, {percent(float(probabilities.max()))}"


@pytest.mark.slow
def test_each_dream_gets_the_probability_that_numpy_gives_it(section: tuple[Page, Any]) -> None:
    page, dreams = section
    pixels = np.array([dream["pixels"] for dream in dreams], np.float32)
    probabilities = network("classic").probabilities(pixels).diagonal()
    items = page.locator(".favourites-dreams li")
    for digit, probability in enumerate(probabilities):
        expect(items.nth(digit)).to_have_text(f"{digit} {percent(float(probability))}")
        shades = np.array(items.nth(digit).locator("canvas").evaluate(SHADES))
        np.testing.assert_allclose(shades, pixels[digit] * 255, atol=1)
    expect(page.get_by_role("img", name="What “classic” would like to see for a 3")).to_be_visible()


@pytest.mark.slow
def test_the_mistakes_are_those_that_numpy_finds(
    section: tuple[Page, Any], test_images: mnist.Images, wrong: dict[str, NDArray[np.int64]]
) -> None:
    page, _ = section
    expect(page.locator(".inside-favourites")).to_contain_text(
        f"“classic” gets {len(wrong['classic'])} of the 10,000 test images wrong."
    )
    expect(tiles(page)).to_have_count(20)
    for tile, number in zip(tiles(page).all(), wrong["classic"][:20], strict=True):
        image, label = test_images.images[number], int(test_images.labels[number])
        assert label != network("classic").probabilities(normalise(image[None])).argmax()
        expect(tile).to_have_text(words_for(image, label, "classic"))
        assert tile.locator("canvas").evaluate(SHADES) == image.ravel().tolist()


@pytest.mark.slow
def test_a_chosen_mistake_lies_on_the_sheet_and_the_page_makes_the_mistake(
    section: tuple[Page, Any], test_images: mnist.Images, wrong: dict[str, NDArray[np.int64]]
) -> None:
    page, _ = section
    page.get_by_role("button", name="Example: a handwritten 7").click()
    expect(page.locator(".answer-digit")).to_have_text("7")
    digits = network("classic").probabilities(normalise(test_images.images[wrong["classic"]])).argmax(axis=1)
    pressed = page.locator(".inside-favourites [aria-pressed=true]")

    with page.expect_response("**/predict?model=classic&explain=true") as response:
        tiles(page).nth(0).click()
    assert response.value.json()["digit"] == digits[0]
    expect(page.locator(".answer-digit")).to_have_text(str(digits[0]))
    label = int(test_images.labels[wrong["classic"][0]])
    expect(page.locator(".answer-note")).to_have_text(re.compile(f"^Wrong: this test image is an? {label}[.]$"))
    expect(page.locator("#pad")).to_be_in_viewport(ratio=1)
    expect(pressed).to_have_count(1)
    seen = normalise(test_images.images[wrong["classic"][0]][None])[0]
    assert np.abs(np.array(response.value.json()["input"]) - seen).mean() < 0.02

    tiles(page).nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".answer-digit")).to_have_text(str(digits[2]))
    expect(tiles(page).nth(2)).to_be_focused()
    expect(tiles(page).nth(2)).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_have_count(1)
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(page.locator(".answer-digit")).to_have_text("7")
    expect(pressed).to_have_count(0)


@pytest.mark.slow
def test_it_follows_the_network_that_is_chosen_and_asks_once_of_each(
    visit: OpenPage, server: RunningServer, wrong: dict[str, NDArray[np.int64]]
) -> None:
    page = visit("about:blank")
    asked: list[str] = []

    def note(request: Request) -> None:
        # The small picture of the network beside the sheet needs parameters.
        if "/lessons/" in request.url and "parameters" not in request.url:
            asked.append(request.url.partition("/lessons/")[2])

    page.on("request", note)
    page.goto(f"{server.url}?model=wide")
    page.get_by_role("button", name="Example: a handwritten 7").click()
    expect(page.locator(".answer-digit")).to_have_text("7")
    assert asked == []

    open_section(page, "wide")
    expect(page.locator(".inside-favourites")).to_contain_text(f"“wide” gets {len(wrong['wide'])} of")
    choice = page.get_by_label("Network that answers")
    for name in ("classic", "wide", "classic"):
        choice.select_option(name)
        expect(page.locator(".inside-favourites")).to_contain_text(f"“{name}” gets {len(wrong[name])} of")
    page.get_by_role("button", name="Clear").click()
    choice.select_option("wide")
    expect(page.locator(".inside-favourites")).to_contain_text(f"“wide” gets {len(wrong['wide'])} of")
    wanted = [f"{what}{name}" for name in ("wide", "classic") for what in ("dreams?model=", "mistakes?model=")]
    assert [url.removesuffix("&count=20") for url in asked] == wanted


def test_a_published_version_brings_its_own_pictures(draw_page: Page) -> None:
    open_section(draw_page)

    def as_of_tomorrow(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "version": "tomorrow", **({"wrong": 3} if "wrong" in body else {})}

    for path in (MISTAKES, "**/predict?*"):
        draw_page.route(path, lambda route: route.fulfill(json=as_of_tomorrow(route.fetch().json())))
    draw_page.get_by_role("button", name="Example: a handwritten 7").click()
    expect(draw_page.locator(".inside-favourites")).to_contain_text("gets 3 of the 10,000")
    draw_page.unroute_all()


@pytest.mark.slow
def test_a_failure_is_reported_and_tried_again(draw_page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 503")
    draw_page.route(MISTAKES, lambda route: route.fulfill(status=503))
    draw_page.get_by_text("What it would like to see, and what it gets wrong").click()
    notice = draw_page.locator(".inside-favourites .notice")
    expect(notice).to_contain_text("The server can't be reached just now.")
    expect(tiles(draw_page).first).to_be_disabled()
    assert violations(draw_page) == []
    draw_page.unroute(MISTAKES)
    draw_page.get_by_role("button", name="Try again").focus()
    draw_page.keyboard.press("Enter")
    expect(tiles(draw_page).first).to_be_enabled()
    expect(notice).to_be_hidden()
    expect(draw_page.get_by_role("group", name="Favourites and mistakes")).to_be_focused()


@pytest.mark.slow
def test_it_is_accessible_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    page = visit(server.url, viewport={"width": 360, "height": 780})
    open_section(page)
    tiles(page).first.click()
    expect(tiles(page).first).to_have_attribute("aria-pressed", "true")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
