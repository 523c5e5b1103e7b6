"""A run that is watched while it learns, changed, and that says when it diverges."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from app.runs.recipe import RunSettings
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE, start_by_api
from tests.support.api import ENDLESS
from tests.support.server import RunningServer, Server

STATUS = ".run-head .status"
PICTURES = ".run-pictures canvas"


def exact_button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def step_pictured(page: Page) -> int:
    found = re.search(r"after step ([\d,]+),", page.locator(PICTURES).get_attribute("aria-label") or "")
    return int(found.group(1).replace(",", "")) if found else -1


@pytest.mark.slow
def test_a_run_is_watched_given_another_rate_paused_and_resumed(
    visit: OpenPage, open_page: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 409")
    run = start_by_api(own_server, preset="quick", **ENDLESS)
    page = visit(own_server.login_url)
    page.goto(f"{own_server.url}runs/{run}")
    looks: list[float] = []

    def is_look(request: Request) -> bool:
        return request.url.endswith("/checkpoints/now/parameters")

    def on_request(request: Request) -> None:
        if is_look(request):
            looks.append(time.monotonic())

    # Its pictures form, and its answers come, without any action.
    expect(page.locator(STATUS)).to_have_text("running", timeout=PATIENCE)
    expect(page.locator(".run-examples [data-is]").first).to_have_accessible_name(
        re.compile("taken for .*%, (right|wrong)")
    )
    page.wait_for_timeout(500)  # the drawing has its answer
    page.on("request", on_request)
    page.wait_for_function(
        "(before) => !document.querySelector('.run-pictures canvas').ariaLabel.includes(before)",
        arg=f"after step {step_pictured(page):,},",
    )
    expect(page.locator(".run-classes .bar-share").first).to_have_text(re.compile(r"\d%$"), timeout=PATIENCE)

    # Another learning rate: one that is none is refused here, one that the server refuses there.
    field, change = page.get_by_label("Learning rate", exact=True), exact_button(page, "Change")
    expect(field).to_have_value("0.004")
    limits = RunSettings.model_json_schema()["properties"]["learning_rate"]
    assert [float(field.get_attribute(name) or "nan") for name in ("min", "max")] == [
        limits["minimum"],
        limits["maximum"],
    ]
    problem = page.locator("[data-part=rateProblem]")
    field.fill("200")
    field.press("Enter")
    expect(problem).to_have_text(re.compile("The learning rate must be a number from 0.000001 to 100."))
    refusal = {"detail": "It has changed too often."}
    page.route("**/rate", lambda route: route.fulfill(status=409, json=refusal), times=1)
    field.fill("0.0125")
    change.click()
    expect(problem).to_contain_text("It has changed too often.")
    expect(field).to_have_value("0.0125")
    change.click()
    expect(problem).to_be_hidden()
    expect(page.locator(".run-changes td")).to_have_text(["learning rate 0.0125 from here on"])
    expect(page.locator("#cost-chart canvas")).to_have_accessible_name(
        re.compile(r"from step [\d,]+ the learning rate is 0\.0125")
    )

    # A pause, by keyboard: the focus stays with what is next, and nothing goes on.
    exact_button(page, "Pause").press("Enter")
    expect(page.locator(STATUS)).to_have_text("paused")
    expect(exact_button(page, "Resume")).to_be_focused()
    expect(page.locator(".run-changes td").last).to_have_text("paused")
    expect(page.locator("[data-part=timeLeft]")).to_have_text(re.compile(r"^about .* left once it is resumed$"))
    watcher = open_page(f"{own_server.url}runs/{run}")
    expect(watcher.locator(STATUS)).to_have_text("paused")
    expect(watcher.get_by_role("button", name="Resume")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(STATUS)).to_have_text("running")
    expect(exact_button(page, "Pause")).to_be_focused()
    expect(watcher.locator(STATUS)).to_have_text("running")
    expect(watcher.locator(".run-changes td").last).to_have_text("resumed after the pause")
    while len(looks) < 4:
        page.wait_for_event("request", is_look)
    exact_button(page, "Stop").click()
    expect(page.locator(STATUS)).to_have_text("stopped", timeout=PATIENCE)
    expect(field).to_be_hidden()
    expect(page.locator(".run-time [data-part=words]")).to_have_text(re.compile(r"^at its end, after step [\d,]+, "))

    # About once a second, however often there is news; again at once where the run went on between two.
    assert 3 < len(looks) < 3 + 1.3 * (looks[-1] - looks[0])


@pytest.mark.slow
def test_a_run_that_diverges_says_why_and_what_to_try(visit: OpenPage, fresh_server: RunningServer) -> None:
    run = start_by_api(fresh_server, hidden=[16, 16, 16], optimizer="sgd", learning_rate=100, activation="leaky-relu")
    page = visit(f"{fresh_server.url}runs/{run}")
    expect(page.locator(STATUS)).to_have_text("diverged", timeout=PATIENCE)
    expect(page.locator("[data-part=reason]")).to_contain_text("Try a smaller learning rate.")


@pytest.mark.slow
def test_a_wide_network_has_its_first_pictures_and_says_why_it_has_no_diagram(
    visit: OpenPage, own_server: Server
) -> None:
    run = start_by_api(own_server, dataset="few", hidden=[40], last_step=3)
    page = visit(f"{own_server.url}runs/{run}")
    expect(page.locator(STATUS)).to_have_text("finished", timeout=PATIENCE)
    expect(page.locator(".run-pictures")).to_contain_text("the first 16 of the 40 neurons of the first hidden layer")
    expect(page.locator(PICTURES)).to_have_attribute("aria-label", re.compile(r" after step 3, "))
    expect(page.locator(".run-diagram")).to_contain_text("40 neurons in one layer are too many to draw one by one")
    expect(page.locator("#answer .answer-digit")).to_have_text(re.compile(r"^\d$"))
