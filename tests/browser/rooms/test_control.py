"""The teacher's own page: what waits, what is hidden or removed, the pupils, and forgetting all."""

from __future__ import annotations

import json
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.support.rooms import CROSS, Room
from tests.support.server import RunningServer, wait_until

CARD = ".drawing-card"


@pytest.fixture
def control(visit: OpenPage, server: RunningServer, room: Room) -> Page:
    page = visit(server.login_url)
    page.goto(f"{server.url}rooms/{room.code}/control")
    return page


def card_of(page: Page, drawing: int) -> Locator:
    return page.locator(f"{CARD}[data-drawing='{drawing}']")


def count_of(page: Page, name: str) -> Locator:
    return (
        page.get_by_role("group", name="Which drawings")
        .get_by_role("button", name=re.compile(f"^{name} "))
        .locator("span")
    )


def ids(page: Page) -> list[str]:
    found: list[str] = page.locator(CARD).evaluate_all("cards => cards.map((card) => card.dataset.drawing)")
    return found


def test_nobody_gets_to_the_page_without_signing_in(visit: OpenPage, server: RunningServer, room: Room) -> None:
    page = visit(f"{server.url}rooms/{room.code}/control")

    assert urlsplit(page.url).path == "/login"


def test_who_was_signed_out_is_told_so_and_comes_back_to_the_page(
    control: Page, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 401")
    expect(control.locator("#summary")).to_have_text("Nobody is in yet.")
    control.context.clear_cookies()
    control.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # connects anew

    expect(control.locator("#room-connection")).to_have_text("You are signed out. Sign in")
    link = control.locator("#room-connection").get_by_role("link", name="Sign in")
    assert f"back=rooms%2F{room.code}%2Fcontrol" in (link.get_attribute("href") or "")


def test_what_waits_comes_first_and_is_accepted_one_by_one_or_all_at_once(control: Page, room: Room) -> None:
    pupil = room.join()
    for strokes in (CROSS, None, CROSS, CROSS):
        pupil.draw(4, strokes) if strokes else pupil.draw()
    expect(control.locator("#summary")).to_have_text("1 pupil is in. 3 drawings wait for your word.")
    wait_until(lambda: ids(control) == ["4", "3", "1", "2"], "those that wait to be first")

    card_of(control, 4).get_by_role("button", name="Accept").click()
    expect(card_of(control, 4)).to_contain_text("face down")
    control.get_by_role("button", name="Accept all 2").click()
    expect(control.get_by_role("button", name="Accept all")).to_be_hidden()
    assert room.state()["by_digit"][4] == 3


def test_a_drawing_is_shown_hidden_removed_and_restored(control: Page, room: Room) -> None:
    room.join().draw().raise_for_status()
    card = card_of(control, 1)
    for verb, words, in_data_set in (
        ("Show", "shown", 1),
        ("Hide", "hidden", 1),
        ("Remove", "removed", 0),
        ("Restore", "face down", 1),
    ):
        card.get_by_role("button", name=verb).click()
        expect(card.locator(".drawing-status")).to_have_text(words)
        assert room.state()["by_digit"][7] == in_data_set


def test_the_filters_count_and_the_focus_stays_where_the_work_is(control: Page, room: Room) -> None:
    pupil = room.join()
    for _ in range(3):
        pupil.draw(4, CROSS).raise_for_status()
    expect(count_of(control, "Waiting")).to_have_text("3")
    control.get_by_role("button", name=re.compile("^Waiting")).press("Enter")
    card_of(control, 3).get_by_role("button", name="Remove").press("Enter")

    expect(card_of(control, 2).get_by_role("button", name="Accept")).to_be_focused()
    control.keyboard.press("Enter")
    expect(card_of(control, 1).get_by_role("button", name="Accept")).to_be_focused()
    control.keyboard.press("Enter")
    expect(control.get_by_text("Nothing waits for your word.")).to_be_visible()
    expect(control.get_by_role("button", name=re.compile("^Waiting"))).to_be_focused()
    for name, count in (("All", 3), ("Waiting", 0), ("Face down", 2), ("Removed", 1)):
        expect(count_of(control, name)).to_have_text(str(count))


def test_a_pupil_is_renamed_removed_and_restored(control: Page, room: Room) -> None:
    pupil = room.join()
    pupil.draw().raise_for_status()
    row = control.locator(".pupil-row")
    row.get_by_role("button", name="Rename").click()
    dialog = control.get_by_role("dialog")
    expect(dialog).to_contain_text(pupil.name)
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_label("Name").press("Enter")
    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("Ada")
    expect(card_of(control, 1)).to_contain_text("Drawn by Ada")

    row.get_by_role("button", name="Remove").click()
    expect(row).to_contain_text("1 drawing · removed")
    assert pupil.own().status_code == 403
    row.get_by_role("button", name="Restore").click()
    expect(row).not_to_contain_text("removed")
    assert pupil.own().json()["name"] == "Ada"


def test_a_name_that_is_taken_is_refused_with_the_reason(control: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 404")
    room.join()
    other = room.join()
    control.get_by_role("button", name="Rename").first.click()
    control.get_by_role("dialog").get_by_label("Name").fill(other.name)
    control.get_by_role("dialog").get_by_role("button", name="Rename").click()

    expect(control.locator("#room-notice")).to_contain_text("another one has that name")


def test_a_code_to_come_back_stands_in_the_pupils_row_until_it_is_used(control: Page, room: Room) -> None:
    pupil = room.join()
    control.get_by_role("button", name="Let back in").click()
    back = control.locator(".pupil-back")
    expect(back).to_contain_text("works once, for another")
    code = back.locator(".pupil-code").inner_text()

    answer = room.anyone.post(f"rooms/{room.code}/pupils", json={"rejoin": code})
    assert answer.json()["pupil"] == pupil.id
    expect(back).to_be_hidden()


@pytest.mark.slow
def test_the_teacher_reveals_and_trains_with_a_phone_in_hand(control: Page, room: Room) -> None:
    recipes: list[str] = []

    def start(route: Route) -> None:
        if route.request.method == "POST":
            recipes.append(json.loads(route.request.post_data or "")["dataset"])
        route.fulfill(json={"id": len(recipes)})

    control.route("**/admin/runs**", start)
    expect(control.get_by_role("button", name="Reveal", exact=True)).to_be_disabled()
    for _ in range(2):
        room.join().draw().raise_for_status()
    expect(control.get_by_role("button", name="Reveal 2")).to_be_enabled()
    control.get_by_role("button", name="Reveal 2").click()
    expect(count_of(control, "Shown")).to_have_text("2")
    expect(control.get_by_role("button", name="Reveal", exact=True)).to_be_disabled()

    control.get_by_role("button", name="Train three networks").click()
    expect(control.locator("#question")).to_have_text("Does it read somebody it has never met?")
    state = room.state()
    assert (state["activity"], state["runs"]) == ("watch", [1, 2, 3])
    assert recipes == [f"room-{room.code}", "mnist", "mnist"]


def test_the_switches_change_the_room(control: Page, room: Room) -> None:
    control.get_by_label("Look up").check()
    control.get_by_label("Lock").check()
    control.get_by_label("Names").uncheck()

    def switched() -> bool:
        state = room.state()
        return (state["frozen"], state["locked"], state["names"]) == (True, True, False)

    wait_until(switched, "the room to change")


def test_the_drawings_are_exported(control: Page, room: Room) -> None:
    room.join().draw().raise_for_status()
    with control.expect_download() as download:
        control.get_by_role("link", name="Export the drawings").click()

    assert download.value.suggested_filename == f"room-{room.code}.zip"
    assert "drawings.jsonl" in zipfile.ZipFile(download.value.path()).namelist()


def test_forgetting_asks_first_and_says_what_goes_and_what_stays(control: Page, room: Room) -> None:
    room.join().draw().raise_for_status()
    expect(control.locator("#days")).to_have_text(re.compile("forgotten in 7 days"))
    control.get_by_role("button", name="Forget all now").click()
    dialog = control.get_by_role("dialog")
    expect(dialog).to_contain_text("This goes for good: every drawing")
    expect(dialog).to_contain_text("This stays: the runs")
    dialog.get_by_role("button", name="Keep the room").click()
    assert room.state()["by_digit"][7] == 1

    control.get_by_role("button", name="Forget all now").click()
    dialog.get_by_role("button", name="Forget all").click()
    expect(control.locator("#room-connection")).to_contain_text("This room was forgotten")
    expect(control.locator("#room-connection")).to_be_focused()
    assert room.anyone.get(f"rooms/{room.code}").status_code == 404
    expect(control.locator(CARD)).to_have_count(0)


@pytest.mark.slow
def test_of_very_many_drawings_the_first_are_listed_and_more_on_request(control: Page, room: Room) -> None:
    room.change(activity="collect")
    room.teacher.post(f"{room.path}/simulated", json={"count": 12}).raise_for_status()
    control.reload()
    expect(count_of(control, "All")).to_have_text("240")
    expect(control.locator(CARD)).to_have_count(200)
    # Only the pictures near the screen are made.
    expect(control.locator(f"{CARD} path").first).to_be_attached()
    assert control.locator(f"{CARD} path").count() < 100
    control.get_by_role("button", name="Show 40 more").click()
    expect(control.locator(CARD)).to_have_count(240)


@pytest.mark.slow
def test_the_control_page_is_accessible_and_fits_a_phone(control: Page, room: Room) -> None:
    pupil = room.join()
    for strokes in (CROSS, CROSS, None, None):
        pupil.draw(4, strokes) if strokes else pupil.draw()
    for drawing, status in ((2, "removed"), (3, "hidden")):
        room.set_status(drawing, status)
    room.teacher.post(f"{room.path}/pupils/1/rejoin").raise_for_status()
    expect(control.locator(CARD)).to_have_count(4)
    expect(control.locator(".pupil-code")).to_be_visible()
    assert violations_in_both_themes(control) == []
    control.set_viewport_size({"width": 360, "height": 780})
    assert width_over(control) == 0
    control.get_by_role("button", name="Forget all now").click()
    assert violations_in_both_themes(control) == []
