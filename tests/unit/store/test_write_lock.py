"""Opening, committing and closing wait for each other, so that no commit meets a checkpoint of the WAL."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import ROOT
from app.store import connection
from app.store.records import StoreBusyError
from app.store.sqlite import SqliteRunStore
from app.store.write_lock import WriteLock, WriteLockError


def _append(store: SqliteRunStore, run_id: int, step: int = 1, padding: int = 0) -> None:
    store.append(run_id, [("cost", {"step": step, "epoch": 1, "cost": 0.5, "padding": " " * padding})])


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """What a full disk is to SQLite: no file of this process can grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("act", ["open", "commit", "close"])
def test_opening_committing_and_closing_wait_for_the_lock(tmp_path: Path, act: str) -> None:
    path = tmp_path / "descent.sqlite3"
    store = SqliteRunStore(path)
    run_id = store.create_run({}, 9).id
    opened: list[SqliteRunStore] = []
    acts: dict[str, Callable[[], object]] = {
        "open": lambda: opened.append(SqliteRunStore(path)),
        "commit": lambda: _append(store, run_id),
        "close": store.close,
    }
    lock = WriteLock(tmp_path / "descent.lock")
    began = threading.Event()

    def do() -> None:
        began.set()
        acts[act]()

    with ThreadPoolExecutor(1) as pool:
        with lock.hold(1):
            acting: Future[None] = pool.submit(do)
            assert began.wait(5)
            with pytest.raises(TimeoutError):
                acting.result(0.3)
        acting.result(5)
    lock.close()
    for one in [*opened, *([store] if act != "close" else [])]:
        one.close()


def test_reading_does_not_wait(tmp_path: Path) -> None:
    store, lock = SqliteRunStore(tmp_path / "descent.sqlite3"), WriteLock(tmp_path / "descent.lock")
    run_id = store.create_run({}, 9).id

    with lock.hold(1):
        assert store.run(run_id) is not None

    lock.close()
    store.close()


def test_a_lock_held_for_too_long_is_reported_as_a_busy_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, lock = SqliteRunStore(tmp_path / "descent.sqlite3"), WriteLock(tmp_path / "descent.lock")
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.05)

    with lock.hold(1), pytest.raises(StoreBusyError, match="another process is writing"):
        store.create_run({}, 9)

    assert store.create_run({}, 9).id == 1
    lock.close()
    store.close()


def test_the_lock_of_a_killed_process_is_released(tmp_path: Path) -> None:
    path = tmp_path / "descent.lock"
    hold = (
        "import pathlib, sys, time; from app.store.write_lock import WriteLock\n"
        "with WriteLock(pathlib.Path(sys.argv[1])).hold(1): print('held', flush=True), time.sleep(60)"
    )
    lock = WriteLock(path)
    with subprocess.Popen([sys.executable, "-c", hold, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WriteLockError), lock.hold(0.05):
            pass

        holder.kill()
        holder.wait()

    with lock.hold(1):
        pass
    lock.close()


@pytest.mark.slow
def test_many_writers_and_checkpoints_of_the_wal_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "descent.sqlite3"
    stores = [SqliteRunStore(path) for _ in range(4)]
    run_id = stores[0].create_run({}, 9).id

    # SQLite checkpoints every 1,000 pages of 4 KB: here every fifth commit.
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda step: _append(stores[step % 4], run_id, step, padding=800_000), range(60)))

    assert [event.id for event in stores[3].events(run_id)] == list(range(1, 61))
    for store in stores:
        store.close()
    with sqlite3.connect(path) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found.close()


def test_after_a_full_disk_the_store_can_be_written_again(tmp_path: Path) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    run_id = store.create_run({}, 9).id
    _append(store, run_id)

    with _files_of_at_most(200_000), pytest.raises(StoreBusyError, match="is the disk full"):
        _append(store, run_id, padding=800_000)

    _append(store, run_id)
    assert [event.id for event in store.events(run_id)] == [1, 2]
    store.close()
