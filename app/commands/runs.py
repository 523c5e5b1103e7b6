"""python -m app runs list | watch | compare: shows a server's runs in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.ending import fail, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from app.commands.remote import Remote, RunEvent

cli = typer.Typer(no_args_is_help=True, help="Show a server's runs: list, watch, compare.")
Url = Annotated[str, typer.Option(envvar="DESCENT_URL", help="The server's address.")]
_HERE = "http://127.0.0.1:8000"
_MAX_COMPARED = 8
_LONGEST_LINE = 10_000
_SUCCEEDED = ("finished", "stopped")


@cli.command("list")
def list_runs(
    url: Url = _HERE, limit: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of runs.")] = 20
) -> None:
    """Lists runs, newest first."""
    from rich.table import Table

    with _connected(url) as server:
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
        for heading in _HEADINGS:
            table.add_column(heading, no_wrap=heading not in ("name", "settings"))
        for run in server.runs(limit):
            table.add_row(*_row(run))
    _print(table)


@cli.command()
def watch(run: Annotated[int, typer.Argument(help="The run's number.")], url: Url = _HERE) -> None:
    """Shows a run's progress until it ends."""
    with _connected(url) as server:
        show(server, run)


@cli.command()
def compare(runs: Annotated[list[int], typer.Argument(help="The numbers of 2 to 8 runs.")], url: Url = _HERE) -> None:
    """Shows the settings in which runs differ, and their results."""
    from rich.table import Table

    if not 2 <= len(set(runs)) <= _MAX_COMPARED:
        fail(f"Name 2 to {_MAX_COMPARED} different runs, such as: runs compare 3 5")
    with _connected(url) as server:
        found = [server.run(run) for run in dict.fromkeys(runs)]
    table = Table("", *(f"run {run['id']}" for run in found), box=None, pad_edge=False)
    for name in found[0]["settings"]:
        values = [_text(run["settings"].get(name)) for run in found]
        if len(set(values)) > 1:
            table.add_row(printable(name), *values)
    table.add_section()
    for label, value in _RESULTS.items():
        table.add_row(label, *(value(run) for run in found))
    _print(table)


def _print(table: Table) -> None:
    from rich.console import Console

    # A name such as "[/x]" or ":smile:" is not meant as markup.
    console = Console(markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _LONGEST_LINE  # a line a row, for grep
    console.print(table)


def show(server: Remote, run_id: int) -> None:
    """Shows the run's progress until it ends. Exits with 1 when the run failed or diverged. Raises RemoteError."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    run = server.run(run_id)
    columns = (
        TextColumn(f"run {run_id}  epoch {{task.fields[epoch]}}/{run['settings']['epochs']}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("cost {task.fields[cost]}  accuracy {task.fields[accuracy]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        task = bar.add_task("", total=run["steps"], epoch=0, cost="–", accuracy="–")
        for event in server.events(run_id):
            _print_change(event, bar.console)
            if event.name == "cost":
                step, epoch = event.data["step"], event.data["epoch"]
                bar.update(task, completed=step, epoch=epoch, cost=f"{event.data['cost']:.4f}")
            elif event.name == "epoch":
                bar.update(task, accuracy=f"{event.data['accuracy']:.2%}")
    run = server.run(run_id)
    typer.echo(
        f"run {run_id}: {printable(run['status'])}, accuracy on the test images {_percent(run['test_accuracy'])}"
    )
    if run["status"] not in _SUCCEEDED:
        fail(run["reason"] or "")


def _print_change(event: RunEvent, console: Console) -> None:
    step = f"{event.data.get('step', 0):,}"
    if event.name == "rate":
        console.print(f"learning rate {event.data['learning_rate']:g} from step {step}")
    elif event.name in ("pause", "resume"):
        console.print(f"{event.name}d after step {step}")


@contextmanager
def _connected(url: str) -> Iterator[Remote]:
    # Imported late, so that the other commands start faster.
    from app.commands.remote import Remote, RemoteError

    server = Remote(url)
    try:
        yield server
    except RemoteError as error:
        fail(str(error))
    finally:
        server.close()


_HEADINGS = ("run", "name", "status", "epochs", "accuracy", "test", "settings")


def _row(run: dict[str, Any]) -> tuple[str, ...]:
    settings = run["settings"]
    sizes = "-".join(map(str, (784, *settings["hidden"], 10)))
    return (
        str(run["id"]),
        printable(run["name"] or ""),
        printable(run["status"]),
        f"{run['epoch']}/{settings['epochs']}",
        _percent(run["accuracy"]),
        _percent(run["test_accuracy"]),
        printable(
            f"{settings.get('dataset', '')} {sizes} {settings['activation']}, {settings['optimizer']} at"
            f" {settings['learning_rate']:g}, seed {settings.get('seed', 0)}"
        ),
    )


_RESULTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "status": lambda run: printable(run["status"]),
    "epochs": lambda run: str(run["epoch"]),
    "cost, held out": lambda run: "–" if run["cost"] is None else f"{run['cost']:.4f}",
    "accuracy, held out": lambda run: _percent(run["accuracy"]),
    "accuracy, test": lambda run: _percent(run["test_accuracy"]),
}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"


def _text(value: object) -> str:
    return "–" if value is None else printable(str(value))
