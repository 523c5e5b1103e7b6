"""Opens the store that the settings name."""

from __future__ import annotations

from pathlib import Path

from app.store.collection_records import Store
from app.store.leases import LeasedRunStore
from app.store.records import StoreError
from app.store.sqlite import SqliteRunStore


def open_store(sqlite_file: Path, database: str | None, lease_seconds: float = LeasedRunStore.lease_seconds) -> Store:
    """The store in the PostgreSQL database at the URL `database`; without one, in `sqlite_file`. Raises StoreError.

    `lease_seconds` is how long the database's leases last without being renewed.
    """
    if database is None:
        return SqliteRunStore(sqlite_file)
    require_psycopg()
    from app.store.postgres import PostgresRunStore

    return PostgresRunStore(database, lease_seconds)


def require_psycopg() -> None:
    """Raises StoreError unless psycopg and its pool can be imported: only the extra [cluster] installs them."""
    try:
        import psycopg_pool  # noqa: F401 - it imports psycopg
    except ImportError as error:
        raise StoreError(
            f"DESCENT_DATABASE needs psycopg ({error})."
            " Install the packages of requirements-cluster.lock, or the wheel with [cluster]."
        ) from error
