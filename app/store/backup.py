"""A copy of the state folder that fits together, taken while a server writes to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.store.records import StoreError


def back_up(state_dir: Path, database: Path, target: Path) -> None:
    """Copies `state_dir`, whose SQLite file is `database`, to the new folder `target`: whole or not at all.

    Raises StoreError, with what to do.
    """
    if not database.is_file():
        raise StoreError(f"There is no {database} to back up. Point DESCENT_STATE_DIR to the server's state folder.")
    if target.exists():
        raise StoreError(f"{target} is there already. Name a folder that is not, such as one with today's date.")
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        # A run goes on from a checkpoint that is older than its events, but not from one that is newer: the files of
        # runs come first. What the database names besides is never written again, and is there before it is named.
        _copy_folder(state_dir / "runs", part / "runs")
        ended = _copy_database(database, part / database.name)
        for run_id in ended:
            _copy_folder(state_dir / "runs" / str(run_id), part / "runs" / str(run_id))
        _copy_folder(state_dir / "models", part / "models")
        os.sync()
        part.rename(target)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise StoreError(
            f"The back-up to {target} failed ({error}). Nothing is left of it; try another place."
        ) from error


def _copy_database(database: Path, target: Path) -> list[int]:
    """Copies it as it is at one moment, which holds up nobody who writes. Returns the runs that have ended by then."""
    with (
        closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        return [run_id for (run_id,) in copy.execute("SELECT id FROM runs WHERE ended_at IS NOT NULL")]


def _copy_folder(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file():
            _copy_file(path, target / path.relative_to(source))


def _copy_file(source: Path, target: Path) -> None:
    """Each file is written beside its place and then put there: what is opened is whole, and may be gone by then."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        if source.exists():
            raise
