"""What the SQL of the stores needs of a database, which is SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any, Protocol, TypeVar

R = TypeVar("R")

# A row by the names of its columns.
Row = Mapping[str, Any]


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Transaction(Protocol):
    """Executes statements, in which ? stands for a value."""

    def execute(self, query: str, values: Sequence[object] = ()) -> Cursor: ...


class Database(Protocol):
    """A database that several processes use at once. Thread-safe. Every call may raise StoreError."""

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[Transaction]:
        """Commits the block, or rolls it back if it raises.

        A `durable` transaction is on the disk before this returns.
        """

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """The rows of a query."""

    def close(self) -> None:
        """Closes all connections."""


def record_of(kind: type[R], row: Row) -> R:
    """The record in a row. Columns that a newer version has added are ignored."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})  # type: ignore[arg-type]


class Table:
    """A part of a store that is SQL alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _changes(self, query: str, *values: object) -> bool:
        with self._database.transaction() as db:
            return db.execute(query, values).rowcount > 0
