"""python -m app backup: a copy of the state folder, also while a server uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings


def backup(target: Annotated[Path, typer.Argument(help="A folder that is not there yet.")]) -> None:
    """Copies the state folder, also while a server uses it. To restore, let a server start on the copy."""
    from app.store.backup import back_up
    from app.store.records import StoreError

    settings = read_settings()
    try:
        back_up(settings.state_dir, settings.database, target)
    except StoreError as error:
        fail(str(error))
    typer.echo(f"{settings.state_dir} is backed up to {target}")
