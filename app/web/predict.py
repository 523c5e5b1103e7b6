"""POST /predict: a drawing, or images as numbers, to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query, Request
from numpy.typing import NDArray
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from app import drawing
from app.predictor import Answer, Predictor
from app.web.dependencies import DecodingNeeded, PredictorNeeded
from app.web.schemas import MOST_INSTANCES, Instances, Prediction, Predictions, Problem

# A picture of the largest size, in its multipart envelope.
MOST_BODY = drawing.MOST_BYTES + 64 * 1024

router = APIRouter(tags=["predict"])

_PICTURE = {"type": "string", "format": "binary"}
_PIXELS = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 255}, "minItems": 784, "maxItems": 784}
_ROW = {**_PIXELS, "minItems": 28, "maxItems": 28}
_ROWS = {"type": "array", "items": _ROW, "minItems": 28, "maxItems": 28}
_IMAGES = {"type": "array", "items": {"anyOf": [_PIXELS, _ROWS]}, "minItems": 1, "maxItems": MOST_INSTANCES}
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": {"type": "object", "required": ["image"], "properties": {"image": _PICTURE}}},
        "image/*": {"schema": _PICTURE},
        "application/json": {
            "schema": {"type": "object", "required": ["instances"], "properties": {"instances": _IMAGES}}
        },
    },
}
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": reason}
    for status, reason in {
        404: "No network is served under that name",
        413: "Larger than is read",
        415: "No picture in a format that is read",
        422: "No ink, a damaged picture, or numbers that make no image",
    }.items()
}


@router.post(
    "/predict",
    response_model=Prediction | Predictions,
    response_model_exclude_none=True,
    openapi_extra={"requestBody": _BODY},
    responses=_PROBLEMS,
)
async def predict(
    request: Request,
    predictor: PredictorNeeded,
    decoding: DecodingNeeded,
    model: Annotated[str, Query(description="classic, wide, or the name of a published network")] = "classic",
    explain: Annotated[bool, Query(description="Whether to add the input and the activations")] = False,
) -> Prediction | Predictions:
    """A picture, as multipart field `image` or as the raw body, gives one answer; JSON `instances` one for each."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        picture = await _picture_field(request)
    elif content_type.startswith("image/"):
        picture = await request.body()
    elif content_type == "application/json":
        return await to_thread.run_sync(
            _answer_instances, predictor, model, await request.body(), explain, limiter=decoding
        )
    else:
        raise HTTPException(
            415, "Send a picture as multipart field 'image' or with an image/* content type, or application/json."
        )
    return await to_thread.run_sync(_answer_picture, predictor, model, picture, explain, limiter=decoding)


async def _picture_field(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=8, max_part_size=1024) as form:
        image = form.get("image")
        if not isinstance(image, UploadFile):
            raise HTTPException(422, "The form has no file in the field 'image'. Send the picture there.")
        return await image.read()


def _answer_picture(predictor: Predictor, model: str, picture: bytes, explained: bool) -> Prediction:
    return _predictions(predictor.answer(model, drawing.read(picture)[None]), explained)[0]


def _answer_instances(predictor: Predictor, model: str, body: bytes, explained: bool) -> Predictions:
    try:
        instances = Instances.model_validate_json(body).instances
    except ValidationError as error:
        raise HTTPException(422, _why(error)) from error
    return Predictions(predictions=_predictions(predictor.answer(model, _images(instances)), explained))


def _why(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"{first['msg'][:200]}."
    return (
        'Send {"instances": [...]} and nothing else, each instance an image of 784 numbers or 28 rows of 28:'
        " no text, no true, false or null."
    )


def _images(instances: Sequence[list[float] | list[list[float]]]) -> NDArray[np.float32]:
    if not 1 <= len(instances) <= MOST_INSTANCES:
        raise HTTPException(422, f"instances: send 1 to {MOST_INSTANCES} images, not {len(instances)}.")
    shapes = {(784,), (28, 28)}
    for number, instance in enumerate(instances):
        rows = {len(row) for row in instance if isinstance(row, list)}
        shape = (len(instance), *rows) if rows else (len(instance),)
        if shape not in shapes:
            raise HTTPException(422, f"instances.{number}: an image is 784 numbers, or 28 rows of 28.")
    images = np.stack([np.array(instance, np.float64).reshape(784) for instance in instances])
    wrong = ~((images >= 0) & (images <= 255)).all(axis=1)
    if wrong.any():
        number = int(wrong.argmax())
        raise HTTPException(422, f"instances.{number}: every number is 0 (paper) to 255 (ink), and finite.")
    return images.astype(np.float32)


def _predictions(answer: Answer, explained: bool) -> list[Prediction]:
    weights = answer.model.weights
    digits = answer.probabilities.argmax(axis=1)
    return [
        Prediction(
            digit=int(digit),
            confidence=float(probabilities[digit]),
            probabilities=probabilities.tolist(),
            model=answer.model.name,
            version=weights.version,
            input=answer.inputs[number].tolist() if explained else None,
            activations=[layer[number].tolist() for layer in answer.activations] if explained else None,
        )
        for number, (digit, probabilities) in enumerate(zip(digits, answer.probabilities, strict=True))
    ]
