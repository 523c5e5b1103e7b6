"""Publishing a run's network: what it would change, publishing it, and rolling back to an earlier version."""

from __future__ import annotations

import contextlib
import functools
import json
import pathlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.data import mnist
from app.data.dataset import CORRECTIONS, Dataset
from app.data.datasets import Datasets
from app.data.drawings import read_drawings
from app.data.mnist import DataError
from app.network.weights import Weights, WeightsError
from app.runs.final_network import read_final_file, read_final_network
from app.served.answers import answers
from app.served.changes import NetworkChanges, compare
from app.served.network_files import require_digits
from app.served.predictor import Model, Predictor, PublishError, UnknownModelError
from app.server.access import is_admin
from app.store.records import PUBLISHABLE, Run, RunStore
from app.web.shared.dependencies import (
    AdminOnly,
    DatasetsNeeded,
    ExistingRun,
    PredictorNeeded,
    SettingsNeeded,
    StoreNeeded,
)
from app.web.shared.schemas import MODEL_NAME, NO_SUCH_MODEL, REFUSED, ModelInfo, Problem
from app.web.shared.slots import EvaluationSlot
from app.web.train.publish_schemas import Changes, Named, PublishRequest, RollBackRequest, VersionInfo
from app.web.train.run_network import ImagesSeen
from app.web.train.run_routes import NO_SUCH_RUN

_NOTHING_TO_PUBLISH: dict[int | str, dict[str, object]] = {
    409: {"model": Problem, "description": "The run has not ended, or has not finished an epoch"}
}
_NOT_POSSIBLE: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "It is served already"}}
_DEFAULT = "classic"

router = APIRouter()


@router.get(
    "/runs/{run_id}/changes",
    tags=["runs"],
    dependencies=[ImagesSeen, EvaluationSlot],
    responses={**NO_SUCH_RUN, **_NOTHING_TO_PUBLISH},
)
def compare_with_served(
    request: Request,
    run: ExistingRun,
    predictor: PredictorNeeded,
    settings: SettingsNeeded,
    store: StoreNeeded,
    datasets: DatasetsNeeded,
    name: Annotated[str, Query(pattern=MODEL_NAME, description="The name to publish it under")] = _DEFAULT,
) -> Changes:
    """What would change if the run's network were published under that name: on MNIST's test images and on drawings.

    For the admin also on the corrections that are held out, which no run learns from.
    """
    after = _learned(run, store)
    replaced = _served(predictor, name)
    before = replaced or _served(predictor, _DEFAULT)
    if before is None:
        raise PublishError("There is no published network to compare this one with. You can publish it all the same.")
    corrections = _corrections(datasets) if is_admin(request) else None
    comparison = _compared(before.weights, after, settings.mnist_dir, corrections)
    return Changes.of(
        comparison,
        Named(name=name, version=replaced.weights.version) if replaced else None,
        Named(name=before.name, version=before.weights.version),
        after.version,
        _warnings_of_data(run, datasets),
    )


@router.post(
    "/admin/runs/{run_id}/publish",
    tags=["admin"],
    dependencies=[AdminOnly],
    responses={**REFUSED, **NO_SUCH_RUN, **_NOTHING_TO_PUBLISH},
)
def publish_run(
    run: ExistingRun, predictor: PredictorNeeded, store: StoreNeeded, body: PublishRequest | None = None
) -> ModelInfo:
    """Serves the run's network under that name, without a restart. Records who published it, and why."""
    asked = body or PublishRequest()
    _require_publishable(run)
    with _no_network_of(run):
        content = read_final_file(store.files_of(run))
    return ModelInfo.of(predictor.publish(asked.name, content, run.id, asked.who, asked.why))


@router.get("/models/{name}/versions", tags=["models"], responses=NO_SUCH_MODEL)
def list_model_versions(name: str, predictor: PredictorNeeded) -> list[VersionInfo]:
    """All versions that were served under that name, newest first, with who published each, when and why."""
    served = _served(predictor, name)
    return [
        VersionInfo.of(
            version,
            json.loads(version.weights.metadata.get("accuracy", "null")) if version.weights else None,
            _on_drawings(version.weights) if version.weights else None,
            serves=served is not None and version.publication == served.publication,
        )
        for version in predictor.versions(name)
    ]


@router.post(
    "/admin/models/{name}/rollback",
    tags=["admin"],
    dependencies=[AdminOnly],
    response_model=ModelInfo,
    responses={**REFUSED, **NO_SUCH_MODEL, **_NOT_POSSIBLE, 204: {"description": "Gone"}},
)
def roll_back_model(name: str, predictor: PredictorNeeded, body: RollBackRequest | None = None) -> ModelInfo | Response:
    """Serves the version before, or the one given. A name without an earlier version is no longer served."""
    model = predictor.roll_back(name, body.version if body else None)
    return ModelInfo.of(model) if model else Response(status_code=204)


@functools.lru_cache(maxsize=16)
def _compared(before: Weights, after: Weights, mnist_dir: pathlib.Path, corrections: Dataset | None) -> NetworkChanges:
    corrected = corrections.read_held_out() if corrections else None
    return compare(before.network, after.network, mnist.read_test(mnist_dir), read_drawings(), corrected)


def _corrections(datasets: Datasets) -> Dataset | None:
    with contextlib.suppress(DataError):  # there are none, or too few
        return datasets.get(CORRECTIONS)
    return None


@functools.lru_cache(maxsize=256)
def _on_drawings(weights: Weights) -> float:
    drawn = read_drawings()
    return float(answers(weights.network, drawn.images, drawn.labels).right.mean())


def _require_publishable(run: Run) -> None:
    if run.status not in PUBLISHABLE or run.epoch == 0:
        raise PublishError(
            f"Run {run.id} is {run.status}. Only a run that has ended, after at least one epoch, can be published."
        )


def _learned(run: Run, store: RunStore) -> Weights:
    _require_publishable(run)
    with _no_network_of(run):
        return require_digits(read_final_network(store.files_of(run)), "It")


@contextlib.contextmanager
def _no_network_of(run: Run) -> Iterator[None]:
    try:
        yield
    except WeightsError as error:
        raise PublishError(f"Run {run.id} has no network to publish. {error}") from error


def _served(predictor: Predictor, name: str) -> Model | None:
    try:
        return predictor.model(name)
    except UnknownModelError:
        return None


def _warnings_of_data(run: Run, datasets: Datasets) -> list[str]:
    name = run.settings.get("dataset", "mnist")
    try:
        reads_digits = datasets.get(name).reads_digits
    except DataError:
        return []  # the data set was removed
    return (
        [] if reads_digits else [f"It learned from {name}, whose classes are not the ten digits that people draw here."]
    )
