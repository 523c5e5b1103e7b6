"""Changes of a collection, each of which takes the collection's next revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.store.database import Database, Transaction

R = TypeVar("R")


class UnchangedError(Exception):
    """Rolls back a change that turned out to be none, so that it takes no revision. `result` is what it returns."""

    def __init__(self, result: Any = None) -> None:
        super().__init__()
        self.result = result


def revise(database: Database, name: str, change: Callable[[Transaction, int], R]) -> R | None:
    """Makes the change in a transaction, with the collection's next revision. None if there is no such collection."""
    try:
        with database.transaction() as db:
            return change(db, next_revision(db, name))
    except UnchangedError as unchanged:
        return unchanged.result  # type: ignore[no-any-return]


def next_revision(db: Transaction, name: str) -> int:
    """Takes the next revision, which locks the collection. Raises UnchangedError if there is none of that name."""
    row = db.execute(
        "UPDATE collections SET revision = revision + 1 WHERE name = ? RETURNING revision", (name,)
    ).fetchone()
    if row is None:
        raise UnchangedError
    return int(row["revision"])
