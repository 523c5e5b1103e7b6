"""The table of all runs, and what a run is called: found, sorted, chosen, named, deleted and brought back."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from app.runs.recipe import RunSettings
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import start_by_api
from tests.support.api import ENDLESS
from tests.support.line import Line
from tests.support.server import Server
from tests.support.trained import add_run, served

ROWS = "#runs tr"
COUNT = "#run-count"


def add_runs(server: Server, *accuracies: float, **settings: object) -> list[int]:
    network, made = served(), RunSettings.model_validate({"preset": "quick", **settings})
    return [add_run(server.state_dir, network, accuracy, settings=made) for accuracy in accuracies]


def label(server: Server, run: int, **labels: str) -> None:
    answer = httpx.patch(f"{server.url}admin/runs/{run}", json=labels, headers=server.admin, timeout=30)
    answer.raise_for_status()


def open_runs(visit: OpenPage, server: Server, query: str = "") -> Page:
    """The page as the admin sees it, with its runs."""
    page = visit(server.login_url)
    page.goto(f"{server.url}runs{query}")
    expect(page.locator(COUNT)).to_contain_text("run")
    return page


def links(page: Page) -> list[str]:
    return page.locator(f"{ROWS} th a").all_inner_texts()


def expect_runs(page: Page, *numbers: int) -> None:
    expect(page.locator(f"{ROWS} th a")).to_have_text([f"Run {number}" for number in numbers])


@pytest.mark.slow
def test_runs_are_sorted_found_and_chosen_and_the_address_leads_back(visit: OpenPage, own_server: Server) -> None:
    add_runs(own_server, 0.91, 0.97)
    add_runs(own_server, 0.94, learning_rate=0.025)
    add_runs(own_server, 0.95, preset="article")
    label(own_server, 2, name="Baseline", note="Before lunch")
    page = open_runs(visit, own_server)
    expect(page.locator(COUNT)).to_have_text("4 runs.")
    assert links(page) == ["Run 4", "Run 3", "Baseline", "Run 1"]
    expect(page.locator(ROWS).nth(2)).to_contain_text("Run 2 · quick · MNIST · 784-16-16-10")

    by_accuracy = page.locator("#run-table").get_by_role("columnheader", name="Accuracy", exact=True)
    by_accuracy.get_by_role("button").press("Enter")
    expect(by_accuracy).to_have_attribute("aria-sort", "descending")
    expect(page.locator("[data-column=run]")).not_to_have_attribute("aria-sort", re.compile("."))
    assert links(page) == ["Baseline", "Run 4", "Run 3", "Run 1"]
    by_accuracy.get_by_role("button").press("Enter")
    expect(by_accuracy).to_have_attribute("aria-sort", "ascending")
    assert links(page) == ["Run 1", "Run 3", "Run 4", "Baseline"]

    page.get_by_label("Find").fill("0.025 ADAM")
    expect_runs(page, 3)
    expect(page.locator(COUNT)).to_have_text("1 of 4 runs.")
    page.get_by_label("Find").fill("lunch")
    expect(page.locator(f"{ROWS} th a")).to_have_text(["Baseline"])
    page.get_by_label("Find").fill("")
    page.get_by_label("Preset").select_option("quick")
    expect(page.locator(ROWS)).to_have_count(3)
    page.wait_for_url(re.compile(r"preset=quick"))
    page.reload()
    expect(page.locator(f"{ROWS} th a")).to_have_text(["Run 1", "Run 3", "Baseline"])
    page.get_by_label("Status").select_option("active")
    expect(page.locator("#no-runs-found")).to_be_visible()
    page.get_by_label("Status").select_option("any")

    compare = page.get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    page.get_by_label("Choose run 3").check()
    expect(page.locator(".run-picked-words")).to_have_text("Run 3 chosen. Choose another to compare it with.")
    page.get_by_label("Choose run 1").press("Space")
    expect(page.get_by_label("Choose all that are shown")).to_have_js_property("indeterminate", True)
    page.get_by_label("Find").fill("run 3")
    expect(page.locator(".run-picked-words")).to_contain_text("Runs 1 and 3 chosen, 1 of them not in this table now")
    compare.press("Enter")
    page.wait_for_url("**/runs/compare?runs=1,3")


@pytest.mark.slow
def test_a_refresh_leaves_the_focus_and_what_is_chosen_and_says_that_older_runs_are_not_searched(
    visit: OpenPage, train_server: Server
) -> None:
    page = visit("about:blank")
    newest = 250
    run: dict[str, object] = {
        "name": None, "note": None, "sweep_id": None, "status": "finished", "reason": None,
        "settings": RunSettings().model_dump(), "epoch": 2, "cost": 0.1, "accuracy": 0.9, "test_accuracy": None,
        "created_at": "2026-01-01T00:00:00Z", "started_at": None, "ended_at": None, "published_as": [],
    }  # fmt: skip

    def some(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
            return
        before = int(httpx.URL(route.request.url).params.get("before", newest + 1))
        ids = range(before - 1, max(0, before - 101), -1)
        route.fulfill(json=[{**run, "id": number, "name": f"try{number % 10}"} for number in ids])

    page.route("**/runs?*", some)
    page.goto(f"{train_server.url}runs?find=try7")
    expect(page.locator(COUNT)).to_have_text(
        re.compile(r"^10 of the newest \d+ runs\. Older runs are not loaded yet, so they are not searched\.$")
    )
    page.get_by_label("Choose run 237").check()
    page.get_by_label("Choose run 237").focus()
    newest = 257
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_label("Choose run 257")).to_be_visible()
    expect(page.get_by_label("Choose run 237")).to_be_focused()
    expect(page.get_by_label("Choose run 237")).to_be_checked()
    for _ in range(2):
        page.get_by_role("button", name="Older runs").click()
    expect(page.locator(COUNT)).not_to_contain_text("Older")


@pytest.mark.slow
def test_deleting_can_be_undone_from_the_table_and_after_leaving_the_page_of_the_run(
    visit: OpenPage, open_page: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    # The page of a run may look once more at the run that was just deleted from it.
    allowed_errors += ["status of 409", "status of 404"]
    add_runs(own_server, 0.9, 0.9, 0.9, 0.9)
    page = open_runs(visit, own_server)
    for number in (1, 3):
        page.get_by_label(f"Choose run {number}").check()
    page.get_by_role("button", name="Delete").press("Enter")
    expect_runs(page, 4, 2)
    deleted = page.locator(".run-deleted")
    expect(deleted).to_have_attribute("role", "status")
    expect(deleted).to_contain_text("Runs 1 and 3 deleted.")
    expect(page.get_by_role("button", name="Delete")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo deleting runs 1 and 3")).to_be_focused()
    page.keyboard.press("Enter")
    expect_runs(page, 4, 3, 2, 1)
    expect(deleted.locator("p")).to_have_text(re.compile("Runs 1 and 3 are back."))
    expect(deleted.locator("p")).to_be_focused()

    active = start_by_api(own_server, **ENDLESS)
    page.get_by_label(f"Choose run {active}").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#runs-notice")).to_contain_text(f"Run {active} is being trained. Stop it first")
    page.goto(f"{own_server.url}runs/{active}")
    page.get_by_role("button", name="Delete the run").click()
    expect(page.locator("[data-part=labelsProblem]")).to_contain_text("Stop it first")

    page.goto(f"{own_server.url}runs/2")
    page.get_by_role("button", name="Delete the run").press("Enter")
    page.wait_for_url("**/runs#deleted=2")
    expect(deleted.locator("p").filter(has_text="Run 2 deleted.")).to_be_focused()
    expect_runs(page, active, 4, 3, 1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_runs(page, active, 4, 3, 2, 1)
    expect(page.locator("#run-deleted-list")).to_be_hidden()
    stranger = open_page(f"{own_server.url}runs")
    expect_runs(stranger, active, 4, 3, 2, 1)
    expect(stranger.get_by_role("button", name="Delete")).to_have_count(0)


@pytest.mark.slow
def test_a_deleted_run_is_restored_from_the_list_after_a_reload_and_from_its_own_address(
    visit: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    add_runs(own_server, 0.9, 0.9)
    for run in (1, 2):
        httpx.delete(f"{own_server.url}admin/runs/{run}", headers=own_server.admin, timeout=30)
    page = visit(own_server.login_url)
    page.get_by_text("Deleted (2)").click()
    expect(page.locator("#run-deleted-list li")).to_contain_text(["Run 2", "Run 1"])
    page.set_viewport_size({"width": 320, "height": 800})
    button = page.get_by_role("button", name="Restore run 2").bounding_box()
    assert button is not None
    assert button["height"] < button["width"], "its word must stay whole on a phone"
    page.get_by_role("button", name="Restore run 2").press("Enter")
    expect_runs(page, 2)
    expect(page.get_by_role("button", name="Restore run 1")).to_be_focused()

    page.goto(f"{own_server.url}runs/1")
    expect(page.get_by_role("heading")).to_have_text("Run 1 was deleted")
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run 1")


@pytest.mark.slow
def test_a_deletion_is_undone_although_the_list_of_deleted_runs_cannot_be_read(
    visit: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("net::ERR_")
    add_runs(own_server, 0.9)
    page = open_runs(visit, own_server)
    page.route("**/admin/deleted-runs", lambda route: route.abort())
    page.get_by_label("Choose run 1").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo deleting run 1").click()
    expect_runs(page, 1)


@pytest.mark.slow
def test_a_run_gets_a_name_and_a_note_which_a_lost_line_does_not_lose(
    visit: OpenPage, open_page: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("net::ERR_")
    [run] = add_runs(own_server, 0.9)
    with Line(own_server.url) as line:
        page = visit(f"{line.url}login?token={own_server.token}")
        page.goto(f"{line.url}runs/{run}")
        page.get_by_text("Name and note").click()
        page.get_by_role("textbox", name="Name").fill("Small steps")
        page.get_by_role("textbox", name="Note").fill("Falls slowly.\nBut it falls.")
        state = page.locator(".run-labels [role=status]")
        expect(state).to_have_text("Not saved yet.")
        line.cut()
        page.get_by_role("button", name="Save").click()
        expect(state).to_have_text("Not saved.")
        expect(page.locator("[data-part=labelsProblem]")).to_contain_text("What you typed is still here.")
        expect(page.get_by_role("textbox", name="Name")).to_have_value("Small steps")
        line.mend()
        page.get_by_role("textbox", name="Name").press("Enter")
        expect(state).to_have_text("Saved.")
        expect(page.locator("[data-part=labelsProblem]")).to_be_hidden()
        expect(page.locator(".run-labels-name")).to_have_text("Small steps")
        stranger = open_page(f"{line.url}runs/{run}")
        expect(stranger.locator(".run-labels-name")).to_have_text("Small steps")
        expect(stranger.locator(".run-labels-note")).to_have_text("Falls slowly.\nBut it falls.", use_inner_text=True)
        expect(stranger.get_by_text("Name and note")).to_have_count(0)
        stranger.get_by_role("link", name="Train").click()
        expect(stranger.get_by_role("link", name="Small steps")).to_be_visible()


@pytest.mark.slow
def test_the_table_and_the_labels_are_accessible_and_fit_a_phone(visit: OpenPage, own_server: Server) -> None:
    add_runs(own_server, 0.9, 0.8)
    label(own_server, 1, name="A name " * 11, note="W" * 300)
    page = open_runs(visit, own_server)
    page.get_by_label("Choose run 2").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_label("Choose run 1").check()
    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    page.get_by_label("Sort by").select_option("cost")
    page.get_by_label("Reverse order").check()
    page.wait_for_url(re.compile("sort=cost&reverse=true"))
    assert width_over(page) == 0
    assert violations_in_both_themes(page) == []
    page.goto(f"{own_server.url}runs/1")
    page.get_by_text("Name and note").click()
    assert width_over(page) == 0
    assert violations_in_both_themes(page) == []
