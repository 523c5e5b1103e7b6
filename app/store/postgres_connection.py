"""Connections to PostgreSQL: a pool of them, their transactions, and their errors as StoreError.

No statement is prepared on the server, and no lock or setting outlives its transaction, so a pooler that hands out a
connection for one transaction at a time, such as PgBouncer in transaction mode, may stand between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from app.store.postgres_schema import migrate
from app.store.records import StoreBusyError, StoreError

MIN_VERSION = 14
# Of one process. Each statement takes milliseconds, so more of them would only wait for the database's processors.
_MAX_CONNECTIONS = 8
_WAIT_SECONDS = 5.0
# After this time without a connection the database is away. Then calls hardly wait, so that they don't take up all
# threads, and each makes the pool try again. Otherwise it would wait longer and longer between its tries.
_RECONNECT_SECONDS = 3.0
_AWAY_SECONDS = 0.2
_CONNECTION: dict[str, Any] = {
    "autocommit": True,
    "row_factory": dict_row,
    "prepare_threshold": None,
    "client_encoding": "UTF8",
    "connect_timeout": 5,
    # A network that is cut ends a call after about ten seconds, not after the two hours that are usual.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# The last one ends the transaction of a process that is paused or cut off, whose locks would hold up all others. Set
# in each transaction, since a pooler refuses them for a connection. The stores' SQL needs this level of isolation.
_BEGIN = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '20s';
SET LOCAL idle_in_transaction_session_timeout = '10s'
"""
# One state of all tables, for as long as it takes to copy them.
_BEGIN_COPYING = """
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0
"""

_Connection: TypeAlias = psycopg.Connection[dict[str, Any]]


class PostgresConnection:
    """A pool of connections to the database at `url`. Thread-safe.

    Raises StoreError if the database can't be used as it is; the message says what to change.
    """

    def __init__(self, url: str) -> None:
        self._is_away = False
        _require_url(url)
        with _why_not_usable(), psycopg.connect(url, **_CONNECTION) as first:
            _require_usable(first)
            migrate(first)
        self._pool: ConnectionPool[_Connection] = ConnectionPool(
            url,
            kwargs=_CONNECTION,
            min_size=1,
            max_size=_MAX_CONNECTIONS,
            reconnect_timeout=_RECONNECT_SECONDS,
            reconnect_failed=self._set_away,
            check=self._check,
            open=True,
        )

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[_Transaction]:  # noqa: ARG002 - every commit is
        """Commits the block, or rolls it back if it raises. Raises StoreError."""
        with _store_errors(), self._connection() as connection:
            connection.execute(_BEGIN)
            yield _Transaction(connection)
            # The connection's own `with` commits too, but ends without a word where the server has closed it meanwhile.
            connection.commit()

    @contextmanager
    def copying(self) -> Iterator[_Connection]:
        """A transaction that sees one state of all tables and may take long. Raises StoreError."""
        with _store_errors(), self._pool.connection() as connection:
            connection.execute(_BEGIN_COPYING)
            yield connection
            connection.commit()

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a query, in which ? stands for a value. Raises StoreError."""
        with self.transaction() as db:
            return db.execute(query, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[_Connection]:
        try:
            with self._pool.connection(timeout=_AWAY_SECONDS if self._is_away else _WAIT_SECONDS) as connection:
                self._is_away = False
                yield connection
        except PoolTimeout as error:
            raise StoreBusyError("The database can't be reached now. Try again.") from error

    def _set_away(self, _: object) -> None:
        self._is_away = True

    def close(self) -> None:
        """Closes all connections."""
        self._pool.close()

    def _check(self, connection: _Connection) -> None:
        """Whether the connection is as it was when it was used last. When the server restarts, all break at once."""
        try:
            ConnectionPool.check_connection(connection)
        except psycopg.Error:
            self._pool.check()
            raise


class _Transaction:
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[object] = ()) -> psycopg.Cursor[dict[str, Any]]:
        # SQLite's sign for a value, since the stores share their SQL. Bytes are sent and read as they are.
        return self._connection.execute(query.replace("?", "%s").encode(), list(map(_storable, values)), binary=True)


def _storable(value: object) -> object:
    """The value without NUL characters, which PostgreSQL's texts can't hold."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _require_url(url: str) -> None:
    """Refuses what libpq would take apart in another way, and then quote in an error, with parts of the password."""
    try:
        parts = urlsplit(url)
        is_clear = "@" not in parts.path and parts.netloc.count("@") < 2
        conninfo_to_dict(url)
    except (ValueError, psycopg.ProgrammingError):
        is_clear = False
    if not is_clear:
        raise StoreError(
            "DESCENT_DATABASE can't be read. Write it as postgresql://user:password@host:5432/name, and in the user and"
            " the password %40 for @, %2F for /, %20 for a space and %25 for %."
        )


def _require_usable(connection: psycopg.Connection[Any]) -> None:
    if (version := connection.info.server_version // 10_000) < MIN_VERSION:
        raise StoreError(f"DESCENT_DATABASE is PostgreSQL {version}. Descent needs {MIN_VERSION} or newer: upgrade it.")
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise StoreError(
            f"DESCENT_DATABASE has the encoding {encoding}. Create one with ENCODING 'UTF8' and TEMPLATE template0."
        )


@contextmanager
def _why_not_usable() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreError(
            f"DESCENT_DATABASE: its user lacks rights ({_first_line(error)}). Make the user the database's owner."
        ) from error
    except psycopg.OperationalError as error:
        raise StoreBusyError(
            f"DESCENT_DATABASE can't be reached ({_first_line(error)}). Check its address, its name, the user and the"
            " password, and that the server is up."
        ) from error
    except psycopg.Error as error:
        raise StoreError(
            f"DESCENT_DATABASE can't be used ({_first_line(error)}). Give Descent a database of its own."
        ) from error


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    # To psycopg, a database that is read-only, as a standby is, and a transaction that took too long are "internal".
    except (psycopg.OperationalError, psycopg.InternalError) as error:
        raise StoreBusyError(f"The database can't be used now ({_first_line(error)}). Try again.") from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
