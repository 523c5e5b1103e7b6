"""POST /lessons/...: about one drawing: why this answer, from which input, and what learning from it would change."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request

from app.images import drawing
from app.images.normalise import normalise
from app.lessons.learning import learn
from app.lessons.mind import RADII, change_of_mind, on_sheet
from app.lessons.mistakes import worst
from app.lessons.networks import as_inputs
from app.lessons.preparation import prepare
from app.network.explain import dreams, evidence, weighted_inputs
from app.network.network import Network
from app.web.draw.inside_schemas import (
    Brush,
    Dream,
    Dreams,
    Evidence,
    EvidenceQuestion,
    Learning,
    LearningQuestion,
    LearningStep,
    Mind,
    Mistake,
    Mistakes,
    Preparation,
    Stage,
)
from app.web.shared.dependencies import DecodingNeeded, PredictorNeeded, SettingsNeeded
from app.web.shared.lesson_networks import chosen_network
from app.web.shared.network_schemas import LayerNumbers, layer_numbers, significant
from app.web.shared.request_bodies import PICTURES
from app.web.shared.schemas import NO_SUCH_MODEL
from app.web.shared.slots import EvaluationSlot, HeavySlot, LightSlot

MAX_MISTAKES = 50
Step = Literal["others", "crop", "scale", "centre", "straighten", "size"]

router = APIRouter(prefix="/lessons", tags=["lessons"], responses=NO_SUCH_MODEL)
_PICTURE = {"requestBody": {"required": True, "content": PICTURES}}
ModelName = Annotated[str, Query(description="classic, wide, or the name of a published network")]


async def _picture(request: Request) -> bytes:
    if not request.headers.get("content-type", "").lower().startswith("image/"):
        raise HTTPException(415, "Send a picture with an image/* content type.")
    return await request.body()


@router.post("/evidence", dependencies=[LightSlot])
def get_evidence(question: EvidenceQuestion, predictor: PredictorNeeded, model: ModelName = "classic") -> Evidence:
    """Which pixels of an input count for a digit, and which against it: gradient x input."""
    network = predictor.model(model).weights.network
    x = np.array(question.input, np.float32)
    found, score = evidence(network, x, question.digit)
    z = weighted_inputs(network, network.activations(x[None]))[-1]
    return Evidence(
        evidence=significant(found),
        weighted_input=float(z[0, question.digit]),
        score=score,
        bias_share=score - float(found.sum()),
    )


# No slot: like /predict, it waits for the decoding of pictures alone.
@router.post("/preparation", openapi_extra=_PICTURE)
async def preparation(
    request: Request,
    predictor: PredictorNeeded,
    decoding: DecodingNeeded,
    model: ModelName = "classic",
    without: Annotated[list[Step], Query(description="Steps to leave out")] = [],  # noqa: B006
) -> Preparation:
    """The stages from a picture, sent as the raw body, to the input of the network."""
    network = predictor.model(model).weights.network
    picture = await _picture(request)
    return await to_thread.run_sync(_prepared, network, picture, frozenset(without), limiter=decoding)


def _prepared(network: Network, picture: bytes, without: frozenset[str]) -> Preparation:
    prepared = prepare(picture, without)
    probabilities = network.probabilities(prepared.input[None])[0]
    return Preparation(
        stages=[
            Stage(name=name, width=shown.shape[1], height=shown.shape[0], pixels=shown.ravel().tolist())
            for name, shown in prepared.stages.items()
        ],
        input=significant(prepared.input),
        place=prepared.place,
        probabilities=probabilities.tolist(),
        digit=int(probabilities.argmax()),
        confidence=float(probabilities.max()),
    )


@router.post("/mind", openapi_extra=_PICTURE, dependencies=[HeavySlot])
async def mind(
    request: Request, predictor: PredictorNeeded, decoding: DecodingNeeded, model: ModelName = "classic"
) -> Mind:
    """The smallest spot of ink or eraser on a picture, sent as the raw body, that changes the answer."""
    network = predictor.model(model).weights.network
    picture = await _picture(request)
    return await to_thread.run_sync(_mind, network, picture, limiter=decoding)


def _mind(network: Network, picture: bytes) -> Mind:
    placement = drawing.place(picture)
    digit = int(network.feedforward(normalise(placement.placed)).argmax())
    change = change_of_mind(network, placement.picture)
    brush = change and Brush(
        **on_sheet(change.dab, placement.strokes)._asdict(), digit=change.digit, confidence=change.confidence
    )
    return Mind(digit=digit, brush=brush, most_radius=RADII[-1])


@router.post("/learning", dependencies=[LightSlot])
def learning(question: LearningQuestion, predictor: PredictorNeeded) -> Learning:
    """Steps of gradient descent on one drawing, taken by a copy of the network."""
    network = chosen_network(predictor, question.network)
    x, y = as_inputs([(question.input, question.digit)])
    learned = learn(network, x, y, question.learning_rate, question.steps)
    first, *later = learned.before.layers
    return Learning(
        steps=[LearningStep(cost=cost, norm=norm, outputs=outputs.tolist()) for cost, norm, outputs in learned.steps],
        # Exact after the first layer, so that sums of the shown numbers give the shown deltas.
        before=layer_numbers([first])
        + [LayerNumbers(weights=layer.weights.tolist(), biases=layer.biases.tolist()) for layer in later],
        gradient=layer_numbers(learned.gradient),
        activations=[significant(a) for a in learned.activations],
        slopes=[significant(slope) for slope in learned.slopes],
        deltas=[delta.tolist() for delta in learned.deltas],
        activation=network.activation.name,
        cost=network.cost.name,
        after_digit=int(learned.steps[-1].outputs.argmax()),
    )


@router.get("/dreams", dependencies=[HeavySlot])
def get_dreams(predictor: PredictorNeeded, model: ModelName = "classic") -> Dreams:
    """The input with the highest score for each digit, by gradient ascent on the input."""
    network = predictor.model(model).weights.network
    pictures = dreams(network)
    probabilities = network.probabilities(pictures)
    return Dreams(
        model=model,
        dreams=[
            Dream(digit=digit, pixels=significant(pictures[digit], 3), probability=float(probabilities[digit, digit]))
            for digit in range(10)
        ],
    )


@router.get("/mistakes", dependencies=[EvaluationSlot])
def list_mistakes(
    predictor: PredictorNeeded,
    settings: SettingsNeeded,
    model: ModelName = "classic",
    count: Annotated[int, Query(ge=1, le=MAX_MISTAKES, description="How many to list")] = 20,
) -> Mistakes:
    """The MNIST test images that the network gets most wrong."""
    served = predictor.model(model)
    wrong, found = worst(served.weights.network, settings.mnist_dir, MAX_MISTAKES)
    return Mistakes(
        model=model,
        version=served.weights.version,
        images=10_000,
        wrong=wrong,
        mistakes=[Mistake(**mistake._asdict()) for mistake in found[:count]],
    )
