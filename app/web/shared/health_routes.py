"""Health and metrics, for monitors and load balancers."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.served.predictor import UnknownModelError
from app.settings import PROGRAM
from app.web.shared.dependencies import PredictorNeeded
from app.web.shared.schemas import Problem

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Answers while the server is alive."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"model": Problem, "description": "/predict can't answer now"}})
async def is_ready(predictor: PredictorNeeded) -> dict[str, str]:
    """Answers 200 when /predict can answer, and 503 when not.

    The status is "degraded", with the reason, while runs and new publications can't be read.
    """
    try:
        predictor.model("classic")
    except UnknownModelError as error:
        raise HTTPException(503, f"{error} Train one: {PROGRAM} train --preset classic.") from error
    if predictor.store_error is not None:
        return {"status": "degraded", "reason": predictor.store_error}
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
def get_metrics(request: Request) -> Response:
    """Counters, as Prometheus reads them."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
