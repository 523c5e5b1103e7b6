"""Pydantic models of a network, a drawing and layers, shared by the draw page and the lessons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, Field

from app.network.network import Layer

Input = Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=784, max_length=784)]
Digit = Annotated[int, Field(ge=0, le=9)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
LearningRate = Annotated[float, Field(gt=0, le=1000)]
_MIN = 1e-300
Number = Annotated[float, Field(ge=-1e6, le=1e6)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ParameterName(Body):
    """One parameter. `layer` counts from 1, `neuron` and `input` from 0. Without `input`: the neuron's bias."""

    layer: int
    neuron: int
    input: int | None = None


class Change(ParameterName):
    """One parameter and its new value."""

    value: Number


class NetworkChoice(Body):
    """A served network, or with `seed` a network of its shape with random parameters; then `changes` are applied."""

    model: str = "classic"
    seed: Seed | None = None
    changes: list[Change] = Field(default=[], max_length=64)


class Subject(Body):
    """One drawing as the network's input, and the digit that was meant."""

    input: Input
    digit: Digit


class NetworkQuestion(Body):
    network: NetworkChoice = NetworkChoice()


class CostsQuestion(NetworkQuestion):
    input: Input
    digit: Digit


class LayerNumbers(BaseModel):
    """A layer: weights[neuron][input] and biases[neuron]."""

    weights: list[list[float]]
    biases: list[float]


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
