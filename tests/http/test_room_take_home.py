"""What a class takes home."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from app.network import Network
from tests.support.api import assert_problem
from tests.support.rooms import Room, open_room
from tests.support.server import Server
from tests.support.trained import add_run


@pytest.fixture
def room(own_server: Server) -> Iterator[Room]:
    with open_room(own_server) as room:
        yield room


def _run(server: Server, *hidden: int) -> int:
    return add_run(server.state_dir, Network.random(np.random.default_rng(0), (784, *hidden, 10)))


def _held(room: Room) -> str:
    """What the file says that it holds."""
    response = room.anyone.get(f"rooms/{room.code}/take-home.html").raise_for_status()
    assert response.headers["content-disposition"].startswith("attachment; ")
    (held,) = re.findall(r"It holds the (.*), version", response.text)
    return str(held)


def test_it_is_the_last_run_that_is_small_enough_else_the_network_that_answers(own_server: Server, room: Room) -> None:
    small, large = _run(own_server, 16), _run(own_server, 30)

    assert _held(room) == "network “classic”"
    room.change(runs=[large])
    assert _held(room) == "network “classic”"
    room.change(runs=[small, large])
    assert _held(room) == f"network of run {small}"
    later = _run(own_server, 12)
    room.change(runs=[small, later])
    assert _held(room) == f"network of run {later}"


def test_a_class_that_plays_the_network_takes_that(own_server: Server, room: Room) -> None:
    room.change(runs=[_run(own_server, 16)])
    room.join().draw().raise_for_status()
    room.teacher.post(f"{room.path}/reveal").raise_for_status()
    room.teacher.post(f"{room.path}/game", json={}).raise_for_status()

    assert _held(room) == "network that a class played"
    room.teacher.delete(f"{room.path}/game").raise_for_status()
    assert _held(room).startswith("network of run")


def test_a_network_that_is_too_large_is_refused_and_no_room_has_none(room: Room) -> None:
    room.change(model="wide")

    assert_problem(room.anyone.get(f"rooms/{room.code}/take-home.html"), 422, "“wide”", "20,000")
    assert_problem(room.anyone.get("rooms/AAAAAA/take-home.html"), 404, "AAAAAA")


def test_pupils_and_the_teacher_have_a_link_to_it(own_server: Server, room: Room) -> None:
    room.teacher.get(own_server.login_url)
    html = {"Accept": "text/html"}

    for page in ("", "/projector", "/control"):
        content = room.teacher.get(f"rooms/{room.code}{page}", headers=html).text
        assert f'href="rooms/{room.code}/take-home.html"' in content
