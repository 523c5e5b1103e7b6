"""The lesson on the slope: its numbers are those of the network, and the ball goes where the rule sends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from app.lessons.digits import LessonImages
from app.network.landscape import Parameter, index_of, towards_twin
from app.network.network import Network, one_hot
from app.network.weights import read_weights
from app.settings import ROOT
from tests.browser.conftest import OpenPage
from tests.browser.learn.slope_page import (
    PREDICT,
    STILL,
    WALK,
    Cost,
    OpenLesson,
    button,
    number,
    open_lesson,
    part,
    place,
    put_ball,
    rows,
    settled,
    shown,
    slope_of,
    try_out,
)
from tests.support.hand import touch
from tests.support.server import RunningServer


@pytest.fixture
def lesson(visit: OpenPage, server: RunningServer) -> OpenLesson:
    return partial(open_lesson, visit, server)


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
    """The cost of the whole network, where one parameter has a value, or at a distance in a direction."""

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


@pytest.mark.slow
def test_the_slopes_and_the_curve_are_those_of_the_network(lesson: OpenLesson, cost_along: Callable[..., Cost]) -> None:
    for pick, values in (("3.4.4", (0.1, 1.2)), ("1.3.486", (-6.0, 7.5))):
        page = lesson(f"?pick={pick}&at={values[0]}")
        cost = cost_along(Parameter(*map(int, pick.split("."))))
        for value in values:
            put_ball(page, value)
            assert shown(page, "slope") == pytest.approx(slope_of(cost, value), rel=5e-3)
            assert shown(page, "cost") == pytest.approx(cost(value), rel=1e-3)
        curve = rows(page, "The curve as a table")
        for value, height in curve[:: len(curve) // 6]:
            assert height == pytest.approx(cost(value), rel=3e-3, abs=1e-3)


@pytest.mark.slow
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
    index, value = index_of(Parameter(3, 4, 4), network.sizes), -0.4
    here = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    steps = rows(page, "The steps as a table")
    for _, there, cost, slope in steps[:11]:
        here.parameters[index] = value
        found, outputs = here.backprop(*images)
        assert there == pytest.approx(value, abs=1e-3)
        assert cost == pytest.approx(here.cost.mean(outputs, images[1]), rel=5e-3)
        assert slope == pytest.approx(found[index], rel=2e-2, abs=2e-3)
        value -= 0.3 * found[index]
    button(page, "Back to the start").click()
    expect(part(page, "count")).to_have_text("0")
    assert place(page) == pytest.approx(network.parameters[index] - 1, abs=1e-3)


@pytest.mark.slow
def test_the_first_step_is_seen_on_each_curve(lesson: OpenLesson) -> None:
    for query in ("", "?pick=2.8.10", "?curve=drawn", "?curve=twin", "?curve=random"):
        page = lesson(query)
        start = place(page)
        button(page, "Step").click()
        expect(part(page, "count")).to_have_text("1")
        settled(page)
        low, high = (float(part(page, "slider").get_attribute(end) or 0) for end in ("min", "max"))
        assert abs(place(page) - start) > 0.01 * (high - low), query


@pytest.mark.slow
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
    expect(part(page, "words")).to_contain_text("The step is wider than the valley.")
    steps = rows(page, "The steps as a table")
    slopes, costs = [row[3] for row in steps], [row[2] for row in steps]
    assert all(slope * following < 0 for slope, following in pairwise(slopes[:7])), "each step leaps over the valley"
    assert all(later >= earlier for earlier, later in pairwise(costs[:7]))
    assert min(costs[6:]) > 20 * costs[0]
    expect(page).to_have_url(re.compile(r"at=0.4&rate=7.4&pick=3.5.2&steps=60"))


@pytest.mark.slow
def test_a_run_is_slow_enough_to_be_watched_and_can_be_stopped(lesson: OpenLesson) -> None:
    page = lesson(reduced_motion="no-preference")
    button(page, "Too small").click()
    expect(part(page, "count")).to_have_text(re.compile("[345]"))
    button(page, "Stop").click()
    stopped = shown(page, "count")
    assert stopped < 60  # the most that a walk has
    button(page, "Step").click()
    expect(part(page, "count")).to_have_text(str(round(stopped) + 1))
    assert len(rows(page, "The steps as a table")) == stopped + 2


@pytest.mark.slow
def test_the_made_up_curve_has_a_valley_in_which_the_ball_gets_stuck(lesson: OpenLesson) -> None:
    page = lesson("?curve=drawn")
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


@pytest.mark.slow
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
    try_out(page, "Down to the network")
    assert place(page) == pytest.approx(0, abs=0.05)
    try_out(page, "Over to the identical one")
    assert place(page) == pytest.approx(1, abs=0.05)
    try_out(page, "Jumping over the hill")
    assert rows(page, "The steps as a table")[1][1] > 1.2
    assert place(page) == pytest.approx(0, abs=0.05)
    page.get_by_label("a random direction").check()
    try_out(page, "Too large: diverging")
    assert shown(page, "cost") > 1000
    expect(part(page, "words")).to_contain_text("it diverges")


@pytest.mark.slow
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
    cost = cost_along(Parameter(3, 4, 4))
    assert shown(page, "slope") == pytest.approx(slope_of(cost, value), rel=1e-2)
    expect(page).to_have_url(re.compile(r"\?at="))


def test_a_touch_that_turns_out_to_scroll_the_page_leaves_the_ball_where_it_was(lesson: OpenLesson) -> None:
    page = lesson("?curve=drawn&at=1&steps=2")
    before = (place(page), shown(page, "count"))
    box = page.locator(".slope canvas").bounding_box()
    assert box is not None
    cdp = page.context.new_cdp_session(page)
    touch(cdp, "touchStart", (box["x"] + 0.8 * box["width"], box["y"] + 50))
    expect(part(page, "count")).to_have_text("0")
    touch(cdp, "touchCancel")
    expect(part(page, "count")).to_have_text("2")
    assert (place(page), shown(page, "count")) == before


@pytest.mark.slow
def test_ones_own_digit_has_a_curve_of_its_own(visit: OpenPage, server: RunningServer, network: Network) -> None:
    page = visit("about:blank", **STILL)
    with page.expect_response(PREDICT) as response, page.expect_response(WALK):
        page.goto(f"{server.url}learn/slope?about=drawing&example=3&at=-1")
    seen = np.array([response.value.json()["input"]])
    here = Network(network.sizes, network.activation.name, network.cost.name, network.parameters.copy())
    here.parameters[index_of(Parameter(3, 4, 4), network.sizes)] = -1
    meant = page.get_by_label("I meant")
    expect(meant).to_have_value("3")
    for digit in (4, 3):
        meant.select_option(str(digit))
        settled(page)
        cost = here.cost.mean(here.feedforward(seen), one_hot(np.array([digit])))
        assert shown(page, "cost") == pytest.approx(cost, rel=2e-3)
    value, height = rows(page, "The curve as a table")[0]
    here.parameters[index_of(Parameter(3, 4, 4), network.sizes)] = value
    assert height == pytest.approx(here.cost.mean(here.feedforward(seen), one_hot(np.array([3]))), rel=5e-3)
    button(page, "Clear").click()
    expect(part(page, "words")).to_have_text("Draw a digit, or choose an example.")
    expect(part(page, "cost")).to_have_text("–")
    button(page, "Example: a handwritten 5").click()
    expect(part(page, "cost")).not_to_have_text("–")
    expect(meant).to_have_value("5")
