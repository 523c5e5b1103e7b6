"""POST /lessons/...: the cost as one parameter changes, over a plane of all of them, and its gradient."""

from __future__ import annotations

import numpy as np
from fastapi import APIRouter, Depends, HTTPException

from app.lessons.descents import Course, path_of
from app.lessons.images import Set
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
from app.network.network import Network, split_layers
from app.web.dependencies import LessonImagesNeeded, PredictorNeeded, lesson_turn
from app.web.lesson_networks import chosen_network, index_in, seen
from app.web.lesson_schemas import (
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
    Subject,
    Surface,
    SurfaceQuestion,
    WalkQuestion,
    layer_numbers,
    significant,
)
from app.web.models import NO_SUCH_MODEL

# Fewer images than elsewhere: a surface has a thousand places, a line sixty.
_SURFACE_IMAGES = 250
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
def surface(question: SurfaceQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> Surface:
    """The cost over a plane through the parameters, and a path of descent on it."""
    network = chosen_network(predictor, question.network)
    if isinstance(question.plane, PathPlane):
        return _path_surface(network, question.plane, question.side, images.measured)
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


def _path_surface(network: Network, plane: PathPlane, side: int, measured: Set) -> Surface:
    course = Course(
        network.sizes, network.activation.name, network.cost.name, plane.seed, plane.learning_rate, plane.batch_size
    )
    every = max(1, plane.steps // _POINTS_OF_PATH)
    end, points = path_of(course, plane.steps, every, measured)
    if len(points) <= plane.steps // every or np.abs(points).max() > _BOUND:
        raise HTTPException(422, "With that learning rate the steps leave every bound. Choose a smaller one.")
    across, up, share = plane_of_path(points)
    x, y = measured.inputs[:_SURFACE_IMAGES], measured.wanted[:_SURFACE_IMAGES]
    xs, ys = (points - points[-1]) @ across, (points - points[-1]) @ up
    path = []
    for number, (s, t, parameters) in enumerate(zip(xs, ys, points, strict=True)):
        there = Network(end.sizes, end.activation.name, end.cost.name, parameters)
        gradient, outputs = there.backprop(x, y)
        cost, norm = end.cost.mean(outputs, y), float(np.linalg.norm(gradient))
        path.append(PathPoint(step=number * every, x=float(s), y=float(t), cost=cost, norm=norm))
    return _surface(Plane(end, across, up, x, y), _around(xs, side), _around(ys, side), path, share)


def _around(places: Floats, side: int) -> Floats:
    margin = 0.35 * max(float(np.ptp(places)), 1e-3)
    return np.linspace(places.min() - margin, places.max() + margin, side)


def _surface(plane: Plane, xs: Floats, ys: Floats, path: list[PathPoint], share: float) -> Surface:
    return Surface(
        xs=significant(xs),
        ys=significant(ys),
        costs=significant(plane.costs(xs, ys)),
        path=path,
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
