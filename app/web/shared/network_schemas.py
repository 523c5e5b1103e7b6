"""Pydantic models of a network, a drawing and layers, shared by the draw page and the lessons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, Field

from app.network.network import Layer

_Pixel = Annotated[float, Field(ge=0, le=1)]
Input = Annotated[list[_Pixel], Field(min_length=784, max_length=784, description="784 inputs, 0..1, row by row")]
Digit = Annotated[int, Field(ge=0, le=9, description="The digit that is meant")]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
LearningRate = Annotated[float, Field(gt=0, le=1000, description="The learning rate")]
_MIN = 1e-300
Number = Annotated[float, Field(ge=-1e6, le=1e6)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ParameterName(Body):
    """One parameter."""

    layer: int = Field(description="The layer, from 1")
    neuron: int = Field(description="The neuron in it, from 0")
    input: int | None = Field(None, description="The weight's input, from 0; null for the bias")


class Change(ParameterName):
    """One parameter and its new value."""

    value: Number = Field(description="The new value")


class NetworkChoice(Body):
    """A network for a question."""

    model: str = Field("classic", description="classic, wide, or the name of a published network")
    seed: Seed | None = Field(None, description="Starts from random parameters of this seed instead")
    changes: list[Change] = Field(default=[], max_length=64, description="Parameters with other values")


class Subject(Body):
    """One drawing as the network's input, and the digit that was meant."""

    input: Input
    digit: Digit


class NetworkQuestion(Body):
    network: NetworkChoice = Field(NetworkChoice(), description="The network that is asked about")


class CostsQuestion(NetworkQuestion):
    input: Input
    digit: Digit


class LayerNumbers(BaseModel):
    """The numbers of a layer."""

    weights: list[list[float]] = Field(description="By neuron and input")
    biases: list[float] = Field(description="By neuron")


def significant(numbers: ArrayLike, digits: int = 5) -> Any:
    """Rounds numbers of any shape to so many significant digits, as lists: a third of the bytes in JSON."""
    exact = np.asarray(numbers, np.float64)
    # The scale of a smaller number would overflow.
    exact = np.where(np.abs(exact) < _MIN, 0, exact)
    size = np.floor(np.log10(np.abs(np.where(exact == 0, 1, exact))))
    scale = 10.0 ** (digits - 1 - size)
    return (np.round(exact * scale) / scale + 0.0).tolist()  # not -0.0


def layer_numbers(layers: Iterable[Layer]) -> list[LayerNumbers]:
    """Layers, or a gradient in their shape, as the API returns them."""
    return [LayerNumbers(weights=significant(weights), biases=significant(biases)) for weights, biases in layers]
