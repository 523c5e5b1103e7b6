"""What looks after a server asks: is it alive, can it answer, and what has it done."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.predictor import UnknownModelError
from app.web.dependencies import PredictorNeeded, StoreNeeded

router = APIRouter(tags=["health"])


class Metrics:
    """The counters of one app. It has a registry of its own, because one process may hold several apps in tests."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "descent_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )


class CountRequests:
    """Counts answers by method, route and status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        def count(status: int) -> None:
            # The route's pattern, not the address: a made-up address must not make a new series.
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.requests.labels(scope["method"], route, status).inc()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                count(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            # The answer to this is given outside of all middleware.
            count(500)
            raise


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answers while the server is alive."""
    return {"status": "alive"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
def ready(predictor: PredictorNeeded, store: StoreNeeded) -> dict[str, str]:
    """Answers 200 when /predict can answer, and 503 when not."""
    try:
        predictor.model("classic")
    except UnknownModelError as error:
        raise HTTPException(503, f"{error} Train one: python -m app train --preset classic.") from error
    store.active_run()  # raises what becomes a 503 when the store can't be read
    return {"status": "ready"}


@router.get("/metrics", response_class=Response)
def metrics(request: Request) -> Response:
    """Counters, as Prometheus reads them."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
