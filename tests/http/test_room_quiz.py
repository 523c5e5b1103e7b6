"""The test of the lessons in a room, over HTTP."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest

from app.lessons.quiz import FORMS, TOPICS
from app.rooms.quizzes import Round
from tests.support.api import assert_problem
from tests.support.rooms import Pupil, Room, open_room, watching
from tests.support.server import Server, wait_until


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    with open_room(server) as room:
        yield room


def open_test(room: Room, round_: Round | None) -> None:
    assert room.teacher.patch(f"{room.path}/test", json={"open": round_}).status_code == 204


def answers(pupil: Pupil, round_: Round, right: int) -> dict[str, object]:
    """The first `right` answers are right, and the others "I don't know"."""
    first = pupil.client.get(f"rooms/{pupil.code}/test", headers=pupil.headers).raise_for_status().json()["first"]
    form = first if round_ == "before" else "ba"["ab".index(first)]
    return {"round": round_, "answers": [q.right if i < right else None for i, q in enumerate(FORMS[form])]}


def take(pupil: Pupil, round_: Round, right: int) -> None:
    assert pupil.post("test", answers(pupil, round_, right)).status_code == 204


def test_a_class_takes_both_forms_and_the_teacher_sees_the_gain_and_nobody(server: Server, room: Room) -> None:
    pupils = [room.join() for _ in range(6)]
    with watching(server, f"rooms/{room.code}/events") as watcher:
        open_test(room, "before")
        for pupil in pupils:
            take(pupil, "before", 3)
        open_test(room, "after")
        for number, pupil in enumerate(pupils):
            take(pupil, "after", 4 + number)
        assert_problem(room.teacher.get(f"{room.path}/test"), 409, "Close it")
        open_test(room, None)
        counts = {"open": None, "before": 6, "after": 6, "both": 6}
        wait_until(lambda: watcher.parts.get("quiz") == counts, "the counts")
        assert all(set(news["quiz"]) == set(counts) for news in watcher.history if "quiz" in news), "only counts"

    result = room.teacher.get(f"{room.path}/test").raise_for_status().json()
    assert (result["pupils"], result["mean"], result["margin"], result["enough"]) == (6, None, None, 20)
    assert [question["topic"] for question in result["questions"]] == list(TOPICS)
    assert [question["before"] for question in result["questions"]] == [6] * 3 + [0] * 7
    assert [question["after"] for question in result["questions"]] == [6, 6, 6, 6, 5, 4, 3, 2, 1, 0]
    assert not any(pupil.name in json.dumps(result) for pupil in pupils)

    response = room.teacher.get(f"{room.path}/test.csv")
    assert response.headers["content-disposition"] == f'attachment; filename="room-{room.code}-test.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert rows[3] == {
        "question": "4", "topic": "One step", "before_right": "0", "after_right": "6", "pupils": "6"
    }  # fmt: skip
    assert len(rows) == 10


def test_from_twenty_pupils_on_the_gain_has_an_interval(room: Room) -> None:
    pupils = [room.join() for _ in range(20)]
    for round_, right in (("before", 3), ("after", 5)):
        open_test(room, "before" if round_ == "before" else "after")
        for number, pupil in enumerate(pupils):
            take(pupil, "before" if round_ == "before" else "after", right + number % 2)
    open_test(room, None)

    result = room.teacher.get(f"{room.path}/test").json()
    assert (result["pupils"], result["mean"], result["margin"]) == (20, 2, 0)


def test_the_forms_alternate_with_the_pupils(room: Room) -> None:
    pupils = [room.join() for _ in range(4)]
    open_test(room, "before")
    firsts = [pupil.client.get(f"rooms/{room.code}/test", headers=pupil.headers).json()["first"] for pupil in pupils]

    assert sorted(firsts) == ["a", "a", "b", "b"]
    assert firsts[0] != firsts[1]


def test_a_pupil_is_told_what_is_open_and_what_they_have_sent(room: Room) -> None:
    pupil = room.join()

    def own() -> tuple[str | None, list[str]]:
        found = pupil.client.get(f"rooms/{room.code}/test", headers=pupil.headers).raise_for_status().json()
        return found["round"], found["sent"]

    assert own() == (None, [])
    assert_problem(pupil.post("test", answers(pupil, "before", 5)), 409, "before the lessons is not open")
    open_test(room, "before")
    for right in (5, 7):
        take(pupil, "before", right)
    assert own() == ("before", ["before"])
    open_test(room, "after")
    assert own() == ("after", ["before"])
    assert_problem(pupil.post("test", answers(pupil, "before", 5)), 409, "not open now")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"round": "before", "answers": [0] * 9}, "10 items"),
        ({"round": "before", "answers": [0] * 11}, "10 items"),
        ({"round": "before", "answers": [*[0] * 9, 4]}, "Question 10 has 3 options, counted from 0."),
        ({"round": "before", "answers": [-1, *[0] * 9]}, "greater than or equal to 0"),
        ({"round": "before", "answers": ["0", *[0] * 9]}, "valid integer"),
        ({"round": "between", "answers": [0] * 10}, "'before' or 'after'"),
        ({"answers": [0] * 10}, "round"),
        ({"round": "before", "answers": [0] * 10, "name": "Ada"}, "name"),
    ],
)
def test_answers_that_are_none_are_refused_with_a_sentence(room: Room, sent: object, says: str) -> None:
    pupil = room.join()
    open_test(room, "before")

    assert_problem(pupil.post("test", sent), 422, says)


def test_the_teacher_opens_only_what_there_is_and_only_in_a_room(room: Room) -> None:
    for body in ({"open": "now"}, {}, {"open": "before", "for": 1}):
        assert_problem(room.teacher.patch(f"{room.path}/test", json=body), 422, "")
    assert_problem(room.teacher.get(f"{room.path}/test"), 409, "0 pupils have taken both")
    assert_problem(room.teacher.get(f"{room.path}/test.csv"), 409, "shown from 5 on")
    assert_problem(room.teacher.patch("admin/rooms/NOROOM/test", json={"open": None}), 404, "no room")


def test_who_was_removed_takes_no_test(room: Room) -> None:
    pupil = room.join()
    open_test(room, "before")
    room.teacher.patch(f"{room.path}/pupils/{pupil.id}", json={"removed": True}).raise_for_status()

    assert pupil.post("test", {"round": "before", "answers": [0] * 10}).status_code == 403
