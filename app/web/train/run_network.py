"""Dependencies of routes: a run's final network, and the data set it learned from."""

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
    409: {"model": Problem, "description": "The run has no final network"},
}


def network_file(run: ExistingRun, settings: SettingsNeeded) -> Path:
    """The file of the run's final network. Raises HTTPException 409 if the run has not ended or has failed."""
    if run.active or run.status == "queued":
        raise HTTPException(409, f"Run {run.id} is {run.status}. Wait for its end, or stop it.")
    if run.status == "failed":
        raise HTTPException(409, f"Run {run.id} failed and left no network. Resume it, or start another.")
    return settings.run_dir(run.id) / "network.safetensors"


NetworkFile = Annotated[Path, Depends(network_file)]


def last_network(run: ExistingRun, path: NetworkFile) -> Weights:
    """The run's final network. Raises HTTPException 409 if its file can't be read."""
    try:
        return read_weights(path)
    except WeightsError as error:
        raise HTTPException(409, f"The network of run {run.id} can't be read. {error}") from error


LastNetwork = Annotated[Weights, Depends(last_network)]


def dataset_of(run: ExistingRun, datasets: DatasetsNeeded) -> Dataset:
    """The data set of the run. Raises DataError."""
    return datasets.get(RunSettings.model_validate(run.settings).dataset)


DatasetOfRun = Annotated[Dataset, Depends(dataset_of)]
