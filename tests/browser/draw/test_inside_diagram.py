"""The network drawn, neuron by neuron: its numbers are those of the network, and it follows the drawing."""

from __future__ import annotations

import re
import unicodedata

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.network.explain import weighted_inputs
from tests.browser.accessibility import violations, violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.draw.diagram_page import (
    NETWORK,
    PREDICT,
    activations_of,
    lay_seven,
    neuron,
    numbers_in,
    open_diagram,
    table_of,
    title,
    view,
    written_sum,
)
from tests.browser.draw.test_drawing import PHONE
from tests.support.hand import THREE, draw_with_mouse
from tests.support.line import Line
from tests.support.server import RunningServer

PARAMETERS = "**/lessons/parameters?*"
WRITTEN = 0.0011  # what is written is rounded to three decimals


@pytest.fixture(scope="module")
def shared_diagram(visit_once: OpenPage, server: RunningServer) -> Page:
    return open_diagram(visit_once, server)


@pytest.fixture
def diagram(shared_diagram: Page) -> Page:
    """The draw page with the section open, a clear sheet, and no neuron pinned."""
    shared_diagram.mouse.move(0, 0)
    for name in ("Unpin", "Clear"):
        button = shared_diagram.get_by_role("button", name=name)
        if button.is_visible() and button.is_enabled():
            button.click()
    return shared_diagram


@pytest.mark.slow
def test_the_sum_of_any_neuron_is_that_of_the_network(diagram: Page) -> None:
    page = diagram
    activations = activations_of(lay_seven(page))
    every_z = weighted_inputs(NETWORK, activations)
    for layer, n, name in [
        (1, 2, "Neuron 3 of the first hidden layer"),
        (2, 5, "Neuron 6 of the second hidden layer"),
        (3, 7, "Output 7"),
    ]:
        neuron(page, name).click()
        expect(title(page)).to_have_text(name)
        weights, bias = NETWORK.layers[layer - 1].weights[n], NETWORK.layers[layer - 1].biases[n]
        inputs, z, a = activations[layer - 1][0], every_z[layer - 1][0, n], activations[layer][0, n]

        rows = table_of(page)
        for row, place in zip(rows, np.argsort(-np.abs(weights * inputs)), strict=False):
            where = f"{place // 28 + 1}, {place % 28 + 1}" if layer == 1 else f"neuron {place + 1}"
            assert row[0] == where
            wanted = [weights[place], inputs[place], weights[place] * inputs[place]]
            assert numbers_in(" ".join(row[1:])) == pytest.approx(wanted, abs=WRITTEN)

        factors, rest, written_bias, written_z = written_sum(page)
        assert factors == [(float(w.replace("−", "-")), float(x.replace("−", "-"))) for _, w, x, _ in rows[:4]]
        products = [numbers_in(row[3])[0] for row in rows[:4]]
        # To the last digit: what is written down adds up.
        assert sum(products) + rest + written_bias == pytest.approx(written_z, abs=1e-9)
        assert sum(w * x for w, x in factors) + rest + written_bias == pytest.approx(written_z, abs=0.004)
        assert (written_bias, written_z) == pytest.approx((bias, z), abs=WRITTEN)
        assert rest == pytest.approx(z - bias - sum(products), abs=0.004)

        formula = page.locator("[data-kind]:visible").text_content() or ""
        assert numbers_in(formula)[-1] == pytest.approx(a, abs=WRITTEN)
        if layer < 3:
            assert numbers_in(formula)[-3:-1] == pytest.approx([z, 0.1 * z], abs=WRITTEN)
        else:
            found = re.findall(r"([\d.]+)×10([⁰¹²³⁴-⁹]+)", formula)
            exponentials = np.exp(every_z[2][0].astype(np.float64))
            # NFKC makes digits of superscripts.
            written = [float(f"{digits}e{unicodedata.normalize('NFKC', power)}") for digits, power in found]
            assert written == pytest.approx([exponentials[7], exponentials.sum()], rel=2e-3)

    page.get_by_text("All activations as a table").click()
    every_row = page.locator(".inside-diagram .chart-table tbody tr")
    expect(every_row).to_have_count(42)
    rows = [row.locator("th, td").all_inner_texts() for row in every_row.all()]
    assert [rows[0][0], rows[41][0]] == ["neuron 1 of the first hidden layer", "output 9"]
    shown = [numbers_in(" ".join(row[1:])) for row in rows]
    whole = np.stack([np.concatenate([z[0] for z in every_z]), np.concatenate([a[0] for a in activations[1:]])], axis=1)
    assert np.abs(np.array(shown) - whole).max() < WRITTEN


@pytest.mark.slow
def test_the_keyboard_walks_pins_and_frees(visit: OpenPage, server: RunningServer) -> None:
    page = open_diagram(visit, server)
    lay_seven(page)
    expect(title(page)).to_have_text("Output 7")  # that answered
    page.locator(".inside-diagram-picture canvas").focus()
    page.keyboard.press("Tab")
    for key, name in [
        ("ArrowDown", "Neuron 2 of the first hidden layer"),
        ("ArrowRight", "Neuron 2 of the second hidden layer"),
        ("End", "Neuron 16 of the second hidden layer"),
        ("ArrowRight", "Output 9"),
        ("ArrowRight", "Output 9"),
        ("ArrowUp", "Output 8"),
        ("Home", "Output 0"),
        ("ArrowLeft", "Neuron 1 of the second hidden layer"),
    ]:
        page.keyboard.press(key)
        expect(neuron(page, name)).to_be_focused()
        expect(title(page)).to_have_text(name)
    expect(page.locator("[data-part=spoken]")).to_contain_text("activation")
    chosen = neuron(page, "Neuron 1 of the second hidden layer")
    ring = "getComputedStyle(document.activeElement, '::before').outlineStyle"
    assert page.evaluate(ring) == "solid"
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("aria-pressed", "true")

    draw_with_mouse(page, THREE)
    expect(page.locator(".answer-sentence")).not_to_be_empty()
    expect(title(page)).to_have_text("Neuron 1 of the second hidden layer")
    neuron(page, "Output 3").hover()
    expect(title(page)).to_have_text("Output 3")
    page.get_by_role("button", name="Unpin").click()
    expect(chosen).to_have_attribute("aria-pressed", "false")
    expect(chosen).to_be_focused()
    page.keyboard.press("Enter")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(chosen).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_a_tap_pins_a_neuron_on_a_phone_and_nothing_moves(open_page: OpenPage, server: RunningServer) -> None:
    page = open_diagram(open_page, server, **PHONE)
    tall = page.evaluate("document.documentElement.scrollHeight")
    lay_seven(page)
    for name in ("Neuron 4 of the first hidden layer", "Neuron 16 of the second hidden layer", "Output 2"):
        box = neuron(page, name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 30
        neuron(page, name).tap()
        expect(title(page)).to_have_text(name)
        expect(neuron(page, name)).to_have_attribute("aria-pressed", "true")
    neuron(page, "Output 2").tap()
    expect(title(page)).to_have_text("Output 7")
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate("document.documentElement.scrollHeight") == tall


@pytest.mark.slow
def test_a_pixel_says_its_row_column_and_activation(diagram: Page) -> None:
    page = diagram
    pixels = np.array(lay_seven(page)["input"]).reshape(28, 28)
    row, column = np.unravel_index(pixels.argmax(), pixels.shape)
    picture = page.locator(".inside-diagram-picture canvas")
    side = (picture.bounding_box() or {"width": 0})["width"] / 28
    picture.hover(position={"x": (column + 0.5) * side, "y": (row + 0.5) * side})
    words = page.locator(".inside-diagram-words")
    expect(words).to_have_text(f"Pixel (row {row + 1}, column {column + 1}): activation {pixels[row, column]:.2f}")
    page.mouse.move(0, 0)
    expect(words).to_contain_text("28 × 28 pixels")
    picture.focus()
    page.keyboard.press("ArrowUp")
    expect(words).to_have_text(f"Pixel (row 14, column 15): activation {pixels[13, 14]:.2f}")
    expect(page.locator(".inside-diagram-picture [role=status]")).to_have_text(words.inner_text())


@pytest.mark.slow
def test_the_network_changes_under_the_hand(diagram: Page) -> None:
    page = diagram
    lay_seven(page)
    neuron(page, "Neuron 3 of the first hidden layer").click()
    page.get_by_role("button", name="Clear").click()
    box = page.locator("#pad").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.evaluate("window.last = ''")
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + (0.35 + 0.05 * step) * box["width"], box["y"] + (0.2 + 0.06 * step) * box["height"])
        # Before the hand moves on, the picture is another one.
        page.wait_for_function(
            """() => {
                const picture = document.querySelector(".inside-diagram-stage > canvas").toDataURL();
                return picture !== window.last && (window.last = picture);
            }"""
        )
    page.mouse.up()


@pytest.mark.slow
def test_a_network_too_large_to_draw_is_named_and_classic_comes_back(diagram: Page) -> None:
    page = diagram
    lay_seven(page)
    neuron(page, "Output 4").click()
    page.mouse.move(0, 0)
    page.get_by_label("Network that answers").select_option("wide")
    notice = page.locator(".inside-diagram .notice")
    expect(notice).to_contain_text("“wide” has 512 neurons in one layer")
    expect(neuron(page, "Output 4")).to_be_hidden()
    assert violations(page) == []
    page.get_by_role("button", name="Let classic answer").press("Enter")
    expect(page.locator("details[data-module=diagram] > summary")).to_be_focused()
    expect(page.get_by_label("Network that answers")).to_have_value("classic")
    expect(title(page)).to_have_text("Output 4")
    expect(title(page)).to_be_visible()
    expect(notice).to_be_hidden()


@pytest.mark.slow
def test_another_version_brings_other_weights_and_a_failure_is_reported_until_it_is_over(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 503")
    page = open_diagram(visit, server)
    answer = lay_seven(page)
    neuron(page, "Output 7").click()
    parameters = httpx.get(f"{server.url}lessons/parameters").json()
    parameters["version"] = "another"
    parameters["layers"][2]["biases"][7] = 5.5
    page.route(PREDICT, lambda route: route.fulfill(json={**answer, "version": "another"}))
    page.route(PARAMETERS, lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="Example: a handwritten 7").click()
    notice = page.locator(".inside-diagram .notice")
    expect(notice).to_have_text(
        "The weights can't be fetched just now. Your drawing is safe, and the page keeps trying."
    )
    expect(title(page)).to_be_hidden()

    def give(route: Route) -> None:
        route.fulfill(json=parameters)

    page.unroute(PARAMETERS)
    page.route(f"{PARAMETERS}from_layer=1", give)
    expect(title(page)).to_be_visible()
    expect(notice).to_be_hidden()
    assert written_sum(page)[2] == 5.5


@pytest.mark.slow
def test_the_diagram_is_accessible_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    page = open_diagram(visit, server, viewport={"width": 360, "height": 780})
    assert width_over(page) == 0
    lay_seven(page)
    page.get_by_text("All activations as a table").click()
    for name in ("Output 7", "Neuron 3 of the first hidden layer"):
        neuron(page, name).click()
        expect(title(page)).to_have_text(name)
        assert width_over(page) == 0
    assert violations_in_both_themes(page) == []


@pytest.mark.slow
def test_a_section_that_is_opened_without_a_line_loads_when_the_line_is_back(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("net::ERR_")
    with Line(server.url) as line:
        page = visit(line.url)
        draw_with_mouse(page, THREE)
        expect(page.locator(".answer-digit")).to_have_text("3")
        line.cut()
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/network/diagram.js")):
            page.get_by_text("The network, neuron by neuron").click()
        line.mend()
        expect(view(page)).to_have_attribute("data-state", "shown")
