"""The lesson on descent under other conditions: malformed addresses, refusals, the keyboard alone, a small phone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.descent_page import (
    DESCENT,
    button,
    chart_table,
    lesson,
    plays_past,
    shows_step,
    words,
)
from tests.support.server import RunningServer


@pytest.mark.slow
def test_impossible_values_in_an_address_are_the_default(visit: OpenPage, server: RunningServer) -> None:
    query = "?rate=7&batch=x&seed=-1&race=maybe&rateB=&batchB=3&seedB=1.5&step=1e9&to=7&axis=up&view=&of=c&speed=warp"
    page = lesson(visit, server, query)
    shows_step(page, 0)
    assert page.get_by_label("Learning rate", exact=True).input_value() == "0.03"
    assert page.get_by_label("Images in a step", exact=True).input_value() == "32"
    assert page.get_by_label("Seed", exact=True).input_value() == "1"
    expect(page.locator(".descent-place")).to_contain_text("Step 0 of 240")
    expect(page.get_by_label("Add a second run, B")).not_to_be_checked()
    expect(page.get_by_role("radio", name="change so far")).to_be_checked()


def test_a_refused_question_is_explained_and_the_next_one_is_answered(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    page = lesson(visit, server)
    problem = {"type": "about:blank", "title": "", "status": 422, "detail": "Not that far."}

    def refuse(route: Route) -> None:
        route.fulfill(status=422, json=problem)

    page.route(DESCENT, refuse)
    button(page, "Start").click()
    expect(page.locator("[data-part=descent-problem]")).to_have_text("Not that far.")
    page.unroute(DESCENT, refuse)
    button(page, "Start").click()
    expect(page.locator("[data-part=descent-problem]")).to_be_hidden()
    plays_past(page, 0)


def test_a_race_is_set_and_run_by_keyboard_alone_and_plays_in_jumps_with_reduced_motion(
    visit: OpenPage, server: RunningServer
) -> None:
    page = lesson(visit, server, reduced_motion="reduce")
    asked: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if "/lessons/descent" in request.url:
            asked.append(json.loads(request.post_data or "{}"))

    page.get_by_label("Learning rate", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Add a second run, B").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Learning rate of B")).to_be_visible()
    expect(button(page, "Start the race")).to_be_visible()
    expect(words(page)).to_have_text("Both start from the same 13,002 random numbers.")
    page.on("request", note)
    page.locator("[data-action=play]").focus()
    page.keyboard.press("Enter")
    shows_step(page, 8)
    page.keyboard.press("Enter")
    expect(page.locator("[data-action=play]")).to_have_text("Resume")
    expect(page.locator("[data-action=play]")).to_be_focused()
    assert [(q["learning_rate"], q["since"], q["until"]) for q in asked[:2]] == [(0.1, 0, 8), (0.3, 0, 8)]


@pytest.mark.slow
def test_a_race_is_accessible_and_fits_a_small_phone_with_all_of_it_open(
    visit: OpenPage, server: RunningServer
) -> None:
    query = "?step=20&race=true&batch=0&rateB=1&axis=images&log=true"
    page = lesson(visit, server, query, viewport={"width": 360, "height": 780})
    shows_step(page, 20)
    chart_table(page)
    page.wait_for_load_state("networkidle")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert width_over(page) == 0
