"""Dependencies of routes: a run's final network, and the data set it learned from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from app.data.dataset import Dataset
from app.network.weights import Weights, WeightsError
from app.runs.final_network import read_final_network
from app.runs.recipe import RunSettings
from app.store.records import Run
from app.web.shared.dependencies import DatasetsNeeded, ExistingRun, StoreNeeded, require_seen
from app.web.shared.schemas import Problem
from app.web.train.run_routes import NO_SUCH_RUN

NOT_YET: dict[int | str, dict[str, object]] = {
    **NO_SUCH_RUN,
    409: {"model": Problem, "description": "The run has no final network"},
}


def ended_run(run: ExistingRun) -> Run:
    """Raises HTTPException 409 if the run has not ended or has failed."""
    if run.active or run.status == "queued":
        raise HTTPException(409, f"Run {run.id} is {run.status}. Wait for its end, or stop it.")
    if run.status == "failed":
        raise HTTPException(409, f"Run {run.id} failed and left no network. Resume it, or start another.")
    return run


EndedRun = Annotated[Run, Depends(ended_run)]


def last_network(run: EndedRun, store: StoreNeeded) -> Weights:
    """The run's final network. Raises HTTPException 409 if its file can't be read."""
    try:
        return read_final_network(store.files_of(run))
    except WeightsError as error:
        raise HTTPException(409, f"The network of run {run.id} can't be read. {error}") from error


LastNetwork = Annotated[Weights, Depends(last_network)]


def dataset_of(run: ExistingRun, datasets: DatasetsNeeded) -> Dataset:
    """The data set of the run. Raises DataError, and ErasedError if it was a collection that is erased."""
    recipe = RunSettings.model_validate(run.settings)
    return datasets.get(recipe.dataset, recipe.collection_sha256)


def may_see_images(request: Request, run: ExistingRun) -> None:
    """Raises as `require_admin` does if only the admin may see the run's images."""
    require_seen(request, RunSettings.model_validate(run.settings).dataset)


ImagesSeen = Depends(may_see_images)
DatasetOfRun = Annotated[Dataset, Depends(dataset_of)]
