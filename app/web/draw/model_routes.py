"""GET /models: the served networks, and their weights."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.web.shared.dependencies import PredictorNeeded
from app.web.shared.schemas import NO_SUCH_MODEL, ModelInfo
from app.web.shared.take_home import TAKE_HOME, take_home
from app.web.shared.weights_file import WEIGHTS, Format, weights_file

router = APIRouter(tags=["models"])


@router.get("/models")
def list_models(predictor: PredictorNeeded) -> list[ModelInfo]:
    """The served networks."""
    return [ModelInfo.of(model) for model in predictor.models]


@router.get("/models/{name}", responses=NO_SUCH_MODEL)
def get_model(name: str, predictor: PredictorNeeded) -> ModelInfo:
    """One served network: its shape, its accuracy on MNIST's test images, how and when it was trained."""
    return ModelInfo.of(predictor.model(name))


@router.get("/models/{name}/weights", response_class=Response, responses={**NO_SUCH_MODEL, **WEIGHTS})
def download_model_weights(name: str, predictor: PredictorNeeded, format: Format = "safetensors") -> Response:  # noqa: A002 - its name in the query
    """The network as a safetensors or an ONNX file."""
    served = predictor.model(name)
    return weights_file(served.weights, lambda: predictor.file(name), served.name, format)


@router.get("/models/{name}/take-home.html", response_class=Response, responses={**NO_SUCH_MODEL, **TAKE_HOME})
def take_model_home(name: str, predictor: PredictorNeeded) -> Response:
    """One page with the network, which draws, answers and learns without a server: open the file from a USB stick.

    A network that is too large for the file is refused, with the limit.
    """
    served = predictor.model(name)
    return take_home(served.weights, f"the network “{served.name}”", served.name)
