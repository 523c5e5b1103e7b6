"""The SQL for the authors of collections, the same for every database."""

from __future__ import annotations

from collections.abc import Sequence

from app.store.collection_records import Author, LimitError
from app.store.database import Row, Table, Transaction, record_of
from app.store.revisions import UnchangedError, revise

# How long to wait where only the teacher can make room.
UNTIL_ROOM_SECONDS = 600.0


class AuthorTable(Table):
    """The calls of `CollectionStore` for authors."""

    def add_author(
        self, name: str, names: Sequence[str], key_hash: str, token: str | None, most: int, *, simulated: bool = False
    ) -> Author | None:
        def add(db: Transaction, revision: int) -> Author:
            if token:
                again = db.execute(
                    "UPDATE authors SET key_hash = ?, revision = ? WHERE collection = ? AND token = ? RETURNING *",
                    (key_hash, revision, name, token),
                ).fetchone()
                if again:
                    return author_of(again)
            rows = db.execute("SELECT id, name, removed FROM authors WHERE collection = ?", (name,)).fetchall()
            if sum(not row["removed"] for row in rows) >= most:
                raise LimitError(f"The room is full: it has {most} pupils.", UNTIL_ROOM_SECONDS)
            taken = {row["name"] for row in rows}
            number = max((row["id"] for row in rows), default=0) + 1
            free = next((one for one in names if one not in taken), f"Pupil {number}")
            row = db.execute(
                "INSERT INTO authors (collection, id, name, key_hash, token, removed, simulated, revision)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?) RETURNING *",
                (name, number, free, key_hash, token, int(simulated), revision),
            ).fetchone()
            return author_of(row)

        return revise(self._database, name, add)

    def author(self, name: str, key_hash: str) -> Author | None:
        rows = self._database.rows("SELECT * FROM authors WHERE collection = ? AND key_hash = ?", name, key_hash)
        return author_of(rows[0]) if rows else None

    def authors(self, name: str) -> list[Author]:
        rows = self._database.rows("SELECT * FROM authors WHERE collection = ? ORDER BY id", name)
        return list(map(author_of, rows))

    def change_author(
        self, name: str, author: int, *, new_name: str | None = None, removed: bool | None = None
    ) -> Author | None:
        def change(db: Transaction, revision: int) -> Author:
            row = db.execute(
                "UPDATE authors SET name = coalesce(?, name), removed = coalesce(?, removed), revision = ?"
                " WHERE collection = ? AND id = ? AND NOT EXISTS"
                " (SELECT 1 FROM authors AS other WHERE other.collection = ? AND other.id <> ? AND other.name = ?)"
                " RETURNING *",
                (
                    *(new_name, None if removed is None else int(removed), revision, name, author),
                    *(name, author, new_name or ""),
                ),
            ).fetchone()
            if removed:
                db.execute(
                    "UPDATE drawings SET status = 'removed', revision = ?"
                    " WHERE collection = ? AND author = ? AND status <> 'removed'",
                    (revision, name, author),
                )
            return _changed(row)

        return revise(self._database, name, change)

    def allow_rejoin(self, name: str, author: int, code: str, until: str) -> Author | None:
        def change(db: Transaction, revision: int) -> Author:
            row = db.execute(
                "UPDATE authors SET rejoin = ?, rejoin_until = ?, revision = ?"
                " WHERE collection = ? AND id = ? AND removed = 0 RETURNING *",
                (code, until, revision, name, author),
            ).fetchone()
            return _changed(row)

        return revise(self._database, name, change)

    def rejoin(self, name: str, code: str, key_hash: str, at: str) -> Author | None:
        def change(db: Transaction, revision: int) -> Author:
            row = db.execute(
                "UPDATE authors SET key_hash = ?, rejoin = NULL, rejoin_until = NULL, revision = ?"
                " WHERE collection = ? AND rejoin = ? AND rejoin_until > ? AND removed = 0 RETURNING *",
                (key_hash, revision, name, code, at),
            ).fetchone()
            return _changed(row)

        return revise(self._database, name, change)


def author_of(row: Row) -> Author:
    return record_of(Author, {**dict(row), "removed": bool(row["removed"]), "simulated": bool(row["simulated"])})


def _changed(row: Row | None) -> Author:
    if row is None:
        raise UnchangedError
    return author_of(row)
