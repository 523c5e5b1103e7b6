"""python -m app evaluate: measures the network in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail, read_settings


def evaluate(
    file: Annotated[
        Path | None, typer.Argument(help="The network's file; models/classic.safetensors if not given.")
    ] = None,
    pens: Annotated[
        Path | None, typer.Option(help="Pen strokes to evaluate it on, a file of gzipped JSON lines.")
    ] = None,
    confusion: Annotated[
        Path | None, typer.Option(help="A PNG to write: the confusion matrix, of the pens if given.")
    ] = None,
) -> None:
    """Prints a network's accuracy and calibration on MNIST, on drawings in the styles of data/styles, and on pens from
    sites that it did not learn from."""
    from app.data.mnist import DataError
    from app.data.pens import leave_out, read_pens
    from app.network.weights import WeightsError, read_weights
    from app.runs import evaluation

    settings = read_settings()
    path = file or settings.models_dir / "classic.safetensors"
    try:
        weights = read_weights(path)
        found, lines = evaluation.on_mnist(weights.network, settings.mnist_dir)
        lines += evaluation.on_styles(weights.network)
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
        fail(str(error))
    sizes = "-".join(map(str, weights.network.sizes))
    typer.echo(f"{path}: {sizes}, {weights.network.parameters.size:,} parameters, version {weights.version}")
    for line in lines:
        typer.echo(line)
