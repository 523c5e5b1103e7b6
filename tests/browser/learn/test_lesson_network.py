"""The lesson on the network: its numbers are those of NumPy, any of the 13,002 can be changed and reset."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from app.images import drawing
from app.images.normalise import normalise
from app.network.network import Network, one_hot, parameter_count, split_layers
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.test_lessons import address_written
from tests.support.server import RunningServer

FORWARD = "**/lessons/forward"
WORDS = 150
# The weight from neuron 2 of the second hidden layer to output 3, and one from a pixel under the seven's foot.
CHANGES = "3.3.1_3,1.4.600_40"

Floats = NDArray[np.floating]


def classic() -> Network:
    return read_weights(ROOT / "models" / "classic.safetensors").network


def example(server: RunningServer, digit: int) -> Floats:
    """An example as the network sees it, (1, 784)."""
    with server.client() as client:
        picture = client.get(f"examples/{digit}.png").content
    return normalise(np.asarray(drawing.read(picture))[None])


def open_lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    page = visit(f"{server.url}learn/network{query}", **options)
    expect(page.locator(".network-outputs .is-likeliest")).to_have_count(1)
    expect(part(page, "parameter")).not_to_be_empty()
    return page


def part(page: Page, name: str) -> Locator:
    return page.locator(f".lesson-stage [data-part={name}]")


def state(page: Page) -> dict[str, str]:
    """As the page's own address has it, once it is written: the browser tells of it a moment later."""
    address_written(page)
    return dict(parse_qsl(urlsplit(page.evaluate("location.href")).query))


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Change it")


def number(page: Page, name: str) -> float:
    """Also of a formula, which has no inner text."""
    return float((part(page, name).text_content() or "").strip("()").replace("−", "-").replace(",", ""))


def says(page: Page, digit: int) -> None:
    expect(part(page, "answer")).to_have_text(re.compile(rf"^{digit}, "))


def numbers(page: Page, selector: str) -> Floats:
    return np.array([float(text.replace("−", "-")) for text in page.locator(selector).all_inner_texts()])


def lengths(page: Page, selector: str, side: str) -> Floats:
    script = f"(all) => all.map((one) => parseFloat(one.style.{side}) / 100)"
    return np.array(page.locator(selector).evaluate_all(script))


@pytest.fixture(scope="module")
def shared_lesson(visit_once: OpenPage, server: RunningServer) -> Page:
    """The lesson as it begins, for tests that change no number and draw nothing."""
    return open_lesson(visit_once, server)


@pytest.mark.slow
def test_with_two_numbers_changed_every_layer_is_what_numpy_makes_of_it(visit: OpenPage, server: RunningServer) -> None:
    x, trained, changed = example(server, 7), classic(), classic()
    changed.layers[2].weights[3, 1] = 3
    changed.layers[0].weights[4, 600] = 40
    before, now = trained.activations(x), changed.activations(x)

    page = open_lesson(visit, server, f"?changes={CHANGES}&pick=1.4.600")
    says(page, int(now[-1].argmax()))
    assert now[-1].argmax() != before[-1].argmax() == 7
    for layer in (1, 2):
        activations = numbers(page, f"[data-part=layer-{layer}] .network-activation")
        np.testing.assert_allclose(activations, now[layer][0], atol=0.051)
    np.testing.assert_allclose(lengths(page, ".bar", "inlineSize"), now[-1][0], atol=1e-4)
    np.testing.assert_allclose(lengths(page, ".bar-mark", "insetInlineStart"), before[-1][0], atol=1e-4)
    expect(part(page, "verdict")).to_have_text(re.compile(rf"^\s*7\s*→\s*{now[-1].argmax()}\s*$"))

    z = [float(x[0] @ n.layers[0].weights[4] + n.layers[0].biases[4]) for n in (trained, changed)]
    texts = ("z-before", "z-now", "a-before", "a-now", "value", "source", "z")
    shown = [number(page, name) for name in texts]
    np.testing.assert_allclose(shown, [*z, before[1][0, 4], now[1][0, 4], 40, x[0, 600], z[1]], rtol=1e-3)
    np.testing.assert_allclose(number(page, "rest"), z[1] - 40 * x[0, 600], atol=2e-3)


@pytest.mark.slow
def test_the_numbers_of_the_picture_are_the_pixels_that_go_in(shared_lesson: Page, server: RunningServer) -> None:
    page = shared_lesson
    x = example(server, 7)[0].reshape(28, 28)
    row, column = (int(place) for place in np.unravel_index(x.argmax(), x.shape))
    canvas = page.locator("[data-part=input] canvas")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + (column + 0.5) * box["width"] / 28, box["y"] + (row + 0.5) * box["height"] / 28)
    expect(part(page, "pixel")).to_have_text(f"pixel (row {row + 1}, column {column + 1}): {x.max():.2f}")


def test_the_parameters_are_counted_out(shared_lesson: Page) -> None:
    page, network = shared_lesson, classic()
    formulas = [text.replace(",", "") for text in page.locator(".network-count math").all_text_contents()]
    counts = []
    for formula, (weights, biases) in zip(formulas, network.layers, strict=False):
        inputs, outputs, again, total = (int(number) for number in re.findall(r"\d+", formula))
        assert (outputs, inputs, again) == (*weights.shape, len(biases))
        assert total == inputs * outputs + again
        counts.append(total)
    assert [int(number) for number in re.findall(r"\d+", formulas[3])] == [*counts, sum(counts)]
    assert sum(counts) == network.parameters.size == parameter_count(network.sizes) == 13002

    page.get_by_role("radio", name="The second hidden layer: 272").check()
    expect(page).to_have_url(re.compile(r"\?count=2$"))
    lit = "(all) => all.filter((one) => getComputedStyle(one).boxShadow !== 'none').map((one) => one.textContent)"
    assert page.locator("main h3").evaluate_all(lit) == ["16 neurons", "16 × 16 into the second"]


def test_by_keyboard_alone_weights_are_changed_and_reset(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server)
    says(page, 7)
    expect(part(page, "none")).to_be_visible()
    expect(part(page, "parameter")).to_have_text("Weight from neuron 2 of the second hidden layer to output 3")
    before = float(page.get_by_label("Its value").input_value())
    slider(page).focus()
    page.keyboard.press("End")
    expect(page.get_by_label("Its value")).to_have_value(re.compile(rf"^{before + 5:.5f}$"))
    says(page, 3)

    # The grid of the pixels comes before it: its foot leads to the first neuron.
    page.locator("[data-part=input] canvas").focus()
    page.keyboard.press("Enter")
    expect(part(page, "parameter")).to_have_text(
        "Weight from pixel (row 15, column 15) to neuron 1 of the first hidden layer"
    )
    page.get_by_label("Its value").fill("-200")
    expect(page.locator(".network-changes li")).to_have_count(2)
    page.get_by_label("Its value").press("Tab")
    assert state(page)["changes"] == f"3.3.1_{before + 5:.5f},1.0.406_-200"

    first = page.get_by_role("button", name="Reset: weight from neuron 2")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".network-changes [data-part=back]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(slider(page)).to_be_focused()
    says(page, 7)
    expect(part(page, "none")).to_be_visible()
    assert set(state(page)) == {"pick"}


@pytest.mark.slow
def test_the_address_brings_back_all_changes_and_they_are_reset_at_once(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, f"?example=4&changes={CHANGES},2.1.b_-9.5&pick=2.1.b&hide=count")
    rows = page.locator(".network-changes li")
    expect(rows).to_have_count(3)
    expect(page.get_by_label("Its value")).to_have_value("-9.5")
    expect(page.locator("#count")).to_be_hidden()
    page.get_by_label("Its value").fill("1e3")
    expect(rows.last).to_contain_text("→ 1,000")
    assert state(page)["changes"] == f"{CHANGES},2.1.b_1000"
    expect(part(page, "value")).to_have_text("1,000")
    says_before = part(page, "answer").inner_text()
    page.reload()
    expect(rows.last).to_contain_text("→ 1,000")
    expect(part(page, "answer")).to_have_text(says_before)

    rows.first.get_by_role("button", name="weight from neuron 2 of the", exact=False).first.click()
    expect(page.get_by_label("Its value")).to_have_value("3")
    page.get_by_role("button", name="Reset all").click()
    expect(rows).to_have_count(0)
    says(page, 4)


@pytest.mark.slow
def test_one_that_matters_has_the_steepest_slope_and_the_next_is_of_another_layer(
    visit: OpenPage, server: RunningServer
) -> None:
    network, x = classic(), example(server, 9)
    second = int(np.argsort(network.feedforward(x)[0])[-2])
    gradient, _ = network.backprop(x, one_hot(np.array([second])))
    steepest = []
    for layer, (weights, _biases) in enumerate(split_layers(gradient, network.sizes), 1):
        neuron, source = np.unravel_index(np.abs(weights).argmax(), weights.shape)
        steepest.append((float(np.abs(weights).max()), f"{layer}.{neuron}.{source}"))
    steepest.sort(reverse=True)

    page = open_lesson(visit, server, "?example=9")
    says(page, 9)
    for _, pick in steepest[:2]:
        page.get_by_role("button", name="One that matters").click()
        expect(page).to_have_url(re.compile(rf"[?&]pick={re.escape(pick)}$"))


@pytest.mark.slow
def test_a_malformed_address_falls_back_to_the_trained_network(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?pick=2.16.1&changes=3.3.1_x&count=5")
    expect(part(page, "parameter")).to_have_text("Weight from neuron 2 of the second hidden layer to output 3")
    expect(page.locator(".network-changes li")).to_have_count(0)
    says(page, 7)


@pytest.mark.slow
def test_a_failed_request_is_explained_loses_nothing_and_recovers(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of (422|503)")
    page = open_lesson(visit, server)
    says(page, 7)
    notice = page.locator(".network-turn .notice")
    page.route(FORWARD, lambda route: route.fulfill(status=503))
    page.get_by_label("Its value").fill("9")
    expect(notice).to_have_text(re.compile("can't be reached"))
    expect(page.locator(".network-changes li")).to_have_count(1)
    page.unroute(FORWARD)
    says(page, 3)
    expect(notice).to_be_hidden()

    page.route(FORWARD, lambda route: route.fulfill(status=422, json={"detail": "Not so far."}))
    page.get_by_label("Its value").fill("8")
    expect(notice).to_have_text("Not so far.")
    page.unroute(FORWARD)
    page.get_by_label("Its value").fill("0.1")
    says(page, 7)
    expect(notice).to_be_hidden()


def test_a_blank_sheet_has_no_answer_and_keeps_the_changes(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, f"?changes={CHANGES}")
    says(page, 3)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".network-effect")).to_be_hidden()
    expect(page.locator(".network-outputs .is-likeliest")).to_have_count(0)
    page.get_by_role("button", name="One that matters").press("Enter")
    expect(page.locator(".network-turn .notice")).to_have_text("Draw a digit, or choose an example.")
    page.get_by_role("button", name="Undo").click()
    says(page, 3)
    expect(page.locator(".network-turn .notice")).to_be_hidden()


@pytest.mark.slow
def test_with_everything_open_it_is_accessible_short_and_fits_a_small_phone(
    visit: OpenPage, server: RunningServer
) -> None:
    query = f"?changes={CHANGES},2.1.b_123456.5&pick=2.1.b"
    page = open_lesson(visit, server, query, viewport={"width": 360, "height": 780})
    page.wait_for_load_state("networkidle")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    running = ".lesson-text p, .network-turn .row, .network-legend, .network-count legend, .layer-pictures p"
    assert len(" ".join(page.locator(running).all_inner_texts()).split()) <= WORDS
