"""The cost along a line through a network's parameters, and gradient descent along it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.lessons.networks import place_of
from app.network.activation import Floats
from app.network.landscape import Line, Parameter, random_direction, towards_twin, unit
from app.network.network import Network

# A walk that leaves these bounds has diverged.
BOUND = 1e6


class Course(NamedTuple):
    """A line, and the network's value on it: the parameter's value, or 0 for a direction."""

    line: Line
    here: float

    def at(self, value: float) -> Point:
        return Point(value, *self.line.at(value - self.here))


class Point(NamedTuple):
    """A value on a line, the cost there, and the cost's derivative by the value."""

    value: float
    cost: float
    slope: float


def along_parameter(network: Network, parameter: Parameter, x: Floats, y: Floats) -> Course:
    """The line along which one parameter changes. Raises LessonError when the network has no such parameter."""
    here = float(network.parameters[place_of(network, parameter)])
    return Course(Line(network, unit(parameter, network), x, y), here)


def along_direction(network: Network, kind: Literal["random", "twin"], seed: int, x: Floats, y: Floats) -> Course:
    """A line in a random direction, or to a twin of the network at 1 (see `towards_twin`)."""
    direction = random_direction(network, seed) if kind == "random" else towards_twin(network, seed)
    return Course(Line(network, direction, x, y), 0.0)


def cost_slice(course: Course, values: NDArray[np.float64]) -> list[Point]:
    """The cost and its slope at each of the values (n,)."""
    return [course.at(float(value)) for value in values]


def walk(course: Course, start: float | None, learning_rate: float, steps: int) -> tuple[list[Point], bool]:
    """Gradient descent along a line: value_new = value_old - learning rate * slope.

    Returns the start and the point after each step, and whether the walk diverged, which ends it.
    """
    value, points = course.here if start is None else start, []
    for _ in range(steps + 1):
        points.append(course.at(value))
        value -= learning_rate * points[-1].slope
        if abs(value) > BOUND:
            return points, True
    return points, False
