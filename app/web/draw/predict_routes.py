"""POST /predict: a drawing, or images as numbers, to answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import numpy as np
from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from app.images import drawing
from app.served.predictor import MAX_INSTANCES, Predictor
from app.server.metrics import Metrics
from app.web.draw.instances import read_instances
from app.web.draw.picture_form import picture_in
from app.web.shared.query_names import require_known_query
from app.web.shared.schemas import Prediction, Predictions, Problem

# A picture of the largest size, in its multipart envelope.
MAX_BODY = drawing.MAX_BYTES + 64 * 1024

# Up to this, the work takes no longer than handing it to a thread and back: it is done at once.
_SMALL_BODY, _SMALL_PIXELS = 64 * 1024, 320 * 320


class _Direct(APIRoute):
    """A route whose endpoint takes the request as it is. FastAPI would take longer to take it apart than the network
    does to answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler


router = APIRouter(tags=["predict"], route_class=_Direct)
T = TypeVar("T")

_PICTURE = {"type": "string", "format": "binary"}
_PIXELS = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 255}, "minItems": 784, "maxItems": 784}
_ROW = {**_PIXELS, "minItems": 28, "maxItems": 28}
_ROWS = {"type": "array", "items": _ROW, "minItems": 28, "maxItems": 28}
_IMAGES = {"type": "array", "items": {"anyOf": [_PIXELS, _ROWS]}, "minItems": 1, "maxItems": MAX_INSTANCES}
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


class _Question(BaseModel):
    model: str = Field("classic", description="classic, wide, or the name of a published network")
    explain: bool = Field(False, description="Whether to add the input and the activations")

    @classmethod
    def of(cls, request: Request) -> _Question:
        require_known_query(request, cls.model_fields)
        try:
            return cls.model_validate(dict(request.query_params))
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_input=False)) from error

    @classmethod
    def described(cls) -> list[dict[str, Any]]:
        """As OpenAPI tells of parameters."""
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": schema.pop("description")}
            for name, schema in cls.model_json_schema()["properties"].items()
        ]


@router.post(
    "/predict",
    response_model=Prediction | Predictions,
    openapi_extra={"requestBody": _BODY, "parameters": _Question.described()},
    responses=_PROBLEMS,
)
async def predict(request: Request) -> Response:
    """A picture, as multipart field `image` or as the raw body, gives one answer; JSON `instances` one for each."""
    question = _Question.of(request)
    content_type, body = request.headers.get("content-type", ""), await request.body()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        answer: Prediction | Predictions = await _done(
            request,
            lambda: Predictions(predictions=_predictions(request, question, read_instances(body))),
            len(body) <= _SMALL_BODY,
        )
    elif kind.startswith("image/") or kind == "multipart/form-data":
        picture = body if kind.startswith("image/") else picture_in(body, content_type)
        (answer,) = _predictions(request, question, (await _read(request, picture))[None])
    else:
        raise HTTPException(
            415, "Send a picture as multipart field 'image' or with an image/* content type, or application/json."
        )
    # Written here and not by FastAPI, which would look through all the numbers once more.
    return Response(answer.model_dump_json(exclude_none=True), media_type="application/json")


async def _read(request: Request, picture: bytes) -> NDArray[np.uint8]:
    if len(picture) > _SMALL_BODY:
        return await _done(request, lambda: drawing.read(picture), False)
    image = drawing.open_picture(picture)
    return await _done(request, lambda: drawing.read_opened(image), image.width * image.height <= _SMALL_PIXELS)


async def _done(request: Request, work: Callable[[], T], at_once: bool) -> T:
    """What the work gives, done in a thread if it is more than a moment's: only so much is unpacked at a time."""
    return work() if at_once else await to_thread.run_sync(work, limiter=request.app.state.decoding)


def _predictions(request: Request, question: _Question, images: NDArray[np.generic]) -> list[Prediction]:
    predictor: Predictor = request.app.state.predictor
    metrics: Metrics = request.app.state.metrics
    answer = predictor.answer(question.model, images)
    digits = answer.probabilities.argmax(axis=1).tolist()
    metrics.count_predictions(question.model, digits)
    return [
        Prediction(
            digit=digit,
            confidence=probabilities[digit],
            probabilities=probabilities,
            model=answer.model.name,
            version=answer.model.weights.version,
            input=answer.inputs[number].tolist() if question.explain else None,
            activations=[layer[number].tolist() for layer in answer.activations] if question.explain else None,
        )
        for number, (digit, probabilities) in enumerate(zip(digits, answer.probabilities.tolist(), strict=True))
    ]
