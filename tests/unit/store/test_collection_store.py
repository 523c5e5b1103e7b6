"""What every store promises of collections of drawings."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.collection_records import DrawingStatus, LimitError, Limits, NewDrawing, Store

ROOM = "room-ABC234"
STROKES = [[[0.25, 0.5], [0.75, 0.5]]]
LIMITS = Limits(burst=20, seconds=10, of_author=200, in_all=60_000)


@pytest.fixture
def room(store: Store) -> Store:
    assert store.create_collection(ROOM, {"locked": False})
    return store


def _drawing(author: int | None = 1, token: str | None = None) -> NewDrawing:
    return NewDrawing(author, 1, 4, STROKES, 9, 0.75, "ready", token)


def _join(store: Store, names: tuple[str, ...] = ("Blue Heron",), key: str = "hash", token: str | None = None) -> int:
    author = store.add_author(ROOM, names, key, token, most=300)
    assert author
    return author.id


def test_a_collection_is_created_once(store: Store) -> None:
    made = store.create_collection(ROOM, {"locked": False})

    assert made
    assert (made.name, made.revision, made.state) == (ROOM, 1, {"locked": False})
    assert store.create_collection(ROOM, {}) is None
    assert store.collection(ROOM) == made
    assert store.collection("room-OTHER2") is None


def test_collections_are_found_by_the_beginning_of_their_names(store: Store) -> None:
    for name in ("room-B", "room-A", "corrections"):
        store.create_collection(name, {})

    assert {found.name for found in store.collections("room-")} == {"room-A", "room-B"}
    assert len(store.collections()) == 3


def test_a_changed_state_gets_the_next_revision(room: Store) -> None:
    changed = room.change_state(ROOM, lambda state: {**state, "locked": True})

    assert changed
    assert (changed.revision, changed.state) == (2, {"locked": True})
    assert room.change_state("room-OTHER2", lambda state: state) is None


def test_an_author_gets_the_first_name_that_is_free(room: Store) -> None:
    names = ("Blue Heron", "Red Fox")
    for key in "abc":
        room.add_author(ROOM, names, key, None, most=300)

    found = [room.author(ROOM, key) for key in "abc"]
    assert [(author.id, author.name) for author in found if author] == [
        (1, "Blue Heron"),
        (2, "Red Fox"),
        (3, "Pupil 3"),
    ]
    assert room.author(ROOM, "d") is None


def test_an_author_who_joins_again_with_the_same_token_stays_the_same_with_a_new_key(room: Store) -> None:
    first = _join(room, key="old", token="t")

    assert _join(room, key="new", token="t") == first
    assert room.author(ROOM, "old") is None
    assert room.author(ROOM, "new")


def test_a_full_collection_takes_no_author_until_one_is_removed(room: Store) -> None:
    room.add_author(ROOM, ["A"], "a", None, most=1)
    with pytest.raises(LimitError, match="full"):
        room.add_author(ROOM, ["B"], "b", None, most=1)
    room.change_author(ROOM, 1, removed=True)

    assert room.add_author(ROOM, ["B"], "b", None, most=1)


def test_an_author_is_renamed_but_not_to_the_name_of_another(room: Store) -> None:
    _join(room, ("A",), "a")
    _join(room, ("B",), "b")

    assert room.change_author(ROOM, 1, new_name="B") is None
    renamed = room.change_author(ROOM, 1, new_name="C")
    assert renamed
    assert (renamed.name, renamed.removed) == ("C", False)
    assert room.change_author(ROOM, 3, new_name="D") is None


def test_an_author_comes_back_on_another_device_once_with_a_code_in_time(room: Store) -> None:
    first = _join(room, key="old")
    room.allow_rejoin(ROOM, first, "K7Q2RM", "2026-01-01T10:10")

    assert room.rejoin(ROOM, "K7Q2RM", "late", "2026-01-01T10:11") is None
    assert room.rejoin(ROOM, "WRONG2", "wrong", "2026-01-01T10:00") is None
    back = room.rejoin(ROOM, "K7Q2RM", "new", "2026-01-01T10:00")
    assert back
    assert back.id == first
    assert room.author(ROOM, "old") is None
    assert room.rejoin(ROOM, "K7Q2RM", "again", "2026-01-01T10:00") is None


def test_drawings_are_numbered_and_kept_as_they_were_drawn(room: Store) -> None:
    author = _join(room)
    added = [room.add_drawing(ROOM, _drawing(author), LIMITS) for _ in range(2)]

    assert room.drawings(ROOM) == added
    first = added[0]
    assert first
    assert (first.id, first.author, first.label, first.digit, first.confidence) == (1, author, 4, 9, 0.75)
    assert (first.strokes, first.status) == (STROKES, "ready")
    assert room.drawings(ROOM, author=author + 1) == []
    assert room.add_drawing("room-OTHER2", _drawing(), LIMITS) is None


def test_a_drawing_that_is_sent_again_is_not_doubled(room: Store) -> None:
    first = room.add_drawing(ROOM, _drawing(token="t"), LIMITS)

    assert room.add_drawing(ROOM, _drawing(token="t"), LIMITS) == first
    other = room.add_drawing(ROOM, _drawing(author=2, token="t"), LIMITS)
    assert other
    assert [drawing.id for drawing in room.drawings(ROOM)] == [1, 2]


def test_the_newest_drawings_come_page_by_page(room: Store) -> None:
    for _ in range(5):
        room.add_drawing(ROOM, _drawing(), LIMITS)

    assert [drawing.id for drawing in room.newest_drawings(ROOM, 2)] == [5, 4]
    assert [drawing.id for drawing in room.newest_drawings(ROOM, 2, before=4)] == [3, 2]
    assert [drawing.id for drawing in room.newest_drawings(ROOM, 9, before=3)] == [2, 1]
    assert room.newest_drawings(ROOM, 2, before=1) == []
    assert room.newest_drawings("room-OTHER2", 2) == []


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(2, 10, 200, 60_000), "in 10 seconds"),
        (Limits(20, 10, 2, 60_000), "You have sent 2"),
        (Limits(20, 10, 200, 2), "There are 2"),
    ],
)
def test_one_drawing_too_many_is_refused_with_the_time_to_wait(room: Store, limits: Limits, reason: str) -> None:
    for _ in range(2):
        room.add_drawing(ROOM, _drawing(), limits)

    with pytest.raises(LimitError, match=reason) as refused:
        room.add_drawing(ROOM, _drawing(), limits)
    assert 0 < refused.value.seconds <= 600
    assert len(room.drawings(ROOM)) == 2


def test_each_author_has_a_limit_of_their_own(room: Store) -> None:
    limits = Limits(1, 10, 200, 60_000)
    for author in (1, 2, None):
        assert room.add_drawing(ROOM, _drawing(author), limits)


def test_a_removed_author_adds_nothing_until_restored(room: Store) -> None:
    author = _join(room)
    room.change_author(ROOM, author, removed=True)

    assert room.add_drawing(ROOM, _drawing(author), LIMITS) is None
    assert room.drawings(ROOM) == []
    room.change_author(ROOM, author, removed=False)
    assert room.add_drawing(ROOM, _drawing(author), LIMITS)


def test_drawings_are_counted_by_label_and_status(room: Store) -> None:
    for label in (4, 4, 5, None):
        room.add_drawing(ROOM, _drawing()._replace(label=label), LIMITS)
    room.set_status(ROOM, "hidden", drawing=2)

    assert room.counts(ROOM) == {(4, "ready"): 1, (4, "hidden"): 1, (5, "ready"): 1, (None, "ready"): 1}
    assert room.counts("room-OTHER2") == {}


def test_changes_are_those_after_a_revision(room: Store) -> None:
    author = _join(room)
    room.add_drawing(ROOM, _drawing(author), LIMITS)
    room.add_drawing(ROOM, _drawing(author), LIMITS)
    everything = room.changes(ROOM)
    assert everything
    revision = everything.drawing_set.revision
    assert (len(everything.authors), len(everything.drawings)) == (1, 2)

    assert room.set_status(ROOM, "shown", drawing=2) == 1
    fresh = room.changes(ROOM, revision)
    assert fresh
    assert fresh.drawing_set.revision == revision + 1
    assert fresh.authors == []
    assert [(drawing.id, drawing.status) for drawing in fresh.drawings] == [(2, "shown")]
    assert room.changes("room-OTHER2") is None


def test_all_drawings_of_a_status_get_another_at_once(room: Store) -> None:
    statuses: tuple[DrawingStatus, ...] = ("waiting", "ready", "ready", "hidden")
    for status in statuses:
        room.add_drawing(ROOM, _drawing()._replace(status=status), LIMITS)

    assert room.set_status(ROOM, "shown", among=("ready",)) == 2
    assert [drawing.status for drawing in room.drawings(ROOM)] == ["waiting", "shown", "shown", "hidden"]


def test_a_changed_state_can_count_as_a_change_of_all_authors(room: Store) -> None:
    _join(room)
    changed = room.change_state(ROOM, lambda _: {"names": False}, authors=True)

    assert changed
    fresh = room.changes(ROOM, changed.revision - 1)
    assert fresh
    assert len(fresh.authors) == 1


def test_a_snapshot_is_kept_until_its_collection_is_deleted(room: Store) -> None:
    assert room.keep_snapshot(ROOM, "abc", b"\x00\xff")
    assert room.keep_snapshot(ROOM, "abc", b"\x00\xff")
    assert not room.keep_snapshot("room-OTHER2", "abc", b"")

    assert room.snapshot(ROOM, "abc") == b"\x00\xff"
    assert room.delete_collection(ROOM)
    assert room.snapshot(ROOM, "abc") is None


def test_a_deleted_collection_leaves_nothing(room: Store) -> None:
    author = _join(room)
    room.add_drawing(ROOM, _drawing(author), LIMITS)

    assert room.delete_collection(ROOM)
    assert not room.delete_collection(ROOM)
    assert room.create_collection(ROOM, {})
    assert room.drawings(ROOM) == []
    assert room.author(ROOM, "hash") is None


def test_who_reads_all_changes_after_the_last_revision_misses_none(open_store: Callable[[], Store]) -> None:
    reader = open_store()
    reader.create_collection(ROOM, {})
    writers = [open_store() for _ in range(3)]

    def write(number: int) -> None:
        for _ in range(10):
            assert writers[number].add_drawing(ROOM, _drawing(number), LIMITS)

    seen: list[int] = []
    last = 0
    with ThreadPoolExecutor() as pool:
        writing = [pool.submit(write, number) for number in range(3)]
        while len(seen) < 30:
            fresh = reader.changes(ROOM, last)
            assert fresh
            seen += [drawing.id for drawing in fresh.drawings]
            last = fresh.drawing_set.revision
            assert not [one.exception() for one in writing if one.done() and one.exception()]
    assert sorted(seen) == list(range(1, 31))
