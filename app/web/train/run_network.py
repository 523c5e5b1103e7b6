"""The network that a run left when it ended, and the data it learned from, for the routers that show them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import Depends, HTTPException

from app.data.datasets import Dataset
from app.network.weights import Weights, WeightsError, read_weights
from app.runs.recipe import RunSettings
from app.web.shared.dependencies import DatasetsNeeded, ExistingRun, SettingsNeeded
from app.web.shared.schemas import Problem
from app.web.train.run_routes import NO_SUCH_RUN

NOT_YET: dict[int | str, dict[str, object]] = {
    **NO_SUCH_RUN,
    409: {"model": Problem, "description": "The run has no network of its end"},
}


def network_file(run: ExistingRun, settings: SettingsNeeded) -> Path:
    """Where the run's network is kept. Raises 409 as long as there is none, and says what to wait for."""
    if run.active or run.status == "queued":
        raise HTTPException(409, f"Run {run.id} is {run.status}. Wait for its end, or stop it.")
    if run.status == "failed":
        raise HTTPException(409, f"Run {run.id} failed and left no network. Resume it, or start another.")
    return settings.run_dir(run.id) / "network.safetensors"


NetworkFile = Annotated[Path, Depends(network_file)]


def last_network(run: ExistingRun, path: NetworkFile) -> Weights:
    """That network. Raises 409 when its file can't be used."""
    try:
        return read_weights(path)
    except WeightsError as error:
        raise HTTPException(409, f"Run {run.id} has no network that can be read. {error}") from error


LastNetwork = Annotated[Weights, Depends(last_network)]


def dataset_of(run: ExistingRun, datasets: DatasetsNeeded) -> Dataset:
    """The images that the run learns from. Raises DataError."""
    return datasets.get(RunSettings.model_validate(run.settings).dataset)


DatasetOfRun = Annotated[Dataset, Depends(dataset_of)]
