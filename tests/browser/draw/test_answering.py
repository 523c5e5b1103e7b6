"""What is on the sheet and what the page says of it belong together, also when answers are slow or don't come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.hand import ONE, SEVEN, draw_with_mouse

PREDICT = "**/predict?*"


def an_answer(digit: int, confidence: float = 0.9) -> dict[str, Any]:
    rest = (1 - confidence) / 9
    probabilities = [confidence if i == digit else rest for i in range(10)]
    return {
        "digit": digit,
        "confidence": confidence,
        "probabilities": probabilities,
        "model": "classic",
        "version": "test",
        "input": [0.5] * 784,
        "activations": [[0.5] * 16, [0.5] * 16, probabilities],
    }


def hold_answers(page: Page) -> list[Route]:
    """Keeps back every question to /predict until the test answers it."""
    held: list[Route] = []
    page.route(PREDICT, lambda route: held.append(route))
    return held


def answer(route: Route, digit: int) -> None:
    route.fulfill(status=200, content_type="application/json", body=json.dumps(an_answer(digit)))


@pytest.mark.slow
def test_a_blank_sheet_has_no_answer(draw_page: Page) -> None:
    asked: list[str] = []
    draw_page.on("request", lambda request: asked.append(request.url))
    expect(draw_page.locator("#answer")).to_have_attribute("data-state", "blank")
    expect(draw_page.locator(".answer-digit")).to_be_empty()
    draw_page.locator("#pad").focus()
    draw_page.keyboard.press("ArrowUp")
    draw_page.keyboard.press("Delete")
    expect(draw_page.locator("#pad-status")).to_have_text("Pen up, column 15, row 14")
    assert not [url for url in asked if "predict" in url]


@pytest.mark.slow
def test_clear_drops_an_answer_in_flight(draw_page: Page) -> None:
    held = hold_answers(draw_page)
    with draw_page.expect_request(PREDICT):
        draw_with_mouse(draw_page, SEVEN)
    draw_page.get_by_role("button", name="Clear").click()
    for route in held:
        answer(route, 7)
    draw_page.unroute(PREDICT)
    # The next answer comes after whatever the dropped one could have done.
    draw_with_mouse(draw_page, ONE)
    expect(draw_page.locator(".answer-digit")).to_have_text("1")
    draw_page.get_by_role("button", name="Clear").click()
    expect(draw_page.locator(".answer-digit")).to_be_empty()
    expect(draw_page.locator("#answer")).to_have_attribute("data-state", "blank")


@pytest.mark.slow
def test_an_older_answer_never_replaces_a_newer_one(draw_page: Page) -> None:
    held = hold_answers(draw_page)
    digits: list[str] = []
    draw_page.expose_function("onDigit", lambda digit: digits.append(digit))
    draw_page.evaluate(
        """() => new MutationObserver(([{ target }]) => window.onDigit(target.textContent))
            .observe(document.querySelector(".answer-digit"), { childList: true })"""
    )
    for example in (1, 2, 3):  # each asks exactly once, as a stroke does not
        with draw_page.expect_request(PREDICT):
            draw_page.get_by_role("button", name=f"Example: a handwritten {example}").click()
    while len(held) < 3:
        draw_page.wait_for_timeout(10)  # lets Playwright hand over the last one
    first, second, newest = held
    answer(newest, 4)
    answer(second, 9)
    answer(first, 9)
    expect(draw_page.locator(".answer-digit")).to_have_text("4")
    expect(draw_page.locator("#answer-announcement")).to_have_text("4. 90% sure. Wrong: this test image is a 3.")
    assert digits == ["4"]


@pytest.mark.slow
def test_doubt_is_said_in_words_with_the_likeliest_alternatives(draw_page: Page) -> None:
    unsure = an_answer(4, 0.55)
    unsure["probabilities"][9] = 0.4
    draw_page.route(PREDICT, lambda route: route.fulfill(json=unsure))
    draw_with_mouse(draw_page, SEVEN)
    sentence = draw_page.locator(".answer-sentence")
    expect(sentence).to_have_text("Not sure: 4 (55%), or perhaps 9 (40%)?")
    expect(draw_page.locator("#answer-announcement")).to_contain_text("Not sure")

    nearly = an_answer(1, 0.85)
    nearly["probabilities"][7] = 0.06
    draw_page.route(PREDICT, lambda route: route.fulfill(json=nearly))
    draw_with_mouse(draw_page, SEVEN)
    expect(sentence).to_have_text("85% sure, or perhaps 7 (6%)")


@pytest.mark.slow
def test_when_the_server_is_gone_the_page_says_so_and_answers_when_it_is_back(
    draw_page: Page, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_CONNECTION_REFUSED|status of 502")
    draw_page.route(PREDICT, lambda route: route.abort("connectionrefused"))
    draw_with_mouse(draw_page, SEVEN)
    problem = draw_page.locator(".answer-problem")
    expect(problem).to_contain_text("can't be reached")
    draw_page.unroute(PREDICT)
    draw_page.route(PREDICT, lambda route: route.fulfill(status=502, body="Bad gateway"), times=1)
    expect(draw_page.locator(".answer-digit")).to_have_text("7")
    expect(problem).to_be_hidden()


@pytest.mark.slow
def test_nothing_is_ever_certain_and_the_same_answer_is_announced_once(draw_page: Page) -> None:
    draw_page.route(PREDICT, lambda route: route.fulfill(json=an_answer(7, 1.0)))
    announcement = draw_page.locator("#answer-announcement")
    draw_with_mouse(draw_page, SEVEN)
    expect(announcement).to_have_text("7. More than 99% sure")
    expect(draw_page.locator(".answer-bars .is-likeliest")).to_contain_text(">99%")
    announcement.evaluate(
        """(region) => new MutationObserver(() => { window.spoke = true; }).observe(region, { childList: true })"""
    )
    with draw_page.expect_response(PREDICT):
        draw_with_mouse(draw_page, ONE)
    draw_page.wait_for_timeout(1_200)  # longer than an announcement waits for the hand to rest
    assert draw_page.evaluate("window.spoke") is None
