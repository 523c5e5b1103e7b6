"""The lesson on the gradient: its landscape and its 13,002 slopes, against the same sums done here in NumPy."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from app.network import Network
from app.network.landscape import Parameter
from app.network.network import one_hot
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.gradient_page import (
    EVERY,
    GRADIENT,
    SLOPES_WORDS,
    STEPS,
    SURFACE,
    WORDS,
    assert_rule,
    at,
    classic,
    cost_of,
    in_double,
    measured,
    numbers,
    open_lesson,
    path,
    random_start,
    rule,
    rule_name,
    surface_cost,
)
from tests.browser.learn.test_lessons import PREDICT, address_written, state
from tests.support.server import RunningServer


@pytest.mark.slow
def test_the_slopes_are_central_differences_and_the_rule_adds_up(visit: OpenPage, server: RunningServer) -> None:
    page = visit("about:blank")
    with page.expect_response(PREDICT) as predicted:
        page.goto(f"{server.url}learn/gradient?network=trained&meant=3&pick=3.7.1&eta=0.01")
    x = np.array([predicted.value.json()["input"]])
    y, network = one_hot(np.array([3]), dtype=np.float64), classic()

    expect(rule_name(page)).to_have_text("Weight from neuron 2 of the second hidden layer to output 7")
    assert_rule(page, network, Parameter(3, 7, 1), x, y)
    gradient, _ = network.backprop(x, y)
    cost, norm = numbers(page.locator(SLOPES_WORDS).inner_text())[:2]
    assert cost == pytest.approx(cost_of(network, x, y), rel=1e-3)
    assert norm == pytest.approx(np.linalg.norm(gradient), rel=1e-3)
    expect(page.locator(SLOPES_WORDS)).to_contain_text("It says 7, you say 3")

    # A weight of the first layer by the keyboard, under ink: a pixel in the bar of the seven.
    page.get_by_role("button", name=re.compile("^Look at neuron 3 ")).press("Enter")
    pixels = page.locator("[data-part=pixels] canvas")
    pixels.focus()
    inked = int(np.flatnonzero(x[0] > 0.5)[0])
    cursor = 14 * 28 + 14
    for key, count in (("ArrowUp", 14 - inked // 28), ("ArrowRight", inked % 28 - 14)):
        for _ in range(abs(count)):
            page.keyboard.press(key if count > 0 else {"ArrowUp": "ArrowDown", "ArrowRight": "ArrowLeft"}[key])
    assert cursor != inked
    page.keyboard.press("Enter")
    expect(rule_name(page)).to_have_text(
        f"Weight from pixel (row {inked // 28 + 1}, column {inked % 28 + 1}) to neuron 3 of the first hidden layer"
    )
    assert_rule(page, network, Parameter(1, 2, inked), x, y)

    # A bias with the mouse, and another learning rate.
    biases = page.locator("[data-part=bias-2] canvas")
    box = biases.bounding_box()
    assert box is not None
    biases.click(position={"x": box["width"] * 5.5 / 16, "y": box["height"] / 2})
    page.get_by_label("Learning rate η").nth(1).fill("0.5")
    expect(page.locator(".rule [data-part=eta]")).to_have_text("0.5")
    expect(rule_name(page)).to_have_text("Bias of neuron 6 of the second hidden layer")
    assert_rule(page, network, Parameter(2, 5, None), x, y)
    address_written(page)
    assert (state(page)["pick"], state(page)["eta"]) == ("2.5.b", "0.5")


@pytest.mark.slow
def test_the_lesson_begins_with_the_steepest_weight_of_an_untrained_network(
    visit: OpenPage, server: RunningServer
) -> None:
    page = visit("about:blank")
    with page.expect_response(PREDICT) as predicted:
        page.goto(f"{server.url}learn/gradient")
    x, y = np.array([predicted.value.json()["input"]]), one_hot(np.array([7]), dtype=np.float64)
    expect(page.locator(SLOPES_WORDS)).to_contain_text("It knows nothing yet")
    gradient, _ = in_double(random_start()).backprop(x, y)
    weights = [
        np.abs(layer.weights).max() for layer in Network(random_start().sizes, "relu", "cross-entropy", gradient).layers
    ]
    assert abs(rule(page)["gradient"]) == pytest.approx(max(weights), rel=1e-3)

    # The trained network has nothing to learn from a clear seven, and much when it is called a three.
    page.get_by_label("the trained one").check()
    expect(page.locator(SLOPES_WORDS)).to_contain_text("almost nothing to learn")
    page.get_by_label("I meant").select_option("3")
    expect(page.locator(SLOPES_WORDS)).to_contain_text("you say 3")

    page.get_by_label("1,000 digits, the mean").check()
    expect(page.locator(SLOPES_WORDS)).to_contain_text("in the mean most of it cancels")
    gradient, outputs = classic().backprop(measured().inputs.astype(np.float64), measured().wanted)
    cost, norm = numbers(page.locator(SLOPES_WORDS).inner_text())[:2]
    assert cost == pytest.approx(classic().cost.mean(outputs, measured().wanted), rel=1e-3)
    assert norm == pytest.approx(np.linalg.norm(gradient), rel=2e-3)

    page.get_by_label("your digit", exact=True).check()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-part=slopes-problem]")).to_have_text("Draw a digit, or choose an example.")


@pytest.mark.slow
def test_the_path_and_the_surface_are_those_of_a_real_descent(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server)
    points = path()
    expect(page.locator(WORDS)).to_contain_text("After step 0 ")
    assert numbers(page.locator(WORDS).inner_text())[:3] == pytest.approx([0, *at(points[0])], rel=2e-3)
    page.get_by_role("slider").press("End")
    expect(page.locator(WORDS)).to_contain_text(f"After step {STEPS} ")
    assert numbers(page.locator(WORDS).inner_text())[:3] == pytest.approx([STEPS, *at(points[-1])], rel=2e-3)

    page.get_by_text("The map as a table").click()
    expect(page.locator("#map tbody tr")).to_have_count(9)
    head, *rows = page.locator("#map tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((c) => c.textContent))"
    )
    xs = [float(text.replace("−", "-")) for text in head[1:]]
    costs = {float(row[0].replace("−", "-")): [float(text) for text in row[1:]] for row in rows}
    # The plane in which most of the movement lies; the sign of its directions is arbitrary.
    _, _, (across, up, *_) = np.linalg.svd(points - points[-1], full_matrices=False)
    off = [
        max(
            abs(costs[t][column] / surface_cost(points[-1] + a * xs[column] * across + b * t * up) - 1)
            for t in list(costs)[::4]
            for column in (0, 4, 8)
        )
        for a, b in itertools.product((1, -1), repeat=2)
    ]
    assert min(off) < 0.02


@pytest.mark.slow
def test_the_path_is_walked_by_keyboard_until_the_norm_is_below_the_tolerance(
    visit: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(visit, server)
    norms = [at(point)[1] for point in path()]
    page.get_by_label("Tolerance").select_option("1")
    stop = next(n for n, norm in enumerate(norms) if norm < 1)
    assert 0 < stop < STEPS // EVERY
    page.get_by_role("slider").press("End")
    expect(page.locator(WORDS)).to_contain_text(f"After step {stop * EVERY} ")
    expect(page.locator(WORDS)).to_contain_text("below the tolerance of 1: it stops")

    page.get_by_role("slider").press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=step-number]")).to_have_text(str(EVERY))
    page.get_by_role("button", name="One step").press("Enter")
    expect(page.locator("[data-part=step-number]")).to_have_text(str(2 * EVERY))
    assert numbers(page.locator(WORDS).inner_text())[2] == pytest.approx(norms[2], rel=2e-3)
    page.get_by_role("button", name="Walk down").press("Enter")
    expect(page.locator(WORDS)).to_contain_text("it stops")
    expect(page.locator("[data-part=step-number]")).to_have_text(str(stop * EVERY))
    expect(page.get_by_role("button", name="Walk down")).to_be_visible()

    page.get_by_label("Tolerance").select_option("0")
    page.get_by_role("slider").press("End")
    expect(page.locator(WORDS)).to_contain_text("It has no steps left")
    page.get_by_label("Race it against").select_option("full")
    expect(page.locator(WORDS)).to_contain_text("The dashed path (full batch) has a cost of")
    expect(page.locator(WORDS)).to_contain_text("seen 25,000 images, the other 25,600")
    found = re.search(r"has a cost of (\S+) after step 25\.", page.locator(WORDS).inner_text())
    assert found is not None
    assert float(found[1]) == pytest.approx(at(path(None, 25, 1)[-1])[0], rel=5e-3)


@pytest.mark.slow
def test_the_address_keeps_the_lesson_and_impossible_values_are_the_default(
    visit: OpenPage, server: RunningServer
) -> None:
    kept = "plane=random&rate=100&seed=4&tolerance=0.001&point=7&about=many&network=trained&eta=0.3&pick=1.0.400"
    page = open_lesson(visit, server, f"?{kept}&example=4")
    expect(page.locator("[data-part=step-number]")).to_have_text("7")
    expect(rule_name(page)).to_contain_text("row 15, column 9")
    for name in ("two random ones, through the trained network", "1,000 digits, the mean", "the trained one"):
        expect(page.get_by_label(name)).to_be_checked()
    expect(page.get_by_label("Learning rate η").first).to_have_value("100")
    expect(page.get_by_label("Images in a step")).to_be_disabled()
    page.get_by_role("button", name="Another start").click()
    address_written(page)
    assert state(page) == {**dict(pair.split("=") for pair in kept.split("&")), "seed": "5", "example": "4"}
    # What is no choice on the other plane gives way.
    page.get_by_label("those in which a real descent moved most").check()
    expect(page).not_to_have_url(re.compile("plane=|rate=|tolerance="))
    expect(page.get_by_label("Learning rate η").first).to_have_value("0.1")

    bad = (
        "?plane=up&rate=7&batch=x&seed=-1&tolerance=9&point=99&against=me&about=1&meant=11&network=0&eta=-1&pick=4.0.0"
    )
    page = open_lesson(visit, server, bad)
    expect(page.locator(SLOPES_WORDS)).to_contain_text("It knows nothing yet")
    expect(page.locator("[data-part=step-number]")).to_have_text("0")
    expect(page.get_by_label("Learning rate η").nth(1)).to_have_value("0.1")
    expect(page.get_by_label("I meant")).to_have_value("")


@pytest.mark.slow
def test_a_failure_is_explained_in_a_sentence_and_recovers(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors += ["status of 422", "ERR_FAILED"]
    page = open_lesson(visit, server)
    expect(page.locator(SLOPES_WORDS)).not_to_be_empty()
    before = page.locator(WORDS).inner_text()
    detail = "Choose a smaller one."
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    page.route(SURFACE, lambda route: route.fulfill(status=422, json=problem))
    page.route(GRADIENT, lambda route: route.abort())
    page.get_by_label("Learning rate η").first.select_option("0.3")
    expect(page.locator(".landscape .notice")).to_have_text(detail)
    assert page.locator(WORDS).inner_text() == before
    page.get_by_label("the trained one").check()
    expect(page.locator("[data-part=slopes-problem]")).to_contain_text("can't be reached")

    page.unroute(SURFACE)
    page.unroute(GRADIENT)
    expect(page.locator(SLOPES_WORDS)).to_contain_text("almost nothing to learn")
    expect(page.locator("[data-part=slopes-problem]")).to_be_hidden()
    page.get_by_label("Learning rate η").first.select_option("0.03")
    expect(page.locator(".landscape .notice")).to_be_hidden()


@pytest.mark.slow
def test_the_lesson_is_accessible_short_and_fits_a_small_phone(visit: OpenPage, server: RunningServer) -> None:
    query = "?against=small&network=trained&meant=3&pick=1.2.202"
    page = open_lesson(visit, server, query, viewport={"width": 360, "height": 780})
    expect(page.locator(SLOPES_WORDS)).to_contain_text("you say 3")
    expect(page.locator(WORDS)).to_contain_text("The dashed path (batches of 10)")
    for part in (".lesson-text, .landscape", ".slopes"):
        texts = page.evaluate(
            """(part) => [...document.querySelectorAll(part)].flatMap((element) =>
                [...element.querySelectorAll("p, figcaption, legend")].filter((text) => text.checkVisibility()
                    && !text.matches(".visually-hidden, .own-drawing-help")).map((text) => text.innerText))""",
            part,
        )
        assert len(" ".join(texts).split()) <= 150
    for summary in page.locator(".chart-table summary").all():
        summary.click()
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
