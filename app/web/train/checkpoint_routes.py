"""/runs/{id}/checkpoints: a run's network after some of its steps and now, and its answers."""

from __future__ import annotations

import functools
from typing import Annotated, Literal, NamedTuple

import numpy as np
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.network import Network
from app.runs.recipe import RunSettings
from app.runs.snapshots import Snapshot, read_snapshot, snapshot_steps
from app.store.files import Files
from app.web.shared.dependencies import ExistingRun, StoreNeeded
from app.web.shared.network_schemas import Input
from app.web.train.run_routes import NO_SUCH_RUN

router = APIRouter(prefix="/runs/{run_id}/checkpoints", tags=["runs"], responses=NO_SUCH_RUN)

# Sixteen small networks take a megabyte. A class that watches one run asks for the same few.
_CACHED = 16
Step = Annotated[Literal["now"] | Annotated[int, Field(ge=0)], Path(description="The steps taken, or 'now'")]


class Checkpoints(BaseModel):
    """A run's network, and its checkpoints."""

    sizes: list[int] = Field(description="Neurons of each layer")
    activation: str = Field(description="The activation of the hidden neurons")
    cost: str = Field(description="The cost that is minimised")
    steps: list[int] = Field(description="The steps of the checkpoints, rising")


class Inputs(BaseModel):
    """Inputs of the network, each 784 numbers in 0..1, such as the `input` of /predict with explain=true."""

    model_config = ConfigDict(extra="forbid", strict=True)

    inputs: list[Input] = Field(min_length=1, max_length=16, description="1 to 16 inputs")


class AnswerThen(BaseModel):
    """An answer to one input."""

    digit: int = Field(description="The most likely class")
    confidence: float = Field(description="Its probability")
    probabilities: list[float] = Field(description="The probability of each class")
    activations: list[list[float]] = Field(description="The activations of each layer after the input")


class AnswersThen(BaseModel):
    """The answers of the network as it was after that step."""

    step: int = Field(description="Steps taken")
    answers: list[AnswerThen] = Field(description="One answer for each input")


@router.get("")
def list_checkpoints(run: ExistingRun, store: StoreNeeded) -> Checkpoints:
    """The run's checkpoints."""
    recipe = RunSettings.model_validate(run.settings)
    steps = snapshot_steps(store.files_of(run))
    return Checkpoints(sizes=list(recipe.sizes), activation=recipe.activation, cost=recipe.cost, steps=steps)


class NetworkThen(NamedTuple):
    """The run's network after `step` steps."""

    step: int
    network: Network


def network_then(run: ExistingRun, step: Step, store: StoreNeeded) -> NetworkThen:
    """The run's network after that step, or now. Raises SnapshotNotFoundError."""
    recipe, files = RunSettings.model_validate(run.settings), store.files_of(run)
    found = read_snapshot(files, None) if step == "now" else _cached(files, step)
    return NetworkThen(found.step, Network(recipe.sizes, recipe.activation, recipe.cost, found.parameters))


@functools.lru_cache(_CACHED)
def _cached(files: Files, step: int) -> Snapshot:
    return read_snapshot(files, step)


NetworkThenNeeded = Annotated[NetworkThen, Depends(network_then)]


@router.get("/{step}/parameters", response_class=Response)
def get_checkpoint_parameters(step: Step, then: NetworkThenNeeded) -> Response:
    """All weights and biases as little-endian float32: for each layer its weights, one row per neuron, then its biases.

    The header `Descent-Step` is the number of steps taken.
    """
    numbers = np.concatenate([part.ravel() for layer in then.network.layers for part in layer]).astype("<f4")
    headers = {"Descent-Step": str(then.step)}
    if step != "now":
        headers["Cache-Control"] = "private, max-age=3600"
    return Response(numbers.tobytes(), media_type="application/octet-stream", headers=headers)


@router.post("/{step}/answers")
def ask_checkpoint(body: Inputs, then: NetworkThenNeeded) -> AnswersThen:
    """The answers to inputs of the network after that step, or now."""
    activations = then.network.activations(np.array(body.inputs, np.float32))
    probabilities = then.network.cost.probabilities(activations[-1])
    found = [
        AnswerThen(
            digit=int(row.argmax()),
            confidence=float(row.max()),
            probabilities=row.tolist(),
            activations=[layer[number].tolist() for layer in activations[1:]],
        )
        for number, row in enumerate(probabilities)
    ]
    return AnswersThen(step=then.step, answers=found)
