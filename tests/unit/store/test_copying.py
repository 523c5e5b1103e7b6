"""A state folder that is copied to a database and back is the same, row by row and byte by byte."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.store import copying
from app.store.collection_records import Changed, Limits, NewDrawing, Store
from app.store.copying import database_to_folder, folder_to_database
from app.store.postgres import PostgresRunStore
from app.store.records import StoreError
from app.store.sqlite import SqliteRunStore
from tests.support.postgres import Postgres
from tests.unit.store.conftest import SETTINGS

_NAME = "descent.sqlite3"
_COLLECTIONS = ("collections", "authors", "drawings", "documents", "document_contents", "snapshots")
_TABLES = ("sweeps", "runs", "events", "publications", *_COLLECTIONS, "sqlite_sequence")


def _fill(store: Store) -> None:
    """Runs of all kinds that are not active, with the values that are hard to copy."""
    sweep = store.create_sweep({"method": "grid"}, [(SETTINGS, 9)] * 2)
    done = store.dequeue(sweep.id)
    assert done is not None
    store.append(done.id, [("cost", {"step": step, "epoch": 1, "cost": 0.1 * step}) for step in range(1, 4)])
    store.append(done.id, [("epoch", {"epoch": 1, "cost": 1 / 3, "accuracy": 0.1 + 0.2})])
    store.ask_for_rate(done.id, 5e-324)
    files = store.files_of(done)
    files.write("network.safetensors", bytes(range(256)) * 1000)
    files.write("checkpoints/100.safetensors", b"")
    files.write("checkpoints/9.safetensors", b"\0")
    store.end(done.id, "stopped", "a \\ and a\ttab,\n\\N and é 数 😀", 1e300)
    store.label(done.id, "", 'a "quoted" note\\n')
    failed = store.create_run({**SETTINGS, "note": "\0"}, 2**62)
    store.end(failed.id, "failed", "why")
    store.delete(failed.id)
    store.create_run(SETTINGS, 9, "queued")
    for name, version in (("classic", "a"), ("classic", "b"), ("ours", "b")):
        store.publish(name, version, done.id, f"network {version}".encode(), "Ada", "")
    store.roll_back("classic")
    purged = store.create_run(SETTINGS, 1)
    store.end(purged.id, "finished")
    store.delete(purged.id)
    store.restore(failed.id)
    assert store.purge("9999") == [purged.id]
    for name in ("room-b", "room-A", "corrections"):
        store.create_collection(name, {"names": True})
        store.add_author(name, ["Blue Heron"], "hash", "token", most=1)
        drawing = NewDrawing(None, 1, None, [[[0.1 + 0.2, 1.0]]], 7, 1 / 3, "hidden", "token")
        store.add_drawing(name, drawing, Limits(1, 1, 1, 1))
        store.keep_snapshot(name, "abc", bytes(range(256)))
        store.change_document(name, "vote", lambda _: Changed({"open": True}, b"\0\xff"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    with contextlib.closing(SqliteRunStore(folder / _NAME)) as store:
        _fill(store)
    return folder


def _rows(folder: Path) -> dict[str, list[Any]]:
    with contextlib.closing(sqlite3.connect(folder / _NAME)) as sqlite:
        return {table: sqlite.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES}


def _files(folder: Path) -> dict[str, bytes]:
    paths = [path for part in ("runs", "models") for path in (folder / part).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_to_a_database_and_back_is_the_same_row_by_row(state: Path, database_url: str, tmp_path: Path) -> None:
    there = folder_to_database(state, state / _NAME, database_url)
    back = database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)

    assert there == back
    assert there == {
        "sweeps": 1, "runs": 4, "events": 6, "publications": 3, "run_files": 3, "published_files": 2,
        **dict.fromkeys(_COLLECTIONS, 3),
    }  # fmt: skip
    assert _rows(tmp_path / "back") == _rows(state)
    assert _files(tmp_path / "back") == _files(state)
    assert len(_files(state)) == 6
    assert not (tmp_path / "back.part").exists()


def test_the_stores_say_the_same_and_go_on_with_the_next_ids(state: Path, database_url: str) -> None:
    folder_to_database(state, state / _NAME, database_url)

    with (
        contextlib.closing(SqliteRunStore(state / _NAME)) as sqlite,
        contextlib.closing(PostgresRunStore(database_url)) as postgres,
    ):
        assert [_all_of(store) for store in (sqlite, postgres)] == [_all_of(sqlite)] * 2
        assert [store.create_run(SETTINGS, 9).id for store in (sqlite, postgres)] == [6, 6]
        assert [store.publish("new", "c", 1, b"c").id for store in (sqlite, postgres)] == [4, 4]
        assert [store.create_sweep({}, []).id for store in (sqlite, postgres)] == [2, 2]
        assert [store.append(1, [("cost", {})]) for store in (sqlite, postgres)] == [6, 6]


def _all_of(store: Store) -> list[Any]:
    runs = store.runs()
    published = [store.published_file(publication) for publication in store.publication_history("classic")]
    names = [(store.files_of(run).names("checkpoints"), store.events(run.id)) for run in runs]
    return [runs, names, published, store.publications(), store.sweeps(), store.queue(), store.deleted_runs()]


def test_an_empty_store_is_copied_too(database_url: str, tmp_path: Path) -> None:
    SqliteRunStore(tmp_path / "state" / _NAME).close()

    folder_to_database(tmp_path / "state", tmp_path / "state" / _NAME, database_url)
    database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)

    with contextlib.closing(SqliteRunStore(tmp_path / "back" / _NAME)) as store:
        assert store.create_run(SETTINGS, 9).id == 1


def test_a_nul_character_in_a_text_is_no_hindrance(state: Path, database_url: str) -> None:
    with contextlib.closing(SqliteRunStore(state / _NAME)) as store:
        store.label(1, "a\0b", None)

    folder_to_database(state, state / _NAME, database_url)

    with contextlib.closing(PostgresRunStore(database_url)) as copy:
        assert (run := copy.run(1)) is not None
        assert run.name == "a\ufffdb"


def test_a_file_of_an_older_version_that_is_named_by_its_network_is_copied(
    state: Path, database_url: str, tmp_path: Path
) -> None:
    for path in (state / "models").rglob("*.safetensors"):
        path.rename(path.with_name(f"{path.read_text()[-1]}.safetensors"))
    with contextlib.closing(sqlite3.connect(state / _NAME)) as sqlite, sqlite:
        sqlite.execute("UPDATE publications SET sha256 = ''")

    folder_to_database(state, state / _NAME, database_url)
    database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)

    assert _files(tmp_path / "back") == _files(state)
    with contextlib.closing(PostgresRunStore(database_url)) as copy:
        assert copy.published_file(copy.publications()["ours"]) == b"network b"


def test_the_intact_file_of_two_is_copied_and_one_that_is_gone_is_left_out(state: Path, database_url: str) -> None:
    for path in (state / "models" / "classic").iterdir():
        if path.read_bytes() == b"network a":
            path.unlink()
        else:
            path.write_bytes(b"damaged")

    counts = folder_to_database(state, state / _NAME, database_url)

    assert counts["published_files"] == 1
    with contextlib.closing(PostgresRunStore(database_url)) as copy:
        assert copy.published_file(copy.publications()["ours"]) == b"network b"
        with pytest.raises(FileNotFoundError):
            copy.published_file(copy.publications()["classic"])


def test_a_database_with_runs_and_a_folder_that_is_there_are_refused(
    state: Path, database_url: str, tmp_path: Path
) -> None:
    with contextlib.closing(PostgresRunStore(database_url)) as store:
        store.create_run(SETTINGS, 9, "queued")

    with pytest.raises(StoreError, match="has runs already"):
        folder_to_database(state, state / _NAME, database_url)
    with pytest.raises(StoreError, match="exists already"):
        database_to_folder(database_url, state, _NAME, at_rest=True)
    with pytest.raises(StoreError, match="DESCENT_STATE_DIR"):
        folder_to_database(tmp_path, tmp_path / _NAME, database_url)

    assert not (tmp_path / _NAME).exists()
    assert len(_rows(state)["runs"]) == 4


def test_while_a_run_is_active_a_state_is_backed_up_but_not_moved(
    state: Path, database_url: str, tmp_path: Path
) -> None:
    folder_to_database(state, state / _NAME, database_url)
    stores: tuple[Store, Store] = (SqliteRunStore(state / _NAME), PostgresRunStore(database_url))
    for store in stores:
        run = store.create_run(SETTINGS, 9)
        store.close()

    with pytest.raises(StoreError, match=f"Run {run.id} is being trained"):
        folder_to_database(state, state / _NAME, database_url)
    with pytest.raises(StoreError, match=f"Run {run.id} is being trained"):
        database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)
    assert not (tmp_path / "back").exists()

    assert database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=False)["runs"] == 5


def test_a_backup_is_one_state_of_a_database_in_which_a_run_goes_on(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(PostgresRunStore(database_url)) as store:
        run_id = store.create_run(SETTINGS, 9).id
        add = copying._Folder.add

        def step_on(folder: Any, table: str, rows: Any) -> None:
            store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 0.5})])
            store.files_of(store.create_run(SETTINGS, 9)).write("checkpoint.safetensors", b"")
            add(folder, table, rows)

        monkeypatch.setattr(copying._Folder, "add", step_on)
        counts = database_to_folder(database_url, tmp_path / "copy", _NAME, at_rest=False)

    assert (counts["runs"], counts["events"], counts["run_files"]) in [(1, 0, 0), (2, 1, 1)]


@pytest.mark.parametrize("table", ["runs", "events", "run_files", "published_files"])
def test_a_copy_that_is_not_the_same_leaves_nothing(
    state: Path, postgres: Postgres, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    copied = folder_to_database(state, state / _NAME, database_url)
    other = postgres.new_database()

    def without_the_last(kind: Any) -> type:
        class Forgetful(kind):  # type: ignore[misc]
            def rows(self, name: str) -> Iterator[Any]:
                rows = list(super().rows(name))
                yield from rows[:-1] if name == table else rows

        return Forgetful

    with monkeypatch.context() as patch:
        patch.setattr(copying, "_Folder", without_the_last(copying._Folder))
        with pytest.raises(StoreError, match=f"copy of {table} differs"):
            database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)
    with monkeypatch.context() as patch:
        patch.setattr(copying, "_Database", without_the_last(copying._Database))
        with pytest.raises(StoreError, match=f"copy of {table} differs"):
            folder_to_database(state, state / _NAME, other)

    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    assert folder_to_database(state, state / _NAME, other) == copied
    postgres.drop_database(other)


def test_a_copy_that_fails_half_way_leaves_nothing(state: Path, database_url: str, tmp_path: Path) -> None:
    folder_to_database(state, state / _NAME, database_url)
    with psycopg.connect(database_url) as connection:
        # A folder can't have a file of that name.
        connection.execute("UPDATE run_files SET name = 'network.safetensors/x' WHERE name LIKE '%9.safetensors'")

    with pytest.raises(StoreError, match="and was removed"):
        database_to_folder(database_url, tmp_path / "back", _NAME, at_rest=True)

    assert [path.name for path in tmp_path.iterdir()] == ["state"]
