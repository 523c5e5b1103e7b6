"""What every store promises of the documents of collections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.collection_records import Changed, Store

ROOM = "room-ABC234"


@pytest.fixture
def room(store: Store) -> Store:
    assert store.create_collection(ROOM, {})
    return store


def test_a_document_is_added_and_changed_with_its_content(room: Store) -> None:
    assert room.document(ROOM, "vote") is None
    room.change_document(ROOM, "vote", lambda old: Changed({"votes": 0}, b"\x00") if old is None else None)
    room.change_document(ROOM, "vote", lambda old: Changed({"votes": 1}) if old and old.content == b"\x00" else None)

    found = room.document(ROOM, "vote")
    assert found
    assert (found.state, found.content) == ({"votes": 1}, b"\x00")
    assert room.change_document("room-OTHER2", "vote", lambda _: Changed({})) is None
    assert room.with_document("vote") == {ROOM: found.revision}


def test_a_document_is_among_the_changes_if_it_is_news(room: Store) -> None:
    room.change_document(ROOM, "vote", lambda _: Changed({"votes": 0}))
    before = room.changes(ROOM)
    assert before
    assert [(one.key, one.state) for one in before.documents] == [("vote", {"votes": 0})]

    room.change_document(ROOM, "vote", lambda _: Changed({"votes": 1}, is_news=False))
    after = room.changes(ROOM, before.drawing_set.revision)
    assert after
    assert (after.drawing_set.revision, after.documents) == (before.drawing_set.revision, [])


def test_changes_of_one_document_wait_for_each_other(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(3)]
    stores[0].create_collection(ROOM, {})
    stores[0].change_document(ROOM, "vote", lambda _: Changed({"votes": 0}))

    def vote(store: Store) -> None:
        for _ in range(10):
            store.change_document(
                ROOM, "vote", lambda old: Changed({"votes": old.state["votes"] + 1}, is_news=False) if old else None
            )

    with ThreadPoolExecutor() as pool:
        list(pool.map(vote, stores))
    found = stores[0].document(ROOM, "vote")
    assert found
    assert found.state == {"votes": 30}
