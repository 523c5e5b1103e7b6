"""The page of rooms: a pupil joins by the code, a teacher opens a room."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations_in_both_themes, width_over
from tests.browser.conftest import OpenPage
from tests.browser.rooms.conftest import PHONE
from tests.support.rooms import Room
from tests.support.server import RunningServer


def test_a_pupil_joins_by_the_code_however_it_is_typed(visit: OpenPage, server: RunningServer, room: Room) -> None:
    page = visit(f"{server.url}rooms", viewport=PHONE)
    page.get_by_label("Code on the projector").fill(f" {room.code[:3]} {room.code[3:]}".lower())
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(f"{server.url}rooms/{room.code}")
    expect(page.locator("#pupil-name")).not_to_be_empty()


def test_a_wrong_code_is_told(visit: OpenPage, server: RunningServer, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 404")
    page = visit(f"{server.url}rooms", viewport=PHONE)
    page.get_by_label("Code on the projector").fill("NOROOM")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no room with this code")
    assert page.get_by_role("button", name="Open a room").count() == 0


def test_the_page_of_a_room_that_is_not_there_leads_to_where_the_code_is_typed(
    visit: OpenPage, server: RunningServer, allowed_errors: list[str]
) -> None:
    allowed_errors.append("status of 404")
    page = visit(f"{server.url}rooms/NRRM22")
    page.get_by_role("link", name="Type the room's code again").click()
    expect(page.get_by_label("Code on the projector")).to_be_visible()


@pytest.mark.slow
def test_the_lesson_plans_are_linked(visit: OpenPage, server: RunningServer) -> None:
    for url in (f"{server.url}rooms", server.login_url):
        page = visit(url)
        page.goto(f"{server.url}rooms")
        page.get_by_role("link", name="Lesson plans, and what to do before the lesson").click()
        expect(page).to_have_url(f"{server.url}teach")


def test_a_teacher_signs_in_opens_a_room_and_sees_which_there_are(
    visit: OpenPage, server: RunningServer, room: Room
) -> None:
    page = visit(f"{server.url}rooms")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Token").fill(server.token)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}rooms")
    path = f"rooms/{room.code}"
    expect(page.get_by_role("link", name=f"Control of {room.code}")).to_have_attribute("href", f"{path}/control")
    expect(page.get_by_role("link", name=f"Projector of {room.code}")).to_have_attribute("href", f"{path}/projector")
    page.get_by_role("button", name="Open a room").click()
    expect(page).to_have_url(re.compile(r"/rooms/[A-Z0-9]{6}/control$"))


def test_the_privacy_page_says_how_long_things_are_kept(visit: OpenPage, server: RunningServer) -> None:
    page = visit(f"{server.url}rooms/privacy")
    expect(page.get_by_role("main")).to_contain_text("for at most 7 days")


def test_the_privacy_page_says_that_all_see_whether_a_shown_drawing_is_read_right(
    visit: OpenPage, server: RunningServer
) -> None:
    page = visit(f"{server.url}rooms/privacy")
    expect(page.get_by_role("main")).to_contain_text("everybody sees what the network answered, and a ✓ or ✗")
    expect(page.get_by_role("main")).to_contain_text("The address of your device in the network")


@pytest.mark.slow
def test_the_teachers_half_is_accessible_and_fits_a_small_phone(
    visit: OpenPage,
    server: RunningServer,
    room: Room,  # noqa: ARG001 - it is listed
) -> None:
    page = visit(server.login_url, viewport={"width": 320, "height": 700})
    page.goto(f"{server.url}rooms")
    assert (violations_in_both_themes(page), width_over(page)) == ([], 0)
