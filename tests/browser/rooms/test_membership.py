"""Who is in a room: joining, coming back, being locked out, frozen, removed and forgotten."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility import violations_in_both_themes
from tests.browser.conftest import OpenPage
from tests.browser.rooms.conftest import PHONE
from tests.browser.rooms.phone import ANSWER, name_of, pupil_of, send
from tests.support.hand import SEVEN, THREE, draw_with_mouse, ink
from tests.support.rooms import Room
from tests.support.server import RunningServer


@pytest.mark.slow
def test_a_reload_comes_back_as_the_same_pupil_with_drawings_and_sheet(pupil_page: Page, room: Room) -> None:
    name = name_of(pupil_page)
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    draw_with_mouse(pupil_page, THREE)
    drawn = ink(pupil_page)
    pupil_page.reload()

    expect(pupil_page.locator("#pupil-name")).to_have_text(name)
    expect(pupil_page.locator(".own-drawing-item")).to_have_count(1)
    assert abs(ink(pupil_page) - drawn) < 30
    assert pupil_of(pupil_page, room) == 1


@pytest.mark.slow
def test_a_join_whose_answer_is_lost_makes_no_second_pupil(
    open_page: OpenPage, server: RunningServer, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("ERR_FAILED")
    page = open_page("about:blank", viewport=PHONE)
    asked: list[int] = []

    def lose_first(route: Route) -> None:
        asked.append(1)
        if len(asked) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route("**/pupils", lose_first)
    page.goto(f"{server.url}rooms/{room.code}")
    expect(page.locator("#pupil-name")).not_to_be_empty()
    assert len(asked) == 2
    assert pupil_of(page, room) == 1


@pytest.mark.slow
def test_without_storage_the_page_works_until_a_reload(open_page: OpenPage, server: RunningServer, room: Room) -> None:
    page = open_page("about:blank", viewport=PHONE)
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto(f"{server.url}rooms/{room.code}")
    expect(page.locator("#pupil-name")).not_to_be_empty()
    draw_with_mouse(page, SEVEN)
    send(page)
    expect(page.locator(ANSWER)).to_have_text("7")


@pytest.mark.slow
def test_a_frozen_phone_looks_up_and_keeps_the_drawing(pupil_page: Page, room: Room) -> None:
    draw_with_mouse(pupil_page, SEVEN)
    drawn = ink(pupil_page)
    room.change(frozen=True)
    dialog = pupil_page.get_by_role("dialog", name="Look up")
    expect(dialog).to_be_visible()
    assert dialog.bounding_box() == {"x": 0, "y": 0, **PHONE}
    for key in ("Escape", "Escape", "Tab", "Enter"):
        pupil_page.keyboard.press(key)
    expect(dialog).to_be_visible()
    assert pupil_page.evaluate(
        "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
    )
    draw_with_mouse(pupil_page, THREE)
    assert violations_in_both_themes(pupil_page) == []

    room.change(frozen=False)
    expect(dialog).to_be_hidden()
    assert ink(pupil_page) == drawn


@pytest.mark.slow
def test_a_removed_pupil_is_told_so_and_stays_out(pupil_page: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 403")
    path = f"{room.path}/pupils/{pupil_of(pupil_page, room)}"
    room.teacher.patch(path, json={"removed": True}).raise_for_status()
    words = pupil_page.get_by_role("heading", name="Your teacher has removed you from this room.")
    expect(words).to_be_visible()
    expect(pupil_page.locator("#pad")).to_be_hidden()
    assert violations_in_both_themes(pupil_page) == []
    pupil_page.reload()
    expect(words).to_be_visible()

    room.teacher.patch(path, json={"removed": False}).raise_for_status()
    expect(pupil_page.locator("#pad")).to_be_visible()


@pytest.mark.slow
def test_whose_place_another_device_took_may_join_anew_or_come_back(
    pupil_page: Page, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 401")
    draw_with_mouse(pupil_page, THREE)
    send(pupil_page)
    expect(pupil_page.locator(ANSWER)).to_have_text("3")
    path = f"{room.path}/pupils/{pupil_of(pupil_page, room)}/rejoin"
    code = room.teacher.post(path).json()["code"]
    room.anyone.post(f"rooms/{room.code}/pupils", json={"rejoin": code}).raise_for_status()
    first = name_of(pupil_page)
    draw_with_mouse(pupil_page, SEVEN)
    send(pupil_page)
    expect(pupil_page.get_by_role("heading", name="This device is no longer in the room")).to_be_visible()

    pupil_page.get_by_role("button", name="Join as somebody new").click()
    expect(pupil_page.locator(ANSWER)).to_have_text("7")
    assert name_of(pupil_page) != first
    expect(pupil_page.locator(".own-drawing-item")).to_have_count(1)

    pupil_page.get_by_text("I have a code to come back").click()
    field = pupil_page.get_by_label("Your teacher has the code")
    field.fill("WRONG1")
    field.press("Enter")
    expect(pupil_page.get_by_role("alert").filter(has_text="That code is wrong")).to_be_visible()
    field.fill(room.teacher.post(path).json()["code"].lower())
    field.press("Enter")
    expect(pupil_page.locator("#pupil-name")).to_have_text(first)
    expect(pupil_page.get_by_role("img", name="A drawing: read as a 3")).to_be_visible()
    expect(pupil_page.locator(".own-drawing-item")).to_have_count(1)


@pytest.mark.slow
def test_a_locked_room_says_so_and_lets_in_once_it_is_open(
    open_page: OpenPage, server: RunningServer, room: Room, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 409")
    room.change(locked=True)
    page = open_page(f"{server.url}rooms/{room.code}", viewport=PHONE)
    expect(page.get_by_role("heading", name="This room is locked")).to_be_visible()
    assert violations_in_both_themes(page) == []
    room.change(locked=False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#pad")).to_be_visible()


def test_a_forgotten_room_is_over(pupil_page: Page, room: Room, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 404")
    room.teacher.delete(room.path).raise_for_status()
    expect(pupil_page.get_by_role("heading", name="This room is over")).to_be_visible()
