"""Which lesson the phones of a room follow, and how all are told."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.support.rooms import Room, open_room, watching
from tests.support.server import Server, wait_until


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


def test_the_log_has_no_address_of_a_phone_that_follows_a_lesson_or_asks_from_a_rooms_page(
    server: Server, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "descent.access")
    lesson = f"learn/slope?at=1&room={room.code}"
    asked = {
        lesson: "",
        "lessons": lesson,
        "models": f"rooms/{room.code}",
        # Not these: of a reader, and of somebody who may try tokens.
        "datasets": "learn/slope?at=1&mushroom=1",
        "admin/rooms": lesson,
    }
    for path, page in asked.items():
        room.teacher.get(path, headers={"Referer": server.url + page})

    clients: dict[str, str | None] = {}

    def are_logged() -> bool:
        clients.update((line["path"], line["client"]) for line in map(vars, caplog.records) if "path" in line)
        return len(clients) == len(asked)

    wait_until(are_logged, "a line of the log for each")
    named = {path for path, client in clients.items() if client}
    assert named == {"/datasets", "/admin/rooms"}


@pytest.mark.parametrize("follow", ["learn/slope", "learn/slope?at=-1.5&hide=code,teachers", "learn/cost?drawing=_-9"])
def test_a_room_follows_a_lesson_until_it_is_told_to_stop(server: Server, room: Room, follow: str) -> None:
    with watching(server, f"rooms/{room.code}/events") as watcher:
        room.change(follow=follow)
        wait_until(lambda: watcher.room.get("follow") == follow, "all to be told the lesson")
        room.change(frozen=True)
        assert room.state()["follow"] == follow
        room.change(follow=None)
        wait_until(lambda: watcher.room["follow"] is None, "all to be told that it is over")
    assert room.state()["round"] == 1


@pytest.mark.parametrize(
    "follow",
    [
        *("", "learn", "learn/", "rooms/ABC", "/learn/slope", "https://elsewhere.example/learn/slope", "learn/../runs"),
        *("learn/slope#at", "learn/slope?a b", "learn/slope?at=é", "learn/slope?at=\n1", "learn/slope?" + "a" * 2000),
    ],
)
def test_a_room_follows_nothing_but_a_lesson(room: Room, follow: str) -> None:
    refused = room.teacher.patch(room.path, json={"follow": follow})

    assert refused.status_code == 422
    assert "follow" in refused.json()["detail"]
    assert room.state()["follow"] is None
    assert room.anyone.patch(room.path, json={"follow": "learn/slope"}).status_code == 401
