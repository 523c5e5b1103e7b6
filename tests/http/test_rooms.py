"""Rooms: who may join, draw and see what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from app.rooms.names import CLEAR
from tests.support.rooms import CROSS, SEVEN, Room, Watcher, open_room, watching
from tests.support.server import Server, wait_until


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


def test_a_room_has_a_code_of_six_clear_characters_and_its_address(server: Server, room: Room) -> None:
    opened = next(one for one in room.teacher.get("admin/rooms").json() if one["code"] == room.code)

    assert re.fullmatch(f"[{CLEAR}]{{6}}", room.code)
    assert opened["url"] == f"{server.url}rooms/{room.code}"
    assert opened["dataset"] == f"room-{room.code}"


def test_a_code_is_found_however_it_is_typed(room: Room) -> None:
    typed = f"{room.code[:3]}-{room.code[3:]}".lower()

    assert room.anyone.get(f"rooms/{typed}").json()["code"] == room.code


def test_pupils_join_with_names_and_keys_of_their_own_and_without_a_cookie(room: Room) -> None:
    one, other = room.join(), room.join()

    assert (one.id, other.id) == (1, 2)
    assert one.name != other.name
    assert one.headers != other.headers
    assert not room.anyone.cookies
    assert one.own().json()["name"] == one.name


def test_a_request_to_join_that_is_sent_again_joins_once(room: Room) -> None:
    first = room.join("a-token-of-one-phone")
    again = room.join("a-token-of-one-phone")

    assert (again.id, again.name) == (first.id, first.name)
    assert again.own().status_code == 200
    assert first.own().status_code == 401


def test_a_drawing_is_answered_and_added_once_however_often_it_is_sent(room: Room) -> None:
    pupil = room.join()
    first = pupil.draw(token="the-same-drawing")

    assert first.status_code == 201
    assert first.json()["digit"] == 7
    assert first.json()["confidence"] > 0.8
    assert pupil.draw(token="the-same-drawing").json() == first.json()
    assert [drawing["strokes"] for drawing in pupil.own().json()["drawings"]] == [SEVEN]


def test_nobody_draws_or_reads_without_the_right_key(room: Room) -> None:
    pupil = room.join()

    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}):
        assert room.anyone.get(f"rooms/{room.code}/pupils/me", headers=headers).status_code == 401
    with_token = room.teacher.get(f"rooms/{room.code}/pupils/me")
    assert with_token.status_code == 401
    assert pupil.own().status_code == 200


@pytest.mark.parametrize(
    ("strokes", "reason"),
    [
        ([], "at least 1"),
        ([[]], "at least 1"),
        ([[[0.5, 1.2]]], "less than or equal to 1"),
        ([[[0.5, -0.1]]], "greater than or equal to 0"),
        ([[[0.5]]], "Field required"),
        ([[["a", 0.5]]], "number"),
        ([[[0.5, 0.5]]] * 65, "at most 64"),
        ([[[0.5, 0.5]] * 4_001], "4,000 points"),
    ],
)
def test_what_is_no_drawing_is_refused_with_the_reason(room: Room, strokes: object, reason: str) -> None:
    refused = room.join().draw(strokes=strokes)

    assert refused.status_code == 422
    assert reason in refused.json()["detail"]


def test_a_flood_is_refused_with_the_time_to_wait_and_hinders_nobody_else(room: Room) -> None:
    pupil, other = room.join(), room.join()
    statuses = [pupil.draw().status_code for _ in range(21)]
    refused = pupil.draw()

    assert statuses == [201] * 20 + [429]
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert "20 drawings in 10 seconds" in refused.json()["detail"]
    assert other.draw().status_code == 201


def test_a_drawing_is_seen_by_all_once_it_is_revealed_and_until_it_is_hidden(server: Server, room: Room) -> None:
    pupil = room.join()
    drawing = pupil.draw().json()["id"]
    with watching(server, f"rooms/{room.code}/events") as watcher:
        wait_until(lambda: drawing in watcher.drawings, "the drawing")
        assert watcher.drawings[drawing] == {"id": drawing, "round": 1, "place": "down"}

        assert room.teacher.post(f"{room.path}/reveal").json() == {"count": 1}
        wait_until(lambda: watcher.drawings[drawing]["place"] == "up", "the drawing to be shown")
        shown = watcher.drawings[drawing]
        assert (shown["strokes"], shown["digit"], shown["label"], shown["pupil"]) == (SEVEN, 7, 7, pupil.id)

        room.set_status(drawing, "hidden")
        wait_until(lambda: watcher.drawings[drawing]["place"] == "away", "the drawing to go")

    with watching(server, f"rooms/{room.code}/events") as newcomer:
        wait_until(lambda: drawing in newcomer.drawings, "the drawing")
        assert "strokes" not in newcomer.text


def test_what_the_network_is_not_sure_of_waits_for_the_teachers_word(server: Server, room: Room) -> None:
    pupil = room.join()
    drawing = pupil.draw(None, CROSS).json()["id"]

    assert room.state()["waiting"] == 1
    with watching(server, f"rooms/{room.code}/events") as watcher:
        wait_until(lambda: drawing in watcher.drawings, "the drawing")
        assert watcher.drawings[drawing] == {"id": drawing, "round": 1, "place": "waits"}
    assert room.teacher.post(f"{room.path}/reveal").json() == {"count": 0}
    assert pupil.own().json()["drawings"][0]["status"] == "waiting"
    room.set_status(drawing, "ready")
    assert room.state()["waiting"] == 0
    assert room.teacher.post(f"{room.path}/reveal").json() == {"count": 1}


def test_a_drawing_that_is_sent_late_answers_the_question_that_it_was_drawn_for(room: Room) -> None:
    pupil = room.join()
    room.change(digit=4)
    body = {"label": 7, "strokes": SEVEN}
    for question in (1, 2, 9, None):
        pupil.post("drawings", {**body, "round": question}).raise_for_status()

    assert [drawing["round"] for drawing in pupil.own().json()["drawings"]] == [1, 2, 2, 2]


def test_a_cut_stream_goes_on_where_it_was(server: Server, room: Room) -> None:
    pupil = room.join()
    watcher = Watcher()
    for number in range(1, 6):
        pupil.draw()
        with watching(server, f"rooms/{room.code}/events", watcher):
            wait_until(lambda: number in watcher.drawings, "the drawing")  # noqa: B023 - it is asked at once

    ids = re.findall(r'"drawings": \[\{"id": (\d+)', watcher.text)
    assert ids == ["1", "2", "3", "4", "5"]


def test_the_qr_code_is_a_picture_from_our_own_origin(room: Room) -> None:
    answer = room.anyone.get(f"rooms/{room.code}/qr.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")


def test_a_page_of_another_site_can_not_join_or_draw(room: Room) -> None:
    pupil = room.join()
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}

    assert room.anyone.post(f"rooms/{room.code}/pupils", headers=foreign).status_code == 403
    body = {"label": 7, "strokes": SEVEN}
    headers = {**pupil.headers, **foreign}
    assert room.anyone.post(f"rooms/{room.code}/drawings", json=body, headers=headers).status_code == 403


def test_a_room_asks_for_no_run_of_another_one(server: Server, room: Room, trained: int) -> None:
    pupil = room.join()
    ask = {"params": {"run": trained}, "headers": pupil.headers}
    pupil.draw()

    assert room.anyone.get(f"rooms/{room.code}/pupils/me/answers", **ask).status_code == 404  # type: ignore[arg-type]
    room.change(activity="watch", runs=[trained])
    answer = httpx.get(f"{server.url}rooms/{room.code}/pupils/me/answers", **ask)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert answer.json()["labelled"] == 1


def test_who_watches_a_room_sees_its_run_too(server: Server, room: Room, trained: int) -> None:
    room.change(activity="watch", runs=[trained])

    with watching(server, f"rooms/{room.code}/events") as watcher:
        wait_until(lambda: watcher.runs and watcher.runs[-1]["event"] == "end", "the run's end")
    assert {run["run"] for run in watcher.runs} == {trained}
    assert watcher.runs[0]["event"] in ("cost", "checkpoint")
