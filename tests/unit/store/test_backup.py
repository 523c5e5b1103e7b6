from __future__ import annotations

from pathlib import Path

import pytest

from app.store import backup
from app.store.backup import back_up
from app.store.connection import Connection
from app.store.sqlite import SqliteRunStore

_DATABASE = "descent.sqlite3"


def test_a_back_up_waits_for_nobody_who_writes_and_holds_nobody_up(tmp_path: Path) -> None:
    database = tmp_path / "state" / _DATABASE
    store = SqliteRunStore(database)
    run_id = store.create_run({}, steps=1).id
    writer = Connection(database)
    with writer.transaction() as db:
        db.execute("UPDATE runs SET steps = 2")
        back_up(database.parent, database, tmp_path / "copy")
    writer.close()
    store.close()

    copy = SqliteRunStore(tmp_path / "copy" / database.name)
    run = copy.run(run_id)
    copy.close()
    # As it was before what was not yet kept.
    assert run is not None
    assert run.steps == 1


def test_what_a_process_that_was_killed_had_kept_is_in_the_back_up(tmp_path: Path) -> None:
    database = tmp_path / "state" / _DATABASE
    store = SqliteRunStore(database)
    run_id = store.create_run({}, steps=1).id
    # As the kernel leaves it: what was kept is in the write-ahead log alone.
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in (database.name, f"{database.name}-wal"):
        (killed / name).write_bytes((database.parent / name).read_bytes())
    store.close()

    back_up(killed, killed / database.name, tmp_path / "copy")

    copy = SqliteRunStore(tmp_path / "copy" / database.name)
    assert copy.run(run_id) is not None
    copy.close()


def test_a_run_that_goes_on_meanwhile_has_no_checkpoint_of_a_later_step_than_its_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, checkpoint, run_id = _with_a_checkpoint(tmp_path / "state")
    copy_database = backup._copy_database

    def and_learn_on(database: Path, target: Path) -> list[int]:
        ended = copy_database(database, target)
        checkpoint.write_text("later")
        return ended

    monkeypatch.setattr(backup, "_copy_database", and_learn_on)
    back_up(tmp_path / "state", tmp_path / "state" / _DATABASE, tmp_path / "copy")
    store.close()

    assert (tmp_path / "copy" / "runs" / str(run_id) / checkpoint.name).read_text() == "earlier"


def test_a_run_that_ends_meanwhile_has_its_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, checkpoint, run_id = _with_a_checkpoint(tmp_path / "state")
    copy_database = backup._copy_database

    def once_ended(database: Path, target: Path) -> list[int]:
        checkpoint.write_text("last")
        store.end(run_id, "finished")
        return copy_database(database, target)

    monkeypatch.setattr(backup, "_copy_database", once_ended)
    back_up(tmp_path / "state", tmp_path / "state" / _DATABASE, tmp_path / "copy")
    store.close()

    assert (tmp_path / "copy" / "runs" / str(run_id) / checkpoint.name).read_text() == "last"


def _with_a_checkpoint(state: Path) -> tuple[SqliteRunStore, Path, int]:
    """A store with a run that is under way, and the file that it would go on from."""
    store = SqliteRunStore(state / _DATABASE)
    run_id = store.create_run({}, steps=1).id
    checkpoint = state / "runs" / str(run_id) / "newest.npz"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_text("earlier")
    return store, checkpoint, run_id
