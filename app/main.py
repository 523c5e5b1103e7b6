"""create_app: joins all parts to the web app. Importing it opens no file and no connection."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.resources import files
from types import FrameType

import anyio
from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app import __version__
from app.data.datasets import Datasets
from app.lessons.descents import Descents
from app.lessons.digits import LessonImages
from app.rooms.class_games import ClassGames
from app.rooms.quizzes import Quizzes
from app.rooms.room_log import RoomKey, RoomLog
from app.rooms.rooms import Rooms
from app.rooms.votes import Votes
from app.runs.collected import Collected
from app.runs.jobs import Jobs
from app.runs.leased_jobs import LeasedJobs, LocalWorkers
from app.runs.local_jobs import LocalJobs
from app.runs.processes import Processes
from app.runs.run_log import RunLog
from app.served.predictor import Predictor
from app.server.cors import OpenCallsCors
from app.server.memory import keep_freed_memory
from app.server.metrics import Metrics
from app.server.middleware import BodyLimit, CommonHeaders, HeadAsGet, PlainQuery, SubPath
from app.server.observing import Observe
from app.settings import ROOT, Settings
from app.store.collection_records import Store
from app.store.feed import Feeds
from app.store.leases import LeasedRunStore
from app.store.opening import open_store
from app.store.records import StoreBusyError
from app.web.draw import correction_routes, inside_routes, model_routes, predict_routes
from app.web.learn import landscape_routes, lesson_pages, lesson_routes
from app.web.rooms import game_routes, quiz_routes, room_pages, room_routes, teach_pages, teacher_routes, vote_routes
from app.web.shared import event_stream, health_routes, page_routes, problems
from app.web.shared.api_guide import GUIDE, TAGS
from app.web.shared.openapi import describe, operation_id
from app.web.shared.query_names import refuse_unknown_query
from app.web.shared.static_files import VersionedFiles
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
_PURGE_SECONDS = 3600.0
# How often a class's game is looked at for phones that are late.
_GAME_SECONDS = 0.2
# Except for pictures, the largest body is sixteen inputs for a checkpoint.
_MAX_BODY = 256 * 1024
# A token; Starlette parses its form in the event loop.
_MAX_LOGIN = 16 * 1024


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web app. If the state folder or a model can't be used, its start-up raises, not this function."""
    settings = settings or Settings()
    settings.require_shared_token()
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
        version=__version__,
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
        predict_routes,  # first, since routes are matched in this order and these are the most frequent ones
        game_routes,
        page_routes,
        lesson_pages,
        lesson_routes,
        landscape_routes,
        inside_routes,
        correction_routes,
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
        teacher_routes,
        vote_routes,
        quiz_routes,
        teach_pages,
        room_pages,  # before `room_routes`, which would take "privacy" for a code
        room_routes,
        health_routes,
        inference_routes,
    ):
        app.include_router(module.router)
    for router in (game_routes.teacher_router, vote_routes.teacher_router, quiz_routes.teacher_router):
        app.include_router(router)
    app.mount("/static", VersionedFiles(directory=ROOT / "static"), name="static")
    # Swagger UI from an installed package, since FastAPI's own page loads it from a CDN.
    app.mount("/swagger", StaticFiles(directory=str(files("fastapi_offline") / "static")), name="swagger")
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    keep_freed_memory()
    settings: Settings = app.state.settings
    store = open_store(settings.sqlite_file, settings.database_url, settings.lease_seconds)
    predictor = Predictor(settings.models_dir, store)
    app.state.datasets = Datasets(settings.mnist_dir, settings.datasets_dir, Collected(store))
    jobs = _jobs(settings, store, app.state.datasets)
    feeds: Feeds[int, bytes] = Feeds(lambda run_id: RunLog(store, run_id, event_stream.encode))
    room_feeds: Feeds[RoomKey, bytes] = Feeds(lambda key: RoomLog(store, key, event_stream.format_event))
    await jobs.open()
    app.state.store, app.state.predictor, app.state.jobs = store, predictor, jobs
    app.state.feeds, app.state.room_feeds = feeds, room_feeds
    app.state.rooms = rooms = Rooms(store, predictor)
    app.state.votes = Votes(store)
    app.state.quizzes = Quizzes(store)
    loop = asyncio.get_running_loop()
    app.state.games = games = ClassGames(store, lambda name: _soon(loop, room_feeds.wake, name))
    app.state.lesson_images, app.state.descents = LessonImages(settings.mnist_dir), Descents()
    app.state.decoding = anyio.CapacityLimiter(os.cpu_count() or 1)
    app.state.watchers = Watchers.allowed(settings)
    metrics: Metrics = app.state.metrics
    metrics.read_at_each_scrape(store)

    async def measure_lag() -> None:
        metrics.feed_lag.set(max(feeds.lag(), room_feeds.lag()))

    background = [
        asyncio.create_task(_repeat(_in_thread(jobs.forget_deleted), _PURGE_SECONDS)),
        asyncio.create_task(
            _repeat(_in_thread(functools.partial(rooms.forget_old, settings.room_days)), _PURGE_SECONDS)
        ),
        asyncio.create_task(_repeat(jobs.refresh)),
        asyncio.create_task(_repeat(_in_thread(games.tick), _GAME_SECONDS)),
        # What other processes published; not after `jobs.refresh`, which may wait for a scheduler.
        asyncio.create_task(_repeat(_in_thread(predictor.refresh))),
        asyncio.create_task(_repeat(measure_lag)),
    ]
    if settings.keep_days is not None:
        forget = functools.partial(jobs.forget_checkpoints, settings.keep_days)
        background.append(asyncio.create_task(_repeat(_in_thread(forget), _PURGE_SECONDS)))
    if settings.database_url:
        # Only the extra [cluster] installs psycopg.
        from app.store.notifications import notify

        background.append(asyncio.create_task(notify(settings.database_url, [feeds, room_feeds])))
    try:
        with _before_signals(feeds.close, room_feeds.close, jobs.stop_all):
            yield
    finally:
        for task in background:
            task.cancel()
        feeds.close()
        room_feeds.close()
        await jobs.close()
        store.close()


def _jobs(settings: Settings, store: Store, datasets: Datasets) -> Jobs:
    processes = Processes(settings)
    if not isinstance(store, LeasedRunStore):
        return LocalJobs(store, datasets, processes, settings.state_dir / "training.lock")
    if settings.scheduler is None:
        return LeasedJobs(store, datasets, LocalWorkers(processes))
    # Only the extra [cluster] installs Dask.
    from app.runs.cluster import ClusterWorkers

    return LeasedJobs(store, datasets, ClusterWorkers(settings.scheduler))


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


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[str], None], argument: str) -> None:
    """Makes the call in the event loop, from a thread."""
    loop.call_soon_threadsafe(call, argument)


def _in_thread(call: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    return functools.partial(asyncio.to_thread, call)


async def _repeat(call: Callable[[], Awaitable[object]], seconds: float = _REFRESH_SECONDS) -> None:
    """Makes the call again and again, and logs once that the store is away."""
    is_away = False
    await asyncio.sleep(_REFRESH_SECONDS)
    while True:
        try:
            await call()
            is_away = False
        except StoreBusyError as error:
            if not is_away:
                log.warning("The refresh from the store failed; it will be retried. %s", error)
            is_away = True
        except Exception:
            log.exception("The refresh from the store failed; it will be retried")
        await asyncio.sleep(seconds)
