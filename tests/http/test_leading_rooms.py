"""Rooms: what the teacher does in them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from tests.support.rooms import CROSS, SEVEN, Room, open_room, watching
from tests.support.server import Server, wait_until


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


def test_all_that_waits_is_accepted_at_once(room: Room) -> None:
    pupil = room.join()
    for _ in range(3):
        pupil.draw(4, CROSS)

    assert room.teacher.post(f"{room.path}/accept").json() == {"count": 3}
    assert room.state()["by_digit"][4] == 3


def test_the_teacher_sees_what_is_hidden_and_who_is_removed(server: Server, room: Room) -> None:
    pupil = room.join()
    drawing = pupil.draw().json()["id"]
    room.set_status(drawing, "hidden")
    with watching(server, f"{room.path}/events", admin=True) as watcher:
        wait_until(lambda: drawing in watcher.drawings, "the drawing")
        assert watcher.drawings[drawing]["strokes"] == SEVEN
        assert watcher.drawings[drawing]["status"] == "hidden"

        room.teacher.patch(f"{room.path}/pupils/{pupil.id}", json={"removed": True}).raise_for_status()
        wait_until(lambda: watcher.pupils[pupil.id]["gone"], "the pupil to go")
        assert watcher.pupils[pupil.id]["name"] == pupil.name


def test_a_removed_pupil_stays_out_and_the_drawings_go_too(room: Room) -> None:
    pupil = room.join()
    pupil.draw()
    room.teacher.patch(f"{room.path}/pupils/{pupil.id}", json={"removed": True}).raise_for_status()

    assert pupil.draw().status_code == 403
    assert pupil.own().status_code == 403
    assert room.state()["by_digit"][7] == 0


def test_a_renamed_pupil_has_the_new_name_and_no_name_twice(room: Room) -> None:
    one, other = room.join(), room.join()

    assert room.teacher.patch(f"{room.path}/pupils/{one.id}", json={"name": "Ada"}).status_code == 204
    assert one.own().json()["name"] == "Ada"
    assert room.teacher.patch(f"{room.path}/pupils/{other.id}", json={"name": "Ada"}).status_code == 404


def test_names_that_are_switched_off_are_in_no_answer(server: Server, room: Room) -> None:
    pupil = room.join()
    room.change(names=False)

    with watching(server, f"rooms/{room.code}/events") as watcher:
        wait_until(lambda: pupil.id in watcher.pupils, "the pupil")
        assert pupil.name not in watcher.text


def test_a_locked_room_takes_nobody_new_but_those_who_come_back(room: Room) -> None:
    pupil = room.join()
    room.change(locked=True)

    refused = room.anyone.post(f"rooms/{room.code}/pupils")
    assert refused.status_code == 409
    assert "locked" in refused.json()["detail"]
    assert pupil.draw().status_code == 201
    code = room.teacher.post(f"{room.path}/pupils/{pupil.id}/rejoin").json()["code"]
    back = room.anyone.post(f"rooms/{room.code}/pupils", json={"rejoin": code.lower()})
    assert (back.status_code, back.json()["pupil"]) == (201, pupil.id)
    assert pupil.own().status_code == 401
    assert room.anyone.post(f"rooms/{room.code}/pupils", json={"rejoin": code}).status_code == 401


def test_a_new_question_begins_a_new_round(room: Room) -> None:
    room.change(prompt="Everybody draw a 4.", digit=4)
    room.change(prompt="Everybody draw a 4.", digit=4)
    room.change(frozen=True)

    state = room.state()
    assert (state["round"], state["prompt"], state["digit"], state["frozen"]) == (2, "Everybody draw a 4.", 4, True)
    room.change(digit=None)
    assert room.state()["digit"] is None


@pytest.mark.parametrize(
    ("changes", "prompt"),
    [
        ({"digit": 3}, "Everybody draw a 3."),
        ({"digit": 8}, "Everybody draw an 8."),
        ({"digit": None}, "Draw any digit."),
        ({"activity": "collect"}, "Draw every digit, from 0 to 9."),
        ({"activity": "watch"}, "Watch it learn."),
        ({"digit": 3, "prompt": "A 3, please."}, "A 3, please."),
        ({"frozen": True}, "Draw a 4 with a flag."),
    ],
)
def test_a_question_without_a_prompt_has_its_usual_one(room: Room, changes: dict[str, object], prompt: str) -> None:
    room.change(digit=4, prompt="Draw a 4 with a flag.")
    room.change(**changes)

    assert room.state()["prompt"] == prompt


def test_simulated_pupils_draw_what_is_asked_for(room: Room) -> None:
    room.change(digit=4)
    room.teacher.post(f"{room.path}/simulated", json={"count": 2}).raise_for_status()
    assert room.state()["by_digit"][4] + room.state()["waiting"] == 2

    room.change(activity="collect", digit=None)
    state = room.state()
    assert sum(state["by_digit"]) + state["waiting"] == 2 + 2 * 20


def test_an_export_has_all_that_was_not_removed(room: Room) -> None:
    pupil = room.join()
    kept, waiting, removed = (pupil.draw(7, strokes).json()["id"] for strokes in (SEVEN, CROSS, SEVEN))
    room.set_status(removed, "removed")

    file = zipfile.ZipFile(io.BytesIO(room.teacher.get(f"{room.path}/export.zip").content))
    lines = [json.loads(line) for line in file.read("drawings.jsonl").splitlines()]
    assert [line["id"] for line in lines] == [kept, waiting]
    assert file.read("images-idx3-ubyte")[:16] == bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28])
    assert file.read("labels-idx1-ubyte") == bytes([0, 0, 8, 1, 0, 0, 0, 1, 7])


def test_a_forgotten_room_is_gone_and_those_who_watch_are_told(server: Server, room: Room) -> None:
    pupil = room.join()
    with watching(server, f"rooms/{room.code}/events") as watcher:
        assert room.teacher.delete(room.path).status_code == 204
        wait_until(lambda: watcher.has_ended, "the end")

    assert room.anyone.get(f"rooms/{room.code}").status_code == 404
    assert room.anyone.get(f"rooms/{room.code}/events").status_code == 404
    assert pupil.draw().status_code == 404
    assert room.teacher.delete(room.path).status_code == 404
