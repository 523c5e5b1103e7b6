"""Backs up the state folder consistently, also while a server writes to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.store.records import StoreError


def back_up(state_dir: Path, database: Path, target: Path) -> None:
    """Copies `state_dir`, whose SQLite file is `database`, to the new folder `target`: completely or not at all.

    Raises StoreError.
    """
    if not database.is_file():
        raise StoreError(f"There is no {database} to back up. Point DESCENT_STATE_DIR to the server's state folder.")
    with new_folder(target) as part:
        # A run can resume from a checkpoint older than its events, but not from a newer one: so the files of runs are
        # copied before the database. Published networks are written before the database names them, and never again.
        _copy_folder(state_dir / "runs", part / "runs")
        ended = _copy_database(database, part / database.name)
        for run_id in ended:
            _copy_folder(state_dir / "runs" / str(run_id), part / "runs" / str(run_id))
        _copy_folder(state_dir / "models", part / "models")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write to, which becomes `target` at the end of the block, or is removed if that raises.

    Raises StoreError, also for the block's OSError and sqlite3.Error.
    """
    if target.exists():
        raise StoreError(f"{target} exists already. Choose a new folder, for example one named after today's date.")
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        yield part
        os.sync()
        part.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The copy to {target} failed ({error}) and was removed. Choose another folder.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy_database(database: Path, target: Path) -> list[int]:
    """Copies one consistent state without blocking writers. Returns the ids of the runs that have ended in it."""
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
    """State files are replaced by renaming, so an open file is complete. One that is gone by now is left out."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        if source.exists():
            raise
