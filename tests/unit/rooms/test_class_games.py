from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from app.rooms.class_game import LATE_SECONDS, TOLD_AFTER_SECONDS
from app.rooms.class_games import KEY, ClassGames
from app.rooms.class_network import PHASES, Passed
from app.store.collection_records import Document, Store
from app.store.records import StoreBusyError
from app.store.sqlite import SqliteRunStore
from tests.support.drawn_rooms import ROOM, add_room

CODE = "ABC234"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Played:
    """A game of three pupils, its clock, and how often those who watch were woken."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.woken = store, Clock(), 0
        self.games = ClassGames(store, self._wake, self.clock)

    @property
    def state(self) -> dict[str, Any]:
        document = self.store.document(ROOM, KEY)
        assert document
        return document.state

    def pass_on(self, pupil: int, *neurons: str, phase: str | None = None) -> dict[str, Any]:
        """Passes on wrong numbers."""
        sent = dict.fromkeys(neurons, Passed(np.zeros(1)))
        return dict(self.games.take(CODE, pupil, self.state["step"], phase or self.state["phase"], sent))

    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        self.games.tick()

    def _wake(self, _: str) -> None:
        self.woken += 1


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    with contextlib.closing(SqliteRunStore(tmp_path / "descent.sqlite3")) as store:
        add_room(store, pupils=3)
        store.set_status(ROOM, "shown")
        played = Played(store)
        played.games.start(CODE, 0.1, 1, "walk")
        yield played


def _held(played: Played, pupil: int, layer: str) -> list[str]:
    return [name for name, who in played.state["held"].items() if pupil in who and name[0] == layer]


def test_a_step_that_runs_from_its_middle_tells_the_labels_and_gives_its_time(played: Played) -> None:
    played.games.go_on(CODE)
    assert played.state["is_revealed"] is False
    played.clock.now += 60
    played.games.change(CODE, {"pace": "run"})

    assert played.state["is_revealed"] is True
    phase = played.state["phase"]
    played.wait(LATE_SECONDS / 2)
    assert played.state["phase"] == phase


def test_a_phone_whose_numbers_always_come_too_late_falls_asleep(played: Played) -> None:
    played.games.change(CODE, {"pace": "run"})
    played.wait(1)
    late: list[int] = []
    for _ in range(4):
        phase = played.state["phase"]
        played.wait(LATE_SECONDS + 0.1)
        if not played.state["late"].get("1", 0) >= 2:
            played.pass_on(1, "1-0", phase=phase)
        late.append(played.state["late"].get("1", 0))
    assert max(late) >= 2


def test_who_sends_other_neurons_numbers_alone_falls_asleep(played: Played) -> None:
    played.games.change(CODE, {"pace": "run"})
    played.wait(1)
    others = _held(played, 2, "1")[0]
    played.wait(LATE_SECONDS + 0.1)
    before = played.state["late"]["1"]
    assert played.pass_on(1, others) in ({others: "not yours"}, {others: "over"})
    assert played.state["late"]["1"] == before


def test_digits_of_this_step_are_given_out_when_they_have_left_the_wall(played: Played) -> None:
    played.games.go_on(CODE)
    digit = played.state["digits"][0]
    played.store.set_status(ROOM, "waiting", drawing=digit)
    played.games.deal_again(CODE)

    assert digit not in [number for number, _ in played.state["pool"]]
    another_server = ClassGames(played.store, lambda _: None, played.clock)
    assert list(another_server.digits(CODE, [digit])) == [digit]


def test_digits_that_only_measure_are_not_given_out(played: Played) -> None:
    pool = {number for number, _ in played.state["pool"]}
    measuring = [one.id for one in played.store.drawings(ROOM) if one.id not in pool]

    assert measuring
    assert played.games.digits(CODE, measuring) == {}


def test_who_watches_is_not_woken_by_each_number_at_a_run(played: Played) -> None:
    played.games.change(CODE, {"pace": "run"})
    played.wait(1)
    woken = played.woken
    played.pass_on(1, _held(played, 1, "1")[0])

    assert played.woken == woken


def test_a_game_is_read_only_when_it_has_changed_or_goes_on_by_itself(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    document = played.store.document

    def noted(name: str, key: str) -> Document | None:
        read.append(name)
        return document(name, key)

    def reads(seconds: float) -> int:
        read.clear()
        played.wait(seconds)
        return len(read)

    monkeypatch.setattr(played.store, "document", noted)
    assert [reads(0.2) for _ in range(3)] == [1, 0, 0]
    played.games.go_on(CODE)
    assert [reads(0.2) for _ in range(3)] == [1, 0, 0]
    # Then all are told whom they wait for.
    assert [reads(TOLD_AFTER_SECONDS) for _ in range(3)] == [1, 1, 0]
    assert played.state["waiting"]
    another_server = ClassGames(played.store, lambda _: None, played.clock)
    another_server.change(CODE, {"pace": "run"})
    assert [reads(LATE_SECONDS / 3), reads(LATE_SECONDS / 3)] == [1, 0]
    another_server.stop(CODE)
    assert [reads(10), reads(10)] == [1, 0]


def test_a_game_that_could_not_be_read_is_read_again(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    played.games.change(CODE, {"pace": "run"})
    with monkeypatch.context() as broken:
        broken.setattr(played.store, "document", Mock(side_effect=StoreBusyError))
        with pytest.raises(StoreBusyError):
            played.wait(1)

    played.wait(0.1)
    assert played.state["phase"] == PHASES[0]
