"""Pydantic models of the API that several wings share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.network.network import parameter_count
from app.runs.recipe import Rate, RunSettings, public_settings
from app.served.predictor import Model
from app.store.records import Run, RunStore, Status

MODEL_NAME = r"^[a-z0-9][a-z0-9_-]{0,31}$"


class Prediction(BaseModel):
    """An answer. What has no value is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "digit": 1,
                    "confidence": 0.91,
                    "probabilities": [0.01, 0.91, *[0.0] * 5, 0.06, 0.01, 0.01],
                    "alternatives": [1, 7],
                    "model": "classic",
                    "version": "0123456789ab",
                }
            ]
        }
    )

    digit: int = Field(ge=0, le=9, description="The most likely digit")
    confidence: float = Field(ge=0, le=1, description="Its probability")
    probabilities: list[float] = Field(description="The probability of each digit, 0 to 9")
    alternatives: list[int] = Field(
        description="The digits that together reach 95% of the probability, most likely first: one when it is sure"
    )
    model: str = Field(description="The network that answered")
    version: str = Field(description="Its version")
    input: list[float] | None = Field(None, description="With explain=true: the network's 784 inputs, 0..1, by row")
    activations: list[list[float]] | None = Field(
        None, description="With explain=true: those of each layer after the input"
    )
    warnings: list[str] | None = Field(None, description="What looks wrong with an image that came as numbers")


class Predictions(BaseModel):
    """One answer for each instance, in the same order."""

    predictions: list[Prediction] = Field(description="The answers")


class NumberDigit(Prediction):
    """One digit of a number."""

    box: tuple[int, int, int, int] = Field(
        description="Where it is in the upright picture: left, top, right and bottom, in pixels"
    )


class Number(BaseModel):
    """With several=true: all digits of one picture."""

    number: str = Field(pattern="^[0-9]+$", description="The digits as they are written")
    digits: list[NumberDigit] = Field(description="The answer to each, left to right")


class ModelInfo(BaseModel):
    """A served network. GET /models/{name}/versions lists the versions before it."""

    name: str = Field(description="The name under which it is served")
    version: str = Field(description="Identifies its parameters")
    sizes: list[int] = Field(description="Neurons of each layer, from 784 inputs to 10 outputs")
    parameters: int = Field(description="The number of weights and biases")
    activation: str = Field(description="The activation of its hidden neurons")
    cost: str = Field(description="The cost that it was trained with")
    accuracy: float | None = Field(description="Share of the 10,000 MNIST test images that it gets right, 0..1")
    trained_at: str | None = Field(description="When its training ended, in ISO 8601 and UTC")
    settings: dict[str, Any] = Field(description="The settings of its training")
    run_id: int | None = Field(description="The run that trained it; null if it came with Descent")
    published_at: str | None = Field(description="When it was published, in ISO 8601 and UTC")
    who: str = Field(description="Who published it, in their words")
    why: str = Field(description="Why, in their words")
    can_roll_back: bool = Field(description="Whether there is a version before it")

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
    """A training run."""

    id: int = Field(description="The run's number")
    name: str | None = Field(description="What people call it")
    note: str | None = Field(description="What people note about it")
    sweep_id: int | None = Field(description="The sweep it belongs to")
    status: Status = Field(description="What it does now, or how it ended")
    reason: str | None = Field(description="Why it ended, if it did not simply finish")
    settings: RunSettings = Field(description="The settings it was started with")
    parameters: int = Field(description="The network's number of weights and biases")
    steps: int = Field(description="Steps until its planned end")
    step: int = Field(description="Steps taken")
    epoch: int = Field(description="The epoch of the last step, from 1 on; 0 before the first step")
    cost: float | None = Field(description="The cost on the held-out images, after the last epoch")
    accuracy: float | None = Field(description="The accuracy on the held-out images, 0..1, after the last epoch")
    test_accuracy: float | None = Field(description="The accuracy on the test images, 0..1, at its end")
    learning_rate: float = Field(description="The learning rate that was set last")
    created_at: str = Field(description="When it was started, in ISO 8601 and UTC")
    started_at: str | None = Field(description="When its training began")
    ended_at: str | None = Field(description="When it ended")
    published_as: list[str] = Field(description="The names under which its network is served")
    place: int | None = Field(ge=1, description="Its place in the queue: 1 starts next; null if it does not wait")

    @classmethod
    def of(cls, run: Run, store: RunStore, *, to_admin: bool = False) -> Self:
        return cls.all_of([run], store, to_admin=to_admin)[0]

    @classmethod
    def all_of(cls, runs: Iterable[Run], store: RunStore, *, to_admin: bool = False) -> list[Self]:
        """Only the admin sees which room a run uses."""
        publications = store.publications()
        places = {run_id: place for place, run_id in enumerate(store.queue(), 1)}
        infos = []
        for run in runs:
            settings = RunSettings.model_validate(run.settings if to_admin else public_settings(run.settings))
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


class DeletedRun(RunInfo):
    """A run that can be restored."""

    deleted_at: str = Field(description="When it was deleted, in ISO 8601 and UTC")


class Queued(BaseModel):
    """A run that waits for others to end. Place 1 starts next."""

    id: int = Field(description="The run's number")
    place: int = Field(ge=1, description="Its place in the queue")


class RateRequest(BaseModel):
    """Another learning rate for an active run."""

    model_config = ConfigDict(extra="forbid", strict=True)

    learning_rate: Rate = Field(description="The new learning rate")


class Labels(BaseModel):
    """A run's name and note. A field that is left out stays as it is; null removes it."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    name: str | None = Field(None, max_length=80, description="What to call the run")
    note: str | None = Field(None, max_length=2000, description="What to note about it")


class Problem(BaseModel):
    """An error as in RFC 9457. `detail` says what to change."""

    type: str = Field("about:blank", description="The kind of problem; about:blank means that the status says it")
    title: str = Field(description="The status in words")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What to change")


# The errors that every call under /admin may answer with.
REFUSED: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "The admin token is missing or wrong"},
    403: {"model": Problem, "description": "The request came from another site's page"},
    415: {"model": Problem, "description": "The body is not application/json"},
}
NO_SUCH_MODEL: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "No network is served under that name"}
}
