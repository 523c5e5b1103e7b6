"""/v2/...: the Open Inference Protocol, version 2, with its extension for binary tensor data.

Clients of other inference servers, such as Triton and KServe, use it to ask the served networks. Its specification is
at https://github.com/kserve/open-inference-protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from app.network.inputs import PIXELS, SIDE
from app.served.predictor import Model, UnknownModelError
from app.web.shared.dependencies import DecodingNeeded, PredictorNeeded
from app.web.shared.health_routes import is_ready
from app.web.shared.openapi import REF
from app.web.shared.request_bodies import EXAMPLE_IMAGE
from app.web.v2.inference_schemas import (
    InferenceError,
    InferenceRequest,
    InferenceResponse,
    ModelMetadata,
    ServerMetadata,
    TensorMetadata,
)
from app.web.v2.tensors import INPUT, OUTPUTS, read_request, write_response

_JSON_LENGTH = "Inference-Header-Content-Length"
_JSON_LENGTH_PARAMETER = {
    "name": _JSON_LENGTH,
    "in": "header",
    "schema": {"type": "integer", "minimum": 0},
    "description": "The length of the JSON object, in bytes, if binary data follows it",
}
_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_EXAMPLE = {"name": INPUT, "shape": [1, SIDE, SIDE], "datatype": "UINT8", "data": EXAMPLE_IMAGE}
_BODY = {
    "application/json": {
        "schema": InferenceRequest.model_json_schema(ref_template=REF + "{model}"),
        "example": {"inputs": [_EXAMPLE]},
    },
    **_BINARY,
}
_INFERENCE: dict[str, Any] = {
    "response_model": InferenceResponse,
    "responses": {200: {"content": _BINARY}, 503: {"model": InferenceError, "description": "Too many large bodies"}},
    "openapi_extra": {"parameters": [_JSON_LENGTH_PARAMETER], "requestBody": {"required": True, "content": _BODY}},
}
_ERRORS: dict[int | str, dict[str, Any]] = {"4XX": {"model": InferenceError, "description": "A wrong request"}}
_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": InferenceError, "description": "Not ready"}}

router = APIRouter(prefix="/v2", tags=["open inference protocol"], responses=_ERRORS)


def error_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error in the protocol's form. It has 400 where our other calls have 422."""
    return JSONResponse({"error": detail}, 400 if status == 422 else status, headers)


def served_model(name: str, predictor: PredictorNeeded) -> Model:
    return predictor.model(name)


ServedModel = Annotated[Model, Depends(served_model)]


def require_served_version(version: str, model: ServedModel) -> None:
    if version != model.weights.version:
        raise UnknownModelError(f"{model.name!r} is served in version {model.weights.version}, not {version[:40]!r}.")


_VERSION = [Depends(require_served_version)]


@router.get("")
async def get_inference_server(request: Request) -> ServerMetadata:
    """The server, and the extensions of the protocol that it knows."""
    return ServerMetadata(name="descent", version=request.app.version, extensions=["binary_tensor_data"])


@router.get("/health/live")
async def is_inference_server_live() -> dict[str, bool]:
    """Answers while the server is alive."""
    return {"live": True}


@router.get("/health/ready", dependencies=[Depends(is_ready)], responses=_NOT_READY)
async def is_inference_server_ready() -> dict[str, bool]:
    """Answers 200 when the server can answer inference requests, and 503 when not."""
    return {"ready": True}


@router.get("/models/{name}")
@router.get("/models/{name}/versions/{version}", name="get_inference_model_version", dependencies=_VERSION)
async def get_inference_model(model: ServedModel) -> ModelMetadata:
    """The inputs and outputs of a served network. Only its served version can be named."""
    return ModelMetadata(
        name=model.name,
        versions=[model.weights.version],
        platform="numpy",
        inputs=[TensorMetadata(name=INPUT, datatype="FP32", shape=[-1, PIXELS])],
        outputs=[TensorMetadata(name=name, datatype=type_, shape=shape) for name, (type_, shape) in OUTPUTS.items()],
    )


@router.get("/models/{name}/ready")
@router.get("/models/{name}/versions/{version}/ready", name="is_inference_model_version_ready", dependencies=_VERSION)
async def is_inference_model_ready(model: ServedModel) -> dict[str, str | bool]:
    """Answers 200 when the network can answer, and 404 when none is served under that name and version."""
    return {"name": model.name, "ready": True}


@router.post("/models/{name}/infer", **_INFERENCE)
@router.post("/models/{name}/versions/{version}/infer", name="infer_version", dependencies=_VERSION, **_INFERENCE)
async def infer(request: Request, model: ServedModel, decoding: DecodingNeeded) -> Response:
    """The answers to images of 784 numbers, or 28 rows of 28, with 0 for paper and 255 for ink."""
    return await to_thread.run_sync(_inferred, request, model, await request.body(), limiter=decoding)


def _inferred(request: Request, model: Model, body: bytes) -> Response:
    asked, images = read_request(body, request.headers.get(_JSON_LENGTH))
    answer = model.answer(images)
    request.app.state.metrics.count_predictions(model.name, answer.probabilities.argmax(axis=1).tolist())
    content, json_length = write_response(asked, answer)
    if json_length is None:
        return Response(content, media_type="application/json")
    return Response(content, media_type="application/octet-stream", headers={_JSON_LENGTH: str(json_length)})
