"""Helpers of all commands: reading the settings, printing text of others, and ending with an error message."""

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


def printable(text: str) -> str:
    """The text on one line, without control characters, which a terminal would obey."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def fail(message: str) -> NoReturn:
    """Prints the message on standard error and ends the program with code 1."""
    typer.echo(printable(message), err=True)
    raise typer.Exit(1)
