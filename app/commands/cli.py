"""descent, or python -m app: serve | backup | move | train | evaluate | styles | runs"""

from __future__ import annotations

import importlib.util
import sys

import typer

from app.commands import runs
from app.commands.backup_state import backup
from app.commands.ending import fail
from app.commands.evaluate import evaluate
from app.commands.move import move
from app.commands.serve import serve
from app.commands.style_sheet import styles
from app.commands.train import train


def _require_posix() -> None:
    if importlib.util.find_spec("fcntl") is None:
        fail("Descent runs on Linux and macOS. On Windows, run it in WSL or in Docker.")


cli = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    callback=_require_posix,
    help="Draw a digit, get an answer, and watch a network learn. Without a command, it serves.",
)
for command in (serve, backup, move, train, evaluate, styles):
    cli.command()(command)
cli.add_typer(runs.cli, name="runs")


def main() -> None:
    """Does what the program's arguments say. Without the name of a command, they are those of `serve`."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
        arguments.insert(0, "serve")
    cli(arguments)
