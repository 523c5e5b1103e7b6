"""Two networks on the same drawing: what they answer, what they are made of, and which of them answers the page."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.data import mnist
from app.images.normalise import normalise
from app.network.network import Network
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.accessibility import violations, violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.draw.test_answering import an_answer
from tests.browser.draw.test_networks import serve_parameters
from tests.support.hand import SEVEN
from tests.support.server import RunningServer

MODELS = "**/models"
TITLE = "16 neurons or 512: do more parameters help?"
SIDES = {"classic": "small", "wide": "large"}
UNREACHABLE = "The server can't be reached just now. The page keeps trying."
MINE = {"name": "mynet", "run_id": 3, "accuracy": None, "version": "0123456789ab"}


@cache
def network(name: str) -> Network:
    return read_weights(ROOT / "models" / f"{name}.safetensors").network


@pytest.fixture
def models(server: RunningServer) -> dict[str, dict[str, Any]]:
    return {model["name"]: model for model in httpx.get(f"{server.url}models").json()}


@pytest.fixture
def comparison(sheet: Page) -> Page:
    """The shared draw page with the section open and a clear sheet."""
    if not sheet.locator(".inside-comparison").is_visible():
        open_section(sheet)
    return sheet


def open_section(page: Page) -> None:
    page.get_by_text(TITLE).click()
    expect(page.locator(".inside-comparison [data-row=parameters]").first).not_to_have_text("–")


def cell(page: Page, side: str, row: str) -> Locator:
    return page.locator(f".inside-comparison [data-side={side}][data-row={row}]")


def lay_seven(page: Page) -> None:
    page.get_by_role("button", name="Example: a handwritten 7").click()


def sentence(page: Page) -> Locator:
    return page.locator(".comparison-sentence")


def tiles(page: Page) -> Locator:
    return page.locator(".comparison-differences .test-images button:visible")


def percent(share: float) -> str:
    if share > 0.99:
        return ">99%"
    return "<1%" if 0 < share < 0.01 else f"{share * 100:.0f}%"


def bars(page: Page, side: str) -> list[float]:
    """How long each digit's bar is, as a share of the longest that there can be."""
    found = page.locator(f".inside-comparison [data-side={side}] .bar")
    lengths: list[float] = found.evaluate_all(
        "(bars) => bars.map((bar) => bar.getBoundingClientRect().width / bar.parentElement.clientWidth)"
    )
    return lengths


def expect_answers(page: Page, x: list[float]) -> None:
    """That both columns show what NumPy makes of the input."""
    for name, side in SIDES.items():
        probabilities = network(name).probabilities(np.array([x], np.float32))[0]
        digit = int(probabilities.argmax())
        expect(cell(page, side, "answer")).to_have_text(str(digit))
        expect(cell(page, side, "confidence")).to_have_text(percent(float(probabilities[digit])))
        for i, share in enumerate(probabilities):
            expect(page.locator(f".inside-comparison [data-side={side}][data-digit='{i}']")).to_have_text(
                percent(float(share))
            )
        np.testing.assert_allclose(bars(page, side), probabilities, atol=0.01)


@pytest.mark.slow
def test_both_networks_answer_a_drawing_as_numpy_does_and_change_while_one_draws(comparison: Page) -> None:
    expect(sentence(comparison)).to_have_text("Draw a digit, and both networks answer it.")
    with comparison.expect_response("**/predict?model=classic&explain=true") as response:
        comparison.get_by_role("button", name="Example: a handwritten 2").click()
    expect(sentence(comparison)).to_contain_text("Both say 2")
    expect_answers(comparison, response.value.json()["input"])
    comparison.get_by_role("button", name="Clear").click()
    expect(cell(comparison, "small", "answer")).to_have_text("–")
    expect(sentence(comparison)).to_have_text("Draw a digit, and both networks answer it.")

    comparison.locator("#pad").scroll_into_view_if_needed()
    box = comparison.locator("#pad").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    comparison.mouse.move(*points[0])
    comparison.mouse.down()
    comparison.mouse.move(*points[1], steps=2)
    expect(cell(comparison, "large", "answer")).not_to_have_text("–")
    for point in points[2:]:
        comparison.mouse.move(*point, steps=2)
    expect(sentence(comparison)).to_have_text("Both say 7, and both are sure.")
    comparison.mouse.up()


@pytest.mark.slow
def test_the_counts_are_those_of_numpy_over_the_test_images(comparison: Page, test_images: mnist.Images) -> None:
    inputs, labels = normalise(test_images.images), test_images.labels
    probabilities = {name: network(name).probabilities(inputs) for name in SIDES}
    digits = {name: found.argmax(axis=1) for name, found in probabilities.items()}
    wrong = {name: int((found != labels).sum()) for name, found in digits.items()}
    parameters = {name: network(name).parameters.size for name in SIDES}
    for name, side in SIDES.items():
        sizes = network(name).sizes
        assert parameters[name] == sum((before + 1) * after for before, after in pairwise(sizes))
        expect(cell(comparison, side, "name")).to_have_text(name)
        expect(cell(comparison, side, "parameters")).to_have_text(f"{parameters[name]:,}")
        expect(cell(comparison, side, "layers")).to_have_text("-".join(map(str, sizes)))
        expect(cell(comparison, side, "wrong")).to_have_text(str(wrong[name]))
        expect(cell(comparison, side, "accuracy")).to_have_text(f"{100 - wrong[name] / 100:.2f}%")
    expect(comparison.locator(".comparison-gain")).to_have_text(
        f"Of the 10,000 test images “classic” gets {wrong['classic']} wrong, “wide” {wrong['wide']}: "
        f"{parameters['wide'] / parameters['classic']:.0f} times the parameters, "
        f"{wrong['classic'] - wrong['wide']} fewer mistakes."
    )

    missed = np.flatnonzero(digits["classic"] != labels)
    surest = missed[np.argsort(-probabilities["classic"][missed].max(axis=1))][:20]
    right = surest[digits["wide"][surest] == labels[surest]]
    expect(comparison.locator(".comparison-differ")).to_contain_text(
        f"Of the 20 test images that “classic” gets wrong and is most sure about, “wide” reads {len(right)} right."
    )
    for tile, number in zip(tiles(comparison).all(), right[:8], strict=True):
        expect(tile).to_contain_text(f" {labels[number]}, taken for {digits['classic'][number]}, ")


@pytest.mark.slow
def test_an_image_on_which_they_differ_is_laid_on_the_sheet_and_both_answer_it(comparison: Page) -> None:
    expect(tiles(comparison).first).to_be_enabled()
    tiles(comparison).first.focus()
    with comparison.expect_response("**/predict?model=classic&explain=true") as response:
        comparison.keyboard.press("Enter")
    expect(tiles(comparison).first).to_have_attribute("aria-pressed", "true")
    x = response.value.json()["input"]
    expect(sentence(comparison)).to_contain_text("They disagree")
    expect_answers(comparison, x)
    says = []
    for name in SIDES:
        probabilities = network(name).probabilities(np.array([x], np.float32))[0]
        says.append(f"“{name}” says {probabilities.argmax()} ({percent(float(probabilities.max()))})")
    expect(sentence(comparison)).to_have_text(f"They disagree: {', '.join(says)}.")
    expect(comparison.locator("#pad")).to_be_in_viewport(ratio=1)


@pytest.mark.slow
def test_the_network_that_answers_is_chosen_by_keyboard(comparison: Page, server: RunningServer) -> None:
    lay_seven(comparison)
    expect(sentence(comparison)).to_contain_text("Both say 7")
    expect(comparison.get_by_role("button", name="“classic” answers now")).to_be_visible()
    comparison.get_by_role("button", name="Answer with “wide”").focus()
    with comparison.expect_request("**/predict?model=classic"):  # the page itself asks `wide` now
        comparison.keyboard.press("Enter")
    chosen = comparison.get_by_role("button", name="“wide” answers now")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-disabled", "true")
    expect(comparison).to_have_url(f"{server.url}?model=wide")
    expect(comparison.get_by_label("Network that answers")).to_have_value("wide")
    expect(comparison.locator("#served-by")).to_contain_text("“wide”")

    comparison.get_by_role("button", name="Clear").click()
    comparison.get_by_label("Network that answers").select_option("classic")
    expect(comparison.get_by_role("button", name="“classic” answers now")).to_be_visible()


@pytest.mark.slow
def test_a_third_network_answers_and_the_two_are_compared_all_the_same(
    visit: OpenPage, server: RunningServer, models: dict[str, dict[str, Any]]
) -> None:
    page = visit("about:blank")
    page.route(MODELS, lambda route: route.fulfill(json=[*models.values(), {**models["classic"], **MINE}]))
    mine = {**an_answer(4), "model": "mynet", "version": MINE["version"]}
    page.route("**/predict?model=mynet*", lambda route: route.fulfill(json=mine))
    serve_parameters(page, server)
    page.goto(f"{server.url}?model=mynet")
    open_section(page)
    lay_seven(page)
    expect(page.locator(".answer-digit")).to_have_text("4")
    expect(sentence(page)).to_contain_text("Both say 7")
    for name in SIDES:
        expect(page.get_by_role("button", name=f"Answer with “{name}”")).to_be_visible()


@pytest.mark.slow
def test_where_one_of_the_two_is_not_served_another_takes_its_place_or_there_is_nothing_to_compare(
    visit: OpenPage, server: RunningServer, models: dict[str, dict[str, Any]]
) -> None:
    page = visit("about:blank")
    served = [models["classic"], {**models["classic"], **MINE}]
    page.route(MODELS, lambda route: route.fulfill(json=served))
    fours = {**an_answer(4), "model": "mynet", "predictions": [an_answer(4)] * 20}
    page.route("**/predict?model=mynet*", lambda route: route.fulfill(json=fours))
    page.goto(server.url)
    lay_seven(page)
    open_section(page)
    expect(sentence(page)).to_have_text("They disagree: “classic” says 7 (>99%), “mynet” says 4 (90%).")
    expect(cell(page, "large", "wrong")).to_have_text("–")
    expect(page.locator(".comparison-gain")).to_have_text("“mynet” has as many parameters.")

    served = [models["classic"]]
    page.reload()
    page.get_by_text(TITLE).click()
    expect(sentence(page)).to_contain_text("There is only “classic” here")
    expect(page.get_by_role("table", name="Two networks")).to_be_hidden()
    assert violations(page) == []


@pytest.mark.slow
def test_a_network_that_went_and_a_new_version_are_looked_up(
    draw_page: Page, models: dict[str, dict[str, Any]], allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    open_section(draw_page)
    newer = {**models["wide"], "version": "tomorrow", "accuracy": 0.9999}
    served = [models["classic"], newer]
    draw_page.route(MODELS, lambda route: route.fulfill(json=served))

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "version": "tomorrow"})

    draw_page.route("**/predict?model=wide", answer)
    draw_page.get_by_role("button", name="Example: a handwritten 7").click()
    expect(cell(draw_page, "large", "wrong")).to_have_text("1")
    served = [models["classic"]]
    gone = {"type": "about:blank", "title": "", "status": 404, "detail": "There is no network 'wide'."}
    draw_page.route("**/predict?model=wide", lambda route: route.fulfill(status=404, json=gone))
    draw_page.get_by_role("button", name="Example: a handwritten 1").click()
    expect(sentence(draw_page)).to_contain_text("There is only “classic” here")
    draw_page.unroute_all()


@pytest.mark.slow
def test_when_the_other_does_not_answer_the_page_says_so_and_goes_on_by_itself(
    draw_page: Page, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 503")
    draw_page.route("**/predict?model=wide", lambda route: route.fulfill(status=503))
    lay_seven(draw_page)
    open_section(draw_page)
    expect(draw_page.locator(".comparison-differences")).to_contain_text("Try again")
    problem = draw_page.locator(".inside-comparison > .notice")
    expect(problem).to_have_text(UNREACHABLE)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    assert violations(draw_page) == []
    draw_page.unroute_all()
    expect(sentence(draw_page)).to_contain_text("Both say 7")
    expect(problem).to_be_hidden()
    expect(tiles(draw_page).first).to_be_enabled()


@pytest.mark.slow
def test_it_is_accessible_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    page = visit(server.url, viewport={"width": 360, "height": 780})
    open_section(page)
    tiles(page).first.click()
    expect(sentence(page)).to_contain_text("They disagree")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
