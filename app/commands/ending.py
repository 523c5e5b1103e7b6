"""Helpers of all commands: reading the settings, and ending with an error message."""

from __future__ import annotations

from typing import NoReturn

import typer
from pydantic import ValidationError

from app.settings import Settings


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        fail(" ".join(f"DESCENT_{str(problem['loc'][0]).upper()}: {problem['msg']}." for problem in error.errors()))


def fail(message: str) -> NoReturn:
    """Prints the message on standard error and ends the program with code 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)
