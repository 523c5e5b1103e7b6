"""The questions of the lesson on the network: what NumPy's networks answer is what comes true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.learn.test_lesson_network import classic, example, open_lesson, part, says
from tests.support.server import RunningServer

TOUCH: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}


def choose(page: Page, name: str) -> Locator:
    """Predicts by a tap. Gives what the page then says."""
    page.get_by_role("button", name=name, exact=True).tap()
    result = page.locator(".predictions-result")
    expect(result).not_to_be_empty()
    return result


def came_true(page: Page) -> list[str]:
    return page.locator(".prediction:visible .is-true").all_inner_texts()


def go_on(page: Page, name: str = "Next question") -> None:
    page.get_by_role("button", name=name, exact=True).tap()


@pytest.mark.slow
def test_each_question_is_answered_by_what_the_changed_network_does(open_page: OpenPage, server: RunningServer) -> None:
    seven, nine = example(server, 7), example(server, 9)
    page = open_lesson(open_page, server, **TOUCH)

    changed = classic()
    changed.layers[0].weights[4, 600] = 40
    answer = int(changed.feedforward(seven).argmax())
    assert answer != 7
    assert seven[0, 0] == 0
    gained = f"{float(f'{40 * seven[0, 600]:.3g}'):g}"
    result = choose(page, "Both")
    expect(result).to_have_text(re.compile(rf"^No\. .* = {gained}, and the network says {answer}\."))
    assert came_true(page) == ["Under the ink"]
    says(page, answer)

    go_on(page)
    says(page, 7)
    shares = []
    for layer, neuron, source in ((0, 5, 600), (1, 1, 5), (2, 7, 1)):
        changed = classic()
        changed.layers[layer].weights[neuron, source] -= 0.5
        shares.append(float(changed.feedforward(seven)[0, 7]))
    assert shares == sorted(shares, reverse=True)
    result = choose(page, "To output 7")
    expect(result).to_have_text(re.compile(rf"^Yes\. .* above 99%\. .*, {shares[1]:.0%}\. .*, {shares[2]:.0%}\.$"))
    assert came_true(page) == ["To output 7"]
    says(page, int(changed.feedforward(seven).argmax()))

    go_on(page)
    changed = classic()
    changed.layers[2].weights[3, 1] = 3
    says(page, int(changed.feedforward(seven).argmax()))
    passed_on = float(f"{changed.activations(nine)[2][0, 1]:.3g}")
    result = choose(page, "Still 9")
    expect(result).to_have_text(re.compile(rf"^No\. .* passes on {passed_on:g}, "))
    assert came_true(page) == [str(int(changed.feedforward(nine).argmax()))]
    says(page, int(changed.feedforward(nine).argmax()))
    go_on(page, "Done")
    expect(page.locator(".predictions-summary")).to_have_text("You predicted 1 of the 3 you answered.")
    expect(page).to_have_url(re.compile("predicted=pixel.both.ink_layer.third.third_other.9.3"))


@pytest.mark.slow
def test_a_question_is_skipped_by_one_key_and_the_own_digit_stays(visit: OpenPage, server: RunningServer) -> None:
    page = open_lesson(visit, server, "?example=2")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page.locator(".predictions-summary")).to_have_text("You skipped the questions.")
    expect(part(page, "answer")).to_have_text(re.compile("^2, "))
