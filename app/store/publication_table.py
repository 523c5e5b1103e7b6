"""The SQL for publications, the same for every database."""

from __future__ import annotations

from app.store.database import Table, Transaction, record_of
from app.store.records import Publication, StoreError, now

_CURRENT = "SELECT * FROM publications WHERE rolled_back_at IS NULL"


class PublicationTable(Table):
    """The calls of `RunStore` for publications, except for `publish`, which keeps the network too."""

    def roll_back(self, name: str, publication_id: int | None = None) -> Publication | None:
        with self._database.transaction(durable=True) as db:
            rows = db.execute(f"{_CURRENT} AND name = ? ORDER BY id", (name,)).fetchall()
            standing = [row["id"] for row in rows]
            if not standing:
                raise StoreError(f"Nothing is published as {name!r}, so there is nothing to roll back.")
            # 0 stands for the network that came with the program.
            below = [0, *standing][-2] if publication_id is None else publication_id
            if below not in (0, *standing):
                raise StoreError(f"{name!r} has no publication {below} to roll back to: it was rolled back itself.")
            db.execute(
                # Not one that is published meanwhile.
                "UPDATE publications SET rolled_back_at = ?"
                " WHERE name = ? AND id > ? AND id <= ? AND rolled_back_at IS NULL",
                (now(), name, below, standing[-1]),
            )
        return self.publications().get(name)

    def publications(self) -> dict[str, Publication]:
        return {row["name"]: record_of(Publication, row) for row in self._database.rows(f"{_CURRENT} ORDER BY id")}

    def publication_history(self, name: str) -> list[Publication]:
        rows = self._database.rows("SELECT * FROM publications WHERE name = ? ORDER BY id DESC", name)
        return [record_of(Publication, row) for row in rows]


def add_publication(
    db: Transaction, name: str, version: str, run_id: int, who: str, why: str, sha256: str
) -> Publication:
    """Adds the publication, unless it is the current one of that name already."""
    current = db.execute(f"{_CURRENT} AND name = ? ORDER BY id DESC LIMIT 1", (name,)).fetchone()
    if current and (current["version"], current["run_id"], current["sha256"]) == (version, run_id, sha256):
        return record_of(Publication, current)
    row = db.execute(
        "INSERT INTO publications (name, version, run_id, published_at, who, why, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (name, version, run_id, now(), who, why, sha256),
    ).fetchone()
    return record_of(Publication, row)
