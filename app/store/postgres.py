"""The RunStore in a PostgreSQL database, networks and checkpoints included. Machines share it."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from app.store.collection_table import CollectionTable
from app.store.database import Database, Row
from app.store.leases import LeasedRunStore
from app.store.postgres_connection import PostgresConnection
from app.store.publication_table import add_publication
from app.store.records import Publication, Run, StaleAttemptError


class PostgresRunStore(LeasedRunStore, CollectionTable):
    """A `RunStore` in the database at `url`, whose tables are made if missing. Leases last `lease_seconds`.

    Raises StoreError if the database can't be used.
    """

    def __init__(self, url: str, lease_seconds: float = LeasedRunStore.lease_seconds) -> None:
        super().__init__(PostgresConnection(url))
        self.lease_seconds = lease_seconds

    def files_of(self, run: Run) -> PostgresFiles:
        return PostgresFiles(self._database, run.id, run.attempt)

    def remove_files(self, names: Sequence[str], ended_before: str) -> None:
        with self._database.transaction() as db:
            for name in names:
                matches = "starts_with(run_files.name, ?)" if name.endswith("/") else "run_files.name = ?"
                db.execute(
                    f"DELETE FROM run_files USING runs WHERE runs.id = run_id AND ended_at < ? AND {matches}",  # noqa: S608
                    (ended_before, name),
                )

    def publish(
        self, name: str, version: str, run_id: int, network: bytes, who: str = "", why: str = ""
    ) -> Publication:
        sha256 = hashlib.sha256(network).hexdigest()
        with self._database.transaction(durable=True) as db:
            # One publication at a time: the last one to be committed has the highest id, and so is the current one.
            db.execute("LOCK TABLE publications IN SHARE ROW EXCLUSIVE MODE")
            db.execute(
                "INSERT INTO published_files (sha256, content) VALUES (?, ?) ON CONFLICT (sha256)"
                " DO UPDATE SET content = excluded.content WHERE published_files.content <> excluded.content",
                (sha256, network),
            )
            return add_publication(db, name, version, run_id, who, why, sha256)

    def published_file(self, publication: Publication) -> bytes:
        rows = self._database.rows("SELECT content FROM published_files WHERE sha256 = ?", publication.digest)
        return _content(rows, f"{publication.name} {publication.version}")

    def close(self) -> None:
        self._database.close()


@dataclass(frozen=True)
class PostgresFiles:
    """The `Files` of a run, which only this attempt may write."""

    _database: Database
    run_id: int
    attempt: int

    @property
    def interval(self) -> float:
        # A row is written whole each time, and the old one takes space until the database is vacuumed.
        return 5.0

    def read(self, name: str) -> bytes:
        rows = self._database.rows("SELECT content FROM run_files WHERE run_id = ? AND name = ?", self.run_id, name)
        return _content(rows, name)

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        with self._database.transaction(durable=durable) as db:
            # The lock on the run's row keeps another attempt from beginning in between.
            written = db.execute(
                "INSERT INTO run_files (run_id, name, content)"
                " SELECT id, ?, ? FROM (SELECT id FROM runs WHERE id = ? AND attempt = ? FOR SHARE) AS run"
                " ON CONFLICT (run_id, name) DO UPDATE SET content = excluded.content",
                (name, content, self.run_id, self.attempt),
            )
            if written.rowcount == 0:
                raise StaleAttemptError(f"Run {self.run_id} is gone, or attempt {self.attempt} no longer trains it.")

    def names(self, folder: str) -> list[str]:
        rows = self._database.rows(
            "SELECT name FROM run_files WHERE run_id = ? AND starts_with(name, ?)", self.run_id, f"{folder}/"
        )
        # By Python, since the database sorts by its own language.
        return sorted(row["name"].removeprefix(f"{folder}/") for row in rows)


def _content(rows: Sequence[Row], name: str) -> bytes:
    if not rows:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return bytes(rows[0]["content"])
