"""The stores that must keep every promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.store.collection_records import Store
from app.store.postgres import PostgresRunStore
from app.store.sqlite import SqliteRunStore
from tests.support.pgbouncer import PgBouncer, running_pgbouncer
from tests.support.postgres import Postgres

SETTINGS = {"hidden": [16, 16], "learning_rate": 0.1}


@pytest.fixture(scope="session")
def pgbouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    with running_pgbouncer(postgres) as bouncer:
        yield bouncer


@pytest.fixture(params=["sqlite", "postgres", pytest.param("pgbouncer", marks=pytest.mark.slow)])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same store as often as it is called, as processes do."""
    opened: list[Store] = []
    url = None if request.param == "sqlite" else request.getfixturevalue("database_url")
    if request.param == "pgbouncer":
        url = request.getfixturevalue("pgbouncer").url(url)

    def open_one() -> Store:
        opened.append(PostgresRunStore(url) if url else SqliteRunStore(tmp_path / "store.sqlite3"))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()


@pytest.fixture
def open_postgres(database_url: str) -> Iterator[Callable[[], PostgresRunStore]]:
    """Opens the store of the test's own database as often as it is called, as servers do."""
    opened: list[PostgresRunStore] = []

    def open_one() -> PostgresRunStore:
        opened.append(PostgresRunStore(database_url))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def is_waiting(database_url: str) -> bool:
    """Whether a statement in the database waits for another one's lock."""
    with psycopg.connect(database_url) as connection:
        waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return connection.execute(waiting).fetchone() is not None
