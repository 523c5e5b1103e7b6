from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.store import schema
from app.store.collection_records import Limits, NewDrawing
from app.store.connection import Connection
from app.store.records import StoreError
from app.store.sqlite import SqliteRunStore


def test_a_file_that_is_no_database_is_named_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    path.write_bytes(b"not a database, but some other file of more than a hundred bytes" * 4)

    with pytest.raises(StoreError, match=r"descent\.sqlite3.*DESCENT_STATE_DIR"):
        SqliteRunStore(path)


def test_a_folder_that_can_not_be_made_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="DESCENT_STATE_DIR"):
        SqliteRunStore(tmp_path / "file" / "descent.sqlite3")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    run_id = store.create_run({}, 1).id

    with pytest.raises(TypeError):
        store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 1.0}), ("note", {"not JSON": object()})])

    assert store.events(run_id) == []
    store.close()


def test_a_transaction_refused_at_its_commit_leaves_nothing_and_blocks_no_other(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    connection = Connection(tmp_path / "descent.sqlite3")

    def publish_a_run_that_is_not_there() -> None:
        with connection.transaction() as db:
            db.execute("PRAGMA defer_foreign_keys = ON")
            db.execute("INSERT INTO publications (name, version, run_id, published_at) VALUES ('classic', 'a', 9, '')")

    with pytest.raises(sqlite3.IntegrityError):
        publish_a_run_that_is_not_there()

    assert store.publications() == {}
    assert store.create_run({}, 1).id == 1
    connection.close()
    store.close()


def test_a_file_of_an_earlier_version_keeps_its_runs_and_gets_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(schema.VERSIONS[0])
        connection.execute(
            "INSERT INTO runs (status, settings, steps, created_at) VALUES ('finished', '{\"seed\": 3}', 9, '2026')"
        )

    store = SqliteRunStore(path)

    run = store.run(1)
    assert run is not None
    assert (run.settings, run.name, run.sweep_id) == ({"seed": 3}, None, None)
    assert store.label(1, "old", None).name == "old"
    store.close()


def test_of_many_that_open_a_new_file_at_once_none_is_in_the_way_of_another(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: SqliteRunStore(tmp_path / "descent.sqlite3"), range(8)))

    stores[0].create_run({}, 1)
    assert all(len(store.runs()) == 1 for store in stores)
    for store in stores:
        store.close()


def test_what_was_drawn_in_a_deleted_collection_is_in_no_file(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    with contextlib.closing(SqliteRunStore(path)) as store, contextlib.closing(SqliteRunStore(path)) as other:
        _draw_in_turn(store, other, {"room-A": 0.1234, "room-B": 0.5678})
        assert _count(tmp_path, b"0.1234")
        assert _count(tmp_path, b"SNAPSHOT OF room-A")

        store.delete_collection("room-A")

        assert not _count(tmp_path, b"0.1234")
        assert not _count(tmp_path, b"SNAPSHOT OF room-A")
        assert not _count(tmp_path, b"Name in room-A")
        assert _count(tmp_path, b"0.5678")
        assert len(other.drawings("room-B")) == 60


def _draw_in_turn(store: SqliteRunStore, other: SqliteRunStore, xs: dict[str, float]) -> None:
    """Rows of both collections lie side by side, and some grow and shrink, so that pages are split."""
    limits = Limits(burst=1_000, seconds=10, of_author=1_000, in_all=1_000)
    for name in xs:
        store.create_collection(name, {})
        store.add_author(name, [f"Name in {name}"], "hash", None, most=1)
        store.keep_snapshot(name, "0" * 64, f"SNAPSHOT OF {name}".encode() * 1_000)
    for number in range(60):
        for name, x in xs.items():
            strokes = [[[x, 0.9]] * (1, 20, 400)[number % 3]]
            drawing = NewDrawing(1, 1, 4, strokes, 4, 0.9, "ready", None)
            (store if number % 2 else other).add_drawing(name, drawing, limits)
            other.set_status(name, "removed", drawing=number // 2)


def _count(folder: Path, content: bytes) -> int:
    return sum(path.read_bytes().count(content) for path in folder.iterdir())
