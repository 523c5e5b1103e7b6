"""Pydantic models of the calls with which a class plays a network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.rooms.class_game import MAX_BATCH, MAX_ETA, Verdict
from app.rooms.class_network import NEURONS, PHASES

_STRICT = ConfigDict(extra="forbid", strict=True)
Number = Annotated[float, Field(allow_inf_nan=False)]
Neuron = Annotated[str, Field(pattern=r"^[1-3]-\d{1,2}$", description="Layer and place, such as 2-15")]
Eta = Annotated[float, Field(gt=0, le=MAX_ETA, allow_inf_nan=False, description="The learning rate")]
Batch = Annotated[int, Field(ge=1, le=MAX_BATCH, description="How many digits a step learns from")]
Pace = Annotated[Literal["walk", "run"], Field(description="Whether the teacher's click or the clock goes on")]


class GameStart(BaseModel):
    """How to play."""

    model_config = _STRICT

    eta: Eta = 0.1
    batch: Batch = 1
    pace: Pace = "walk"


class GameChanges(BaseModel):
    """What to change. A field that is left out stays as it is."""

    model_config = _STRICT

    eta: Eta | None = Field(None, description="Another learning rate, from the next step on")
    batch: Batch | None = Field(None, description="How many digits the next steps learn from")
    pace: Pace | None = Field(None, description="Whether the teacher's click or the clock goes on")


class GoOn(BaseModel):
    """What comes next: for a new step, the drawing that goes in, or null for any."""

    model_config = _STRICT

    drawing: int | None = Field(None, ge=1, lt=2**63, description="The drawing that goes in")


class PassedNumbers(BaseModel):
    """What a neuron passes on: a number for each digit of the batch."""

    model_config = _STRICT

    numbers: list[Number] = Field(min_length=1, max_length=MAX_BATCH, description="What it passes on")
    back: list[Annotated[list[Number], Field(min_length=1, max_length=MAX_BATCH)]] | None = Field(
        None, max_length=16, description="Backwards, above the first layer: weight times delta, for each neuron below"
    )


class PhaseNumbers(BaseModel):
    """The numbers of all neurons that a phone holds in this phase."""

    model_config = _STRICT

    step: int = Field(ge=0, description="The step")
    phase: Literal[PHASES] = Field(description="The phase")  # type: ignore[valid-type]
    neurons: dict[Neuron, PassedNumbers] = Field(min_length=1, max_length=len(NEURONS), description="By neuron")


class Verdicts(BaseModel):
    """What became of the numbers, by neuron."""

    verdicts: dict[str, Verdict] = Field(description="right, wrong, late, over (not this phase), or not yours")


class NeuronNumbers(BaseModel):
    """A neuron's own numbers."""

    weights: list[float] = Field(description="One for each neuron of the layer before, or for each of the 784 inputs")
    bias: float = Field(description="Its bias")


class OwnNeurons(BaseModel):
    """The numbers of the neurons that a phone asked for."""

    step: int = Field(description="After how many steps")
    neurons: dict[str, NeuronNumbers] = Field(description="By neuron")


class Inputs(BaseModel):
    """Digits as inputs."""

    inputs: dict[int, str] = Field(description="By drawing, 784 bytes in base64: 255 times each input")
