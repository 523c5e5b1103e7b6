"""The SQL for documents of collections, the same for every database."""

from __future__ import annotations

from collections.abc import Callable

from pydantic_core import from_json, to_json

from app.store.collection_records import Changed, Document
from app.store.database import Row, Table, Transaction
from app.store.revisions import UnchangedError, next_revision

_DOCUMENT = (
    "SELECT documents.*, content FROM documents LEFT JOIN document_contents USING (collection, key)"
    " WHERE collection = ? AND key = ?"
)


class DocumentTable(Table):
    """The calls of `CollectionStore` for documents."""

    def document(self, name: str, key: str) -> Document | None:
        rows = self._database.rows(_DOCUMENT, name, key)
        return document_of(rows[0], rows[0]["content"]) if rows else None

    def with_document(self, key: str) -> dict[str, int]:
        rows = self._database.rows("SELECT collection, revision FROM documents WHERE key = ?", key)
        return {row["collection"]: row["revision"] for row in rows}

    def change_document(
        self, name: str, key: str, change: Callable[[Document | None], Changed | None]
    ) -> Document | None:
        try:
            with self._database.transaction() as db:
                return _change(db, name, key, change)
        except UnchangedError:
            return None


def _change(
    db: Transaction, name: str, key: str, change: Callable[[Document | None], Changed | None]
) -> Document | None:
    # This locks the document's row, and not the collection's: what is no news holds up nobody else.
    db.execute("UPDATE documents SET key = key WHERE collection = ? AND key = ?", (name, key))
    row = db.execute(_DOCUMENT, (name, key)).fetchone()
    present = document_of(row, row["content"]) if row else None
    changed = change(present)
    if changed is None:
        return present
    revision = next_revision(db, name) if changed.is_news or present is None else present.revision
    written = db.execute(
        "INSERT INTO documents (collection, key, revision, state) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (collection, key) DO UPDATE SET revision = excluded.revision, state = excluded.state RETURNING *",
        (name, key, revision, to_json(dict(changed.state)).decode()),
    ).fetchone()
    if changed.content is not None:
        db.execute(
            "INSERT INTO document_contents (collection, key, content) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, key) DO UPDATE SET content = excluded.content",
            (name, key, changed.content),
        )
    return document_of(written)


# The state of a game is long, and pydantic's JSON takes a fifth of the time of Python's.
def document_of(row: Row, content: bytes | None = None) -> Document:
    return Document(row["key"], row["revision"], from_json(row["state"]), bytes(content or b""))
