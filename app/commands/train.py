"""python -m app train: trains a network here, with a progress bar, or on a server."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from app.commands import runs
from app.commands.ending import fail, read_settings
from app.settings import IS_INSTALLED, ROOT

# Without a terminal there is no progress bar, but a line this often.
LINE_SECONDS = 10.0
_FOLDER = "" if IS_INSTALLED else "models/"


def train(
    preset: Annotated[str, typer.Option(help="article, quick, classic or wide.")] = "classic",
    output: Annotated[
        Path | None, typer.Option(help=f"The file to write; {_FOLDER}PRESET.safetensors if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seeds the random parameters and the order of the images.")] = None,
    epochs: Annotated[int | None, typer.Option(help="How many times every image is used.")] = None,
    pens: Annotated[
        Path | None, typer.Option(help="Pen strokes to learn from too, a file of gzipped JSON lines.")
    ] = None,
    letters: Annotated[
        list[Path] | None,
        typer.Option(help="Strokes of letters, to learn that they are no digit: the same kind of file, once or more."),
    ] = None,
    leave_out: Annotated[str, typer.Option(help="Comma-separated sites whose pens are kept for evaluation.")] = "",
    teacher: Annotated[
        Path | None,
        typer.Option(help="The network whose answers `classic` learns; models/wide.safetensors if not given."),
    ] = None,
    watch: Annotated[
        str | None,
        typer.Option(help="The address of a server to train on, or of the page of a run to watch."),
    ] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="With --watch: wait for the server's active run to end.")
    ] = False,
) -> None:
    """Trains a network on MNIST from random parameters and writes it to a file."""
    given = {"preset": preset, "seed": seed, "epochs": epochs}
    if watch:
        _train_on_server(watch, {name: value for name, value in given.items() if value is not None}, queue)
        return
    if queue:
        fail("--queue needs --watch ADDRESS: the queue is a server's.")
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from app.data.datasets import Datasets
    from app.data.mnist import DataError
    from app.data.nondigits import without_doubles
    from app.data.pens import leave_out as without
    from app.data.pens import read_letters, read_pens
    from app.network.weights import WeightsError, read_weights, write_weights
    from app.runs import trainer
    from app.runs.recipe import RunSettings
    from app.runs.training_set import read_data, with_pens, with_styles

    settings = read_settings()
    try:
        recipe = RunSettings.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        fail(" ".join(f"--{problem['loc'][0]}: {problem['msg']}." for problem in error.errors()))
    # An installed package stays as it is.
    folder = Path() if IS_INSTALLED and settings.models_dir == ROOT / "models" else settings.models_dir
    path = output or folder / f"{preset}.safetensors"
    if (leave_out or letters) and not pens:
        fail("--leave-out and --letters need --pens FILE.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # All files first: drawing in the styles takes a while, which nobody should wait for to hear of a wrong name.
        path_of_teacher = teacher or settings.models_dir / f"{recipe.teacher}.safetensors"
        teaching = read_weights(path_of_teacher).network if recipe.teacher else None
        sites = [site for site in leave_out.split(",") if site]
        drawn = without(read_pens(pens), sites)[0] if pens else None
        others = [without_doubles(read_letters(file)) for file in letters or ()]
        dataset = Datasets(settings.mnist_dir, settings.datasets_dir).get(recipe.dataset)
        data = with_styles(read_data(dataset), recipe.styles, recipe.seed)
        if drawn is not None:
            data = with_pens(data, drawn, recipe.seed, others)
        data = data._replace(teacher=teaching)
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
        fail(str(error))
    typer.echo(f"{path}: {trained.network.parameters.size:,} parameters, trained in {seconds:.1f} s")
    # Not on the test images, which must not influence a choice: `evaluate` says it, once all is chosen.
    typer.echo(f"accuracy on the {dataset.held_out:,} held-out images {trained.held_out:.2%}")


def _train_on_server(url: str, recipe: dict[str, object], queue: bool) -> None:
    from app.commands.remote import Remote, RemoteError, split_address

    token = read_settings().admin_token
    address, run_id = split_address(url)
    server = Remote(address, token.get_secret_value() if token else None)
    try:
        if run_id is None:
            started = server.start(recipe, queue)
            run_id = int(started["id"])
            if started.get("place"):
                typer.echo(f"run {run_id} waits in the queue, at place {started['place']}")
        typer.echo(f"{address.rstrip('/')}/runs/{run_id}")
        runs.show(server, run_id)
    except RemoteError as error:
        fail(str(error))
    finally:
        server.close()
