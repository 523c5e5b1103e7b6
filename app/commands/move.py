"""python -m app move: copies all state from a state folder to a PostgreSQL database, or back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings
from app.settings import PROGRAM

_SCHEMES = ("postgresql://", "postgres://")


def move(
    to: Annotated[str, typer.Option(help="An empty database, postgresql://user:password@host/name; or a new folder.")],
) -> None:
    """Copies all state to an empty database, or from DESCENT_DATABASE to a new folder, and checks the copy.

    Stop the servers first. The original stays as it is.
    """
    from app.store.opening import require_psycopg
    from app.store.records import StoreError

    settings = read_settings()
    to_database = to.startswith(_SCHEMES)
    if to_database and settings.database_url:
        fail("Unset DESCENT_DATABASE to copy the state folder. From one database to another, use pg_dump.")
    if not to_database and settings.database_url is None:
        fail(f"Set DESCENT_DATABASE to the database to copy from. To copy a state folder, use {PROGRAM} backup.")
    try:
        require_psycopg()
        from app.store.copying import database_to_folder, folder_to_database

        if settings.database_url is None:
            counts = folder_to_database(settings.state_dir, settings.sqlite_file, to)
        else:
            counts = database_to_folder(settings.database_url, Path(to), settings.sqlite_file.name, at_rest=True)
    except StoreError as error:
        fail(str(error))
    copied = ", ".join(f"{table.replace('_', ' ')}: {count:,}" for table, count in counts.items())
    typer.echo(f"Copied, read back and compared ({copied}).")
    typer.echo(f"Start the servers with DESCENT_{'DATABASE' if to_database else 'STATE_DIR'} set to it.")
