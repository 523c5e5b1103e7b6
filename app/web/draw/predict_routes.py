"""POST /predict: answers to a picture, or to images as numbers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from app.images import drawing, several
from app.images.checks import warnings_of
from app.served.answers import likely_digits
from app.served.predictor import MAX_INSTANCES, Predictor
from app.server.metrics import Metrics
from app.web.draw.instances import read_instances
from app.web.draw.npy_file import read_npy
from app.web.draw.picture_form import picture_in
from app.web.shared.query_names import require_known_query
from app.web.shared.request_bodies import EXAMPLE_IMAGE, PICTURE, PICTURES
from app.web.shared.schemas import Number, NumberDigit, Prediction, Predictions, Problem

# A picture of the maximum size, and its multipart envelope.
MAX_BODY = drawing.MAX_BYTES + 64 * 1024

# With explain=true an answer is 20 times as large, and a client may read it slowly.
_MAX_EXPLAINED = 64
# Up to these sizes, the work takes no longer than the switch to a thread and back.
_SMALL_BODY, _SMALL_PIXELS = 64 * 1024, 320 * 320


class _Direct(APIRoute):
    """A route whose endpoint gets the request itself. FastAPI's parsing would take longer than the network's answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


router = APIRouter(tags=["predict"], route_class=_Direct)
T = TypeVar("T")

_READERS = {"application/json": read_instances, "application/x-npy": read_npy}

_PIXELS = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 255}, "minItems": 784, "maxItems": 784}
_ROW = {**_PIXELS, "minItems": 28, "maxItems": 28}
_ROWS = {"type": "array", "items": _ROW, "minItems": 28, "maxItems": 28}
_IMAGES = {
    "type": "array",
    "items": {"anyOf": [_PIXELS, _ROWS]},
    "minItems": 1,
    "maxItems": MAX_INSTANCES,
    "description": "Images, 0 = paper and 255 = ink",
}
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": {"type": "object", "required": ["image"], "properties": {"image": PICTURE}}},
        **PICTURES,
        "application/json": {
            "schema": {"type": "object", "required": ["instances"], "properties": {"instances": _IMAGES}},
            "example": {"instances": [EXAMPLE_IMAGE]},
        },
        "application/x-npy": {
            "schema": {
                **PICTURE,
                "description": "From numpy.save: uint8 or float32, (n, 28, 28) or (n, 784), 0 = paper and 255 = ink",
            }
        },
    },
}
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": reason}
    for status, reason in {
        404: "No network is served under that name",
        413: "Too large",
        415: "Not a picture in a supported format",
        422: "No ink, more digits than are read, a damaged picture, or numbers that are not images",
    }.items()
}


class _Question(BaseModel):
    model: str = Field("classic", description="classic, wide, or the name of a published network")
    explain: bool = Field(
        False, description=f"Whether to add the input and the activations: of at most {_MAX_EXPLAINED} images at a time"
    )
    several: bool = Field(
        False, description=f"Whether to read all digits of a picture, left to right: at most {several.MAX_DIGITS}"
    )

    @classmethod
    def of(cls, request: Request) -> _Question:
        require_known_query(request, cls.model_fields)
        try:
            return cls.model_validate(dict(request.query_params))
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_input=False)) from error

    @classmethod
    def openapi_parameters(cls) -> list[dict[str, Any]]:
        """The parameters in OpenAPI's form."""
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": schema.pop("description")}
            for name, schema in cls.model_json_schema()["properties"].items()
        ]


@router.post(
    "/predict",
    response_model=Prediction | Predictions | Number,
    openapi_extra={"requestBody": _BODY, "parameters": _Question.openapi_parameters()},
    responses=_PROBLEMS,
)
async def predict(request: Request) -> Response:
    """A picture, as multipart field `image` or as the raw body, gives one answer, or with several=true one for each of
    its digits, left to right, with its `box`; images as numbers, in JSON `instances` or as a NumPy file
    (application/x-npy), give one each, with `warnings` where the numbers look wrong."""
    question = _Question.of(request)
    content_type, body = request.headers.get("content-type", ""), await request.body()
    kind = content_type.partition(";")[0].strip().lower()
    answer: Prediction | Predictions | Number
    if kind.startswith("image/") or kind == "multipart/form-data":
        form_type = content_type if kind == "multipart/form-data" else None
        if question.several:
            answer = await _done(request, lambda: _answer_several(request, question, _picture(body, form_type)), False)
        else:
            (answer,) = _predictions(request, question, (await _read(request, body, form_type))[None])
    elif kind in _READERS:
        if question.several:
            raise HTTPException(422, "several: each image that comes as numbers is one digit. Send a picture instead.")
        read = _READERS[kind]
        answer = await _done(request, lambda: _answer_all(request, question, read(body)), len(body) <= _SMALL_BODY)
    else:
        raise HTTPException(
            415,
            "Send a picture as multipart field 'image' or with an image/* content type, or images as application/json"
            " or application/x-npy.",
        )
    # Written here, because FastAPI would validate all the numbers again.
    return Response(answer.model_dump_json(exclude_none=True), media_type="application/json")


async def _read(request: Request, body: bytes, form_type: str | None) -> NDArray[np.uint8]:
    if len(body) > _SMALL_BODY:
        return await _done(request, lambda: drawing.read(_picture(body, form_type)), False)
    picture = _picture(body, form_type)
    pixels = drawing.decode_small(picture)
    if pixels is None:
        image = drawing.open_picture(picture)
        return await _done(request, lambda: drawing.read_opened(image), image.width * image.height <= _SMALL_PIXELS)
    height, width = pixels.shape[:2]
    return await _done(request, lambda: drawing.read_image(pixels), height * width <= _SMALL_PIXELS)


def _picture(body: bytes, form_type: str | None) -> bytes:
    """The picture that the body is, or that is in the form that it is, of that content type."""
    return body if form_type is None else picture_in(body, form_type)


async def _done(request: Request, work: Callable[[], T], at_once: bool) -> T:
    """Does the work, in one of a few threads unless it is short, so that only a few pictures are decoded at a time."""
    return work() if at_once else await to_thread.run_sync(work, limiter=request.app.state.decoding)


def _answer_all(request: Request, question: _Question, images: NDArray[np.generic]) -> Predictions:
    return Predictions(predictions=_predictions(request, question, images, warnings_of(images)))


def _answer_several(request: Request, question: _Question, picture: bytes) -> Number:
    predictor: Predictor = request.app.state.predictor
    found = several.read_digits(picture, lambda images: predictor.model(question.model).answer(images).probabilities)
    predictions = _predictions(request, question, np.stack([digit.image for digit in found]))
    return Number(
        number="".join(str(prediction.digit) for prediction in predictions),
        digits=[
            NumberDigit(**dict(prediction), box=digit.box) for prediction, digit in zip(predictions, found, strict=True)
        ],
    )


def _predictions(
    request: Request,
    question: _Question,
    images: NDArray[np.generic],
    warnings: Mapping[int, list[str]] | None = None,
) -> list[Prediction]:
    predictor: Predictor = request.app.state.predictor
    metrics: Metrics = request.app.state.metrics
    if question.explain and len(images) > _MAX_EXPLAINED:
        raise HTTPException(422, f"explain: send at most {_MAX_EXPLAINED} images at a time.")
    answer = predictor.model(question.model).answer(images)
    digits = answer.probabilities.argmax(axis=1).tolist()
    metrics.count_predictions(question.model, digits)
    return [
        Prediction(
            digit=digit,
            confidence=probabilities[digit],
            probabilities=probabilities,
            alternatives=likely_digits(probabilities),
            model=answer.model.name,
            version=answer.model.weights.version,
            input=answer.inputs[number].tolist() if question.explain else None,
            activations=[layer[number].tolist() for layer in answer.activations] if question.explain else None,
            warnings=warnings.get(number) if warnings else None,
        )
        for number, (digit, probabilities) in enumerate(zip(digits, answer.probabilities.tolist(), strict=True))
    ]
