"""The lesson on the slope: its numbers are those of the network, and the ball goes where the rule sends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from app.lessons.images import LessonImages
from app.network.landscape import Parameter, index_of, towards_twin
from app.network.network import Network, one_hot
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.test_lessons import address_written
from tests.browser.test_pages import violations, width_over
from tests.server import RunningServer

STILL = {"reduced_motion": "reduce"}
SLICE, WALK, PREDICT = "**/lessons/slice", "**/lessons/walk", "**/predict?*"
Cost = Callable[[float], float]
OpenLesson = Callable[..., Page]


@pytest.fixture
def lesson(open_page: OpenPage, server: RunningServer) -> OpenLesson:
    """The lesson at an address, once the ball is there."""

    def open_lesson(query: str = "", **options: Any) -> Page:
        page = open_page(f"{server.url}learn/slope{query}", **{**STILL, **options})
        settled(page)
        return page

    return open_lesson


@pytest.fixture(scope="module")
def network() -> Network:
    """The served network, in double precision."""
    served = read_weights(ROOT / "models" / "classic.safetensors").network
    parameters = served.parameters.astype(np.float64)
    return Network(served.sizes, served.activation.name, served.cost.name, parameters)


@pytest.fixture(scope="module")
def images() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    measured = LessonImages(ROOT / "data" / "mnist").measured
    return measured.inputs.astype(np.float64), measured.wanted.astype(np.float64)


@pytest.fixture
def cost_along(network: Network, images: tuple[NDArray[np.float64], NDArray[np.float64]]) -> Callable[..., Cost]:
    """The cost of the whole network, computed anew, where one parameter has a value, or so far in a direction."""

    def along(where: Parameter | NDArray[np.floating]) -> Cost:
        def cost(value: float) -> float:
            parameters = network.parameters.copy()
            if isinstance(where, Parameter):
                parameters[index_of(where, network.sizes)] = value
            else:
                parameters += value * where
            there = Network(network.sizes, network.activation.name, network.cost.name, parameters)
            return there.cost.mean(there.feedforward(images[0]), images[1])

        return cost

    return along


def slope_of(cost: Cost, value: float) -> float:
    """A central difference."""
    return (cost(value + 1e-5) - cost(value - 1e-5)) / 2e-5


def part(page: Page, name: str) -> Locator:
    return page.locator(f".slope [data-part={name}]")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").strip("()"))


def shown(page: Page, name: str) -> float:
    return number(part(page, name).inner_text())


def place(page: Page) -> float:
    return float(part(page, "field").input_value())


def rows(page: Page, table: str) -> list[list[float]]:
    """The numbers of a table behind the chart, which is opened for it."""
    details = page.locator("details", has=page.get_by_text(table, exact=True))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    expect(details.locator("tbody tr").nth(1)).to_be_visible()
    texts: list[list[str]] = details.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return [[number(text) for text in row] for row in texts]


def settled(page: Page) -> None:
    """Waits until what is shown is what the server says of it."""
    expect(page.locator(".slope")).to_have_attribute("aria-busy", "false")


def put_ball(page: Page, value: float) -> None:
    part(page, "field").fill(str(value))
    part(page, "field").press("Enter")
    settled(page)


def try_out(page: Page, name: str) -> None:
    """A ready-made situation, to its end."""
    button(page, name).click()
    expect(part(page, "count")).not_to_have_text("0")
    expect(button(page, "Run")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not lead there")


def test_the_slopes_and_the_curve_are_those_of_the_network(lesson: OpenLesson, cost_along: Callable[..., Cost]) -> None:
    for pick, values in (("3.4.13", (0.1, 1.2)), ("1.3.486", (-6.0, 7.5))):
        page = lesson(f"?pick={pick}&at={values[0]}")
        cost = cost_along(Parameter(*map(int, pick.split("."))))
        for value in values:
            put_ball(page, value)
            assert shown(page, "slope") == pytest.approx(slope_of(cost, value), rel=5e-3)
            assert shown(page, "cost") == pytest.approx(cost(value), rel=1e-3)
        curve = rows(page, "The curve as a table")
        for value, height in curve[:: len(curve) // 6]:
            assert height == pytest.approx(cost(value), rel=3e-3, abs=1e-3)


def test_steps_follow_the_rule(lesson: OpenLesson, network: Network, images: Any) -> None:
    page = lesson("?at=-0.4")
    old, eta, gradient, new = (page.locator(f".rule [data-part={name}]") for name in ("old", "eta", "gradient", "new"))
    assert [number(x.text_content() or "") for x in (old, eta)] == [-0.4, 0.3]
    promised = number(new.text_content() or "")
    assert promised == pytest.approx(-0.4 - 0.3 * number(gradient.text_content() or ""), rel=1e-4)
    button(page, "Step").click()
    expect(part(page, "count")).to_have_text("1")
    assert place(page) == pytest.approx(promised, abs=1e-3)

    button(page, "Run").click()
    expect(part(page, "words")).to_contain_text("bottom of a valley")
    index, value = index_of(Parameter(3, 4, 13), network.sizes), -0.4
    here = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    steps = rows(page, "The steps as a table")
    for _, there, cost, slope in steps[:11]:
        here.parameters[index] = value
        found, outputs = here.backprop(*images)
        assert there == pytest.approx(value, abs=1e-3)
        assert cost == pytest.approx(here.cost.mean(outputs, images[1]), rel=5e-3)
        assert slope == pytest.approx(found[index], rel=2e-2, abs=2e-3)
        value -= 0.3 * found[index]
    button(page, "Back to today’s value").click()
    expect(part(page, "count")).to_have_text("0")
    assert place(page) == pytest.approx(network.parameters[index], abs=1e-3)


def test_too_small_about_right_and_overshooting_do_what_they_say(lesson: OpenLesson) -> None:
    page = lesson("?curve=drawn")
    page.get_by_label("one parameter").check()
    try_out(page, "Too small")
    costs = [row[2] for row in rows(page, "The steps as a table")]
    assert len(costs) == 61
    assert all(later < earlier for earlier, later in pairwise(costs))
    assert 0.3 * costs[0] < costs[-1] < 0.5 * costs[0]
    expect(part(page, "words")).to_contain_text("the learning rate is too small")

    try_out(page, "About right")
    costs = [row[2] for row in rows(page, "The steps as a table")]
    assert costs[10] < 0.05 * costs[0]

    try_out(page, "Too large: overshooting")
    expect(part(page, "words")).to_contain_text("The step is larger than the valley is wide.")
    steps = rows(page, "The steps as a table")
    slopes, costs = [row[3] for row in steps], [row[2] for row in steps]
    assert all(slope * following < 0 for slope, following in pairwise(slopes[:7])), "each step leaps over the valley"
    assert all(later >= earlier for earlier, later in pairwise(costs[:7]))
    assert min(costs[6:]) > 20 * costs[0]
    expect(page).to_have_url(re.compile(r"at=0.62&rate=3.6&steps=60"))


def test_a_run_is_slow_enough_to_be_watched_and_can_be_stopped(lesson: OpenLesson) -> None:
    page = lesson(reduced_motion="no-preference")
    button(page, "Too small").click()
    expect(part(page, "count")).to_have_text(re.compile("[345]"))
    button(page, "Stop").click()
    stopped = shown(page, "count")
    assert stopped < 30
    button(page, "Step").click()
    expect(part(page, "count")).to_have_text(str(round(stopped) + 1))
    assert len(rows(page, "The steps as a table")) == stopped + 2


def test_the_drawn_curve_has_the_slope_it_says_and_a_valley_to_be_stuck_in(lesson: OpenLesson) -> None:
    page = lesson("?curve=drawn")
    pairs = page.evaluate(
        """async () => {
            const m = await import(new URL("static/slope-curve.js", document.baseURI));
            const difference = (x) => (m.costOf(x + 1e-5) - m.costOf(x - 1e-5)) / 2e-5;
            return Array.from({ length: 41 }, (_, i) => -4 + i / 5).map((x) => [m.slopeOf(x), difference(x)]);
        }"""
    )
    for slope, difference in pairs:
        assert slope == pytest.approx(difference, abs=1e-6)

    try_out(page, "Stuck in the shallow valley")
    assert place(page) == pytest.approx(1.796, abs=5e-3)
    expect(part(page, "words")).to_contain_text("it is stuck. The other valley is deeper")
    stuck = shown(page, "cost")
    for way_out in ("With a larger rate", "From the other side"):
        try_out(page, way_out)
        assert abs(place(page)) < 0.01
        assert shown(page, "cost") < 0.01 * stuck
    try_out(page, "Too large: diverging")
    expect(part(page, "words")).to_contain_text("it diverges")
    expect(button(page, "Step")).to_be_disabled()
    assert shown(page, "cost") > 100
    button(page, "Back to the start").click()
    expect(button(page, "Step")).to_be_enabled()


def test_towards_a_twin_both_ends_cost_the_same_and_a_hill_lies_between(
    lesson: OpenLesson, network: Network, cost_along: Callable[..., Cost]
) -> None:
    page = lesson("?curve=twin&seed=6&at=0.3")
    cost = cost_along(towards_twin(network, 6))
    found = {}
    for value in (0, 0.5, 1):
        put_ball(page, value)
        found[value] = shown(page, "cost")
        assert found[value] == pytest.approx(cost(value), rel=2e-3)
    assert found[1] == pytest.approx(found[0], rel=1e-3)
    assert found[0.5] > 10 * found[0]
    try_out(page, "Down, to the network")
    assert place(page) == pytest.approx(0, abs=0.05)
    try_out(page, "Over, to the twin")
    assert place(page) == pytest.approx(1, abs=0.05)
    page.get_by_label("a random direction").check()
    try_out(page, "Too large: diverging")
    assert shown(page, "cost") > 1000
    expect(part(page, "words")).to_contain_text("it diverges")


def test_the_ball_is_dragged_on_the_curve(lesson: OpenLesson, cost_along: Callable[..., Cost]) -> None:
    page = lesson()
    canvas = page.locator(".slope canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    before, middle = place(page), box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=8)
    assert place(page) > before + 0.5, "it moves along with the hand"
    page.mouse.up()
    settled(page)
    value = place(page)
    assert value > before + 0.5
    cost = cost_along(Parameter(3, 4, 13))
    assert shown(page, "slope") == pytest.approx(slope_of(cost, value), rel=1e-2)
    expect(page).to_have_url(re.compile(r"\?at="))


def test_ones_own_digit_has_a_curve_of_its_own(open_page: OpenPage, server: RunningServer, network: Network) -> None:
    page = open_page("about:blank", **STILL)
    with page.expect_response(PREDICT) as response, page.expect_response(WALK):
        page.goto(f"{server.url}learn/slope?about=drawing&example=3&at=-1")
    seen = np.array([response.value.json()["input"]])
    here = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    here.parameters[index_of(Parameter(3, 4, 13), network.sizes)] = -1
    meant = page.get_by_label("It was meant to be")
    expect(meant).to_have_value("3")
    for digit in (4, 3):
        meant.select_option(str(digit))
        settled(page)
        cost = here.cost.mean(here.feedforward(seen), one_hot(np.array([digit])))
        assert shown(page, "cost") == pytest.approx(cost, rel=2e-3)
    value, height = rows(page, "The curve as a table")[0]
    here.parameters[index_of(Parameter(3, 4, 13), network.sizes)] = value
    assert height == pytest.approx(here.cost.mean(here.feedforward(seen), one_hot(np.array([3]))), rel=5e-3)
    button(page, "Clear").click()
    expect(part(page, "words")).to_have_text("Draw a digit, or choose an example.")
    expect(part(page, "cost")).to_have_text("–")
    button(page, "Example: a handwritten 5").click()
    expect(part(page, "cost")).not_to_have_text("–")
    expect(meant).to_have_value("5")


def test_all_of_it_works_by_keyboard(lesson: OpenLesson) -> None:
    page = lesson("?about=many")
    tab_to(page, page.get_by_label("one parameter"))
    page.keyboard.press("ArrowRight")
    expect(part(page, "title")).to_have_text("A drawn curve with two valleys")
    page.keyboard.press("ArrowLeft")
    tab_to(page, part(page, "field"))
    page.keyboard.press("Control+a")
    page.keyboard.type("1.5")
    page.keyboard.press("Enter")
    expect(part(page, "cost")).to_have_text(re.compile(r"^1\.\d+"))
    tab_to(page, part(page, "slider"))
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert place(page) == pytest.approx(1.7, abs=0.021)
    tab_to(page, button(page, "Step"))
    page.keyboard.press("Enter")
    expect(part(page, "count")).to_have_text("1")
    stepped = place(page)
    tab_to(page, part(page, "rate-slider"))
    page.keyboard.press("ArrowRight")
    expect(part(page, "rate-field")).to_have_value(re.compile(r"^0\.3[2-9]"))
    assert place(page) == pytest.approx(stepped, abs=1e-3), "another rate moves no ball"
    tab_to(page, button(page, "A pixel in the corner"))
    page.keyboard.press("Space")
    expect(part(page, "title")).to_have_text(
        "Weight from pixel (row 1, column 1) to neuron 1 of the first hidden layer"
    )
    expect(part(page, "words")).to_contain_text("The slope is 0: whatever the learning rate")
    tab_to(page, page.locator("[data-part=third] canvas"))
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(part(page, "title")).to_have_text(
        re.compile("^Weight from neuron 1 of the second hidden layer to output 5$")
    )
    expect(page).to_have_url(re.compile("pick=3.5.0"))


def test_the_address_restores_all_of_it(lesson: OpenLesson) -> None:
    page = lesson()
    page.get_by_label("the weights").check()
    button(page, "A bias").click()
    page.get_by_label("close").check()
    part(page, "rate-field").fill("2.5")
    part(page, "rate-field").press("Enter")
    put_ball(page, 1.25)
    for _ in range(3):
        button(page, "Step").click()
    expect(part(page, "count")).to_have_text("3")
    address_written(page)
    names = ("title", "cost", "slope", "count", "words")
    texts, ball = [part(page, name).inner_text() for name in names], place(page)
    page.goto(page.evaluate("location.href") + "&hide=situations")
    expect(part(page, "count")).to_have_text("3")
    expect(part(page, "slope")).to_have_text(texts[2])
    assert ([part(page, name).inner_text() for name in names], place(page)) == (texts, ball)
    expect(part(page, "rate-field")).to_have_value("2.5")
    expect(page.get_by_label("the weights")).to_be_checked()
    expect(page.get_by_label("close")).to_be_checked()
    expect(button(page, "Too small")).to_be_hidden()


def test_a_malformed_address_is_the_lesson_as_it_begins(lesson: OpenLesson) -> None:
    page = lesson()
    names = ("title", "cost", "slope", "count")
    usual = [part(page, name).inner_text() for name in names]
    queries = (
        "curve=up&pick=4.0.0&at=x&rate=-1&steps=61",
        "pick=1.0.784&at=1e9&rate=1e4&steps=-1&seed=1.5&view=far&meant=12",
    )
    for query in queries:
        page.goto(f"{page.url.partition('?')[0]}?{query}")
        expect(part(page, "slope")).to_have_text(usual[2])
        assert [part(page, name).inner_text() for name in names] == usual
        expect(part(page, "rate-field")).to_have_value("0.3")


def test_what_fails_is_said_and_made_good(lesson: OpenLesson, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of (503|422)")
    page = lesson()
    problem = part(page, "problem")
    page.route(WALK, lambda route: route.fulfill(status=503, body=""))
    page.route(SLICE, lambda route: route.fulfill(status=503, body=""))
    button(page, "A bias").click()
    expect(problem).to_have_text("The server can't be reached just now. The page keeps trying.")
    expect(problem).to_be_visible()
    page.unroute(WALK)
    page.unroute(SLICE)
    expect(problem).to_be_hidden()
    expect(page.locator(".slope canvas")).to_have_attribute("aria-label", re.compile("^Bias of output 3"))
    detail = "That is no place on the line."
    refusal = {"type": "about:blank", "title": "", "status": 422, "detail": detail}
    page.route(WALK, lambda route: route.fulfill(status=422, json=refusal))
    button(page, "Run").click()
    expect(problem).to_have_text(detail)
    expect(button(page, "Run")).to_be_visible()
    page.unroute(WALK)
    put_ball(page, 2)
    expect(problem).to_be_hidden()


def test_it_is_accessible_and_fits_a_small_phone_whatever_is_open_or_chosen(lesson: OpenLesson) -> None:
    page = lesson("?about=drawing&at=-0.4&rate=3.6&steps=9", viewport={"width": 360, "height": 780})
    expect(page.locator("#own-drawing canvas")).to_be_visible()
    for table in ("The curve as a table", "The steps as a table"):
        rows(page, table)
    assert (violations(page), width_over(page)) == ([], 0)
    page.emulate_media(color_scheme="dark")
    for kind in ("a random direction", "a drawn curve", "the way to a twin"):
        page.get_by_label(kind).check()
        settled(page)
        assert width_over(page) == 0
    assert violations(page) == []
