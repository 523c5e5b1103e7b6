"""A run on its page: what others do to it, what the admin does to it, and where the focus goes."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE, assert_epochs_are_whole, start_by_api
from tests.support.api import ENDLESS
from tests.support.server import RunningServer, Server
from tests.support.trained import add_run, served

STATUS = ".run-head .status"


@pytest.fixture
def stopped_run(own_server: Server) -> int:
    """A run without an end of its own that was stopped after its first epoch."""
    run = start_by_api(own_server, **{**ENDLESS, "pace": 0.5})
    with own_server.client() as client:
        with client.stream("GET", f"runs/{run}/events") as events:
            next(line for line in events.iter_lines() if line == "event: epoch")
        client.post(f"admin/runs/{run}/stop").raise_for_status()
        with client.stream("GET", f"runs/{run}/events") as events:
            events.read()
    return run


@pytest.fixture
def ended_run(own_server: Server) -> int:
    """A stopped run that can be published."""
    return add_run(own_server.state_dir, served(), status="stopped")


@pytest.mark.slow
def test_a_visitor_sees_that_the_admin_resumed_the_run(visit: OpenPage, own_server: Server, stopped_run: int) -> None:
    page = visit(f"{own_server.url}runs/{stopped_run}")
    expect(page.locator(STATUS)).to_have_text("stopped")
    page.wait_for_timeout(500)  # the first look at it is over
    with own_server.client() as client:
        client.post(f"admin/runs/{stopped_run}/resume").raise_for_status()
        expect(page.locator(STATUS)).to_have_text("running", timeout=PATIENCE)
        expect(page.locator("#epochs th").get_by_text("3", exact=True)).to_be_attached(timeout=PATIENCE)
        client.post(f"admin/runs/{stopped_run}/stop").raise_for_status()
    expect(page.locator(STATUS)).to_have_text("stopped", timeout=PATIENCE)
    assert_epochs_are_whole(page)


@pytest.mark.slow
def test_the_focus_goes_from_resume_to_stop_to_the_status_and_stays_on_publish(
    visit: OpenPage, own_server: Server, stopped_run: int
) -> None:
    page = visit(own_server.login_url)
    page.goto(f"{own_server.url}runs/{stopped_run}")
    publish = page.get_by_role("button", name="Publish")
    publish.press("Enter")
    confirm = page.get_by_role("dialog").get_by_role("button", name="Publish")
    expect(confirm).to_be_enabled()  # what changes is there
    confirm.press("Enter")
    expect(page.locator(STATUS)).to_contain_text("published as classic")
    expect(publish).to_be_focused()
    page.get_by_role("button", name="Resume").press("Enter")
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    stop.press("Enter")
    expect(page.locator(STATUS)).to_be_focused()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE)

    page.goto(f"{own_server.url}runs")
    page.get_by_role("button", name="Roll back classic").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Roll back").press("Enter")
    expect(page.get_by_role("button", name="Roll back classic")).to_be_hidden()
    expect(page.locator("#served-models-notice")).to_be_focused()


@pytest.mark.slow
def test_a_run_is_published_under_a_name_of_its_own_and_the_notice_leads_to_it(
    visit: OpenPage, own_server: Server, ended_run: int, allowed_errors: list[str]
) -> None:
    page = visit(own_server.login_url)
    page.goto(f"{own_server.url}runs/{ended_run}")
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_label("Name")
    for wrong in ("My net", "-net", "n" * 33):
        name.fill(wrong)
        assert name.evaluate("name => name.validity.patternMismatch")
    allowed_errors.append("status of 409")
    refusal = {"detail": "Not now."}
    page.route("**/publish", lambda route: route.fulfill(status=409, json=refusal), times=1)
    name.fill("mynet")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_text("Not now.")).to_be_visible()
    name.fill("mynet-2")
    expect(dialog.get_by_text("Not now.")).to_be_hidden()
    dialog.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Draw a digit for it").click()
    expect(page).to_have_url(f"{own_server.url}?model=mynet-2")
    expect(page.locator("#served-by")).to_contain_text("“mynet-2”, a network of 13,002 parameters")
    page.get_by_label("Network that answers").select_option("classic")
    expect(page.locator("#served-by")).to_contain_text("“classic”")


@pytest.mark.slow
def test_an_admin_who_was_signed_out_elsewhere_sees_where_to_sign_in(
    visit: OpenPage, own_server: Server, ended_run: int, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 401")
    page = visit(own_server.login_url)

    def expect_sign_in(place: str) -> None:
        notice = page.locator(place)
        expect(notice).to_contain_text("You are signed out. Sign in")
        expect(notice.get_by_role("link")).to_have_attribute("href", re.compile(r"login\?back=runs(%2F\d+)?$"))

    with own_server.client() as client:
        client.post(f"admin/runs/{ended_run}/publish").raise_for_status()
    expect(page.get_by_role("button", name="Roll back classic")).to_be_visible()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Roll back classic").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect_sign_in("#served-models-notice")
    page.get_by_role("button", name="Start the run").click()
    expect_sign_in("#run-form-problem")

    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{own_server.url}runs/{ended_run}")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.context.clear_cookies()
    page.get_by_role("button", name="Resume").click()
    expect_sign_in(".run-notices [data-part=trouble]")
    page.wait_for_timeout(3_500)  # another look at the run doesn't take it away
    expect_sign_in(".run-notices [data-part=trouble]")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect_sign_in("dialog [data-part=problem]")


def test_older_runs_are_fetched_on_request(visit: OpenPage, train_server: RunningServer) -> None:
    page = visit("about:blank")
    run: dict[str, object] = {
        "status": "finished", "reason": None, "settings": {"preset": "quick", "hidden": [16, 16], "activation": "relu",
        "cost": "cross-entropy", "optimizer": "adam", "learning_rate": 0.01, "batch_size": 64, "epochs": 2,
            "dataset": "mnist", "rates": []},
        "epoch": 2, "cost": 0.1, "accuracy": 0.9, "test_accuracy": None, "name": None, "note": None, "sweep_id": None,
        "started_at": None, "ended_at": None, "created_at": "2026-01-01T00:00:00Z", "published_as": [],
    }  # fmt: skip

    def some(route: Route) -> None:
        before = int(httpx.URL(route.request.url).params.get("before", 251))
        route.fulfill(json=[{**run, "id": number} for number in range(before - 1, max(0, before - 101), -1)])

    page.route("**/runs?*", some)
    page.goto(f"{train_server.url}runs")
    rows, older = page.locator("#runs tr"), page.get_by_role("button", name="Older runs")
    expect(rows).to_have_count(100)
    older.click()
    expect(rows).to_have_count(200)
    older.press("Enter")
    expect(rows).to_have_count(250)
    expect(older).to_be_hidden()
    expect(page.get_by_role("link", name="Run 50", exact=True)).to_be_focused()
