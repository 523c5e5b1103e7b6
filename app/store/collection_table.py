"""The SQL for collections, their authors and their drawings, the same for every database.

Each change first takes the collection's next revision. That locks its row, so revisions are committed in their order,
and who reads "all after revision 7" misses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.store.author_table import UNTIL_ROOM_SECONDS, AuthorTable, author_of
from app.store.collection_records import (
    STATUSES,
    Changes,
    Drawing,
    DrawingSet,
    DrawingStatus,
    LimitError,
    Limits,
    NewDrawing,
)
from app.store.database import Row, Transaction, record_of
from app.store.document_table import DocumentTable, document_of
from app.store.records import now
from app.store.revisions import UnchangedError, revise

_AUTHORS = "SELECT * FROM authors WHERE collection = ? AND revision > ? AND revision <= ? ORDER BY id"
_DRAWINGS = "SELECT * FROM drawings WHERE collection = ? AND revision > ? AND revision <= ? ORDER BY id"
_DOCUMENTS = "SELECT * FROM documents WHERE collection = ? AND revision > ? AND revision <= ? ORDER BY key"
# No id is so large.
_IDS_END = 2**63 - 1


class CollectionTable(AuthorTable, DocumentTable):
    """The calls of `CollectionStore`."""

    def create_collection(self, name: str, state: Mapping[str, Any]) -> DrawingSet | None:
        with self._database.transaction() as db:
            row = db.execute(
                "INSERT INTO collections (name, created_at, revision, state) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO NOTHING RETURNING *",
                (name, now(), 1, json.dumps(dict(state))),
            ).fetchone()
        return _set_of(row) if row else None

    def collection(self, name: str) -> DrawingSet | None:
        rows = self._database.rows("SELECT * FROM collections WHERE name = ?", name)
        return _set_of(rows[0]) if rows else None

    def collections(self, prefix: str = "") -> list[DrawingSet]:
        query = "SELECT * FROM collections WHERE substr(name, 1, ?) = ? ORDER BY created_at, name"
        return [_set_of(row) for row in self._database.rows(query, len(prefix), prefix)]

    def change_state(
        self, name: str, change: Callable[[dict[str, Any]], Mapping[str, Any]], *, authors: bool = False
    ) -> DrawingSet | None:
        def set_state(db: Transaction, revision: int) -> DrawingSet:
            row = db.execute("SELECT * FROM collections WHERE name = ?", (name,)).fetchone()
            present = _set_of(row)
            # `change` may change what it is given.
            before = json.dumps(present.state)
            after = json.dumps(dict(change(present.state)))
            if after == before:
                raise UnchangedError(replace(present, revision=present.revision - 1))
            row = db.execute("UPDATE collections SET state = ? WHERE name = ? RETURNING *", (after, name)).fetchone()
            if authors:
                db.execute("UPDATE authors SET revision = ? WHERE collection = ?", (revision, name))
            return _set_of(row)

        return revise(self._database, name, set_state)

    def delete_collection(self, name: str) -> bool:
        with self._database.transaction() as db:
            # In the order in which changes of a document lock them: otherwise, PostgreSQL would find a deadlock.
            db.execute("DELETE FROM documents WHERE collection = ?", (name,))
            return db.execute("DELETE FROM collections WHERE name = ?", (name,)).rowcount > 0

    def changes(self, name: str, after: int = 0) -> Changes | None:
        # Its revision first: what is committed meanwhile comes with the next call.
        found = self.collection(name)
        if found is None:
            return None
        # Most often there is nothing new.
        if found.revision <= after:
            return Changes(found, [], [], [])
        authors = self._database.rows(_AUTHORS, name, after, found.revision)
        drawings = self._database.rows(_DRAWINGS, name, after, found.revision)
        documents = self._database.rows(_DOCUMENTS, name, after, found.revision)
        return Changes(
            found,
            list(map(author_of, authors)),
            list(map(_drawing_of, drawings)),
            [document_of(row) for row in documents],
        )

    def add_drawing(self, name: str, drawing: NewDrawing, limits: Limits) -> Drawing | None:
        def add(db: Transaction, revision: int) -> Drawing:
            if _is_removed(db, name, drawing.author):
                raise UnchangedError
            if drawing.token and (again := _sent_before(db, name, drawing)):
                raise UnchangedError(_drawing_of(again))
            last = _require_below(db, name, drawing.author, limits)
            row = db.execute(
                "INSERT INTO drawings (collection, id, author, round, label, strokes, digit, confidence, status,"
                " drawn_at, token, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                (
                    *(name, last + 1, drawing.author, drawing.round, drawing.label, json.dumps(drawing.strokes)),
                    *(drawing.digit, drawing.confidence, drawing.status, now(), drawing.token, revision),
                ),
            ).fetchone()
            return _drawing_of(row)

        return revise(self._database, name, add)

    def set_status(
        self,
        name: str,
        status: DrawingStatus,
        *,
        drawing: int | None = None,
        among: Sequence[DrawingStatus] = STATUSES,
    ) -> int:
        places = ", ".join("?" for _ in among)

        def change(db: Transaction, revision: int) -> int:
            changed = db.execute(
                f"UPDATE drawings SET status = ?, revision = ? WHERE collection = ? AND id = coalesce(?, id)"  # noqa: S608
                f" AND status <> ? AND status IN ({places})",
                (status, revision, name, drawing, status, *among),
            )
            if changed.rowcount == 0:
                raise UnchangedError(0)
            return changed.rowcount

        return revise(self._database, name, change) or 0

    def counts(self, name: str) -> dict[tuple[int | None, DrawingStatus], int]:
        query = "SELECT label, status, count(*) AS count FROM drawings WHERE collection = ? GROUP BY label, status"
        return {(row["label"], row["status"]): row["count"] for row in self._database.rows(query, name)}

    def drawings(self, name: str, author: int | None = None) -> list[Drawing]:
        if author is None:
            rows = self._database.rows("SELECT * FROM drawings WHERE collection = ? ORDER BY id", name)
        else:
            query = "SELECT * FROM drawings WHERE collection = ? AND author = ? ORDER BY id"
            rows = self._database.rows(query, name, author)
        return list(map(_drawing_of, rows))

    def drawing(self, name: str, number: int) -> Drawing | None:
        rows = self._database.rows("SELECT * FROM drawings WHERE collection = ? AND id = ?", name, number)
        return _drawing_of(rows[0]) if rows else None

    def newest_drawings(self, name: str, most: int, before: int | None = None) -> list[Drawing]:
        query = "SELECT * FROM drawings WHERE collection = ? AND id < ? ORDER BY id DESC LIMIT ?"
        return list(map(_drawing_of, self._database.rows(query, name, before or _IDS_END, most)))

    def keep_snapshot(self, name: str, sha256: str, content: bytes) -> bool:
        with self._database.transaction() as db:
            # Its row is locked, so that it is not deleted meanwhile; nobody needs to be told.
            if db.execute("UPDATE collections SET name = name WHERE name = ?", (name,)).rowcount == 0:
                return False
            db.execute(
                "INSERT INTO snapshots (collection, sha256, content) VALUES (?, ?, ?)"
                " ON CONFLICT (collection, sha256) DO NOTHING",
                (name, sha256, content),
            )
        return True

    def snapshot(self, name: str, sha256: str) -> bytes | None:
        query = "SELECT content FROM snapshots WHERE collection = ? AND sha256 = ?"
        rows = self._database.rows(query, name, sha256)
        return bytes(rows[0]["content"]) if rows else None


def _is_removed(db: Transaction, name: str, author: int | None) -> bool:
    query = "SELECT removed FROM authors WHERE collection = ? AND id = ?"
    row = db.execute(query, (name, author)).fetchone()
    return row is not None and bool(row["removed"])


def _sent_before(db: Transaction, name: str, drawing: NewDrawing) -> Row | None:
    query = "SELECT * FROM drawings WHERE collection = ? AND coalesce(author, 0) = ? AND token = ?"
    row: Row | None = db.execute(query, (name, drawing.author or 0, drawing.token)).fetchone()
    return row


def _require_below(db: Transaction, name: str, author: int | None, limits: Limits) -> int:
    """The id of the last drawing. Raises LimitError if one more is too many."""
    (last, mine, recent), oldest = _counts(db, name, author, limits)
    if last >= limits.in_all:
        raise LimitError(f"There are {limits.in_all:,} drawings, which is the limit.", UNTIL_ROOM_SECONDS)
    if mine >= limits.of_author:
        raise LimitError(f"You have sent {limits.of_author} drawings, which is the limit.", UNTIL_ROOM_SECONDS)
    if recent >= limits.burst:
        raise LimitError(f"More than {limits.burst} drawings in {limits.seconds:.0f} seconds. Wait a moment.", oldest)
    return last


def _counts(db: Transaction, name: str, author: int | None, limits: Limits) -> tuple[tuple[int, int, int], float]:
    """How many drawings there are, of the author, and of late; and after how many seconds the first of these is old."""
    since = datetime.now(UTC) - timedelta(seconds=limits.seconds)
    recent = since.isoformat(timespec="milliseconds")
    row = db.execute(
        "SELECT coalesce((SELECT max(id) FROM drawings WHERE collection = ?), 0) AS last, count(*) AS mine,"
        " count(CASE WHEN drawn_at > ? THEN 1 END) AS recent, min(CASE WHEN drawn_at > ? THEN drawn_at END) AS oldest"
        " FROM drawings WHERE collection = ? AND coalesce(author, 0) = ?",
        (name, recent, recent, name, author or 0),
    ).fetchone()
    wait = (datetime.fromisoformat(row["oldest"]) - since).total_seconds() if row["oldest"] else limits.seconds
    return (row["last"], row["mine"], row["recent"]), wait


def _set_of(row: Row) -> DrawingSet:
    return record_of(DrawingSet, {**dict(row), "state": json.loads(row["state"])})


def _drawing_of(row: Row) -> Drawing:
    return record_of(Drawing, {**dict(row), "strokes": json.loads(row["strokes"])})
