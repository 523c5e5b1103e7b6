"""Health and metrics, for monitors and load balancers."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.served.predictor import UnknownModelError
from app.web.shared.dependencies import PredictorNeeded, StoreNeeded
from app.web.shared.schemas import Problem

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Answers while the server is alive."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"model": Problem, "description": "/predict can't answer now"}})
def is_ready(predictor: PredictorNeeded, store: StoreNeeded) -> dict[str, str]:
    """Answers 200 when /predict can answer, and 503 when not."""
    try:
        predictor.model("classic")
    except UnknownModelError as error:
        raise HTTPException(503, f"{error} Train one: python -m app train --preset classic.") from error
    store.active_run()  # raises StoreError, answered with 503, if the store can't be read
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
def get_metrics(request: Request) -> Response:
    """Counters, as Prometheus reads them."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
