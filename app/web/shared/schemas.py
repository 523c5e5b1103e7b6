"""Pydantic models of the API that several wings share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.network.network import parameter_count
from app.runs.recipe import Rate, RunSettings
from app.served.predictor import Model
from app.store.records import Run, RunStore, Status

MODEL_NAME = r"^[a-z0-9][a-z0-9_-]{0,31}$"


class Prediction(BaseModel):
    """An answer. `input` and `activations` (of the layers after the input) come with explain=true.

    `warnings` says what looks wrong with an image that came as numbers: inverted, blank, 0 to 1 where 0 to 255 is
    meant. It is left out if nothing does.
    """

    digit: int = Field(ge=0, le=9)
    confidence: float = Field(ge=0, le=1)
    probabilities: list[float]
    model: str
    version: str
    input: list[float] | None = None
    activations: list[list[float]] | None = None
    warnings: list[str] | None = None


class Predictions(BaseModel):
    """One answer for each instance, in the same order."""

    predictions: list[Prediction]


class ModelInfo(BaseModel):
    """A served network. `accuracy` is on the 10,000 MNIST test images; times are ISO 8601 in UTC.

    `who` published it and `why`, in their words. GET /models/{name}/versions lists the versions before it.
    """

    name: str
    version: str
    sizes: list[int]
    parameters: int
    activation: str
    cost: str
    accuracy: float | None
    trained_at: str | None
    settings: dict[str, Any]
    run_id: int | None
    published_at: str | None
    who: str
    why: str
    can_roll_back: bool

    @classmethod
    def of(cls, model: Model) -> ModelInfo:
        network, metadata = model.weights.network, model.weights.metadata
        return cls(
            name=model.name,
            version=model.weights.version,
            sizes=list(network.sizes),
            parameters=network.parameters.size,
            activation=network.activation.name,
            cost=network.cost.name,
            accuracy=json.loads(metadata.get("accuracy", "null")),
            trained_at=metadata.get("trained_at"),
            # Unchecked: another version of this program may have written them.
            settings=json.loads(metadata.get("settings", "{}")),
            run_id=model.publication.run_id if model.publication else None,
            published_at=model.publication.published_at if model.publication else None,
            who=model.publication.who if model.publication else "",
            why=model.publication.why if model.publication else "",
            can_roll_back=model.publication is not None,
        )


class RunInfo(BaseModel):
    """A training run. `steps` is the number of steps until its planned end.

    `cost` and `accuracy` are on the images held out of training, `test_accuracy` on the test images. `learning_rate`
    is the one that was set last. People write `name` and `note`. `sweep_id` is the sweep it belongs to. `place` is a
    waiting run's place in the queue: 1 starts next.
    """

    id: int
    name: str | None
    note: str | None
    sweep_id: int | None
    status: Status
    reason: str | None
    settings: RunSettings
    parameters: int
    steps: int
    step: int
    epoch: int
    cost: float | None
    accuracy: float | None
    test_accuracy: float | None
    learning_rate: float
    created_at: str
    started_at: str | None
    ended_at: str | None
    published_as: list[str]
    place: int | None = Field(ge=1)

    @classmethod
    def of(cls, run: Run, store: RunStore) -> RunInfo:
        return cls.all_of([run], store)[0]

    @classmethod
    def all_of(cls, runs: Iterable[Run], store: RunStore) -> list[RunInfo]:
        publications = store.publications()
        places = {run_id: place for place, run_id in enumerate(store.queue(), 1)}
        infos = []
        for run in runs:
            settings = RunSettings.model_validate(run.settings)
            info = {
                **vars(run),
                "settings": settings,
                "learning_rate": run.learning_rate or (settings.rates or [(0, settings.learning_rate)])[-1][1],
                "parameters": parameter_count(settings.sizes),
                "published_as": [name for name, publication in publications.items() if publication.run_id == run.id],
                "place": places.get(run.id),
            }
            infos.append(cls.model_validate(info))
        return infos


class Queued(BaseModel):
    """A run that waits for others to end. Place 1 starts next."""

    id: int
    place: int = Field(ge=1)


class RateRequest(BaseModel):
    """Another learning rate for an active run."""

    model_config = ConfigDict(extra="forbid", strict=True)

    learning_rate: Rate


class Labels(BaseModel):
    """A run's name and note. A field that is left out stays as it is; null removes it."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    name: str | None = Field(None, max_length=80)
    note: str | None = Field(None, max_length=2000)


class Problem(BaseModel):
    """An error as in RFC 9457. `detail` says what to change."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


# The errors that every call under /admin may answer with.
REFUSED: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "The admin token is missing or wrong"},
    403: {"model": Problem, "description": "The request came from another site's page"},
    415: {"model": Problem, "description": "The body is not application/json"},
}
NO_SUCH_MODEL: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "No network is served under that name"}
}
