"""No commit meets the work of another connection on the WAL: whoever opens, commits or closes takes its turn."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from app.settings import ROOT
from app.store import connection
from app.store.records import StoreBusyError
from app.store.sqlite import SqliteRunStore
from app.store.write_lock import TurnError, Turns


def _append(store: SqliteRunStore, run_id: int, step: int = 1) -> None:
    store.append(run_id, [("cost", {"step": step, "epoch": 1, "cost": 0.5})])


@pytest.mark.parametrize("act", ["open", "commit", "close"])
def test_whoever_opens_commits_or_closes_waits_for_the_turn_of_another(tmp_path: Path, act: str) -> None:
    path = tmp_path / "descent.sqlite3"
    store = SqliteRunStore(path)
    run_id = store.create_run({}, 9).id
    opened: list[SqliteRunStore] = []
    acts: dict[str, Callable[[], object]] = {
        "open": lambda: opened.append(SqliteRunStore(path)),
        "commit": lambda: _append(store, run_id),
        "close": store.close,
    }
    turns = Turns(tmp_path / "descent.lock")
    began = threading.Event()

    def do() -> None:
        began.set()
        acts[act]()

    with ThreadPoolExecutor(1) as pool:
        with turns.take(1):
            acting: Future[None] = pool.submit(do)
            assert began.wait(5)
            with pytest.raises(TimeoutError):
                acting.result(0.3)
        acting.result(5)
    turns.close()
    for one in [*opened, *([store] if act != "close" else [])]:
        one.close()


def test_who_reads_waits_for_nobody(tmp_path: Path) -> None:
    store, turns = SqliteRunStore(tmp_path / "descent.sqlite3"), Turns(tmp_path / "descent.lock")
    run_id = store.create_run({}, 9).id

    with turns.take(1):
        assert store.run(run_id) is not None

    turns.close()
    store.close()


def test_a_turn_that_does_not_come_is_told_as_a_store_that_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, turns = SqliteRunStore(tmp_path / "descent.sqlite3"), Turns(tmp_path / "descent.lock")
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.05)

    with turns.take(1), pytest.raises(StoreBusyError, match="another process is writing"):
        store.create_run({}, 9)

    assert store.create_run({}, 9).id == 1
    turns.close()
    store.close()


def test_the_turn_of_a_process_that_is_killed_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "descent.lock"
    hold = (
        "import pathlib, sys, time; from app.store.write_lock import Turns\n"
        "with Turns(pathlib.Path(sys.argv[1])).take(1): print('mine', flush=True), time.sleep(60)"
    )
    turns = Turns(path)
    with subprocess.Popen([sys.executable, "-c", hold, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        with pytest.raises(TurnError), turns.take(0.05):
            pass

        holder.kill()
        holder.wait()

    with turns.take(1):
        pass
    turns.close()


def test_many_who_write_and_bring_the_wal_into_the_file_all_the_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    stores = [SqliteRunStore(path) for _ in range(4)]
    run_id = stores[0].create_run({}, 9).id
    for store in stores:
        store._connection._sqlite.execute("PRAGMA wal_autocheckpoint = 1")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda step: _append(stores[step % 4], run_id, step), range(400)))

    assert [event.id for event in stores[3].events(run_id)] == list(range(1, 401))
    for store in stores:
        store.close()
    with sqlite3.connect(path) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found.close()


def test_a_disk_that_was_full_is_written_again_when_there_is_room(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    run_id = store.create_run({}, 9).id
    sqlite = store._connection._sqlite
    (pages,) = sqlite.execute("PRAGMA page_count").fetchone()
    sqlite.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for step in range(2000):
            _append(store, run_id, step)

    with pytest.raises(StoreBusyError, match="is the disk full"):
        fill()
    told = len(store.events(run_id))

    sqlite.execute("PRAGMA max_page_count = 100000")
    _append(store, run_id)
    assert len(store.events(run_id)) == told + 1
    store.close()
