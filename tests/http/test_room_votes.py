"""Votes in a room: what the class believes, before it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.rooms import Room, Watcher, open_room, watching
from tests.support.server import Server, wait_until

RATE = {"question": "Which rate is too large?", "options": ["0.01", "0.1", "10"]}


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


def _vote(watcher: Watcher) -> dict[str, Any]:
    vote: dict[str, Any] = watcher.parts.get("vote", {})
    return vote


def test_all_see_how_many_voted_and_for_what_once_it_is_closed(server: Server, room: Room) -> None:
    pupils = [room.join() for _ in range(3)]
    room.teacher.post(f"{room.path}/vote", json=RATE).raise_for_status()
    with watching(server, f"rooms/{room.code}/events") as watcher:
        for pupil, option in zip(pupils, (2, 0, 2), strict=True):
            assert pupil.post("vote", {"option": option}).status_code == 204
        assert pupils[1].post("vote", {"option": 1}).status_code == 204
        wait_until(lambda: _vote(watcher).get("voted") == 3, "the votes")
        assert _vote(watcher)["counts"] is None

        room.teacher.post(f"{room.path}/vote/close", json={"answer": 2}).raise_for_status()
        wait_until(lambda: not _vote(watcher)["is_open"], "the end of the vote")
        assert (_vote(watcher)["counts"], _vote(watcher)["answer"]) == ([0, 1, 2], 2)
        assert "votes" not in _vote(watcher)

        assert room.teacher.delete(f"{room.path}/vote").status_code == 204
        wait_until(lambda: _vote(watcher)["is_over"], "the vote to go")


def test_who_votes_too_late_or_for_nothing_is_told_why(room: Room) -> None:
    pupil = room.join()
    assert pupil.post("vote", {"option": 0}).json()["detail"] == "There is no vote now."

    room.teacher.post(f"{room.path}/vote", json=RATE).raise_for_status()
    assert "3 options" in pupil.post("vote", {"option": 3}).json()["detail"]
    room.teacher.post(f"{room.path}/vote/close", json={}).raise_for_status()
    assert pupil.post("vote", {"option": 0}).json()["detail"] == "The vote is closed."
    assert room.teacher.post(f"{room.path}/vote", json={"question": "?", "options": ["one"]}).status_code == 422
