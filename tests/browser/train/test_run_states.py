"""The page of a run that waits, that left nothing behind, or that learns from other images than digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.runs import trainer
from app.runs.recipe import RunSettings
from app.runs.snapshots import SnapshotWriter
from app.store.files import FolderFiles
from app.store.sqlite import SqliteRunStore
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.train.test_training import PATIENCE, start_by_api
from tests.support.idx_files import write_set
from tests.support.server import RunningServer, running_server
from tests.support.trained import add_run

LONG = "a frame that goes all the way around, th"
NAMES = [LONG, "spot", "cross", "upright bar", "bar", "ring", "hook", "wave", "comb", "star"]


@pytest.fixture(scope="module")
def shapes_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("states")
    write_set(folder / "datasets" / "shapes", training=60)
    (folder / "datasets" / "shapes" / "classes.txt").write_text("\n".join(NAMES))
    with running_server(folder / "state", environment={"DESCENT_DATASETS_DIR": str(folder / "datasets")}) as running:
        yield running


def left_edges(page: Page, selector: str) -> set[int]:
    lefts = page.locator(selector).evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().left)")
    return {round(left) for left in lefts}


@pytest.mark.slow
def test_classes_of_other_images_have_their_names_even_long_ones(visit: OpenPage, shapes_server: RunningServer) -> None:
    run = start_by_api(shapes_server, dataset="shapes", epochs=1, batch_size=10)
    page = visit(shapes_server.login_url, viewport={"width": 360, "height": 780})
    page.goto(f"{shapes_server.url}runs/{run}")
    expect(page.locator(".run-head .status")).to_have_text("finished", timeout=PATIENCE)
    expect(page.locator(".run-classes .bar-name")).to_have_text(NAMES)
    expect(page.locator("#answer .bar-name")).to_have_text(NAMES)
    expect(page.locator("#answer .answer-digit")).to_have_text(re.compile("|".join(NAMES)))
    expect(page.locator("[data-example='0']")).to_have_accessible_name(re.compile(f"^Example: {LONG}, taken for "))
    page.get_by_text("The network, neuron by neuron").click()
    expect(page.get_by_text(f"The outputs: 0 {LONG}, 1 spot,")).to_be_visible()
    # Bars that begin at one line can be compared.
    assert len(left_edges(page, ".run-classes .bar-track")) == 1
    assert len(left_edges(page, "#answer .bar-track")) == 1
    assert width_over(page) == 0

    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("It learned from shapes")


def test_a_run_that_failed_before_anything_was_recorded_shows_no_empty_network(
    visit: OpenPage, train_server: RunningServer
) -> None:
    store = SqliteRunStore(train_server.state_dir / "descent.sqlite3")
    run = store.create_run(RunSettings().model_dump(mode="json"), 10)
    store.end(run.id, "failed", "The disk is full.")
    store.close()
    page = visit(f"{train_server.url}runs/{run.id}")
    expect(page.get_by_text("This run has no checkpoints")).to_be_visible()
    expect(page.get_by_text("The disk is full.")).to_be_visible()
    for part in (".run-pictures", "#own-drawing", ".run-diagram", "#run-time-slider"):
        expect(page.locator(part)).to_be_hidden()


def test_a_run_whose_checkpoints_were_removed_shows_its_last_network(
    visit: OpenPage, train_server: RunningServer
) -> None:
    store = SqliteRunStore(train_server.state_dir / "descent.sqlite3")
    run = store.create_run(RunSettings().model_dump(mode="json"), 10)
    store.append(run.id, [("cost", {"step": 10, "epoch": 1, "cost": 0.5}), ("checkpoint", {"step": 5})])
    SnapshotWriter(store.files_of(run), trainer.start(RunSettings()), 10).write_current()
    store.end(run.id, "stopped")
    store.close()
    page = visit(f"{train_server.url}runs/{run.id}")
    expect(page.locator("#answer [data-part=sentence]")).to_contain_text("sure")
    expect(page.locator("#run-time-slider")).to_have_attribute("max", "0")
    expect(page.locator("[data-part=timeProblem]")).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cost", "has_answers"),
    [("cross-entropy", False), ("quadratic", True)],
    ids=["no answers", "answers of an infinite neuron"],
)
def test_a_run_that_diverged_is_shown_even_where_its_numbers_are_too_large_to_compute_with(
    visit: OpenPage, train_server: RunningServer, allowed_errors: list[str], cost: str, has_answers: bool
) -> None:
    allowed_errors.append("status of 409")
    settings = RunSettings(hidden=[1, 1], cost=cost, activation="leaky-relu")
    descent = trainer.start(settings)
    descent.network.parameters *= np.float32(1e21)
    run = add_run(train_server.state_dir, descent.network, status="diverged", settings=settings)
    SnapshotWriter(FolderFiles(train_server.state_dir / "runs" / str(run)), descent, 10).write_if_due()

    page = visit(f"{train_server.url}runs/{run}", viewport={"width": 1280, "height": 900})
    answer, example = page.locator("#answer"), page.locator("[data-example='3']")
    example.click()
    if has_answers:
        expect(answer.locator("[data-part=sentence]")).to_contain_text("sure")
        expect(example).to_have_accessible_name(re.compile("taken for"))
        expect(page.locator(".inside-diagram [data-number=z]").first).to_have_text("–")
    else:
        expect(answer).to_contain_text("The numbers of this network are too large to compute with")
        expect(example).to_have_accessible_name("Example: a handwritten 3, no answer")
        page.get_by_text("Confusion matrix").first.click()
        expect(page.locator("#run-after")).to_contain_text("it has no answers.")


@pytest.mark.slow
def test_a_run_of_a_sweep_links_to_it_and_says_that_it_is_waiting(
    visit: OpenPage, shapes_server: RunningServer
) -> None:
    base = {"dataset": "shapes", "epochs": 1000, "pace": 2}
    plan = {"base": base, "method": "grid", "vary": {"seed": {"values": [1, 2]}}, "parallel": 1}
    with shapes_server.client() as client:
        sweep = client.post("admin/sweeps", json=plan).raise_for_status().json()
        running, queued = (run["id"] for run in client.get(f"sweeps/{sweep['id']}").json()["runs"])
        page = visit(f"{shapes_server.url}runs/{queued}", viewport={"width": 360, "height": 780})
        expect(page.get_by_text("It is waiting in sweep")).to_be_visible()
        expect(page.locator(".run-time")).to_contain_text("The network has not begun yet")
        expect(page.get_by_text("This run has no checkpoints")).to_be_hidden()
        assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
        page.goto(f"{shapes_server.url}runs/{running}")
        expect(page.locator(".lead")).to_contain_text(f"It is a run of sweep {sweep['id']}.")
        page.locator(".lead").get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Sweep {sweep['id']}")
        client.post(f"admin/sweeps/{sweep['id']}/stop").raise_for_status()
        expect(page.locator(".run-head .status")).to_have_text("stopped", timeout=PATIENCE)  # others can start again


@pytest.mark.slow
def test_a_late_answer_does_not_replace_a_newer_one(visit: OpenPage, shapes_server: RunningServer) -> None:
    run = start_by_api(shapes_server, dataset="shapes", epochs=1000, pace=2)
    page = visit(shapes_server.login_url)
    page.goto(f"{shapes_server.url}runs/{run}")
    status = page.locator(".run-head .status")
    expect(status).to_have_text("running", timeout=PATIENCE)
    late: list[tuple[Route, httpx.Response]] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append((route, httpx.get(f"{shapes_server.url}runs/{run}")))

    # What is read first after the pause stays on its way until the run has gone on.
    page.route(f"**/runs/{run}", hold)
    with page.expect_request(f"**/runs/{run}"):
        page.get_by_role("button", name="Pause").click()
    expect(status).to_have_text("paused")
    changes = page.locator(".run-changes tbody tr")
    expect(changes).to_have_count(1)  # a run that is resumed before it has paused does neither
    page.get_by_role("button", name="Resume").click()
    expect(status).to_have_text("running")
    expect(changes).to_have_count(2)
    [(route, answer)] = late
    assert answer.json()["status"] == "paused"
    with page.expect_event("requestfinished", lambda request: request == route.request):
        route.fulfill(body=answer.content, content_type="application/json")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(status).to_have_text("running")
    page.get_by_role("button", name="Stop").click()
    expect(status).to_have_text("stopped", timeout=PATIENCE)
