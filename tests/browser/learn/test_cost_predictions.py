"""The questions of the lesson on the cost: what NumPy makes of the costs is what comes true."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from app.lessons.digits import LessonImages
from app.network.network import one_hot
from app.settings import Settings
from tests.browser.conftest import OpenPage
from tests.browser.learn.test_lesson_cost import cross_entropy, networks, of, open_lesson, quadratic
from tests.browser.learn.test_lesson_network import example
from tests.browser.learn.test_network_predictions import TOUCH, came_true, choose, go_on
from tests.support.server import RunningServer


@pytest.mark.slow
def test_each_question_is_answered_by_what_the_three_costs(open_page: OpenPage, server: RunningServer) -> None:
    outputs = {name: network.feedforward(example(server, 3)) for name, network in networks().items()}
    entropy = {(name, digit): -np.log(a[0, digit]) for name, a in outputs.items() for digit in (1, 3, 8)}
    page = open_lesson(open_page, server, **TOUCH)

    result = choose(page, "Random")
    assert entropy["trained", 8] > 1.5 * entropy["random", 8]
    expect(result).to_have_text(
        re.compile(f"^No\\. .* is {entropy['trained', 8]:.3g}\\. .*: {entropy['random', 8]:.3g}\\.$")
    )
    assert came_true(page) == ["Trained"]
    expect(of(page, "network", "trained", "cross_entropy")).to_have_text(f"{entropy['trained', 8]:.4f}")
    expect(of(page, "network", "random", "cross_entropy")).to_have_text(f"{entropy['random', 8]:.4f}")

    go_on(page)
    squares = [float(quadratic(outputs["trained"], one_hot(np.array([digit])))[0]) for digit in (8, 1)]
    assert entropy["trained", 1] - entropy["trained", 8] > 1 > squares[1] - squares[0]
    result = choose(page, "Cross-entropy")
    expect(result).to_have_text(re.compile(rf"^Yes\. .* to {entropy['trained', 1]:.3g}: .* to {squares[1]:.3g}\.$"))
    assert came_true(page) == ["Cross-entropy"]
    expect(of(page, "network", "trained", "quadratic")).to_have_text(f"{squares[1]:.4f}")

    go_on(page)
    images = LessonImages(Settings().mnist_dir).measured
    costs = cross_entropy(networks()["trained"].feedforward(images.inputs), images.wanted)
    mean, less = costs.mean(), int((costs[:100] < entropy["trained", 3]).sum())
    assert mean > 1.5 * entropy["trained", 3]
    result = choose(page, "Lower")
    expect(result).to_have_text(
        re.compile(rf"^No\. .* is {mean:.4f}\. .*, {less} cost .* up to {costs[:100].max():.3g},")
    )
    assert came_true(page) == ["Higher"]
    expect(page.get_by_label("I meant")).to_have_value("3")
    expect(of(page, "mean", "trained", "cross_entropy")).to_have_text(f"{mean:.4f}")
    go_on(page, "Done")
    expect(page.locator(".predictions-summary")).to_have_text("You predicted 1 of the 3 you answered.")
    predicted = "sure.random.trained_worse.entropy.entropy_mean.lower.higher"
    expect(page).to_have_url(re.compile(f"predicted={predicted}$"))


@pytest.mark.slow
def test_a_question_is_skipped_by_one_key_and_the_own_digit_stays(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?example=6")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator(".predictions-summary")).to_have_text("You skipped the questions.")
    expect(page.locator("[data-example='6']")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("I meant")).to_have_value("6")


@pytest.mark.slow
def test_costs_that_come_after_the_reader_moved_on_answer_no_other_question(
    visit: OpenPage, server: RunningServer
) -> None:
    page = open_lesson(visit, server)
    held: list[Route] = []
    is_slow = True
    page.route("**/lessons/costs", lambda route: held.append(route) if is_slow else route.continue_())
    shown = page.locator(".prediction:visible")
    for name in ("Random", "Cross-entropy"):
        shown.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".predictions-result")).to_have_text("Now watch.")
        if name == "Random":
            page.keyboard.press("Escape")
    is_slow = False
    for route in held:
        route.continue_()
    expect(page.locator(".predictions-result")).to_contain_text("it has no limit")
    assert came_true(page) == ["Cross-entropy"]
