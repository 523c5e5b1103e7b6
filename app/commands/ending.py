"""Helpers of all commands: reading the settings, printing text of others, and ending with an error message."""

from __future__ import annotations

from typing import NoReturn

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.settings import Settings


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        fail(" ".join(map(_sentence, error.errors())))


def _sentence(problem: ErrorDetails) -> str:
    # A rule about several settings has no place.
    return "".join(f"DESCENT_{str(place).upper()}: " for place in problem["loc"][:1]) + f"{problem['msg']}."


def printable(text: str) -> str:
    """The text on one line, without control characters, which a terminal would obey."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def fail(message: str) -> NoReturn:
    """Prints the message on standard error and ends the program with code 1."""
    typer.echo(printable(message), err=True)
    raise typer.Exit(1)
