"""python -m app backup: copies all state to a new folder, also while servers use it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings


def backup(target: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Copies all state to a new folder, also while servers use it. To restore it, start a server with the copy."""
    from app.store.opening import require_psycopg
    from app.store.records import StoreError

    settings = read_settings()
    try:
        if settings.database_url is None:
            from app.store.backup import back_up

            back_up(settings.state_dir, settings.sqlite_file, target)
        else:
            require_psycopg()
            from app.store.copying import database_to_folder

            database_to_folder(settings.database_url, target, settings.sqlite_file.name, at_rest=False)
    except StoreError as error:
        fail(str(error))
    source = settings.state_dir if settings.database_url is None else "The database"
    typer.echo(f"{source} is backed up to {target}")
