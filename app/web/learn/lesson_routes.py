"""/lessons/...: a network's parameters, its answers and their cost, and descents."""

from __future__ import annotations

import io
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from PIL import Image

from app.lessons.costs import costs_of
from app.lessons.descents import MAX_STEPS, DescentSettings
from app.lessons.networks import as_inputs
from app.network.explain import weighted_inputs
from app.web.learn.lesson_schemas import (
    Costs,
    DescentQuestion,
    DescentStretch,
    Forward,
    ForwardQuestion,
    ImageCost,
    MeanCost,
    Parameters,
)
from app.web.shared.dependencies import DescentsNeeded, LessonImagesNeeded, PredictorNeeded
from app.web.shared.lesson_networks import chosen_network, small_model
from app.web.shared.network_schemas import CostsQuestion, NetworkChoice, Seed, layer_numbers, significant
from app.web.shared.schemas import NO_SUCH_MODEL
from app.web.shared.slots import DescentSlot, LightSlot

_SAMPLE = 100
router = APIRouter(prefix="/lessons", tags=["lessons"], responses=NO_SUCH_MODEL)


@router.get("/parameters", dependencies=[LightSlot])
def get_lesson_parameters(
    predictor: PredictorNeeded,
    model: Annotated[str, Query(description="classic, or the name of a published network")] = "classic",
    seed: Annotated[Seed | None, Query(description="Seed of a random network, instead of the one that learned")] = None,
    from_layer: Annotated[int, Query(ge=1, description="Leaves out the layers before this one")] = 1,
) -> Parameters:
    """All weights and biases, or those from a layer on: the first layer has most of them."""
    network = chosen_network(predictor, NetworkChoice(model=model, seed=seed))
    return Parameters(
        model=model,
        version=predictor.model(model).weights.version,
        sizes=list(network.sizes),
        activation=network.activation.name,
        cost=network.cost.name,
        parameters=network.parameters.size,
        layers=layer_numbers(network.layers[from_layer - 1 :]),
    )


@router.post("/forward", dependencies=[LightSlot])
def forward(question: ForwardQuestion, predictor: PredictorNeeded) -> Forward:
    """One input through the network, layer by layer."""
    network = chosen_network(predictor, question.network)
    activations = network.activations(np.array([question.input], np.float32))
    probabilities = network.cost.probabilities(activations[-1])[0]
    return Forward(
        weighted_inputs=[significant(z[0]) for z in weighted_inputs(network, activations)],
        activations=[significant(a[0]) for a in activations[1:]],
        probabilities=probabilities.tolist(),
        digit=int(probabilities.argmax()),
        confidence=float(probabilities.max()),
    )


@router.post("/costs", dependencies=[LightSlot])
def costs(question: CostsQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded) -> Costs:
    """Both costs: of one drawing, their mean over 1,000 images, and of the first 100 of these."""
    x, y = as_inputs([(question.input, question.digit)])
    found = costs_of(chosen_network(predictor, question.network), x, y, images.measured, _SAMPLE)
    return Costs(
        outputs=found.outputs.tolist(),
        wanted=y[0].tolist(),
        **_by_field(found.cost),
        mean=MeanCost(images=len(images.measured.labels), accuracy=found.accuracy, **_by_field(found.mean)),
        sample=[ImageCost(label=label, digit=digit, **_by_field(costs)) for label, digit, costs in found.sample],
    )


def _by_field(costs: dict[str, float]) -> dict[str, float]:
    return {name.replace("-", "_"): cost for name, cost in costs.items()}


@router.get("/images.png", response_class=Response, dependencies=[LightSlot])
def get_lesson_images(images: LessonImagesNeeded) -> Response:
    """The first 100 of the lessons' images, ten in a row."""
    tiles = images.measured.images[:_SAMPLE].reshape(10, 10, 28, 28)
    content = io.BytesIO()
    Image.fromarray(tiles.transpose(0, 2, 1, 3).reshape(280, 280)).save(content, "PNG")
    return Response(content.getvalue(), media_type="image/png", headers={"Cache-Control": "max-age=86400"})


@router.post("/descent", dependencies=[DescentSlot])
def descent(
    question: DescentQuestion, predictor: PredictorNeeded, images: LessonImagesNeeded, descents: DescentsNeeded
) -> DescentStretch:
    """Steps of a descent from a random start. The answer may end before `until`: send the next request from there."""
    served = small_model(predictor, question.model).weights.network
    settings = DescentSettings(
        served.sizes,
        served.activation.name,
        served.cost.name,
        question.seed,
        question.learning_rate,
        question.batch_size,
    )
    stretch = descents.stretch(settings, question.since, question.until, images.learned)
    network, measured = stretch.network, images.measured
    slope, outputs = network.backprop(measured.inputs, measured.wanted)
    return DescentStretch(
        step=stretch.step,
        steps_total=MAX_STEPS,
        costs=significant(stretch.costs),
        seconds=stretch.seconds,
        images=len(images.learned.labels),
        cost=network.cost.mean(outputs, measured.wanted),
        accuracy=float((outputs.argmax(axis=1) == measured.labels).mean()),
        gradient_norm=float(np.linalg.norm(slope)),
        # Four digits, because pages show how far the weights moved, and the first steps change only the third.
        first_weights=significant(network.layers[0].weights, 4) if question.pictures else None,
        probabilities=(
            None
            if question.input is None
            else network.probabilities(np.array([question.input], np.float32))[0].tolist()
        ),
        diverged=stretch.diverged,
    )
