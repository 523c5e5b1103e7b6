"""Follow me: what the teacher does in a lesson is on every phone of the room, until its pupil explores alone."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.learn.slope_page import part, place, put_ball, settled
from tests.browser.rooms.conftest import PHONE
from tests.browser.rooms.phone import name_of
from tests.support.rooms import Room
from tests.support.server import RunningServer, wait_until

LEADS, EXPLORES = "Your teacher leads this page.", "You explore on your own."


class ClassRoom(NamedTuple):
    teacher: Page
    phones: list[Page]


@pytest.fixture
def led(visit: OpenPage, open_page: OpenPage, server: RunningServer, room: Room) -> ClassRoom:
    """A teacher who has opened the lesson on the slope for a room, and two phones, each a tab, in the room."""
    phones = [visit(f"{server.url}rooms/{room.code}", viewport=PHONE) for _ in range(2)]
    for phone in phones:
        expect(phone.locator("#pupil-name")).not_to_be_empty()
    teacher = open_page(server.login_url)
    teacher.goto(f"{server.url}rooms/{room.code}/projector")
    teacher.get_by_text("Show a lesson on all phones").click()
    teacher.get_by_role("link", name="One parameter, one slope").click()
    for page in (teacher, *phones):
        expect(page).to_have_url(re.compile(r"/learn/slope\?.*room="))
        settled(page)
    return ClassRoom(teacher, phones)


def see(page: Page, text: str) -> None:
    expect(page.locator("#room-bar [data-part=words]")).to_have_text(text)


def switch(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def is_at(page: Page, value: float) -> None:
    settled(page)
    wait_until(lambda: place(page) == value, f"the ball to be at {value}")
    settled(page)


def has_left(page: Page, room: Room) -> None:
    expect(page).to_have_url(re.compile(f"/rooms/{room.code}$"))
    expect(page.locator("#pupil-name")).not_to_be_empty()


@pytest.mark.slow
def test_what_the_teacher_moves_is_on_both_phones_without_a_reload(led: ClassRoom, room: Room) -> None:
    see(led.teacher, f"Room {room.code} follows this page.")
    for phone in led.phones:
        see(phone, LEADS)
        expect(phone.locator("#room-bar [role=status]")).to_have_text(LEADS)
        phone.evaluate("window.isSamePage = true")

    for value in (2.0, -1.5):
        put_ball(led.teacher, value)
        for phone in led.phones:
            is_at(phone, value)
    led.teacher.get_by_role("radio", name="A random direction").check()
    for phone in led.phones:
        expect(phone.get_by_role("radio", name="A random direction")).to_be_checked()
        assert phone.evaluate("window.isSamePage")


@pytest.mark.slow
def test_a_slider_that_is_dragged_sends_few_changes_and_the_last_one_always(led: ClassRoom) -> None:
    field = part(led.teacher, "field")
    for i in range(60):
        field.fill(str(i / 10))
        field.press("Enter")
    for phone in led.phones:
        is_at(phone, 5.9)
    sent: list[float] = led.teacher.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/admin/rooms/'))"
        ".map(({ startTime }) => startTime)"
    )
    # The address changes three times a second at most, however long a busy machine takes for the 60 changes.
    assert 2 <= len(sent) <= 3 + 3 * (sent[-1] - sent[0]) / 1000


@pytest.mark.slow
def test_who_explores_alone_stays_where_they_are_until_they_follow_again(led: ClassRoom) -> None:
    alone, other = led.phones
    switch(alone, "Explore on your own")
    see(alone, EXPLORES)
    expect(alone.get_by_role("button", name="Follow again")).to_be_focused()
    put_ball(led.teacher, 2.5)
    is_at(other, 2.5)
    assert place(alone) != 2.5

    put_ball(alone, 1.25)
    alone.reload()
    settled(alone)
    see(alone, EXPLORES)
    assert place(alone) == 1.25
    switch(alone, "Follow again")
    is_at(alone, 2.5)
    see(alone, LEADS)


@pytest.mark.slow
def test_each_pupil_predicts_for_themselves(led: ClassRoom) -> None:
    pupil, other = led.phones
    pupil.get_by_role("button", name="Left", exact=True).click()
    expect(pupil.locator(".predictions-result")).to_contain_text("No. ")
    led.teacher.get_by_role("button", name="Skip").click()
    expect(led.teacher).to_have_url(re.compile("predicted=step.skip"))

    put_ball(led.teacher, 2.5)
    for phone in led.phones:
        is_at(phone, 2.5)
    expect(pupil.locator(".predictions-result")).to_contain_text("No. ")
    expect(pupil).to_have_url(re.compile("predicted=step.left.right"))
    expect(other.locator(".prediction:visible")).to_contain_text("Where will the ball be")
    expect(other).not_to_have_url(re.compile("predicted"))


@pytest.mark.slow
def test_another_lesson_is_another_lesson_on_the_phones(led: ClassRoom, room: Room) -> None:
    led.teacher.get_by_role("link", name=re.compile("All of them: the gradient")).click()
    see(led.teacher, f"Room {room.code} follows this page.")
    for phone in led.phones:
        expect(phone).to_have_url(re.compile(f"/learn/gradient\\?room={room.code}$"))
        see(phone, LEADS)


@pytest.mark.slow
def test_stop_brings_the_phones_back_as_the_same_pupils(led: ClassRoom, room: Room) -> None:
    switch(led.teacher, "Stop")
    see(led.teacher, f"Room {room.code} does not follow this page.")
    for phone in led.phones:
        has_left(phone, room)
    assert len({name_of(phone) for phone in led.phones}) == 2
    assert room.join().id == 3

    switch(led.teacher, "Lead again")
    for phone in led.phones:
        see(phone, LEADS)
    led.teacher.get_by_role("link", name="Back to the room").click()
    expect(led.teacher).to_have_url(re.compile(f"/rooms/{room.code}/projector$"))
    for phone in led.phones:
        has_left(phone, room)


@pytest.mark.slow
def test_leaving_the_page_stops_and_the_projector_page_can_stop_too(
    led: ClassRoom, server: RunningServer, room: Room
) -> None:
    led.teacher.goto(f"{server.url}learn")
    wait_until(lambda: room.state()["follow"] is None, "the room to follow no more")

    room.change(follow="learn/cost")
    led.teacher.goto(f"{server.url}rooms/{room.code}/projector")
    led.teacher.get_by_text("The phones follow a lesson.").get_by_role("button", name="Stop").click()
    expect(led.teacher.get_by_text("The phones follow a lesson.")).to_be_hidden()
    assert room.state()["follow"] is None


@pytest.mark.slow
def test_who_goes_back_to_the_room_stays_there_and_may_follow_again(led: ClassRoom, room: Room) -> None:
    phone = led.phones[0]
    phone.get_by_role("link", name="Back to the room").click()
    has_left(phone, room)
    put_ball(led.teacher, 3.0)
    is_at(led.phones[1], 3.0)
    has_left(phone, room)

    phone.get_by_role("link", name="Go to the lesson").click()
    see(phone, LEADS)
    is_at(phone, 3.0)


@pytest.mark.slow
def test_look_up_covers_the_lesson_and_the_room_may_end(led: ClassRoom, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 404")
    phone = led.phones[0]
    room.change(frozen=True)
    expect(phone.get_by_role("dialog", name="Look up")).to_be_visible()
    room.change(frozen=False)
    expect(phone.get_by_role("dialog", name="Look up")).to_be_hidden()

    room.teacher.delete(room.path).raise_for_status()
    see(phone, "This room is over.")
    put_ball(led.teacher, 1.0)
    expect(led.teacher.locator("#room-bar")).to_contain_text("It may have been forgotten.")


@pytest.mark.slow
def test_the_bars_are_accessible_and_stay_where_they_are(led: ClassRoom) -> None:
    for page in (led.phones[0], led.teacher):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert violations_in_both_themes(page) == []
            assert width_over(page) == 0
            bar = page.locator("#room-bar")
            before = bar.bounding_box()
            assert before is not None
            assert before["y"] + before["height"] <= 844
            bar.get_by_role("button").click()
            assert bar.bounding_box() == before


@pytest.mark.slow
def test_a_lesson_without_a_room_or_with_a_forgotten_one_has_no_bar(visit: OpenPage, server: RunningServer) -> None:
    for query in ("?room=", "?room=NOROOM"):
        page = visit(f"{server.url}learn/slope{query}")
        settled(page)
        expect(page.locator("#room-bar")).to_have_count(0)


@pytest.mark.slow
def test_the_link_to_a_lesson_in_a_room_is_a_link_to_the_lesson(led: ClassRoom, server: RunningServer) -> None:
    put_ball(led.teacher, 2.0)
    led.teacher.get_by_role("button", name="Link to this state").click()
    expect(led.teacher.locator(".lesson-share [role=status]")).to_contain_text("Copied")
    assert led.teacher.evaluate("navigator.clipboard.readText()") == f"{server.url}learn/slope?at=2"
