from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.rooms.room_log import RoomKey, RoomLog
from app.rooms.state import RoomState
from app.store.collection_records import Limits, NewDrawing, Store
from app.store.sqlite import SqliteRunStore

ROOM = "room-ABC234"
STROKES = [[[0.1, 0.2]]]
LIMITS = Limits(burst=200, seconds=10, of_author=200, in_all=200)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with contextlib.closing(SqliteRunStore(tmp_path / "descent.sqlite3")) as store:
        store.create_collection(ROOM, RoomState().model_dump())
        yield store


def _draw(store: Store) -> None:
    assert store.add_drawing(ROOM, NewDrawing(None, 1, 4, STROKES, 4, 0.9, "shown"), LIMITS)


def test_what_many_ask_for_is_encoded_once_until_there_is_news(store: Store) -> None:
    encoded: list[str] = []

    def encode(name: str, data: str, _: int | None) -> bytes:
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
    log = RoomLog(store, RoomKey(ROOM, "all"), lambda _name, data, _id: b"d" * len(json.loads(data)["drawings"]))
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


def test_the_event_loop_only_joins_what_the_reading_thread_encoded(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RoomLog(store, RoomKey(ROOM, "teacher"), lambda _name, data, _id: data.encode())
    for _ in range(2):
        _draw(store)
    fresh = log.read()
    monkeypatch.delattr(json, "dumps")
    log.add(fresh)

    (event,), _ = log.after(log.start, 64)
    changes = json.loads(event)
    assert [drawing["strokes"] for drawing in changes["drawings"]] == [STROKES] * 2
    assert changes["room"]["by_digit"][4] == 2
    assert changes["pupils"] == []
