"""GET /runs/{id}/checkpoints: what a run's network was after some of its steps, what it is now, and what it answers."""

from __future__ import annotations

import functools
from pathlib import Path as FilePath
from typing import Annotated, Literal, NamedTuple

import numpy as np
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.network import Network
from app.runs.recipe import RunSettings
from app.runs.snapshots import Snapshot, read_snapshot, snapshot_steps
from app.web.shared.dependencies import ExistingRun, SettingsNeeded
from app.web.train.run_routes import NO_SUCH_RUN

router = APIRouter(prefix="/runs/{run_id}/checkpoints", tags=["runs"], responses=NO_SUCH_RUN)

# Sixteen networks of the small kind are a megabyte; a class that watches one run asks for the same few.
_KEPT = 16
Step = Annotated[Literal["now"] | Annotated[int, Field(ge=0)], Path(description="The steps taken, or 'now'")]
Pixel = Annotated[float, Field(ge=0, le=1)]


class Checkpoints(BaseModel):
    """Of a run whose network has layers of `sizes`, the steps after which its parameters are kept, rising."""

    sizes: list[int]
    activation: str
    cost: str
    steps: list[int]


class Inputs(BaseModel):
    """Inputs of the network, as /predict tells them with explain=true: each 784 numbers in 0..1."""

    model_config = ConfigDict(extra="forbid", strict=True)

    inputs: list[Annotated[list[Pixel], Field(min_length=784, max_length=784)]] = Field(min_length=1, max_length=16)


class AnswerThen(BaseModel):
    """What the network answered: `digit` is the likeliest class, `activations` are those after the input."""

    digit: int
    confidence: float
    probabilities: list[float]
    activations: list[list[float]]


class AnswersThen(BaseModel):
    """The answers to the inputs, in their order, by the network as it was after `step` steps."""

    step: int
    answers: list[AnswerThen]


@router.get("")
def list_checkpoints(run: ExistingRun, settings: SettingsNeeded) -> Checkpoints:
    """After which steps the run's network is kept."""
    recipe = RunSettings.model_validate(run.settings)
    steps = snapshot_steps(settings.run_dir(run.id))
    return Checkpoints(sizes=list(recipe.sizes), activation=recipe.activation, cost=recipe.cost, steps=steps)


class NetworkThen(NamedTuple):
    """The run's network after that many steps."""

    step: int
    network: Network


def network_then(run: ExistingRun, step: Step, settings: SettingsNeeded) -> NetworkThen:
    """The network asked for. Raises SnapshotNotFoundError."""
    recipe, folder = RunSettings.model_validate(run.settings), settings.run_dir(run.id)
    found = read_snapshot(folder, None) if step == "now" else _kept(folder, step)
    return NetworkThen(found.step, Network(recipe.sizes, recipe.activation, recipe.cost, found.parameters))


@functools.lru_cache(_KEPT)
def _kept(folder: FilePath, step: int) -> Snapshot:
    return read_snapshot(folder, step)


NetworkThenNeeded = Annotated[NetworkThen, Depends(network_then)]


@router.get("/{step}/parameters", response_class=Response)
def get_checkpoint_parameters(step: Step, then: NetworkThenNeeded) -> Response:
    """All weights and biases as float32, little-endian: of each layer the weights, a row a neuron, then the biases.

    The header `Descent-Step` says after how many steps.
    """
    numbers = np.concatenate([part.ravel() for layer in then.network.layers for part in layer]).astype("<f4")
    headers = {"Descent-Step": str(then.step)}
    if step != "now":
        headers["Cache-Control"] = "private, max-age=3600"
    return Response(numbers.tobytes(), media_type="application/octet-stream", headers=headers)


@router.post("/{step}/answers")
def ask_checkpoint(body: Inputs, then: NetworkThenNeeded) -> AnswersThen:
    """What the network answers to inputs, as it was after that step, or as it is now."""
    activations = then.network.activations(np.array(body.inputs, np.float32))
    probabilities = then.network.cost.probabilities(activations[-1])
    told = [
        AnswerThen(
            digit=int(row.argmax()),
            confidence=float(row.max()),
            probabilities=row.tolist(),
            activations=[layer[number].tolist() for layer in activations[1:]],
        )
        for number, row in enumerate(probabilities)
    ]
    return AnswersThen(step=then.step, answers=told)
