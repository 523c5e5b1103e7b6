"""The projector while networks learn from a class's drawings."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.api import ended
from tests.support.rooms import Room


def test_why_three_networks_can_not_be_trained_is_said_as_the_server_says_it(
    projector: Page, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 422")
    room.change(activity="collect")
    # All by one pupil: nobody can be held out.
    room.join().draw().raise_for_status()
    with projector.expect_response("**/admin/runs?queue=true") as refused:
        projector.get_by_role("button", name="Train three networks").click()

    assert refused.value.status == 422
    detail = refused.value.json()["detail"].removeprefix("dataset: ")
    assert detail.startswith("Only one pupil has drawn.")
    expect(projector.locator("#room-notice span")).to_have_text(detail)
    assert room.state()["activity"] == "collect"


def test_three_networks_are_compared_in_one_chart_and_in_words(projector: Page, room: Room) -> None:
    learns = {1: {"dataset": f"room-{room.code}"}, 2: {"dataset": "mnist"}, 3: {"dataset": "mnist", "also": "room-X"}}
    figures = {1: [0.4, 0.7], 2: [0.8], 3: []}

    def answer(route: Route) -> None:
        run = int(route.request.url.partition("/runs/")[2][0])
        if "events" in route.request.url:
            data = [{"epoch": number, "measured_accuracy": share} for number, share in enumerate(figures[run], 1)]
            lines = [json.dumps({"id": one["epoch"], "event": "epoch", "data": one}) for one in data]
            route.fulfill(body="\n".join(lines))
        else:
            state = {"status": "queued" if run == 3 else "running", "place": 1 if run == 3 else None, "step": run}
            route.fulfill(json={"id": run, "settings": learns[run], "ended_at": None, **state})

    projector.route(re.compile(r"/runs/\d(/events\.jsonl\?after=\d+)?$"), answer)
    for label in (7, 1):
        room.join().draw(label).raise_for_status()
    room.change(activity="watch", runs=[1, 2, 3])
    three = projector.locator("#three")
    expect(projector.get_by_role("heading", name="Does it read somebody it has never met?")).to_be_visible()
    expect(projector.locator("#next-step")).to_have_text("Next: guess. The first has begun.")
    expect(three.get_by_role("listitem").nth(0)).to_contain_text(
        re.compile(r"The class's own drawings\s+reads 70% of 1 drawing by pupils it")
    )
    expect(three.get_by_role("listitem").nth(1)).to_contain_text(re.compile(r"MNIST alone\s+reads 80%"))
    expect(three.get_by_role("listitem").nth(2)).to_contain_text(re.compile(r"MNIST with the class's\s+starts next"))
    expect(three.get_by_role("img")).to_have_attribute("aria-label", re.compile("The class's own drawings: reads 70%"))


@pytest.mark.slow
def test_a_run_is_started_and_stopped_and_its_cost_is_live(projector: Page, room: Room) -> None:
    room.join()
    projector.get_by_role("button", name="3 Watch it learn").click()
    projector.get_by_role("button", name="Start").press("Enter")
    expect(projector.locator("#live [data-part=step]")).not_to_have_text("–")
    expect(projector.get_by_role("img", name=re.compile("The cost from"))).to_be_visible()
    stop = projector.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()

    stop.press("Enter")
    expect(projector.get_by_role("button", name="Start")).to_be_focused()
    (run,) = room.state()["runs"]
    assert ended(room.teacher, run)["name"] == "MNIST alone"


def test_the_classs_own_drawings_are_offered_first_once_two_pupils_have_drawn(projector: Page, room: Room) -> None:
    menu = projector.get_by_label("Learn from")
    room.join().draw().raise_for_status()
    room.change(activity="watch")
    expect(menu).to_have_value("mnist")

    room.change(activity="draw")
    room.join().draw().raise_for_status()
    expect(projector.locator("#pupils")).to_contain_text("2 pupils are in")
    room.change(activity="watch")
    expect(menu).to_have_value("own")
    expect(menu.locator("option").first).to_have_text("the class's own drawings")


@pytest.mark.slow
def test_start_empties_the_chart_at_once_and_says_so_until_the_first_cost(projector: Page, room: Room) -> None:
    room.join()
    step, starting = projector.locator("#live [data-part=step]"), projector.get_by_text("Starting …")
    projector.get_by_role("button", name="3 Watch it learn").click()
    projector.get_by_role("button", name="Start").click()
    expect(step).not_to_have_text("–")
    expect(starting).to_be_hidden()
    projector.get_by_role("button", name="Stop").click()

    held: list[Route] = []
    projector.route("**/admin/runs?queue=true", lambda route: held.append(route))
    projector.get_by_role("button", name="Start").click()
    expect(starting).to_be_visible()
    expect(step).to_have_text("–")
    expect(projector.get_by_role("img", name="The cost: none yet.")).to_be_visible()
    held[0].continue_()
    expect(step).not_to_have_text("–")
    expect(starting).to_be_hidden()
    projector.get_by_role("button", name="Stop").click()
