"""The network and the inputs of a lesson's computation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.landscape import Parameter, index_of
from app.network.network import Network, one_hot


class LessonError(Exception):
    """A lesson can't compute this; the message says what to change."""


def copy_of(served: Network, seed: int | None = None, changes: Mapping[Parameter, float] | None = None) -> Network:
    """A copy of a served network, or with `seed` a random network of its shape, with `changes` to single parameters.

    Raises LessonError for an unknown parameter.
    """
    if seed is None:
        network = with_parameters(served, served.parameters.copy())
    else:
        shape = served.sizes, served.activation.name, served.cost.name
        network = Network.random(np.random.default_rng(seed), *shape)
    for parameter, value in (changes or {}).items():
        network.parameters[place_of(network, parameter)] = value
    return network


def with_parameters(network: Network, parameters: Floats) -> Network:
    """A network of the same shape with these parameters, which are not copied."""
    return Network(network.sizes, network.activation.name, network.cost.name, parameters)


def place_of(network: Network, parameter: Parameter) -> int:
    """The parameter's index in the flat vector. Raises LessonError when the network has no such parameter."""
    try:
        return index_of(parameter, network.sizes)
    except ValueError as error:
        raise LessonError(str(error)) from error


def as_inputs(drawings: Iterable[tuple[list[float], int]]) -> tuple[Floats, Floats]:
    """Drawings, each 784 numbers in 0..1 and its digit, as inputs (n, 784) and wanted outputs (n, 10), float32."""
    pixels, digits = zip(*drawings, strict=True)
    return np.array(pixels, np.float32), one_hot(np.array(digits))


def inputs_of(drawing: tuple[list[float], int] | None, measured: Set) -> tuple[Floats, Floats]:
    """The drawing, or all measured images if it is None, in the shapes of `as_inputs`."""
    return (measured.inputs, measured.wanted) if drawing is None else as_inputs([drawing])
