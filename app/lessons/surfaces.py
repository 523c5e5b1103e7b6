"""The cost over a plane through a network's parameters, with the path of a descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.lessons.descents import Descents, DescentSettings
from app.lessons.digits import Set
from app.lessons.lines import BOUND
from app.lessons.networks import LessonError, with_parameters
from app.network.activation import Floats
from app.network.landscape import Plane, orthonormal, plane_of_path, random_direction
from app.network.network import Network

# Fewer images than elsewhere: a surface has a thousand points, a line sixty.
IMAGES = 200
_POINTS_OF_PATH = 40
# How far a random plane extends to each side, relative to the length of the parameter vector.
_REACH = 0.6


class PathPoint(NamedTuple):
    """A point of a path after `step` steps. `norm` is the length of the gradient, or of its part in a random plane."""

    step: int
    x: float
    y: float
    cost: float
    norm: float


@dataclass(frozen=True)
class Surface:
    """Costs (len(ys), len(xs)) over a plane, and one path of descent, or two.

    `in_plane` is the share, 0..1, of the paths' movement that lies in the plane.
    """

    xs: Floats
    ys: Floats
    costs: NDArray[np.float64]
    paths: list[list[PathPoint]]
    in_plane: float


class PathSettings(NamedTuple):
    """The settings of a descent whose path is drawn on a surface. `batch_size` None is full batch."""

    learning_rate: float
    batch_size: int | None
    steps: int

    @property
    def stride(self) -> int:
        return max(1, self.steps // _POINTS_OF_PATH)


def random_surface(network: Network, seed: int, side: int, learning_rate: float, steps: int, measured: Set) -> Surface:
    """A random plane through the network, and a descent that moves in this plane only, from near its corner."""
    first, second = (random_direction(network, 2 * seed + n) for n in (0, 1))
    reach = _REACH * float(np.linalg.norm(first))
    across, up = orthonormal(first, second)
    x, y = _first_images(measured)
    moving, path = with_parameters(network, network.parameters.copy()), []
    s, t = -0.8 * reach, 0.75 * reach
    for step in range(steps + 1):
        moving.parameters[:] = network.parameters + np.float32(s) * across + np.float32(t) * up
        gradient, outputs = moving.backprop(x, y)
        slope_across, slope_up = float(gradient @ across), float(gradient @ up)
        cost, norm = network.cost.mean(outputs, y), float(np.hypot(slope_across, slope_up))
        path.append(PathPoint(step, s, t, cost, norm))
        s, t = s - learning_rate * slope_across, t - learning_rate * slope_up
        if max(abs(s), abs(t)) > BOUND:
            break
    axis = np.linspace(-reach, reach, side)
    return Surface(axis, axis, Plane(network, across, up, x, y).costs(axis, axis), [path], 1.0)


def path_surface(
    network: Network, seed: int, settings: list[PathSettings], side: int, measured: Set, descents: Descents
) -> Surface:
    """The plane that shows the most of a descent, or of two descents from one random start.

    Raises LessonError when a descent diverges.
    """
    found = [_parameters_on_path(network, seed, one, measured, descents) for one in settings]
    end = found[0][-1]
    # The first descent comes last, because its end is the plane's origin.
    across, up, share = plane_of_path(np.concatenate(found[::-1]))
    x, y = _first_images(measured)
    paths = [
        [
            PathPoint(step, float((point - end) @ across), float((point - end) @ up), cost, norm)
            for step, point, (cost, norm) in zip(
                range(0, one.steps + 1, one.stride), points, _costs_and_norms(network, points, x, y), strict=True
            )
        ]
        for one, points in zip(settings, found, strict=True)
    ]
    xs = _axis_around([point.x for path in paths for point in path], side)
    ys = _axis_around([point.y for path in paths for point in path], side)
    costs = Plane(with_parameters(network, end), across, up, x, y).costs(xs, ys)
    return Surface(xs, ys, costs, paths, share)


def _first_images(measured: Set) -> tuple[Floats, Floats]:
    return measured.inputs[:IMAGES], measured.wanted[:IMAGES]


def _parameters_on_path(
    network: Network, seed: int, settings: PathSettings, measured: Set, descents: Descents
) -> Floats:
    """The parameters (points, parameters) at the start of a descent and after every `stride` steps."""
    shape = network.sizes, network.activation.name, network.cost.name
    descent = DescentSettings(*shape, seed, settings.learning_rate, settings.batch_size)
    points = descents.path(descent, settings.steps, settings.stride, measured)
    if len(points) <= settings.steps // settings.stride or np.abs(points).max() > BOUND:
        raise LessonError("With this learning rate the descent diverges. Choose a smaller one.")
    return points


def _costs_and_norms(network: Network, points: Floats, x: Floats, y: Floats) -> list[tuple[float, float]]:
    """The cost and the length of its gradient at each of the points (points, parameters)."""
    costs_and_norms = []
    for parameters in points:
        gradient, outputs = with_parameters(network, parameters).backprop(x, y)
        costs_and_norms.append((network.cost.mean(outputs, y), float(np.linalg.norm(gradient))))
    return costs_and_norms


def _axis_around(values: list[float], side: int) -> Floats:
    low, high = min(values), max(values)
    margin = 0.35 * max(high - low, 1e-3)
    return np.linspace(low - margin, high + margin, side)
