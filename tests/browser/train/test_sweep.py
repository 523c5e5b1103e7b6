"""A sweep as it is planned, watched, read, stopped and gone on with in a browser."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE
from tests.support.api import FEW
from tests.support.server import Server

RUNS = "#sweep-table tbody tr"


def start_sweep(server: Server, **plan: object) -> int:
    answer = httpx.post(f"{server.url}admin/sweeps", json=plan, headers=server.admin, timeout=30)
    return int(answer.raise_for_status().json()["id"])


def plan_form(page: Page, server: Server, query: str = "") -> None:
    page.goto(server.login_url)
    page.goto(f"{server.url}runs{query}")
    page.get_by_text("Plan a sweep").click()


@pytest.mark.slow
def test_a_sweep_is_planned_watched_to_its_end_and_read_as_a_table_and_a_chart(
    visit: OpenPage, open_page: OpenPage, own_server: Server
) -> None:
    page = visit(own_server.url)
    plan_form(page, own_server, "?dataset=few")
    expected = page.locator("#sweep-expected")
    expect(expected).to_contain_text("9 runs, about")
    page.get_by_role("button", name="Remove Hidden layers").click()
    expect(page.get_by_label("Setting", exact=True)).to_be_focused()
    page.get_by_label("Epochs of each run").fill("1")
    page.get_by_label("Values, with commas between").fill("0.0001, 0.004, 0.02")
    expect(expected).to_contain_text("3 runs, about")
    page.get_by_role("button", name="Start the sweep").click()
    page.wait_for_url(re.compile(r"/sweeps/1$"))

    expect(page.locator(".lead")).to_contain_text("Every combination of learning rate: 3 runs of 1 epoch")
    expect(page.locator(".run-head .status")).to_have_text("finished", timeout=PATIENCE)
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 1)
    expect(page.locator("[data-part=counts]")).to_have_text("3 of 3 ended")
    expect(page.get_by_role("button", name="Resume")).to_be_hidden()

    best = page.locator(".sweep-row-is-best")
    expect(best).to_have_count(1)
    expect(page.locator(RUNS).first.get_by_text("best")).to_be_visible()
    expect(page.locator(".sweep-best")).to_contain_text("learning rate 0.")
    page.get_by_role("button", name="Learning rate").press("Enter")
    expect(page.get_by_role("columnheader", name="Learning rate")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(RUNS).first).to_contain_text("0.0001")
    page.get_by_role("button", name="Learning rate").press("Enter")
    expect(page.locator(RUNS).first).to_contain_text("0.02")

    chart = page.locator("#sweep-chart canvas")
    expect(chart).to_have_accessible_name(
        re.compile(r"3 runs over Learning rate, Accuracy\. The best so far is Run \d")
    )
    chart.focus()
    chart.press("ArrowDown")
    expect(page.locator(".sweep-row-is-pointed")).to_contain_text("0.02")
    expect(page.locator("#sweep-chart figcaption")).to_contain_text("learning rate 0.02; accuracy")
    chart.press("ArrowDown")
    expect(page.locator(".sweep-row-is-pointed")).to_contain_text("0.004")
    page.locator(RUNS).last.get_by_role("link").focus()
    expect(page.locator("#sweep-chart figcaption")).to_contain_text("learning rate 0.0001")
    page.get_by_label("Runs with an accuracy of at least").press("End")
    expect(page.locator(".sweep-row-is-faint")).to_have_count(2)

    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert width_over(page) == 0

    stranger = open_page(f"{own_server.url}sweeps")
    expect(stranger.locator("#sweep-list tbody tr")).to_contain_text("every combination of learning rate")
    expect(stranger.get_by_text("Plan a sweep")).to_have_count(0)
    stranger.get_by_role("link", name="Sweep 1").click()
    expect(stranger.locator(RUNS)).to_have_count(3)
    expect(stranger.get_by_role("button", name="Stop the sweep")).to_have_count(0)
    for run in (1, 3):
        stranger.get_by_label(f"Choose run {run}").check()
    stranger.get_by_role("button", name="Learning rate").press("Enter")  # sorted anew, they stay chosen
    stranger.get_by_role("button", name="Compare").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("2 runs compared")
    expect(stranger).to_have_url(f"{own_server.url}runs/compare?runs=1,3")


@pytest.mark.slow
def test_a_sweep_is_stopped_and_resumed_and_no_other_starts_while_it_is_active(
    visit: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 409")
    base = {**FEW, "epochs": 2, "pace": 8}
    start_sweep(own_server, base=base, vary={"hidden": {"values": [[16], []]}, "batch_size": {"values": [64, None]}})
    page = visit(own_server.url)
    plan_form(page, own_server)
    expect(page.locator("#sweep-expected")).to_contain_text("about")
    page.get_by_role("button", name="Start the sweep").click()
    expect(page.locator("#sweep-problem")).to_have_text(re.compile("A sweep is under way.*stop it first"))
    expect(page.get_by_role("button", name="Start the sweep")).to_be_focused()

    page.get_by_role("link", name="Sweep 1").click()
    status = page.locator(".run-head .status")
    expect(status).to_have_text("running")
    expect(page.locator(RUNS).filter(has_text="running")).to_have_count(1, timeout=PATIENCE)
    page.get_by_role("button", name="Stop the sweep").press("Enter")
    expect(status).to_have_text("stopped", timeout=PATIENCE)
    expect(page.locator("[data-part=counts]")).to_have_text("0 of 4 ended, 3 queued, 1 stopped")
    page.get_by_role("button", name="Resume").press("Enter")
    expect(status).to_have_text("running")
    expect(page.locator(RUNS).filter(has_text="all")).to_have_count(2)
    page.get_by_role("button", name="Stop the sweep").click()
    expect(status).to_have_text("stopped", timeout=PATIENCE)


@pytest.mark.slow
def test_a_plan_that_makes_no_sweep_says_what_to_change_and_keeps_what_was_typed(
    visit: OpenPage, server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    page = visit(server.url)
    plan_form(page, server)
    problem = page.locator("#sweep-problem")
    page.get_by_label("Values, with commas between").fill("0.1, 0")
    expect(problem).to_have_text(re.compile("^Learning rate: 0 is not possible"))
    page.get_by_label("Values, with commas between").fill("0.1, 0.2")
    expect(problem).to_be_hidden()
    page.get_by_label("Values, such as 16-16 for two layers").fill("16-x")
    expect(problem).to_contain_text("Hidden layers: ")
    expect(page.get_by_label("Values, such as 16-16 for two layers")).to_have_value("16-x")

    page.get_by_label("Method", exact=True).select_option("some at random")
    page.get_by_role("button", name="Remove Hidden layers").click()
    page.get_by_label("From", exact=True).fill("0.1")
    page.get_by_label("To", exact=True).fill("0.01")
    expect(problem).to_contain_text("its high end, 0.01")
    page.get_by_label("To", exact=True).fill("1")
    expect(page.locator("#sweep-expected")).to_contain_text("12 runs, about")
    page.get_by_role("button", name="Vary another setting").click()
    page.get_by_label("Setting", exact=True).last.select_option("Activation")
    page.locator("#sweep-form").get_by_label("sigmoid").uncheck()
    expect(page.locator("#sweep-expected")).to_contain_text("12 runs, about")
    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert width_over(page) == 0
