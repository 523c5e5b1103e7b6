"""Runs compared in a browser: the numbers of the page against those of the API."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from app.runs.recipe import RunSettings
from app.store.sqlite import SqliteRunStore
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.line import Line
from tests.support.server import Server
from tests.support.trained import as_a_trainer

PER_EPOCH = 100


def add_run(server: Server, epochs: int, floor: float, more_steps: int = 0, **settings: object) -> int:
    """A run that was stopped after so many epochs of 4, and more steps, and whose cost fell towards `floor`."""
    made = RunSettings.model_validate({"preset": "quick", "epochs": 4, **settings})
    store = SqliteRunStore(server.state_dir / "descent.sqlite3")
    try:
        with as_a_trainer(server.state_dir, store):
            run = store.create_run(made.model_dump(mode="json"), 4 * PER_EPOCH)
            store.begin(run.id)
            store.append(run.id, [event for epoch in range(1, epochs + 1) for event in events_of(epoch, floor)])
            store.append(run.id, events_of(epochs + 1, floor)[: more_steps // 10])
            store.end(run.id, "stopped", test_accuracy=0.9 - floor)
            return run.id
    finally:
        store.close()


def events_of(epoch: int, floor: float) -> list[tuple[str, dict[str, Any]]]:
    steps = [(epoch - 1) * PER_EPOCH + step for step in range(10, PER_EPOCH + 1, 10)]
    costs = [("cost", {"step": step, "epoch": epoch, "cost": floor + 100 / (step + 50)}) for step in steps]
    epoch_event = {
        "epoch": epoch,
        "cost": floor + 1 / (epoch + 1),
        "accuracy": 0.9 - floor / epoch,
        "gradient_norm": 0.1,
        "seconds": 2.0 + epoch,
        "images_per_second": 50_000.0,
        "by_class": [0.9] * 10,
    }
    return [*costs, ("epoch", epoch_event)]


def events_of_run(server: Server, run: int, name: str) -> list[dict[str, Any]]:
    lines = httpx.get(f"{server.url}runs/{run}/events.jsonl", timeout=30).text.splitlines()
    return [event["data"] for event in map(json.loads, lines) if event["event"] == name]


def chart_table(page: Page) -> list[list[str]]:
    rows = page.locator(".chart-table tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def row(page: Page, name: str) -> Locator:
    return page.locator("#compare-table tr").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{name}")))


def short(number: float) -> str:
    return f"{number:.4g}"


@pytest.mark.slow
def test_the_numbers_of_the_page_are_those_of_the_api_and_differing_settings_are_marked(
    visit: OpenPage, train_server: Server
) -> None:
    first = add_run(train_server, 3, 0.2)
    second = add_run(train_server, 2, 0.1, learning_rate=0.05, hidden=[32])
    page = visit(f"{train_server.url}runs/compare?runs={second},{first}")
    # The chart opens on accuracy over epochs.
    page.get_by_text("The chart as a table").click()
    one, two = (events_of_run(train_server, run, "epoch") for run in (second, first))
    accuracies = [f"{epoch['accuracy']:.2%}" for epoch in one], [f"{epoch['accuracy']:.2%}" for epoch in two]
    expect(page.locator(".chart-table tbody tr")).to_have_count(3)
    assert chart_table(page) == [
        ["1", accuracies[0][0], accuracies[1][0]],
        ["2", accuracies[0][1], accuracies[1][1]],
        ["3", "–", accuracies[1][2]],
    ]
    page.get_by_label("Show", exact=True).select_option("cost on images held out")
    page.get_by_label("Along").select_option("seconds")
    expect(page.locator(".chart-table thead")).to_contain_text("seconds")
    assert chart_table(page)[0] == ["3", short(one[0]["cost"]), short(two[0]["cost"])]
    assert [line[0] for line in chart_table(page)] == ["3", "7", "12"]

    for number, run in enumerate((second, first)):
        info = httpx.get(f"{train_server.url}runs/{run}").json()
        for name, text in (
            ("Accuracy, images held out", f"{info['accuracy']:.2%}"),
            ("Accuracy, test images", f"{info['test_accuracy']:.2%}"),
            ("Cost, images held out", short(info["cost"])),
            ("Steps", str(info["step"])),
            ("Parameters", f"{info['parameters']:,}"),
        ):
            expect(row(page, name).locator("td").nth(number)).to_contain_text(text)
    expect(row(page, "Training time").locator("td")).to_have_text([re.compile("7 s"), re.compile("12 s")])
    expect(row(page, "Accuracy, test images").locator("td").first).to_contain_text("best")

    differing = page.locator(".compare-row-differs th")
    expect(differing).to_have_text([re.compile("Hidden layers +differs"), re.compile("Learning rate +differs")])
    expect(row(page, "Hidden layers").locator("td")).to_have_text([re.compile("32"), re.compile("16-16")])
    expect(row(page, "Activation")).to_be_visible()
    page.get_by_label("only settings that differ").check()
    expect(row(page, "Activation")).to_have_count(0)

    page.get_by_role("checkbox", name=f"Run {second}").uncheck()
    expect(page.locator(".compare-value").first).to_have_text("–")
    page.wait_for_url(re.compile(rf"show=held-out&x=seconds&differences=true&without={second}$"))
    page.reload()
    expect(page.get_by_role("checkbox", name=f"Run {second}")).not_to_be_checked()
    expect(page.locator("#compare-chart canvas")).to_have_accessible_name(
        re.compile(rf"^Cost on images held out: run {first} from 0\.7 to 0\.45 after 12 s\.")
    )
    expect(row(page, "Activation")).to_have_count(0)


def test_all_lines_are_read_at_once_by_keyboard_and_by_pointing(visit: OpenPage, train_server: Server) -> None:
    first, second = add_run(train_server, 2, 0.2), add_run(train_server, 1, 0.1)
    page = visit(f"{train_server.url}runs/compare?runs={first},{second}&show=held-out&x=steps&log=true")
    canvas, caption = page.locator("#compare-chart canvas"), page.locator("#compare-chart figcaption")
    expect(page.locator(".compare-value")).to_have_text(["0.5333", "0.6"])
    expect(page.locator("#compare-ends")).to_have_text(f"Run {first} ends lower (0.5333) than Run {second} (0.6).")
    canvas.focus()
    canvas.press("ArrowRight")
    expect(caption).to_have_text(f"Step 100: run {first} 0.7, run {second} 0.6")
    canvas.press("ArrowRight")
    expect(caption).to_have_text(f"Step 200: run {first} 0.5333")
    expect(page.locator(".compare-value")).to_have_text(["0.5333", "–"])
    canvas.evaluate("(canvas) => canvas.blur()")
    expect(caption).to_contain_text("arrow keys")
    canvas.hover()
    expect(caption).to_have_text(f"Step 100: run {first} 0.7, run {second} 0.6")
    page.mouse.move(0, 0)
    page.get_by_label("Show", exact=True).select_option("accuracy on images held out")
    expect(page.get_by_label("logarithmic")).to_be_hidden()


@pytest.mark.slow
def test_a_resumed_run_grows_and_a_broken_connection_loses_nothing(
    visit: OpenPage, own_server: Server, allowed_errors: list[str]
) -> None:
    allowed_errors.append("net::ERR_")
    first, second = add_run(own_server, 2, 0.2), add_run(own_server, 1, 0.1, 30, cost="quadratic")
    with Line(own_server.url) as line:
        page = visit(f"{line.url}runs/compare?runs={first},{second}&show=held-out")
        look_again = "document.dispatchEvent(new Event('visibilitychange'))"
        expect(page.locator(".compare-value")).to_have_text(["0.5333", "0.6"])
        expect(page.locator("#compare-caution")).to_contain_text("use different costs")
        line.cut()
        page.evaluate(look_again)
        expect(page.locator("#compare-notice")).to_contain_text("can't be reached")
        expect(page.locator(".compare-value")).to_have_text(["0.5333", "0.6"])

        store = SqliteRunStore(own_server.state_dir / "descent.sqlite3")
        store.reopen(second)
        store.append(second, events_of(2, 0.05)[3:])
        store.end(second, "finished")
        store.close()
        line.mend()
        expect(page.locator("#compare-notice")).to_be_hidden()
        expect(page.locator(".compare-value")).to_have_text(["0.5333", short(0.05 + 1 / 3)])
        expect(row(page, "Status").locator("td").last).to_contain_text("finished")
        expect(row(page, "Steps").locator("td").last).to_contain_text("200")
        # 3 s for the first 100 steps, 4 s for the last 70, and as long for each of the 30 between, which have no time.
        expect(row(page, "Training time").locator("td").last).to_contain_text("9 s")


@pytest.mark.slow
def test_a_comparison_of_eight_is_accessible_and_fits_a_phone(visit: OpenPage, own_server: Server) -> None:
    runs = [add_run(own_server, 1 + number % 3, number / 20, seed=number) for number in range(8)]
    httpx.patch(f"{own_server.url}admin/runs/1", json={"name": "A name " * 11}, headers=own_server.admin)
    page = visit(f"{own_server.url}runs/compare?runs={','.join(map(str, runs))}")
    expect(row(page, "Seed").locator("td")).to_have_count(8)
    colours = page.locator("canvas").first.evaluate(
        "(canvas) => Array.from({ length: 8 }, (_, i) => getComputedStyle(canvas).getPropertyValue(`--line-${i + 1}`))"
    )
    assert len(set(colours)) == 8
    page.get_by_text("The chart as a table").click()
    assert violations_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert width_over(page) == 0
    assert violations_in_both_themes(page) == []
    page.goto(f"{own_server.url}runs/compare?runs=1,2,3,4,5,6,7")
    page.get_by_role("link", name="All runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
