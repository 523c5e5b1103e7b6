from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.rooms.room_log import RoomKey, RoomLog
from app.rooms.state import RoomState
from app.store.collection_records import Limits, NewDrawing, Store
from app.store.sqlite import SqliteRunStore

ROOM = "room-ABC234"
LIMITS = Limits(burst=200, seconds=10, of_author=200, in_all=200)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(SqliteRunStore(tmp_path / "descent.sqlite3")) as store:
        store.create_collection(ROOM, RoomState().model_dump())
        yield store


def _draw(store: Store) -> None:
    assert store.add_drawing(ROOM, NewDrawing(None, 1, 4, [[[0.1, 0.2]]], 4, 0.9, "shown"), LIMITS)


def test_what_many_ask_for_is_encoded_once_until_there_is_news(store: Store) -> None:
    encoded: list[dict[str, Any]] = []

    def encode(name: str, data: dict[str, Any], _: int | None) -> bytes:
        encoded.append(data)
        return name.encode()

    log = RoomLog(store, RoomKey(ROOM, "all"), encode)
    for drawings in (1, 2):
        _draw(store)
        for _ in range(3):
            log.add(log.read())
            assert log.after(log.start, 64)[0] == [b"changes"]
        assert len(encoded) == drawings


def test_who_comes_back_from_anywhere_misses_nothing_and_takes_little(store: Store) -> None:
    log = RoomLog(store, RoomKey(ROOM, "all"), lambda _name, data, _id: b"d" * len(data["drawings"]))
    for _ in range(100):
        _draw(store)
    log.add(log.read())

    for revision in range(1, 100):
        place, missed = log.find(revision), 0
        assert place
        while (answer := log.after(place, 64))[0]:
            (event,), place = answer
            missed += len(event)
        assert missed == 101 - revision
    assert len(log._answers) <= 32
