"""POST /lessons/...: of one drawing, why that answer, how it came about, and what learning from it would change."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from numpy.typing import NDArray
from PIL import Image

from app.images import drawing
from app.images import normalise as inputs
from app.lessons.mind import RADII, change_of_mind
from app.lessons.mistakes import worst
from app.network.explain import deltas, dreams, evidence, weighted_inputs
from app.network.network import Layer, Network, one_hot, split_layers
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
from app.web.shared.dependencies import DecodingNeeded, PredictorNeeded, SettingsNeeded, lesson_turn
from app.web.shared.lesson_networks import chosen_network
from app.web.shared.network_schemas import LayerNumbers, layer_numbers, significant
from app.web.shared.schemas import NO_SUCH_MODEL

MOST_MISTAKES = 50
Step = Literal["crop", "scale", "centre", "straighten", "size"]
# The shown stroke has about as many pixels a side as a screen gives it.
_SHOWN_SIDE = 84

router = APIRouter(
    prefix="/lessons",
    tags=["lessons"],
    dependencies=[Depends(lesson_turn)],
    responses=NO_SUCH_MODEL,
)
_PICTURE = {
    "requestBody": {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}
}
ModelName = Annotated[str, Query(description="classic, wide, or the name of a published network")]


async def _picture(request: Request) -> bytes:
    if not request.headers.get("content-type", "").lower().startswith("image/"):
        raise HTTPException(415, "Send a picture with an image/* content type.")
    return await request.body()


@router.post("/evidence")
def evidence_for(question: EvidenceQuestion, predictor: PredictorNeeded, model: ModelName = "classic") -> Evidence:
    """Which pixels of an input spoke for a digit, and which against: gradient x input."""
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


@router.post("/preparation", openapi_extra=_PICTURE)
async def preparation(
    request: Request,
    predictor: PredictorNeeded,
    decoding: DecodingNeeded,
    model: ModelName = "classic",
    without: Annotated[list[Step], Query(description="Steps to leave out")] = [],  # noqa: B006
) -> Preparation:
    """The way from a picture, sent as the raw body, to the input of the network, picture by picture."""
    network = predictor.model(model).weights.network
    picture = await _picture(request)
    return await to_thread.run_sync(_prepared, network, picture, frozenset(without), limiter=decoding)


def _prepared(network: Network, picture: bytes, without: frozenset[str]) -> Preparation:
    placement = drawing.place(picture, without)
    image = placement.placed[None]
    straightened = inputs.normalise(image, without | {"size"})
    x = inputs.normalise(image, without)
    probabilities = network.probabilities(x)[0]
    cropped = placement.picture.crop(placement.box)
    centred_nowhere = drawing.place(picture, without | {"centre"}).placed
    return Preparation(
        stages=[
            _stage("drawn", placement.picture),
            _stage("cropped", cropped),
            _stage("scaled", Image.fromarray(centred_nowhere)),
            _stage("centred", Image.fromarray(placement.placed)),
            _stage("straightened", _image_of(straightened)),
            _stage("sized", _image_of(x)),
        ],
        input=significant(x[0]),
        place=_place_on_sheet(placement, inputs.frames(image, without)),
        probabilities=probabilities.tolist(),
        digit=int(probabilities.argmax()),
        confidence=float(probabilities.max()),
    )


def _image_of(x: NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.round(x.reshape(28, 28) * 255).clip(0, 255).astype(np.uint8))


def _stage(name: str, image: Image.Image) -> Stage:
    small = image.reduce(max(1, round(max(image.size) / _SHOWN_SIDE)))
    shades = np.asarray(small, np.float32)
    shown = np.round(shades * (255 / max(float(shades.max()), 1))).astype(int)
    return Stage(name=name, width=small.width, height=small.height, pixels=shown.ravel().tolist())


def _place_on_sheet(placement: drawing.Placement, frames: inputs.Frames) -> list[float]:
    """From a place on the input (0..28) to one on the sheet (0..1), as (a, b, c, d, e, f) of a canvas's transform."""
    x, y, shear, x_step, y_step = (float(value[0]) for value in frames)
    # To the 28x28 image that was normalised: u and v from the middle, where row v is read shear * y_step * v further.
    to_image = np.array([[x_step, shear * y_step, 0], [0, y_step, 0], [0, 0, 1]]) @ _shift(-14, -14)
    to_image = _shift(14 + x, 14 + y) @ to_image
    # Then to the picture, and to the sheet, in whose middle the picture lies.
    left, top, *_ = placement.box
    width, height = placement.picture.size
    side = max(width, height)
    to_picture = _shift(left, top) @ _zoom(1 / placement.scale) @ _shift(-placement.left, -placement.top)
    to_sheet = _zoom(1 / side) @ _shift((side - width) / 2, (side - height) / 2)
    (a, c, e), (b, d, f), _ = (to_sheet @ to_picture @ to_image).tolist()
    return [a, b, c, d, e, f]


def _shift(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def _zoom(scale: float) -> NDArray[np.float64]:
    return np.diag([scale, scale, 1.0])


@router.post("/mind", openapi_extra=_PICTURE)
async def mind(
    request: Request, predictor: PredictorNeeded, decoding: DecodingNeeded, model: ModelName = "classic"
) -> Mind:
    """The smallest dab of ink or eraser on a picture, sent as the raw body, that turns the answer."""
    network = predictor.model(model).weights.network
    picture = await _picture(request)
    return await to_thread.run_sync(_mind, network, picture, limiter=decoding)


def _mind(network: Network, picture: bytes) -> Mind:
    placement = drawing.place(picture)
    digit = int(network.feedforward(inputs.normalise(placement.placed)).argmax())
    change = change_of_mind(network, placement.picture)
    if change is None:
        return Mind(digit=digit, brush=None, most_radius=RADII[-1])
    width, height = placement.picture.size
    side = max(width, height)
    dab = change.dab
    brush = Brush(
        kind=dab.kind,
        x=(dab.x + (side - width) / 2) / side,
        y=(dab.y + (side - height) / 2) / side,
        radius=dab.radius / side,
        digit=change.digit,
        confidence=change.confidence,
    )
    return Mind(digit=digit, brush=brush, most_radius=RADII[-1])


@router.post("/learning")
def learning(question: LearningQuestion, predictor: PredictorNeeded) -> Learning:
    """Steps of gradient descent on one drawing, taken by a copy of the network."""
    network = chosen_network(predictor, question.network)
    x, y = np.array([question.input], np.float32), one_hot(np.array([question.digit]))
    eta = np.float32(question.learning_rate)
    before = network.parameters.copy()
    gradient, outputs = network.backprop(x, y)
    steps = [_learning_step(network, gradient, outputs, y)]
    for _ in range(question.steps):
        before[:] = network.parameters
        last = gradient
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            network.parameters -= eta * gradient
            gradient, outputs = network.backprop(x, y)
            steps.append(_learning_step(network, gradient, outputs, y))
        if not np.isfinite(np.r_[network.parameters, steps[-1].norm, steps[-1].outputs]).all():
            raise HTTPException(
                422, "The steps are so large that the numbers overflow. Choose a smaller learning rate."
            )
    old = Network(network.sizes, network.activation.name, network.cost.name, before)
    activations = old.activations(x)
    found = deltas(old, activations, old.cost.delta(activations[-1], y))
    return Learning(
        steps=steps,
        # After the first layer exact, so that the sums behind the deltas come out to the last digit that is shown.
        before=layer_numbers(old.layers[:1]) + [_exact_numbers(layer) for layer in old.layers[1:]],
        gradient=layer_numbers(split_layers(last, network.sizes)),
        activations=[significant(a[0]) for a in activations],
        slopes=[significant(old.activation.slope(a[0])) for a in activations[1:-1]],
        deltas=[delta[0].tolist() for delta in found],
        activation=old.activation.name,
        cost=old.cost.name,
        after_digit=int(outputs[0].argmax()),
    )


def _exact_numbers(layer: Layer) -> LayerNumbers:
    return LayerNumbers(weights=layer.weights.tolist(), biases=layer.biases.tolist())


def _learning_step(
    network: Network, gradient: NDArray[np.floating], outputs: NDArray[np.floating], y: NDArray[np.floating]
) -> LearningStep:
    cost = network.cost.mean(outputs, y) + 0.0  # not -0.0
    return LearningStep(cost=cost, norm=float(np.linalg.norm(gradient)), outputs=outputs[0].tolist())


@router.get("/dreams")
def dreams_of(predictor: PredictorNeeded, model: ModelName = "classic") -> Dreams:
    """What the network would like to see for each digit, by gradient ascent on the input."""
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


@router.get("/mistakes")
def mistakes(
    predictor: PredictorNeeded,
    settings: SettingsNeeded,
    model: ModelName = "classic",
    count: Annotated[int, Query(ge=1, le=MOST_MISTAKES)] = 20,
) -> Mistakes:
    """The MNIST test images that the network gets most wrong."""
    served = predictor.model(model)
    wrong, found = worst(served.weights.network, settings.mnist_dir, MOST_MISTAKES)
    return Mistakes(
        model=model,
        version=served.weights.version,
        images=10_000,
        wrong=wrong,
        mistakes=[Mistake(**mistake._asdict()) for mistake in found[:count]],
    )
