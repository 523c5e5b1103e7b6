"""The command line: python -m app serve | backup | train | evaluate | runs"""

from __future__ import annotations

import os

# More threads than one gain nothing on matrices this small. NumPy reads this when it is imported, below.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import secrets
import socket
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError

from app.commands import runs
from app.settings import Settings

# Without a terminal, where a bar can't move, a training prints a line this often.
LINE_SECONDS = 10.0

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
cli.add_typer(runs.cli, name="runs")


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 finds a free one.")] = 8000,
    root_path: Annotated[str, typer.Option(help="The sub-path under which a proxy shows Descent.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="How many processes answer.")] = 1,
) -> None:
    """Serves Descent, and prints where, with a link that signs the admin in."""
    from app.server import logs, serving
    from app.store.records import StoreError
    from app.store.sqlite import SqliteRunStore

    if root_path:
        os.environ["DESCENT_ROOT_PATH"] = root_path
    settings = _settings()
    logs.configure(settings.log)
    query = ""
    token = settings.admin_token.get_secret_value() if settings.admin_token else ""
    if not token:
        token = secrets.token_urlsafe(32)
        query = f"?token={token}"
        # Handed down, so that every process knows the same token.
        os.environ["DESCENT_ADMIN_TOKEN"] = token
    try:
        SqliteRunStore(settings.database).close()
    except StoreError as error:
        _fail(str(error))
    try:
        sock = serving.listen(host, port)
    except OSError as error:
        _fail(f"Descent can't listen on {host} port {port}: {error.strerror}. Choose another with --port or --host.")
    url = _url(sock) + settings.root_path
    typer.echo(f"Descent is at  {url}/")
    typer.echo(f"Admin signs in {url}/login{query}")
    serving.serve(sock, workers, logs.config(settings.log, secret=token))


@cli.command()
def backup(target: Annotated[Path, typer.Argument(help="A folder that is not there yet.")]) -> None:
    """Copies the state folder, also while a server uses it. To restore, let a server start on the copy."""
    from app.store.backup import back_up
    from app.store.records import StoreError

    settings = _settings()
    try:
        back_up(settings.state_dir, settings.database, target)
    except StoreError as error:
        _fail(str(error))
    typer.echo(f"{settings.state_dir} is backed up to {target}")


@cli.command()
def train(
    preset: Annotated[str, typer.Option(help="article, quick, classic or wide.")] = "classic",
    output: Annotated[
        Path | None, typer.Option(help="The file to write; models/PRESET.safetensors if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the random start and the order of the images.")] = None,
    epochs: Annotated[int | None, typer.Option(help="How often every image is seen.")] = None,
    pens: Annotated[
        Path | None, typer.Option(help="Pen strokes to learn from too, a file of gzipped JSON lines.")
    ] = None,
    leave_out: Annotated[
        str, typer.Option(help="Sites whose pens are not learned from, with commas between: to validate on.")
    ] = "",
    teacher: Annotated[
        Path | None,
        typer.Option(help="The network whose answers classic learns; models/wide.safetensors if not given."),
    ] = None,
    watch: Annotated[
        str | None,
        typer.Option(help="A server to train on instead, and to watch it there; or the page of a run to watch."),
    ] = None,
) -> None:
    """Trains a network on MNIST, from random parameters, and writes it to a file."""
    given = {"preset": preset, "seed": seed, "epochs": epochs}
    if watch:
        _train_there(watch, {name: value for name, value in given.items() if value is not None})
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from app.data.datasets import Datasets
    from app.data.mnist import DataError
    from app.data.pens import leave_out as without
    from app.data.pens import read_pens
    from app.network.weights import WeightsError, read_weights, write_weights
    from app.runs import trainer
    from app.runs.recipe import RunSettings
    from app.runs.training_set import read_data, with_pens

    settings = _settings()
    try:
        recipe = RunSettings.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        _fail(" ".join(f"--{problem['loc'][0]}: {problem['msg']}." for problem in error.errors()))
    path = output or settings.models_dir / f"{preset}.safetensors"
    if leave_out and not pens:
        _fail("--leave-out: there are no sites to leave out without --pens FILE.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset = Datasets(settings.mnist_dir, settings.datasets_dir).get(recipe.dataset)
        data = read_data(dataset)
        sites = [site for site in leave_out.split(",") if site]
        if pens:
            data = with_pens(data, without(read_pens(pens), sites)[0], recipe.seed)
        if recipe.teacher:
            path_of_teacher = teacher or settings.models_dir / f"{recipe.teacher}.safetensors"
            data = data._replace(teacher=read_weights(path_of_teacher).network)
        descent = trainer.start(recipe)
        columns = (
            TextColumn(f"epoch {{task.fields[epoch]}}/{recipe.epochs}"),
            BarColumn(bar_width=20),
            TextColumn("cost {task.fields[cost]:.4f}  accuracy {task.fields[accuracy]:.2%}"),
            TextColumn("{task.fields[speed]:,.0f} images/s"),
            TimeRemainingColumn(),
        )
        started, steps = time.monotonic(), trainer.total_steps(recipe, len(data.inputs))
        next_line = started + LINE_SECONDS
        with Progress(*columns) as bar:
            task = bar.add_task("", total=steps, epoch=0, cost=float("nan"), accuracy=0, speed=0)
            for report in trainer.train(descent, data, recipe.pace, augmentation=recipe.augmentation):
                bar.update(task, completed=report.step, epoch=report.epoch, cost=report.cost)
                if report.ended:
                    bar.update(task, accuracy=report.ended.accuracy, speed=report.ended.images_per_second)
                if not bar.console.is_terminal and time.monotonic() >= next_line:
                    place = f"epoch {report.epoch}/{recipe.epochs}, step {report.step:,} of {steps:,}"
                    typer.echo(f"{place}, cost {report.cost:.4f}")
                    next_line = time.monotonic() + LINE_SECONDS
        seconds = time.monotonic() - started
        trained = trainer.finish(descent, recipe, data, dataset, seconds, pens is not None, sites)
        write_weights(path, trained.network, trained.metadata)
    except (DataError, WeightsError, OSError) as error:
        _fail(str(error))
    typer.echo(f"{path}: {trained.network.parameters.size:,} parameters, trained in {seconds:.1f} s")
    typer.echo(
        f"accuracy on the {dataset.held_out:,} held-out images {trained.held_out:.2%},"
        f" on the {dataset.test:,} test images {trained.test:.2%}"
    )


def _train_there(url: str, recipe: dict[str, object]) -> None:
    from app.commands.remote import Remote, RemoteError, split_address

    token = _settings().admin_token
    address, run_id = split_address(url)
    server = Remote(address, token.get_secret_value() if token else None)
    try:
        run_id = run_id or server.start(recipe)["id"]
        typer.echo(f"{address.rstrip('/')}/runs/{run_id}")
        runs.show(server, run_id)
    except RemoteError as error:
        _fail(str(error))
    finally:
        server.close()


@cli.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="A network; models/classic.safetensors if not given.")] = None,
    pens: Annotated[Path | None, typer.Option(help="Pen strokes to try it on, a file of gzipped JSON lines.")] = None,
    confusion: Annotated[
        Path | None, typer.Option(help="A PNG to write: which digits are taken for which; of the pens if given.")
    ] = None,
) -> None:
    """Prints how good a network's file is: on MNIST, and on pens of sites that it did not learn from."""
    from app.data.mnist import DataError
    from app.data.pens import leave_out, read_pens
    from app.network.weights import WeightsError, read_weights
    from app.runs import evaluation

    settings = _settings()
    path = file or settings.models_dir / "classic.safetensors"
    try:
        weights = read_weights(path)
        found, lines = evaluation.on_mnist(weights.network, settings.mnist_dir)
        if pens:
            left_out = json.loads(weights.metadata.get("left_out", "[]"))
            drawn_from = read_pens(pens)
            tried = leave_out(drawn_from, left_out)[1] if left_out else drawn_from
            learned_from = weights.metadata.get("pens") == "true" and not left_out
            found, more = evaluation.on_pens(weights.network, tried, learned_from)
            lines += more
        if confusion:
            evaluation.draw_confusion(found.confusion).save(confusion)
    except (DataError, WeightsError, OSError, ValueError) as error:
        _fail(str(error))
    sizes = "-".join(map(str, weights.network.sizes))
    typer.echo(f"{path}: {sizes}, {weights.network.parameters.size:,} parameters, version {weights.version}")
    for line in lines:
        typer.echo(line)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        _fail(" ".join(f"DESCENT_{str(problem['loc'][0]).upper()}: {problem['msg']}." for problem in error.errors()))


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    # Every address has no name of its own; from this machine it is reached as localhost.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - looked up, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    cli()
