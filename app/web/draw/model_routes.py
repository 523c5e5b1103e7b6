"""GET /models: the served networks, and their weights."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from app.web.shared.dependencies import PredictorNeeded
from app.web.shared.schemas import NO_SUCH_MODEL, ModelInfo

router = APIRouter(tags=["models"])


@router.get("/models")
def list_models(predictor: PredictorNeeded) -> list[ModelInfo]:
    """The served networks."""
    return [ModelInfo.of(model) for model in predictor.models]


@router.get("/models/{name}", responses=NO_SUCH_MODEL)
def get_model(name: str, predictor: PredictorNeeded) -> ModelInfo:
    """One served network: its shape, its accuracy on MNIST's test images, how and when it was trained."""
    return ModelInfo.of(predictor.model(name))


@router.get("/models/{name}/weights", response_class=FileResponse, responses=NO_SUCH_MODEL)
def download_model_weights(name: str, predictor: PredictorNeeded) -> FileResponse:
    """The network as a safetensors file."""
    served = predictor.model(name)
    filename = f"{served.name}-{served.weights.version}.safetensors"
    return FileResponse(predictor.file(name), media_type="application/octet-stream", filename=filename)
