"""python -m app backup: copies the state folder, also while a server uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings


def backup(target: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Copies the state folder, also while a server uses it. To restore it, start a server with the copy."""
    from app.store.backup import back_up
    from app.store.records import StoreError

    settings = read_settings()
    try:
        back_up(settings.state_dir, settings.database, target)
    except StoreError as error:
        fail(str(error))
    typer.echo(f"{settings.state_dir} is backed up to {target}")
