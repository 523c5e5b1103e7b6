"""`python -m app ...`, typed in this process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from app.commands.cli import cli


def run_command(*arguments: object, **environment: str) -> Result:
    """What the command printed, and its exit code. `environment` goes over the variables of this process."""
    wide = {"COLUMNS": "160", "NO_COLOR": "1"}
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=wide | environment)
