"""Copies everything from a state folder to a PostgreSQL database, or back: completely or not at all.

The copy is one state of its source. Before it is committed, it is read back and compared with what was copied.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import psycopg
from psycopg.rows import tuple_row

from app.network.tensor_file import write_whole
from app.store.backup import new_folder
from app.store.collection_records import Author, Drawing, DrawingSet
from app.store.connection import Connection
from app.store.postgres_connection import PostgresConnection
from app.store.records import ACTIVE, Publication, Run, StoreError, Sweep
from app.store.sqlite import published_name

_Row: TypeAlias = tuple[Any, ...]


def _names(record: type[Any]) -> str:
    return ", ".join(field.name for field in fields(record))


# The columns of each table and their order. A table comes after those it refers to.
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "sweeps": (_names(Sweep), "id"),
    "runs": (_names(Run), "id"),
    "events": ("run_id, id, name, data", "run_id, id"),
    "publications": (_names(Publication), "id"),
    "collections": (_names(DrawingSet), 'name COLLATE "C"'),
    "authors": (f"collection, {_names(Author)}, key_hash, token", 'collection COLLATE "C", id'),
    "drawings": (f"collection, {_names(Drawing)}, token", 'collection COLLATE "C", id'),
    "documents": ("collection, key, revision, state", 'collection COLLATE "C", key COLLATE "C"'),
    "document_contents": ("collection, key, content", 'collection COLLATE "C", key COLLATE "C"'),
    "snapshots": ("collection, sha256, content", 'collection COLLATE "C", sha256 COLLATE "C"'),
}
# In a folder these are files.
_FILES: Mapping[str, tuple[str, str]] = {
    "run_files": ("run_id, name, content", 'run_id, name COLLATE "C"'),
    "published_files": ("sha256, content", 'sha256 COLLATE "C"'),
}
_TABLES = {**_COLUMNS, **_FILES}
# The table of the last ids that were given away, so that those of purged runs are not given again.
_LAST_IDS = "last_ids"
_WITH_IDS = ("sweeps", "runs", "publications")
_ACTIVE = f"SELECT id FROM runs WHERE status IN {ACTIVE} ORDER BY id"  # noqa: S608 - ours


class _State(Protocol):
    """Everything in a store, as tables."""

    def rows(self, table: str) -> Iterator[_Row]:
        """The rows in the order of their keys."""

    def add(self, table: str, rows: Iterable[_Row]) -> None: ...


def folder_to_database(state_dir: Path, sqlite_file: Path, url: str) -> dict[str, int]:
    """Copies a state folder to the empty database at `url`. Returns the number of rows of each table.

    No server can write to the folder meanwhile. A published file that is damaged is left out. Raises StoreError.
    """
    if not sqlite_file.is_file():
        raise StoreError(f"There is no {sqlite_file} to move. Point DESCENT_STATE_DIR to the server's state folder.")
    with (
        closing(Connection(sqlite_file)) as sqlite,
        closing(PostgresConnection(url)) as postgres,
        sqlite.transaction() as db,
        postgres.copying() as connection,
    ):
        source, target = _Folder(db, state_dir), _Database(connection)
        _require_rest(db.execute(_ACTIVE).fetchone())
        target.require_empty()
        return _copy(source, target)


def database_to_folder(url: str, target_dir: Path, sqlite_name: str, *, at_rest: bool) -> dict[str, int]:
    """Copies the database at `url` to a new state folder. Returns the number of rows of each table.

    With `at_rest`, a database with an active run is refused. Raises StoreError.
    """
    with (
        closing(PostgresConnection(url)) as postgres,
        new_folder(target_dir) as part,
        closing(Connection(part / sqlite_name)) as sqlite,
        postgres.copying() as connection,
        sqlite.transaction(durable=True) as db,
    ):
        source, target = _Database(connection), _Folder(db, part)
        if at_rest:
            _require_rest(source.execute(_ACTIVE).fetchone())
        return _copy(source, target)


def _require_rest(active: _Row | None) -> None:
    if active:
        raise StoreError(f"Run {active[0]} is being trained. Stop it and the servers, or wait for its end; then move.")


def _copy(source: _State, target: _State) -> dict[str, int]:
    counts = {}
    for table in (*_TABLES, _LAST_IDS):
        original, copy = _Fingerprint(), _Fingerprint()
        target.add(table, original.of(source.rows(table)))
        for _ in copy.of(target.rows(table)):
            pass
        if (original.count, original.sha256) != (copy.count, copy.sha256):
            raise StoreError(
                f"The copy of {table} differs from the original, so nothing was copied. Check the disk, and try again."
            )
        counts[table] = copy.count
    del counts[_LAST_IDS]
    return counts


class _Fingerprint:
    """The number of rows that were passed on, and the SHA-256 of their content."""

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def of(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        for row in rows:
            self.count += 1
            short = [hashlib.sha256(value).digest() if isinstance(value, bytes) else value for value in row]
            self._hash.update(repr(short).encode())
            yield row


class _Database:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, query: str, values: _Row = ()) -> psycopg.Cursor[_Row]:
        return self._connection.cursor(row_factory=tuple_row).execute(query.encode(), values)

    def require_empty(self) -> None:
        # The snapshot of the transaction is of after the lock.
        self.execute(f"LOCK TABLE {', '.join(_TABLES)} IN EXCLUSIVE MODE")
        if self.execute("SELECT id FROM runs UNION ALL SELECT id FROM sweeps LIMIT 1").fetchone():
            raise StoreError("The database has runs already. Move to an empty one.")

    def rows(self, table: str) -> Iterator[_Row]:
        if table == _LAST_IDS:
            for name in _WITH_IDS:
                query = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')), 0)"
                yield (name, *(self.execute(query, (name,)).fetchone() or ()))
            return
        columns, order = _TABLES[table]
        with self._connection.cursor("rows", row_factory=tuple_row) as cursor:
            # Files may be large.
            cursor.itersize = 4 if table in _FILES else 1000
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}".encode(), binary=True)  # noqa: S608 - ours
            yield from cursor

    def add(self, table: str, rows: Iterable[_Row]) -> None:
        if table == _LAST_IDS:
            for name, last in rows:
                query = "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, 1), %s > 0)"
                self.execute(query, (name, last, last))
            return
        with self._connection.cursor().copy(f"COPY {table} ({_TABLES[table][0]}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


class _Folder:
    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self._db, self._runs, self._models = db, folder / "runs", folder / "models"
        # Both sort names by their code points then.
        db.create_collation("C", lambda one, other: (one > other) - (one < other))

    def rows(self, table: str) -> Iterator[_Row]:
        if table == "run_files":
            yield from self._run_files()
        elif table == "published_files":
            yield from self._published_files()
        elif table == _LAST_IDS:
            last = dict(self._db.execute("SELECT name, seq FROM sqlite_sequence"))
            yield from ((name, last.get(name, 0)) for name in _WITH_IDS)
        else:
            columns, order = _COLUMNS[table]
            for row in self._db.execute(f"SELECT {columns} FROM {table} ORDER BY {order}"):  # noqa: S608 - ours
                # PostgreSQL's texts can't hold NUL.
                yield tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)

    def add(self, table: str, rows: Iterable[_Row]) -> None:
        if table == "run_files":
            for run_id, name, content in rows:
                write_whole(self._runs / str(run_id) / name, content, durable=False)
        elif table == "published_files":
            published = self._published()
            for digest, content in rows:
                for path in published[digest]:
                    write_whole(path, content, durable=False)
        elif table == _LAST_IDS:
            self._db.execute("DELETE FROM sqlite_sequence")
            self._db.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", rows)
        else:
            columns = _COLUMNS[table][0]
            values = ", ".join("?" for _ in columns.split(","))
            self._db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", rows)  # noqa: S608 - ours

    def _run_files(self) -> Iterator[_Row]:
        for (run_id,) in self._db.execute("SELECT id FROM runs ORDER BY id"):
            folder = self._runs / str(run_id)
            paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("[!.]*") if path.is_file()}
            for name in sorted(paths):
                yield run_id, name, paths[name].read_bytes()

    def _published_files(self) -> Iterator[_Row]:
        for digest, paths in sorted(self._published().items()):
            contents = [path.read_bytes() for path in paths if path.is_file()]
            # One of several names under which a network is published may have a damaged file.
            contents.sort(key=lambda content: hashlib.sha256(content).hexdigest() != digest)
            yield from ((digest, content) for content in contents[:1])

    def _published(self) -> dict[str, list[Path]]:
        """The files of each published network, by what they are named by."""
        files: dict[str, list[Path]] = {}
        query = "SELECT DISTINCT name, coalesce(nullif(sha256, ''), version) FROM publications"
        for name, digest in self._db.execute(query):
            files.setdefault(digest, []).append(self._models / published_name(name, digest))
        return files
