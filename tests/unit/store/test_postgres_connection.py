"""How the store uses its connections: through restarts, cut networks, locks of others and paused processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import psycopg
import pytest

from app.store import postgres_connection
from app.store.postgres import PostgresRunStore
from app.store.records import StoreBusyError
from tests.support.line import Line
from tests.support.postgres import running_postgres
from tests.support.server import wait_until
from tests.unit.store.conftest import SETTINGS, is_waiting


@pytest.fixture
def store(open_postgres: Callable[[], PostgresRunStore]) -> PostgresRunStore:
    return open_postgres()


def test_a_lock_of_another_is_waited_for_only_so_long(
    open_postgres: Callable[[], PostgresRunStore], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _replace(monkeypatch, "lock_timeout = '5s'", "lock_timeout = '200ms'")
    store = open_postgres()
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE runs")
        with pytest.raises(StoreBusyError, match="lock timeout"):
            store.runs()
        with pytest.raises(StoreBusyError, match="lock timeout"):
            store.create_run(SETTINGS, 9)

    assert store.create_run(SETTINGS, 9).id in (1, 2)


def test_a_statement_takes_only_so_long(store: PostgresRunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    _replace(monkeypatch, "statement_timeout = '20s'", "statement_timeout = '200ms'")

    with pytest.raises(StoreBusyError, match="statement timeout"):
        store._database.rows("SELECT pg_sleep(60)")


def test_a_process_that_stands_still_in_a_transaction_holds_its_locks_only_so_long(
    open_postgres: Callable[[], PostgresRunStore], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _replace(monkeypatch, "session_timeout = '10s'", "session_timeout = '200ms'")
    still, other = open_postgres(), open_postgres()
    run_id = other.create_run(SETTINGS, 9).id

    with (  # noqa: PT012 - the commit fails, not a call
        pytest.raises(StoreBusyError, match="idle-in-transaction"),
        still._database.transaction() as db,
        ThreadPoolExecutor(1) as pool,
    ):
        monkeypatch.undo()  # The other one may take as long as usual.
        db.execute("UPDATE runs SET steps = 1")
        labelled = pool.submit(other.label, run_id, "name", None)
        assert labelled.result().name == "name"

    assert not is_waiting(database_url)
    run = still.run(run_id)
    assert run is not None
    assert (run.name, run.steps) == ("name", 9)


def test_a_change_whose_connection_the_server_has_closed_is_an_error_and_no_success(
    store: PostgresRunStore, database_url: str
) -> None:
    run_id = store.create_run(SETTINGS, 9).id

    with pytest.raises(StoreBusyError, match="connection is lost"), store._database.transaction() as db:  # noqa: PT012 - as above
        db.execute("UPDATE runs SET steps = 1")
        assert isinstance(db, postgres_connection._Transaction)
        lost = db._connection
        with psycopg.connect(database_url) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (lost.info.backend_pid,))
        wait_until(lambda: _is_closed(lost), "the client to read that its connection is closed")

    run = store.run(run_id)
    assert run is not None
    assert run.steps == 9


def _is_closed(connection: psycopg.Connection[Any]) -> bool:
    """Reads what the server has said last, as the client does with an answer that comes late."""
    with suppress(psycopg.OperationalError):
        connection.pgconn.consume_input()
    return connection.closed


def test_a_deadlock_is_an_error_after_which_the_same_call_may_succeed(store: PostgresRunStore) -> None:
    ids = [store.create_run(SETTINGS, 9).id for _ in range(2)]

    def lock(first: int, second: int) -> str:
        try:
            with store._database.transaction() as db:
                db.execute("SELECT FROM runs WHERE id = ? FOR UPDATE", (first,))
                both.wait()
                db.execute("SELECT FROM runs WHERE id = ? FOR UPDATE", (second,))
        except StoreBusyError as error:
            return str(error)
        return ""

    both = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lock, ids, reversed(ids)))

    assert sorted(map(bool, said)) == [False, True]
    assert "deadlock detected" in "".join(said)


def test_a_database_that_is_read_only_for_now_can_be_read(store: PostgresRunStore, database_url: str) -> None:
    run = store.create_run(SETTINGS, 9)
    with psycopg.connect(database_url) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on".encode())
    store.close()
    store = PostgresRunStore(database_url)

    with pytest.raises(StoreBusyError, match="read-only transaction"):
        store.create_run(SETTINGS, 9)

    assert store.run(run.id) == run
    store.close()


def test_a_store_that_is_closed_refuses_calls(store: PostgresRunStore) -> None:
    store.close()
    store.close()

    with pytest.raises(StoreBusyError):
        store.runs()


def test_a_transaction_that_fails_leaves_nothing(store: PostgresRunStore) -> None:
    run_id = store.create_run(SETTINGS, 1).id

    with pytest.raises(TypeError):
        store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 1.0}), ("note", {"not JSON": object()})])

    run = store.run(run_id)
    assert run is not None
    assert (store.events(run_id), run.step) == ([], 0)


@pytest.mark.slow
def test_a_server_that_restarts_is_used_again_at_once_and_after_any_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running_postgres() as postgres:
        store = PostgresRunStore(postgres.new_database().replace("postgres@", "postgres:pa55-word@"))
        run_id = store.create_run(SETTINGS, 9).id
        _use_all_connections(store)

        postgres.restart()
        began = time.monotonic()
        assert store.label(run_id, "a", None).name == "a"
        assert time.monotonic() - began < 4

        _use_all_connections(store)
        postgres.stop("immediate")
        began = time.monotonic()
        with pytest.raises(StoreBusyError, match=r"can't be (used|reached) now"):
            store.runs()
        assert time.monotonic() - began < 8
        # For long enough that the pool, left alone, would next try after sixteen seconds.
        time.sleep(15)
        postgres.start()
        began = time.monotonic()
        wait_until(lambda: _works(store), "the store to work")
        assert time.monotonic() - began < 8
        store.close()
    assert "error connecting" in caplog.text
    assert "pa55" not in caplog.text


@pytest.mark.slow
def test_a_network_that_is_cut_within_a_transaction_leaves_nothing_of_it() -> None:
    with running_postgres(tcp=True) as postgres, Line(postgres.new_database()) as line:
        store = PostgresRunStore(line.url)
        run_id = store.create_run(SETTINGS, 9).id

        def cut_within() -> None:
            with store._database.transaction() as db:
                db.execute("UPDATE runs SET steps = 1")
                line.cut()

        with pytest.raises(StoreBusyError):
            cut_within()
        with pytest.raises(StoreBusyError):
            store.runs()
        line.mend()
        wait_until(lambda: _works(store), "the store to work")
        run = store.run(run_id)
        assert run is not None
        assert run.steps == 9
        store.close()


def _works(store: PostgresRunStore) -> bool:
    try:
        store.runs()
    except StoreBusyError:
        return False
    return True


def _use_all_connections(store: PostgresRunStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store._database.rows("SELECT pg_sleep(0.3)"), range(16)))


def _replace(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    assert old in postgres_connection._BEGIN
    monkeypatch.setattr(postgres_connection, "_BEGIN", postgres_connection._BEGIN.replace(old, new))
