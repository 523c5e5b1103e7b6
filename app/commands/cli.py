"""python -m app serve | backup | train | evaluate | styles | runs"""

from __future__ import annotations

import importlib.util

import typer

from app.commands import runs
from app.commands.backup_state import backup
from app.commands.ending import fail
from app.commands.evaluate import evaluate
from app.commands.serve import serve
from app.commands.style_sheet import styles
from app.commands.train import train


def _require_posix() -> None:
    if importlib.util.find_spec("fcntl") is None:
        fail("Descent runs on Linux and macOS. On Windows, run it in WSL or in Docker.")


cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    callback=_require_posix,
    help=f"The command line: {__doc__}",
)
for command in (serve, backup, train, evaluate, styles):
    cli.command()(command)
cli.add_typer(runs.cli, name="runs")
