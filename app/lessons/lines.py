"""The cost along a line through a network's parameters: at evenly spaced places, and down a path of descent."""

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
    """A line, and the value at which the network stands on it: a parameter's own value, or 0 for a direction."""

    line: Line
    here: float

    def at(self, value: float) -> Point:
        return Point(value, *self.line.at(value - self.here))


class Point(NamedTuple):
    """A place on a line, the cost there, and its slope by the place."""

    value: float
    cost: float
    slope: float


def along_parameter(network: Network, parameter: Parameter, x: Floats, y: Floats) -> Course:
    """The line on which one parameter changes. Raises LessonError when the network has no such parameter."""
    here = float(network.parameters[place_of(network, parameter)])
    return Course(Line(network, unit(parameter, network), x, y), here)


def along_direction(network: Network, kind: Literal["random", "twin"], seed: int, x: Floats, y: Floats) -> Course:
    """A line in a random direction, or towards the network's twin, which stands at 1."""
    direction = random_direction(network, seed) if kind == "random" else towards_twin(network, seed)
    return Course(Line(network, direction, x, y), 0.0)


def cost_slice(course: Course, values: NDArray[np.float64]) -> list[Point]:
    """The cost and its slope at each of the values (n,)."""
    return [course.at(float(value)) for value in values]


def walk(course: Course, start: float | None, learning_rate: float, steps: int) -> tuple[list[Point], bool]:
    """Gradient descent along a line: value_new = value_old - learning rate * slope.

    Returns the start and the point after each step, and whether the walk left every bound, where it ends.
    """
    value, points = course.here if start is None else start, []
    for _ in range(steps + 1):
        points.append(course.at(value))
        value -= learning_rate * points[-1].slope
        if abs(value) > BOUND:
            return points, True
    return points, False
