from __future__ import annotations

from pathlib import Path

from app.store.backup import back_up
from app.store.connection import Connection
from app.store.sqlite import SqliteRunStore


def test_a_back_up_waits_for_nobody_who_writes_and_holds_nobody_up(tmp_path: Path) -> None:
    database = tmp_path / "state" / "descent.sqlite3"
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
    database = tmp_path / "state" / "descent.sqlite3"
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
