"""A room, and a pupil's phone in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.support.drawn_rooms import strokes_of
from tests.support.rooms import Pupil, Room, Watcher, open_room, watching
from tests.support.server import RunningServer

LABELS = (0, 1, 7)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def room(server: RunningServer) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


@pytest.fixture
def pupil_page(visit: OpenPage, server: RunningServer, room: Room) -> Page:
    """A phone that has joined the room."""
    page = visit(f"{server.url}rooms/{room.code}", viewport=PHONE)
    expect(page.locator("#pupil-name")).not_to_be_empty()
    return page


@pytest.fixture
def pupils(room: Room) -> list[Pupil]:
    """Eleven pupils, who can hold all 42 neurons, with a digit each on the wall."""
    pupils = [room.join() for _ in range(11)]
    for number, pupil in enumerate(pupils):
        label = LABELS[number % len(LABELS)]
        pupil.draw(label, strokes_of(label)[number]).raise_for_status()
    for path in ("accept", "reveal"):
        room.teacher.post(f"{room.path}/{path}").raise_for_status()
    return pupils


@pytest.fixture
def projector(visit: OpenPage, server: RunningServer, room: Room) -> Page:
    """The page as the teacher sees it."""
    page = visit(server.login_url)
    page.goto(f"{server.url}rooms/{room.code}/projector")
    return page


@pytest.fixture
def watcher(server: RunningServer, room: Room) -> Iterator[Watcher]:
    with watching(server, f"rooms/{room.code}/events") as watcher:
        yield watcher
