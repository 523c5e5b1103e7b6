"""POST /lessons/...: the cost as one parameter changes, over a plane of all of them, and its gradient."""

from __future__ import annotations

import numpy as np
from fastapi import APIRouter

from app.lessons import lines
from app.lessons.digits import Set
from app.lessons.surfaces import IMAGES, PathPoint, PathSettings, path_surface, random_surface
from app.network.network import Network, split_layers
from app.web.learn import lesson_schemas as schemas
from app.web.learn.lesson_schemas import (
    AlongParameter,
    CostAt,
    CostSlice,
    CostWalk,
    Gradient,
    GradientQuestion,
    PathPlane,
    SliceQuestion,
    Surface,
    SurfaceQuestion,
    WalkQuestion,
)
from app.web.shared.dependencies import DescentsNeeded, LessonImagesNeeded, PredictorNeeded
from app.web.shared.lesson_networks import chosen_network, parameter_of, seen
from app.web.shared.network_schemas import layer_numbers, significant
from app.web.shared.schemas import NO_SUCH_MODEL
from app.web.shared.slots import HeavySlot, LightSlot

router = APIRouter(prefix="/lessons", tags=["lessons"], responses=NO_SUCH_MODEL)


def _line(network: Network, question: SliceQuestion | WalkQuestion, measured: Set) -> lines.Course:
    x, y = seen(question.about, measured)
    direction = question.direction
    if isinstance(direction, AlongParameter):
        return lines.along_parameter(network, parameter_of(direction), x, y)
    return lines.along_direction(network, direction.kind, direction.seed, x, y)


@router.post("/slice", dependencies=[HeavySlot])
def cost_slice(question: SliceQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> CostSlice:
    """The cost along a line, between two values."""
    course = _line(chosen_network(predictor, question.network), question, images.measured)
    values = np.linspace(question.low, question.high, question.count) + (course.here if question.around else 0)
    points = lines.cost_slice(course, values)
    return CostSlice(
        values=significant(values, 7),
        costs=significant([point.cost for point in points], 7),
        slopes=significant([point.slope for point in points], 7),
        here=CostAt(**course.at(course.here)._asdict()),
    )


@router.post("/walk", dependencies=[HeavySlot])
def walk(question: WalkQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> CostWalk:
    """Gradient descent along a line: value_new = value_old - learning rate * slope."""
    course = _line(chosen_network(predictor, question.network), question, images.measured)
    points, diverged = lines.walk(course, question.start, question.learning_rate, question.steps)
    return CostWalk(points=[CostAt(**point._asdict()) for point in points], diverged=diverged)


@router.post("/surface", dependencies=[HeavySlot])
def surface(
    question: SurfaceQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded, descents: DescentsNeeded
) -> Surface:
    """The cost over a plane through the parameters, and a path of descent on it."""
    network, plane, side = chosen_network(predictor, question.network), question.plane, question.side
    if isinstance(plane, PathPlane):
        settings = [_settings(plane)] if plane.rival is None else [_settings(plane), _settings(plane.rival)]
        found = path_surface(network, plane.seed, settings, side, images.measured, descents)
    else:
        found = random_surface(network, plane.seed, side, question.learning_rate, question.steps, images.measured)
    paths = [_path(path) for path in found.paths]
    return Surface(
        xs=significant(found.xs),
        ys=significant(found.ys),
        costs=significant(found.costs),
        path=paths[0],
        rival=paths[1] if len(paths) > 1 else None,
        images=IMAGES,
        in_plane=found.in_plane,
    )


def _settings(settings: schemas.PathSettings) -> PathSettings:
    return PathSettings(settings.learning_rate, settings.batch_size, settings.steps)


def _path(points: list[PathPoint]) -> list[schemas.PathPoint]:
    return [schemas.PathPoint(**point._asdict()) for point in points]


@router.post("/gradient", dependencies=[LightSlot])
def gradient(question: GradientQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> Gradient:
    """The gradient of the cost with respect to every parameter, by backprop."""
    network = chosen_network(predictor, question.network)
    x, y = seen(question.about, images.measured)
    found, outputs = network.backprop(x, y)
    return Gradient(
        cost=network.cost.mean(outputs, y),
        norm=float(np.linalg.norm(found)),
        gradient=layer_numbers(split_layers(found, network.sizes)),
    )
