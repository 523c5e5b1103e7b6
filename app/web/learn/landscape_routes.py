"""POST /lessons/...: the cost as one parameter changes, over a plane of all of them, and its gradient."""

from __future__ import annotations

import numpy as np
from fastapi import APIRouter, Depends, HTTPException

from app.lessons.descents import Course, Descents
from app.lessons.digits import Set
from app.network.activation import Floats
from app.network.landscape import (
    Line,
    Parameter,
    Plane,
    orthonormal,
    plane_of_path,
    random_direction,
    towards_twin,
    unit,
)
from app.network.network import Backprop, Network, split_layers, with_ones
from app.web.learn.lesson_schemas import (
    AlongDirection,
    AlongParameter,
    CostAt,
    CostSlice,
    CostWalk,
    Gradient,
    GradientQuestion,
    PathPlane,
    PathPoint,
    RandomPlane,
    SliceQuestion,
    Surface,
    SurfaceQuestion,
    WalkQuestion,
    Way,
)
from app.web.shared.dependencies import DescentsNeeded, LessonImagesNeeded, PredictorNeeded, lesson_turn
from app.web.shared.lesson_networks import chosen_network, index_in, seen
from app.web.shared.network_schemas import Subject, layer_numbers, significant
from app.web.shared.schemas import NO_SUCH_MODEL

# Fewer images than elsewhere: a surface has a thousand places, a line sixty.
_SURFACE_IMAGES = 200
_POINTS_OF_PATH = 40
# How far a random plane reaches to each side, in lengths of the parameters.
_REACH = 0.6
# Beyond this, a walk goes nowhere any more.
_BOUND = 1e6

router = APIRouter(prefix="/lessons", tags=["lessons"], dependencies=[Depends(lesson_turn)], responses=NO_SUCH_MODEL)


def _line(
    network: Network, direction: AlongParameter | AlongDirection, about: Subject | None, measured: Set
) -> tuple[Line, float]:
    """The line, and the place on it where the network is."""
    if isinstance(direction, AlongDirection):
        vector = (random_direction if direction.kind == "random" else towards_twin)(network, direction.seed)
        return Line(network, vector, *seen(about, measured)), 0.0
    parameter = Parameter(direction.layer, direction.neuron, direction.input)
    here = float(network.parameters[index_in(network, parameter)])
    return Line(network, unit(parameter, network), *seen(about, measured)), here


@router.post("/slice")
def cost_slice(question: SliceQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> CostSlice:
    """The cost along a line, between two places."""
    network = chosen_network(predictor, question.network)
    line, here = _line(network, question.direction, question.about, images.measured)
    values = np.linspace(question.low, question.high, question.count) + (here if question.around else 0)
    found = np.array([line.at(value - here) for value in values])
    cost, slope = line.at(0)
    return CostSlice(
        values=significant(values, 7),
        costs=significant(found[:, 0], 7),
        slopes=significant(found[:, 1], 7),
        here=CostAt(value=here, cost=cost, slope=slope),
    )


@router.post("/walk")
def walk(question: WalkQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> CostWalk:
    """Gradient descent along a line: value_new = value_old - learning rate * slope."""
    network = chosen_network(predictor, question.network)
    line, here = _line(network, question.direction, question.about, images.measured)
    value, points = here if question.start is None else question.start, []
    for _ in range(question.steps + 1):
        cost, slope = line.at(value - here)
        points.append(CostAt(value=value, cost=cost, slope=slope))
        value -= question.learning_rate * slope
        if abs(value) > _BOUND:
            return CostWalk(points=points, diverged=True)
    return CostWalk(points=points, diverged=False)


@router.post("/surface")
def surface(
    question: SurfaceQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded, descents: DescentsNeeded
) -> Surface:
    """The cost over a plane through the parameters, and a path of descent on it."""
    network = chosen_network(predictor, question.network)
    if isinstance(question.plane, PathPlane):
        return _path_surface(network, question.plane, question.side, images.measured, descents)
    return _random_surface(network, question, question.plane, images.measured)


def _random_surface(network: Network, question: SurfaceQuestion, plane: RandomPlane, measured: Set) -> Surface:
    """Descent that may move within the plane alone, from near its corner."""
    first, second = (random_direction(network, 2 * plane.seed + n) for n in (0, 1))
    reach = _REACH * float(np.linalg.norm(first))
    across, up = orthonormal(first, second)
    x, y = measured.inputs[:_SURFACE_IMAGES], measured.wanted[:_SURFACE_IMAGES]
    s, t = -0.8 * reach, 0.75 * reach
    path, start = [], network.parameters.copy()
    for step in range(question.steps + 1):
        network.parameters[:] = start + np.float32(s) * across + np.float32(t) * up
        gradient, outputs = network.backprop(x, y)
        slope_across, slope_up = float(gradient @ across), float(gradient @ up)
        cost, norm = network.cost.mean(outputs, y), float(np.hypot(slope_across, slope_up))
        path.append(PathPoint(step=step, x=s, y=t, cost=cost, norm=norm))
        s, t = s - question.learning_rate * slope_across, t - question.learning_rate * slope_up
        if max(abs(s), abs(t)) > _BOUND:
            break
    network.parameters[:] = start
    places = np.linspace(-reach, reach, question.side)
    return _surface(Plane(network, across, up, x, y), places, places, path, 1.0)


def _path_surface(network: Network, plane: PathPlane, side: int, measured: Set, descents: Descents) -> Surface:
    ways: list[Way] = [plane] if plane.rival is None else [plane, plane.rival]
    walked = [_path(network, plane.seed, way, measured, descents) for way in ways]
    end = walked[0][-1]
    # The first descent last: the plane is seen from its end.
    across, up, share = plane_of_path(np.concatenate(walked[::-1]))
    x, y = measured.inputs[:_SURFACE_IMAGES], measured.wanted[:_SURFACE_IMAGES]
    paths = []
    for way, points in zip(ways, walked, strict=True):
        steps = range(0, way.steps + 1, _every(way))
        xs, ys, told = (points - end) @ across, (points - end) @ up, _costs_and_norms(network, points, x, y)
        paths.append(
            [
                PathPoint(step=step, x=float(s), y=float(t), cost=cost, norm=norm)
                for step, s, t, (cost, norm) in zip(steps, xs, ys, told, strict=True)
            ]
        )
    places = [point for path in paths for point in path]
    xs, ys = _around([point.x for point in places], side), _around([point.y for point in places], side)
    return _surface(Plane(_with(network, end), across, up, x, y), xs, ys, paths[0], share, *paths[1:])


def _costs_and_norms(network: Network, points: Floats, x: Floats, y: Floats) -> list[tuple[float, float]]:
    """The cost at each of the points (points, parameters), and the length of its gradient there."""
    there, gradient = _with(network, points[0].copy()), np.empty_like(points[0])
    backprop, inputs = Backprop(there, len(x), gradient), with_ones(x)
    told = []
    for parameters in points:
        there.parameters[:] = parameters
        outputs = backprop(inputs, y)
        told.append((network.cost.mean(outputs, y), float(np.linalg.norm(gradient))))
    return told


def _path(network: Network, seed: int, way: Way, measured: Set, descents: Descents) -> Floats:
    """The parameters (points, parameters) of a network of this shape at the start of a descent and every so often."""
    course = Course(network.sizes, network.activation.name, network.cost.name, seed, way.learning_rate, way.batch_size)
    points = descents.path(course, way.steps, _every(way), measured)
    if len(points) <= way.steps // _every(way) or np.abs(points).max() > _BOUND:
        raise HTTPException(422, "With that learning rate the steps leave every bound. Choose a smaller one.")
    return points


def _every(way: Way) -> int:
    return max(1, way.steps // _POINTS_OF_PATH)


def _with(network: Network, parameters: Floats) -> Network:
    return Network(network.sizes, network.activation.name, network.cost.name, parameters)


def _around(places: list[float], side: int) -> Floats:
    low, high = min(places), max(places)
    margin = 0.35 * max(high - low, 1e-3)
    return np.linspace(low - margin, high + margin, side)


def _surface(
    plane: Plane, xs: Floats, ys: Floats, path: list[PathPoint], share: float, rival: list[PathPoint] | None = None
) -> Surface:
    return Surface(
        xs=significant(xs),
        ys=significant(ys),
        costs=significant(plane.costs(xs, ys)),
        path=path,
        rival=rival,
        images=_SURFACE_IMAGES,
        in_plane=share,
    )


@router.post("/gradient")
def gradient(question: GradientQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> Gradient:
    """The gradient of the cost by every parameter, by backprop."""
    network = chosen_network(predictor, question.network)
    x, y = seen(question.about, images.measured)
    found, outputs = network.backprop(x, y)
    return Gradient(
        cost=network.cost.mean(outputs, y),
        norm=float(np.linalg.norm(found)),
        gradient=layer_numbers(split_layers(found, network.sizes)),
    )
