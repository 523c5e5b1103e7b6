"""create_app: joins all parts to the web app. Importing it opens no file and no connection."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import logging
import os
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.resources import files
from types import FrameType

import anyio
from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app.data.datasets import Datasets
from app.lessons.descents import Descents
from app.lessons.digits import LessonImages
from app.runs.feed import Feeds
from app.runs.jobs import Jobs
from app.served.predictor import Predictor
from app.server.cors import OpenCallsCors
from app.server.memory import keep_freed_memory
from app.server.metrics import Metrics
from app.server.middleware import BodyLimit, CommonHeaders, HeadAsGet, PlainQuery, SubPath
from app.server.observing import Observe
from app.settings import ROOT, Settings
from app.store.sqlite import SqliteRunStore
from app.web.draw import inside_routes, model_routes, predict_routes
from app.web.learn import landscape_routes, lesson_pages, lesson_routes
from app.web.shared import event_stream, health_routes, page_routes, problems
from app.web.shared.api_guide import GUIDE, TAGS
from app.web.shared.openapi import describe, operation_id
from app.web.shared.query_names import refuse_unknown_query
from app.web.shared.watchers import Watchers
from app.web.train import (
    admin_routes,
    checkpoint_routes,
    compare_routes,
    dataset_routes,
    download_routes,
    publish_routes,
    result_routes,
    run_routes,
    speed_routes,
    sweep_routes,
)
from app.web.v2 import inference_routes

log = logging.getLogger(__name__)

_REFRESH_SECONDS = 1.0
_REFRESHES_PER_PURGE = 3600
# Except for pictures, the largest body is sixteen inputs for a checkpoint.
_MAX_BODY = 256 * 1024
# A token; Starlette parses its form in the event loop.
_MAX_LOGIN = 16 * 1024


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web app. If the state folder or a model can't be used, its start-up raises, not this function."""
    settings = settings or Settings()
    metrics = Metrics()
    with_pictures = ("/predict", "/v2/models", "/lessons/preparation", "/lessons/mind")
    limits = {**dict.fromkeys(with_pictures, predict_routes.MAX_BODY), "/login": _MAX_LOGIN}
    middleware = [
        Middleware(BodyLimit, _MAX_BODY, limits),
        Middleware(CommonHeaders),
        Middleware(Observe, metrics),
        # It does not compress event streams and pictures. At level 9, a lesson's answer would hold the event loop 15
        # times as long, to become a tenth smaller.
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4),
        Middleware(HeadAsGet),
        Middleware(PlainQuery),
    ]
    if settings.cors_origins:
        middleware.insert(3, Middleware(OpenCallsCors, settings.cors_origins))
    if settings.root_path:
        middleware.insert(0, Middleware(SubPath, settings.root_path))
    app = FastAPI(
        title="Descent",
        summary="Draw a digit, get an answer from a neural network, and watch it learn by gradient descent.",
        version="0.1.0",
        description=GUIDE,
        openapi_tags=TAGS,
        generate_unique_id_function=operation_id,
        docs_url=None,
        redoc_url=None,
        # /metrics and the log replace it, and looking for OpenTelemetry would slow down each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=_lifespan,
        middleware=middleware,
        dependencies=[Depends(refuse_unknown_query)],
    )
    app.state.settings = settings
    app.state.metrics = metrics
    token = settings.admin_token
    app.state.admin_token = token.get_secret_value() if token else secrets.token_urlsafe(32)
    app.openapi = functools.partial(describe, app)  # type: ignore[method-assign]
    problems.install(app, {"v2": inference_routes.error_response})
    for module in (
        predict_routes,  # first, since routes are matched in this order and this is the most frequent one
        page_routes,
        lesson_pages,
        lesson_routes,
        landscape_routes,
        inside_routes,
        model_routes,
        compare_routes,  # before `run_routes`, which would take "compare" for a run's number
        run_routes,
        checkpoint_routes,
        download_routes,
        result_routes,
        dataset_routes,
        speed_routes,
        publish_routes,
        sweep_routes,
        admin_routes,
        health_routes,
        inference_routes,
    ):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=ROOT / "static"), name="static")
    # Swagger UI from an installed package, since FastAPI's own page loads it from a CDN.
    app.mount("/swagger", StaticFiles(directory=str(files("fastapi_offline") / "static")), name="swagger")
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    keep_freed_memory()
    settings: Settings = app.state.settings
    store = SqliteRunStore(settings.database)
    predictor = Predictor(settings.models_dir, settings.state_dir, store)
    app.state.datasets = Datasets(settings.mnist_dir, settings.datasets_dir)
    jobs, feeds = Jobs(settings, store, app.state.datasets), Feeds(store, event_stream.encode)
    jobs.recover("The server stopped while this run was being trained.")
    app.state.store, app.state.predictor, app.state.jobs, app.state.feeds = store, predictor, jobs, feeds
    app.state.lesson_images, app.state.descents = LessonImages(settings.mnist_dir), Descents()
    app.state.decoding = anyio.CapacityLimiter(os.cpu_count() or 1)
    watchers = app.state.watchers = Watchers.allowed(settings)
    app.state.metrics.watch(store, lambda: watchers.count)
    refreshing = asyncio.create_task(_refresh(jobs, predictor))
    try:
        with _before_signals(feeds.close, jobs.stop_all):
            yield
    finally:
        refreshing.cancel()
        feeds.close()
        await jobs.close()
        store.close()


@contextlib.contextmanager
def _before_signals(*calls: Callable[[], None]) -> Iterator[None]:
    """Makes the calls when a signal stops the server, before the server handles the signal.

    uvicorn waits for its connections to close before it ends the lifespan, so streams and runs must end earlier.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    servers = {number: signal.getsignal(number) for number in signals}

    def handle(number: int, frame: FrameType | None) -> None:
        for call in calls:
            loop.call_soon_threadsafe(call)
        server = servers[signal.Signals(number)]
        if callable(server):
            server(number, frame)

    for number in signals:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, server in servers.items():
            signal.signal(number, server)


async def _refresh(jobs: Jobs, predictor: Predictor) -> None:
    """Every second, picks up what other processes published and ends runs that lost their process; purges hourly."""
    for number in itertools.count():
        await asyncio.sleep(_REFRESH_SECONDS)
        try:
            if number % _REFRESHES_PER_PURGE == 0:
                await asyncio.to_thread(jobs.forget_deleted)
            await asyncio.to_thread(jobs.recover)
            await jobs.start_next()
            await asyncio.to_thread(predictor.refresh)
        except Exception:
            log.exception("The refresh from the store failed; it will be retried")
