"""A run from its start to its network's answers."""

from __future__ import annotations

import contextlib
import json
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.runs.recipe import RunSettings
from app.store.sqlite import SqliteRunStore
from tests.browser.conftest import OpenPage
from tests.support.api import ENDLESS, FEW, ended
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.line import Line
from tests.support.server import Server, wait_until
from tests.support.trained import as_a_trainer

# Reading and preparing MNIST takes a few seconds before the first step.
PATIENCE = 60_000


def start_run(page: Page, server: Server, preset: str = "quick", **fields: str) -> None:
    """Signs in and starts a run by the form; the page is the run's afterwards."""
    page.goto(server.login_url)
    page.get_by_label("Settings", exact=True).select_option(preset)
    page.get_by_text("All settings").click()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ").capitalize(), exact=True).fill(value)
    page.get_by_role("button", name="Start the run").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))


def start_by_api(server: Server, **settings: object) -> int:
    response = httpx.post(
        f"{server.url}admin/runs", json=settings, headers={"Authorization": f"Bearer {server.token}"}, timeout=30
    )
    return int(response.raise_for_status().json()["id"])


def epochs_of(client: httpx.Client, run: int) -> int:
    """How many epochs of the run have ended."""
    lines = client.get(f"runs/{run}/events.jsonl").text.splitlines()
    return sum(json.loads(line)["event"] == "epoch" for line in lines)


def assert_epochs_are_whole(page: Page) -> list[str]:
    """The epochs in the table of a run's page: 1, 2, 3 and so on."""
    shown = page.locator("#epochs th").all_text_contents()
    assert shown == [str(epoch) for epoch in range(1, len(shown) + 1)]
    return shown


@pytest.mark.slow
def test_a_run_is_started_watched_to_its_end_published_and_rolled_back(visit: OpenPage, train_server: Server) -> None:
    page = visit(train_server.url)
    start_run(page, train_server, epochs="2")
    run = page.url.rpartition("/")[2]
    status = page.locator(".run-head .status")
    expect(status).to_have_text("finished", timeout=PATIENCE)
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 1)
    expect(page.locator("#epochs tr")).to_have_count(2)
    expect(page.locator("#cost-chart canvas")).to_have_accessible_name(re.compile(r"from \d.* to \d.* at step 1,564"))

    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#publish-replaces")).to_contain_text("This replaces “classic”")
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(status).to_contain_text("published as classic")

    page.get_by_role("link", name="Draw a digit for it").click()
    page.wait_for_url(train_server.url, wait_until="load")
    with page.expect_response("**/predict?*") as response:
        draw_with_mouse(page, SEVEN)
    version = response.value.json()["version"]
    assert version == httpx.get(f"{train_server.url}models/classic").json()["version"]
    expect(page.locator("#served-by")).to_contain_text(f"version {version[:10]}")
    expect(page.locator("#served-by")).to_contain_text(f"learned in run {run}")

    page.get_by_role("link", name="Train").click()
    page.get_by_role("button", name="Roll back classic").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.locator("#served-models-notice")).to_contain_text("“classic” is back")
    expect(page.locator("#served-models")).not_to_contain_text(f"Run {run}")


@pytest.mark.slow
def test_a_run_can_be_stopped_and_resumed(visit: OpenPage, own_server: Server) -> None:
    run = start_by_api(own_server, **{**ENDLESS, "pace": 0.5})
    page = visit(own_server.login_url)
    page.goto(f"{own_server.url}runs/{run}")
    epochs, status = page.locator("#epochs th"), page.locator(".run-head .status")
    expect(epochs.first).to_have_text("1", timeout=PATIENCE)
    page.get_by_role("button", name="Stop").click()
    expect(status).to_have_text("stopped", timeout=PATIENCE)
    next_epoch = str(len(assert_epochs_are_whole(page)) + 1)
    page.get_by_role("button", name="Resume").click()
    expect(epochs.get_by_text(next_epoch, exact=True)).to_be_attached(timeout=PATIENCE)
    page.get_by_role("button", name="Stop").click()
    expect(status).to_have_text("stopped", timeout=PATIENCE)
    learned = assert_epochs_are_whole(page)
    page.reload()
    expect(epochs).to_have_text(learned)


def test_a_refused_start_says_why_and_keeps_what_was_typed(
    visit: OpenPage, train_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 4")
    page = visit(train_server.login_url)
    page.goto(f"{train_server.url}runs?hidden=20,10&data_sha256={'0' * 64}")
    page.get_by_label("Learning rate", exact=True).fill("0.5")
    with page.expect_response("**/admin/runs?*") as response:
        page.get_by_role("button", name="Start the run").click()
    problem = page.locator("#run-form-problem")
    expect(problem).to_contain_text(response.value.json()["detail"])
    expect(problem.get_by_text("Sign in")).to_be_hidden()
    expect(page.get_by_label("Layer 1", exact=True)).to_have_value("20")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.5")
    expect(page.get_by_role("button", name="Start the run")).to_be_focused()


@pytest.mark.slow
def test_while_a_run_is_active_another_waits_in_the_queue_or_is_cancelled(
    visit: OpenPage, train_server: Server
) -> None:
    store = SqliteRunStore(train_server.state_dir / "descent.sqlite3")
    with contextlib.closing(store), as_a_trainer(train_server.state_dir, store):
        run = store.create_run(RunSettings(preset="quick").model_dump(mode="json"), 100).id
        store.begin(run)
        page = visit(train_server.login_url)
        expect(page.locator("#active-run")).to_contain_text(f"Run {run} is active")
        page.get_by_role("button", name="Add to the queue").click()
        expect(page.get_by_role("heading", name=f"Run {run + 1}")).to_be_visible()
        expect(page.locator("[data-part=status]").first).to_have_text("queued, place 1")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("[data-part=status]").first).to_have_text("stopped")
        first, second = (
            store.create_run(RunSettings(preset="quick", seed=seed).model_dump(mode="json"), 100, "queued").id
            for seed in (1, 2)
        )
        page.goto(f"{train_server.url}runs")
        queue = page.get_by_role("list", name="The queue").get_by_role("link")
        expect(queue).to_have_text([f"Run {first}", f"Run {second}"])
        stops: list[str] = []
        page.on("request", lambda request: stops.append(request.url) if request.url.endswith("/stop") else None)
        page.get_by_role("button", name=f"Cancel run {first}").click()
        expect(queue).to_have_text([f"Run {second}"])
        expect(page.get_by_role("button", name=f"Cancel run {second}")).to_be_focused()
        # The second half of a double click, where the next run has moved up.
        page.mouse.down(click_count=2)
        page.mouse.up(click_count=2)
        page.keyboard.press("Enter")
        expect(queue).to_have_count(0)
        assert stops == [f"{train_server.url}admin/runs/{run}/stop" for run in (first, second)]
        expect(page.get_by_role("button", name="Add to the queue")).to_be_focused()
        page.locator("#active-run").get_by_role("link").click()
        expect(page.get_by_role("heading", name=f"Run {run}")).to_be_visible()
        store.end(run, "stopped")


def test_a_visitor_sees_the_runs_and_how_to_sign_in_to_start_one(visit: OpenPage, train_server: Server) -> None:
    page = visit(f"{train_server.url}runs")
    expect(page.locator("#served-models th")).to_contain_text(["classic"])
    expect(page.get_by_role("button", name="Start the run")).to_have_count(0)
    page.get_by_role("link", name="sign in").click()
    page.get_by_label("Token").fill(train_server.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Start the run")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


@pytest.mark.slow
def test_a_hidden_tab_closes_its_connection_and_misses_nothing(visit: OpenPage, own_server: Server) -> None:
    run = start_by_api(own_server, **{**ENDLESS, "pace": 0.5})
    page = visit(f"{own_server.url}runs/{run}")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isHidden })")
    expect(page.locator("#epochs th").first).to_have_text("1", timeout=PATIENCE)
    hide = "(isHidden) => { window.isHidden = isHidden; document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, True)
    shown = page.locator("#epochs th").count()
    with own_server.client() as client:
        wait_until(lambda: epochs_of(client, run) > shown + 1, "two more epochs")
        assert page.locator("#epochs th").count() == shown
        client.post(f"admin/runs/{run}/stop").raise_for_status()
        ended(client, run)
        expect(page.locator(".run-head .status")).to_have_text("running")
        page.evaluate(hide, False)
        expect(page.locator(".run-head .status")).to_have_text("stopped")
        expect(page.locator("#epochs th")).to_have_count(epochs_of(client, run))
    assert_epochs_are_whole(page)


@pytest.mark.slow
@pytest.mark.parametrize("breaks", ["cut", "answered by the proxy alone"])
def test_a_broken_line_loses_and_doubles_nothing(
    visit: OpenPage, own_server: Server, allowed_errors: list[str], breaks: str
) -> None:
    allowed_errors.append("ERR_CONNECTION|ERR_SOCKET|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE|status of 502")
    run = start_by_api(own_server, **{**FEW, "epochs": 3, "pace": 3})
    with Line(own_server.url) as line:
        page = visit(f"{line.url}runs/{run}")
        page.evaluate(
            """async (path) => {
                window.received = [];
                const { followRun } = await import(new URL("static/train/run/run-stream.js", document.baseURI));
                const onEvent = (type, data) => window.received.push([type, data]);
                followRun(path, { onEvent, onConnection() {} });
            }""",
            f"runs/{run}/events",
        )
        page.wait_for_function("() => window.received.length > 10", timeout=PATIENCE)
        lost = page.get_by_text("Not connected. Trying again")
        if breaks == "cut":
            line.cut()
        else:
            line.cut(answer_with=b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        expect(lost).to_be_visible()
        line.mend()
        expect(lost).to_be_hidden()
        expect(page.locator(".run-head .status")).to_have_text("finished", timeout=PATIENCE)
        expect(page.locator("#epochs th")).to_have_text(["1", "2", "3"])
        page.wait_for_function("() => window.received.at(-1)[0] === 'end'")
        received = page.evaluate("window.received")
    events = httpx.get(f"{own_server.url}runs/{run}/events", timeout=30).text
    assert [type_ for type_, _ in received] == re.findall(r"^event: (\w+)$", events, re.MULTILINE)
    steps = [data["step"] for type_, data in received if type_ == "cost"]
    assert steps == sorted(set(steps))
