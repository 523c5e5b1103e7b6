"""The test in a room: one form before and the other after, and a gain that is honest about few pupils."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.rooms.quizzes import KEY, MIN_SHOWN, NoQuizError, Quizzes, form_of, gain_of
from app.store.sqlite import SqliteRunStore
from tests.support.drawn_rooms import ROOM, add_pupil

CODE = ROOM.removeprefix("room-")
WRONG, RIGHT = [False] * 10, [True] * 10


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteRunStore]:
    with contextlib.closing(SqliteRunStore(tmp_path / "descent.sqlite3")) as store:
        store.create_collection(ROOM, {})
        yield store


def take(quizzes: Quizzes, before: dict[int, list[bool]], after: dict[int, list[bool]]) -> None:
    quizzes.open(CODE, "before")
    for pupil, right in before.items():
        quizzes.take(CODE, pupil, "before", right)
    quizzes.open(CODE, "after")
    for pupil, right in after.items():
        quizzes.take(CODE, pupil, "after", right)
    quizzes.open(CODE, None)


def test_half_of_a_class_takes_each_form_first_and_all_take_both() -> None:
    assert [form_of(pupil, "before") for pupil in (1, 2, 3, 4)] == ["b", "a", "b", "a"]
    assert [form_of(pupil, "after") for pupil in (1, 2, 3, 4)] == ["a", "b", "a", "b"]


def test_the_gain_is_of_those_who_took_both_and_are_in_the_room(store: SqliteRunStore) -> None:
    quizzes, pupils = Quizzes(store), [add_pupil(store) for _ in range(8)]
    only_before, removed, *both = pupils
    take(quizzes, dict.fromkeys(pupils, WRONG), dict.fromkeys([removed, *both], RIGHT))
    store.change_author(ROOM, removed, removed=True)

    gain = quizzes.gain(CODE)
    assert (gain.pupils, gain.before, gain.after, gain.mean) == (6, [0] * 10, [6] * 10, 10)
    assert only_before not in quizzes.quiz(CODE).after


def test_the_result_of_few_pupils_is_not_shown(store: SqliteRunStore) -> None:
    quizzes, pupils = Quizzes(store), [add_pupil(store) for _ in range(MIN_SHOWN)]
    take(quizzes, dict.fromkeys(pupils, WRONG), dict.fromkeys(pupils[1:], RIGHT))

    with pytest.raises(NoQuizError, match="4 pupils have taken both"):
        quizzes.gain(CODE)
    take(quizzes, {}, {pupils[0]: RIGHT})
    assert quizzes.gain(CODE).pupils == MIN_SHOWN


def test_while_the_test_is_open_the_result_is_not_shown(store: SqliteRunStore) -> None:
    quizzes, pupils = Quizzes(store), [add_pupil(store) for _ in range(MIN_SHOWN)]
    take(quizzes, dict.fromkeys(pupils, WRONG), dict.fromkeys(pupils, RIGHT))
    quizzes.open(CODE, "after")

    with pytest.raises(NoQuizError, match="Close it"):
        quizzes.gain(CODE)


def test_a_repeated_send_replaces_the_first_and_one_for_a_closed_test_is_refused(store: SqliteRunStore) -> None:
    quizzes, pupil = Quizzes(store), add_pupil(store)
    quizzes.open(CODE, "before")
    for right in (WRONG, RIGHT):
        quizzes.take(CODE, pupil, "before", right)
    assert quizzes.quiz(CODE).before == {pupil: RIGHT}

    with pytest.raises(NoQuizError, match="after the lessons is not open"):
        quizzes.take(CODE, pupil, "after", RIGHT)
    quizzes.open(CODE, None)
    with pytest.raises(NoQuizError):
        quizzes.take(CODE, pupil, "before", WRONG)


def test_nothing_but_which_answers_were_right_is_kept(store: SqliteRunStore) -> None:
    quizzes, pupil = Quizzes(store), add_pupil(store)
    take(quizzes, {pupil: RIGHT}, {})
    document = store.document(ROOM, KEY)

    assert document
    assert document.state == {"open": None, "before": {str(pupil): RIGHT}, "after": {}}
    store.delete_collection(ROOM)
    assert store.document(ROOM, KEY) is None


def test_the_interval_is_that_of_student_for_paired_differences() -> None:
    # Worked by hand: 21 pupils whose differences are 0, 1 and 2, seven times each. s = sqrt(14 / 20), and the table of
    # Student's distribution has 2.086 for 20 degrees of freedom.
    after = np.zeros((21, 10), bool)
    after[7:14, 0] = after[14:, :2] = True
    gain = gain_of(np.zeros((21, 10), bool), after)

    assert (gain.pupils, gain.mean, gain.after[:3]) == (21, 1, [14, 7, 0])
    assert gain.margin == pytest.approx(2.086 * np.sqrt(14 / 20) / np.sqrt(21), abs=1e-4)


def test_the_interval_has_the_true_gain_in_19_of_20_classes() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(1000):
        gain = gain_of(rng.random((20, 10)) < 0.4, rng.random((20, 10)) < 0.6)
        hits += abs(gain.mean - 2) <= gain.margin

    assert 930 <= hits <= 970
