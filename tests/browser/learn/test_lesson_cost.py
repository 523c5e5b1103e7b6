"""The lesson on the cost: both costs of one digit and their means, trained and random, as NumPy has them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from app.lessons.digits import LessonImages
from app.network.network import Network, one_hot
from app.settings import Settings
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.test_lesson_network import classic, example, lengths, state
from tests.support.hand import THREE, draw_with_mouse
from tests.support.server import RunningServer

COSTS = "**/lessons/costs"
WORDS = 150
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

Floats = NDArray[np.floating]


def networks(seed: int = 1) -> dict[str, Network]:
    trained = classic()
    shape = trained.sizes, trained.activation.name, trained.cost.name
    return {"trained": trained, "random": Network.random(np.random.default_rng(seed), *shape)}


def quadratic(a: Floats, y: Floats) -> Floats:
    return np.asarray(((a - y) ** 2).sum(axis=1) / 2)


def cross_entropy(a: Floats, y: Floats) -> Floats:
    return np.asarray(-np.log(a[y == 1]))


def open_lesson(visit: OpenPage, server: RunningServer, query: str = "", **options: Any) -> Page:
    page = visit(f"{server.url}learn/cost{query}", **options)
    expect(of(page, "mean", "trained", "accuracy")).not_to_be_empty()
    return page


def of(page: Page, kind: str, network: str, part: str) -> Locator:
    return page.locator(f"[data-{kind}={network}] [data-part={part}]")


def number(locator: Locator) -> float:
    """A number as the page writes it: 0.8453, 1.2×10⁻⁷, 98.60%. Also of a formula, which has no inner text."""
    digits, _, power = (locator.text_content() or "").rstrip("%").partition("×10")
    return float(digits) * 10.0 ** int(power.translate(RAISED) or 0)


def cell(page: Page) -> Locator:
    return page.locator("[data-part=one-name]")


@pytest.fixture(scope="module")
def shared_lesson(visit_once: OpenPage, server: RunningServer) -> Page:
    """The lesson as it begins, for tests that keep its digit, its label and its random network."""
    return open_lesson(visit_once, server)


def test_both_costs_of_one_digit_are_written_out_with_the_numbers_of_its_ten_outputs(
    shared_lesson: Page, server: RunningServer
) -> None:
    assert_written_out(shared_lesson, server, seed=1, meant=3, cost="cross-entropy")


@pytest.mark.slow
def test_the_costs_of_another_label_and_another_random_network_are_written_out(
    visit: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(visit, server, "?meant=8&seed=5&cost=quadratic")
    assert_written_out(page, server, seed=5, meant=8, cost="quadratic")


def assert_written_out(page: Page, server: RunningServer, seed: int, meant: int, cost: str) -> None:
    x, y = example(server, 3), one_hot(np.array([meant]))
    expect(page.get_by_label("I meant")).to_have_value(str(meant))
    for name, network in networks(seed).items():
        a = network.feedforward(x)
        expect(of(page, "network", name, "digit")).to_have_text(str(a.argmax()))
        section = f"[data-network={name}]"
        np.testing.assert_allclose(lengths(page, f"{section} .bar", "inlineSize"), a[0], atol=1e-4)
        np.testing.assert_array_equal(lengths(page, f"{section} .bar-mark", "insetInlineStart"), y[0])
        squares = of(page, "network", name, "square").all_text_contents()
        np.testing.assert_allclose([float(text) for text in squares], ((a - y) ** 2)[0], atol=5.1e-5)
        costs = {"quadratic": quadratic(a, y)[0], "cross_entropy": cross_entropy(a, y)[0]}
        for part, value in costs.items():
            np.testing.assert_allclose(number(of(page, "network", name, part)), value, atol=5.1e-5)
        np.testing.assert_allclose(number(of(page, "network", name, "sum")), 2 * costs["quadratic"], atol=1e-4)
        np.testing.assert_allclose(number(of(page, "network", name, "right")), a[0, meant], rtol=1e-3)
        np.testing.assert_allclose(number(of(page, "network", name, "minus-log")), costs["cross_entropy"], atol=1e-4)
    expect(page.locator(f"[data-network=trained] .cost-term math.is-{cost}").first).to_be_visible()
    expect(page.locator(f"[data-network=trained] .cost-term math:not(.is-{cost})").first).to_be_hidden()


def test_the_means_are_over_a_thousand_digits_and_each_of_a_hundred_has_its_cost(shared_lesson: Page) -> None:
    images = LessonImages(Settings().mnist_dir).measured
    page = shared_lesson
    for name, network in networks().items():
        a = network.feedforward(images.inputs)
        right = a.argmax(axis=1) == images.labels
        means = quadratic(a, images.wanted).mean(), cross_entropy(a, images.wanted).mean()
        shown = [number(of(page, "mean", name, part)) for part in ("quadratic", "cross_entropy", "accuracy")]
        np.testing.assert_allclose(shown, [*means, 100 * right.mean()], atol=5.1e-5)
        marks = "(marks) => marks.map((mark) => mark.classList.contains('is-wrong'))"
        wrong = page.locator(f"[data-mean={name}] .cost-grid-marks span").evaluate_all(marks)
        assert wrong == (~right[:100]).tolist()

    outputs = classic().feedforward(images.inputs[:100])
    costs = cross_entropy(outputs, images.wanted[:100])
    dearest = int(costs.argmax())
    expect(cell(page)).to_have_text(f"A {images.labels[dearest]}, number {dearest + 1}")
    np.testing.assert_allclose(number(page.locator("[data-part=trained-cross_entropy]")), costs[dearest], atol=5.1e-5)
    pixels = page.locator("[data-part=one]").evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    np.testing.assert_array_equal(pixels, images.images[dearest])

    page.get_by_text("All hundred as a table").click()
    rows = page.locator(".cost-many .chart-table tbody tr")
    expect(rows).to_have_count(100)
    first = rows.first.locator("td").all_inner_texts()
    assert first[0] == str(outputs[0].argmax())
    np.testing.assert_allclose(float(first[2]), costs[0], atol=5.1e-5)


@pytest.mark.slow
def test_by_keyboard_alone_a_digit_of_the_hundred_another_meaning_and_another_start_are_chosen(
    visit: OpenPage, server: RunningServer
) -> None:
    labels = LessonImages(Settings().mnist_dir).measured.labels
    page = open_lesson(visit, server)
    grid = page.locator("[data-mean=random] canvas")
    grid.focus()
    for key in ("Home", "ArrowUp", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(cell(page)).to_have_text(re.compile(r"number \d?2$"))
    chosen = int(state(page)["cell"])
    assert chosen % 10 == 1
    expect(cell(page)).to_have_text(f"A {labels[chosen]}, number {chosen + 1}")

    page.get_by_role("radio", name="cross-entropy").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="quadratic")).to_be_checked()
    page.get_by_label("I meant").focus()
    page.keyboard.press("8")
    expect(of(page, "network", "trained", "meant")).to_have_text("8")
    before = of(page, "mean", "random", "cross_entropy").inner_text()
    page.get_by_role("button", name="Another one").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(of(page, "mean", "random", "cross_entropy")).not_to_have_text(before)
    page.get_by_role("radio", name="the trained network").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="the random one")).to_be_checked()
    kept = {"cell": str(chosen), "cost": "quadratic", "meant": "8", "seed": "3", "curve": "random"}
    assert state(page) == kept

    third = networks(3)["random"].feedforward(example(server, 3))
    expected = cross_entropy(third, one_hot(np.array([8])))[0]
    page.reload()
    expect(cell(page)).to_have_text(f"A {labels[chosen]}, number {chosen + 1}")
    expect(of(page, "network", "random", "cross_entropy")).to_have_text(f"{expected:.4f}")
    assert state(page) == kept


@pytest.mark.slow
def test_the_next_digit_is_meant_to_be_itself_and_more_strokes_keep_what_was_chosen(
    visit: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(visit, server, "?example=4&meant=9")
    meant = page.get_by_label("I meant")
    expect(meant).to_have_value("9")
    page.get_by_role("button", name="Example: a handwritten 6").click()
    expect(meant).to_have_value("6")
    page.locator("#pad").scroll_into_view_if_needed()
    draw_with_mouse(page, THREE)
    expect(meant).to_have_value("3")
    meant.select_option("5")
    expect(of(page, "network", "trained", "meant")).to_have_text("5")
    draw_with_mouse(page, [(0.1, 0.9), (0.12, 0.9)])
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "false")
    expect(meant).to_have_value("5")

    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[data-network=trained] .cost-outputs")).to_be_hidden()
    expect(of(page, "mean", "trained", "accuracy")).to_be_visible()


def test_the_curves_are_the_two_costs_and_the_balls_those_of_the_digit(
    shared_lesson: Page, server: RunningServer
) -> None:
    page = shared_lesson
    outputs = networks()["random"].feedforward(example(server, 3))[0].astype(float)
    page.get_by_role("radio", name="the random one").check()
    page.get_by_text("The curves as a table").click()
    table = page.locator("#curve tbody tr")
    expect(table.nth(20)).to_be_visible()
    for place, cost, _ in [row.split("\t") for row in table.all_inner_texts()]:
        np.testing.assert_allclose(float(cost), -np.log(float(place)), atol=0.006)
    summary = page.locator("#curve canvas").get_attribute("aria-label") or ""
    assert f"now {outputs[3]:.4f}: cross-entropy {-np.log(outputs[3]):.4f}" in summary


def test_a_malformed_address_falls_back_to_the_defaults(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?meant=12&cost=x&seed=-1&cell=100&curve=y&example=z")
    expect(page.get_by_label("I meant")).to_have_value("3")
    for name in ("cross-entropy", "the trained network"):
        expect(page.get_by_role("radio", name=name)).to_be_checked()
    start = networks()["random"].feedforward(example(server, 3))
    expect(of(page, "network", "random", "digit")).to_have_text(str(start.argmax()))


@pytest.mark.slow
def test_a_failed_request_is_explained_loses_nothing_and_recovers(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of (422|503)")
    page = open_lesson(visit, server)
    notice = page.locator(".cost-own > .notice")
    page.route(COSTS, lambda route: route.fulfill(status=503))
    page.get_by_label("I meant").select_option("8")
    expect(notice).to_have_text(re.compile("can't be reached"))
    expect(page.locator("[data-network=trained] .cost-outputs")).to_be_visible()
    page.unroute(COSTS)
    expect(of(page, "network", "trained", "meant")).to_have_text("8")
    expect(notice).to_be_hidden()

    page.route(COSTS, lambda route: route.fulfill(status=422, json={"detail": "No such start."}))
    page.get_by_role("button", name="Another one").click()
    expect(notice).to_have_text("No such start.")
    page.unroute(COSTS)
    page.get_by_role("button", name="Another one").click()
    expect(notice).to_be_hidden()


@pytest.mark.slow
def test_with_everything_open_it_is_accessible_short_and_fits_a_small_phone(
    visit: OpenPage, server: RunningServer
) -> None:
    # Meant to be what it surely is not: the longest numbers.
    page = open_lesson(visit, server, "?example=7&meant=5", viewport={"width": 360, "height": 780})
    for summary in page.locator(".lesson-stage summary").all():
        summary.click()
    page.wait_for_load_state("networkidle")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    for cost in ("cross-entropy", "quadratic"):
        page.get_by_role("radio", name=cost).check()
        assert page.locator(".cost-outputs li, .cost-sum, .cost-one > table").evaluate_all(cut) == 0
    running = ".lesson-text p, .cost-one > p, .cost-curve-words > p, #curve figcaption"
    words = " ".join(page.locator(running).all_inner_texts()).split()
    assert len(words) <= WORDS
