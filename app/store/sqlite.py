"""The RunStore in an SQLite file, with networks and checkpoints in folders beside it. Processes share it."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Sequence
from pathlib import Path

from app.store.collection_table import CollectionTable
from app.store.connection import Connection
from app.store.files import FolderFiles
from app.store.publication_table import PublicationTable, add_publication
from app.store.records import Publication, Run
from app.store.run_table import RunTable
from app.store.sweep_table import SweepTable

# No process takes that long to write a file.
_UNFINISHED_SECONDS = 3600.0


class SqliteRunStore(RunTable, SweepTable, PublicationTable, CollectionTable):
    """A `RunStore` in the SQLite file at `path`, created if missing, and in the folders "runs" and "models" beside it.

    A published network is in models/NAME/SHA256.safetensors. Raises StoreError if the SQLite file can't be written.
    """

    def __init__(self, path: Path) -> None:
        self._connection = Connection(path)
        super().__init__(self._connection)
        self._runs, self._models = path.parent / "runs", FolderFiles(path.parent / "models")

    def files_of(self, run: Run) -> FolderFiles:
        return self._files(run.id)

    def _files(self, run_id: int) -> FolderFiles:
        return FolderFiles(self._runs / str(run_id))

    def purge(self, before: str) -> list[int]:
        purged = super().purge(before)
        for run_id in purged:
            self._files(run_id).remove()
        for files in (FolderFiles(self._runs), self._models):
            files.remove_unfinished(_UNFINISHED_SECONDS)
        return purged

    def remove_files(self, names: Sequence[str], ended_before: str) -> None:
        for row in self._database.rows("SELECT id FROM runs WHERE ended_at < ?", ended_before):
            for name in names:
                self._files(row["id"]).remove(name)

    def delete_collection(self, name: str) -> bool:
        is_deleted = super().delete_collection(name)
        # Also where another call has deleted it: that one may have failed to do this.
        self._connection.truncate_wal()
        return is_deleted

    def publish(
        self, name: str, version: str, run_id: int, network: bytes, who: str = "", why: str = ""
    ) -> Publication:
        sha256 = hashlib.sha256(network).hexdigest()
        self._keep(published_name(name, sha256), network)
        with self._database.transaction(durable=True) as db:
            return add_publication(db, name, version, run_id, who, why, sha256)

    def published_file(self, publication: Publication) -> bytes:
        return self._models.read(published_name(publication.name, publication.digest))

    def _keep(self, name: str, network: bytes) -> None:
        if self._holds(name, network):
            return
        self._models.write(name, network)
        if not self._holds(name, network):
            raise OSError(errno.EIO, "the file reads back other bytes than were written")

    def _holds(self, name: str, network: bytes) -> bool:
        try:
            return self._models.read(name) == network
        except FileNotFoundError:
            return False

    def close(self) -> None:
        self._database.close()


def published_name(name: str, digest: str) -> str:
    """The name of the file of a published network in the folder "models"."""
    return f"{name}/{digest}.safetensors"
