"""The test of the lessons in a room: the teacher opens it, a phone takes it, and the class's gain is counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.rooms.quizzes import Round
from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.test_test import answer
from tests.browser.rooms.conftest import PHONE
from tests.http.test_room_quiz import take
from tests.support.hand import SEVEN, draw_with_mouse
from tests.support.rooms import Pupil, Room
from tests.support.server import RunningServer


def on_phone(phone: Page, right: range) -> None:
    phone.get_by_role("link", name="Go to the test").click()
    phone.get_by_role("button", name="Start").click()
    answer(phone, right)
    phone.get_by_role("button", name="Finish").click()


@pytest.mark.slow
def test_a_teacher_opens_the_test_before_and_after_and_sees_what_the_class_has_gained(
    visit: OpenPage, server: RunningServer, room: Room, pupil_page: Page
) -> None:
    others = [room.join() for _ in range(4)]
    control = visit(server.login_url)
    control.goto(f"{server.url}rooms/{room.code}/control")
    test = control.get_by_role("region", name="Test")
    expect(test).to_contain_text("Nobody has taken it yet.")
    close = test.get_by_role("button", name="Close")
    expect(close).to_be_hidden()

    def all_take(round_: Round, right: int, pupils: list[Pupil]) -> None:
        test.get_by_role("button", name=f"Open the test {round_}").click()
        on_phone(pupil_page, range(right))
        for pupil in pupils:
            take(pupil, round_, right)

    all_take("before", 2, others)
    expect(pupil_page.get_by_text("Your answers are in. Thank you!")).to_be_visible()
    expect(pupil_page.locator(".quiz-about")).to_be_hidden()
    expect(test).to_contain_text("Finished before: 5. Finished after: 0. Both: 0.")
    assert (violations_in_both_themes(pupil_page), width_over(pupil_page)) == ([], 0)
    assert pupil_page.evaluate("localStorage.length") == 0
    pupil_page.get_by_role("link", name="Back to the room").click()

    all_take("after", 9, others)
    # The phone shows the pupil's own result, and after a reload still.
    for _ in range(2):
        expect(pupil_page.get_by_role("heading", name="Before: 2 of 10 right. After: 9 of 10 right.")).to_be_visible()
        pupil_page.reload()
    expect(test.get_by_role("table")).to_be_hidden()
    close.click()
    expect(close).to_be_hidden()
    expect(test.get_by_role("button", name="Open the test before")).to_be_focused()
    expect(test.locator("[aria-pressed=true]")).to_have_count(0)

    expect(test).to_contain_text("5 pupils: too few to tell")
    rows = test.locator("tbody tr")
    expect(rows.nth(1)).to_have_text("Slope55")
    expect(rows.nth(5)).to_have_text("The length of a step05")
    expect(rows.nth(9)).to_have_text("Batch00")
    assert (violations_in_both_themes(control), width_over(control)) == ([], 0)
    with control.expect_download() as download:
        test.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == f"room-{room.code}-test.csv"
    # While it is open again, one more answer would tell whose it is.
    test.get_by_role("button", name="Open the test after").click()
    expect(rows.first).to_be_hidden()
    expect(test).not_to_contain_text("too few")


@pytest.mark.slow
def test_who_is_not_in_the_room_or_comes_too_late_is_told_what_to_do(
    pupil_page: Page, visit: OpenPage, server: RunningServer, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 409")
    stranger = visit(f"{server.url}learn/test?room={room.code}", viewport=PHONE)
    expect(stranger.get_by_text("Join the room first")).to_be_visible()
    expect(stranger.get_by_role("button", name="Start")).to_be_hidden()
    expect(stranger.locator(".quiz-about")).to_be_hidden()

    room.teacher.patch(f"{room.path}/test", json={"open": "before"}).raise_for_status()
    pupil_page.get_by_role("link", name="Go to the test").click()
    expect(pupil_page.locator(".quiz-about")).to_be_visible()
    pupil_page.get_by_role("button", name="Start").click()
    answer(pupil_page, range(5))
    room.teacher.patch(f"{room.path}/test", json={"open": None}).raise_for_status()
    finish = pupil_page.get_by_role("button", name="Finish")
    finish.click()
    expect(pupil_page.get_by_role("alert")).to_contain_text("not open now")
    # Nothing is lost: once it is open again, they are sent.
    room.teacher.patch(f"{room.path}/test", json={"open": "before"}).raise_for_status()
    finish.click()
    expect(pupil_page.get_by_text("Your answers are in. Thank you!")).to_be_visible()


@pytest.mark.slow
def test_the_projector_says_that_the_test_is_open_and_how_many_have_finished(projector: Page, room: Room) -> None:
    pupils = [room.join() for _ in range(3)]
    room.teacher.post(f"{room.path}/simulated", json={"count": 1}).raise_for_status()
    room.teacher.patch(f"{room.path}/test", json={"open": "before"}).raise_for_status()
    take(pupils[0], "before", 2)
    line = projector.locator("#test-open")
    expect(line).to_have_text("Test open: 1 of 3 finished.")
    expect(line).to_be_visible()
    assert (violations_in_both_themes(projector), width_over(projector)) == ([], 0)
    room.teacher.patch(f"{room.path}/test", json={"open": None}).raise_for_status()
    expect(line).to_be_hidden()


def test_the_bar_that_leads_to_the_test_is_one_line_and_lies_over_no_drawing_at_the_foot(
    pupil_page: Page, room: Room
) -> None:
    pupil_page.set_viewport_size({"width": 320, "height": 700})
    draw_with_mouse(pupil_page, SEVEN)
    pupil_page.get_by_role("button", name="Send").click()
    drawing = pupil_page.locator(".own-drawing-item")
    expect(drawing).to_be_visible()
    room.teacher.patch(f"{room.path}/test", json={"open": "before"}).raise_for_status()
    expect(pupil_page.get_by_role("link", name="Go to the test")).to_be_visible()
    pupil_page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    bar, tile = pupil_page.locator(".room-bar").bounding_box(), drawing.bounding_box()
    assert bar
    assert tile
    assert bar["height"] < 45
    assert tile["y"] + tile["height"] <= bar["y"]
