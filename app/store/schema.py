"""The tables of the SQLite store, and the migrations from earlier versions."""

from __future__ import annotations

import sqlite3

# The statements of each version. A new file runs all of them, an old one those it lacks.
VERSIONS = (
    """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    status TEXT NOT NULL,
    reason TEXT,
    settings TEXT NOT NULL,
    steps INTEGER NOT NULL,
    step INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0,
    cost REAL,
    accuracy REAL,
    test_accuracy REAL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    published_at TEXT NOT NULL,
    rolled_back_at TEXT
) STRICT;
""",
    """
CREATE TABLE sweeps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    status TEXT NOT NULL,
    plan TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
ALTER TABLE runs ADD COLUMN learning_rate REAL;
ALTER TABLE runs ADD COLUMN name TEXT;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN sweep_id INTEGER REFERENCES sweeps (id);
ALTER TABLE runs ADD COLUMN deleted_at TEXT;
CREATE INDEX runs_of_sweep ON runs (sweep_id) WHERE sweep_id IS NOT NULL;
ALTER TABLE publications ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE publications ADD COLUMN why TEXT NOT NULL DEFAULT '';
""",
    """
ALTER TABLE publications ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
""",
    """
ALTER TABLE runs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
""",
    """
CREATE TABLE collections (
    name TEXT PRIMARY KEY,
    created_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE TABLE authors (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    token TEXT,
    removed INTEGER NOT NULL,
    simulated INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    rejoin TEXT,
    rejoin_until TEXT,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX authors_by_revision ON authors (collection, revision);
CREATE TABLE drawings (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    author INTEGER,
    round INTEGER NOT NULL,
    label INTEGER,
    strokes TEXT NOT NULL,
    digit INTEGER NOT NULL,
    confidence REAL NOT NULL,
    status TEXT NOT NULL,
    drawn_at TEXT NOT NULL,
    token TEXT,
    revision INTEGER NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT;
CREATE INDEX drawings_by_revision ON drawings (collection, revision);
CREATE INDEX drawings_by_author ON drawings (collection, coalesce(author, 0), drawn_at);
CREATE TABLE snapshots (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (collection, sha256)
) STRICT;
CREATE TABLE documents (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (collection, key)
) STRICT;
CREATE TABLE document_contents (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (collection, key),
    FOREIGN KEY (collection, key) REFERENCES documents (collection, key) ON DELETE CASCADE
) STRICT;
""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the tables to the newest version. Of processes that open a file at once, one migrates and the others wait.

    Raises sqlite3.Error.
    """
    if _version(connection) == len(VERSIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(connection), len(VERSIONS)):
            for statement in filter(str.strip, VERSIONS[number].split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {max(len(VERSIONS), _version(connection))}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
