"""GET /runs: the runs, one run, and its live events. A browser gets pages instead of JSON."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.data.dataset import MNIST
from app.runs.figures import figures
from app.runs.jobs import RunNotFoundError
from app.runs.recipe import RunSettings
from app.served.predictor import Predictor
from app.server.access import is_admin
from app.store.collection_records import Store
from app.store.feed import NothingToWatchError
from app.store.records import PUBLISHABLE
from app.web.shared.dependencies import FeedsNeeded, JobsNeeded, PredictorNeeded, RunId, StoreNeeded, existing_run
from app.web.shared.event_stream import After, EventStream, LastEventId, whole_number
from app.web.shared.schemas import ModelInfo, Problem, RunInfo
from app.web.shared.take_home import MAX_PARAMETERS
from app.web.shared.templating import page, wants_html
from app.web.shared.watchers import WatcherPlace
from app.web.train.run_form import run_form
from app.web.train.sweep_form import sweep_form

router = APIRouter(tags=["runs"])

NO_SUCH_RUN: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "There is no such run"}}


@router.get("/runs", response_model=list[RunInfo])
def list_runs(
    request: Request,
    store: StoreNeeded,
    jobs: JobsNeeded,
    limit: Annotated[int, Query(ge=1, le=1000, description="The most runs to list")] = 100,
    before: Annotated[int | None, Query(description="Only runs older than this one", ge=1, lt=2**63)] = None,
) -> Response | list[RunInfo]:
    """The training runs, newest first."""
    if wants_html(request):
        return page(request, "train/runs.html", {**run_form(), **sweep_form(jobs.sweeps.max_parallel)})
    return RunInfo.all_of(store.runs(limit, before), store, to_admin=is_admin(request))


class Capacity(BaseModel):
    """How many runs can be trained now."""

    at_once: int = Field(description="How many runs can be trained at once; 0 if no worker can be reached")
    active: int = Field(description="How many are being trained")
    queued: int = Field(description="How many wait in the queue, without those of sweeps")


@router.get("/runs/capacity")
def get_capacity(store: StoreNeeded, jobs: JobsNeeded) -> Capacity:
    """How many runs can be trained at once, and how many are. A sweep on the server's own machine counts as one."""
    return Capacity(at_once=jobs.at_once, active=len(store.active_runs()), queued=len(store.queue()))


@router.get("/runs/{run_id}", response_model=RunInfo, responses=NO_SUCH_RUN)
def get_run(request: Request, run_id: RunId, store: StoreNeeded, predictor: PredictorNeeded) -> Response | RunInfo:
    """One run, with its settings, status and results."""
    if wants_html(request):
        return _run_page(request, run_id, store, predictor)
    return RunInfo.of(existing_run(run_id, store), store, to_admin=is_admin(request))


def _run_page(request: Request, run_id: int, store: Store, predictor: Predictor) -> Response:
    known = store.run(run_id)
    if known is not None and known.deleted_at is not None:
        return page(request, "train/run-deleted.html", {"run_id": run_id}, 404)
    run = existing_run(run_id, store)
    served = {model.name: ModelInfo.of(model).accuracy for model in predictor.models}
    context = {
        "run_id": run.id,
        "run": RunInfo.of(run, store),
        # For a class: large, and without controls.
        "projector": request.query_params.get("view") == "projector",
        "labels": {"name": run.name or "", "note": run.note or ""},
        "defaults": RunSettings().model_dump(exclude={"preset"}),
        "publishable": PUBLISHABLE,
        "max_taken_home": MAX_PARAMETERS,
        "figures": figures(measured=run.settings.get("measured_on") is not None),
        # The accuracies on other data sets don't compare.
        "served_accuracy": (served.get("classic") or 0) if run.settings.get("dataset", MNIST) == MNIST else 0,
    }
    return page(request, "train/run.html", context)


STREAM: dict[int | str, dict[str, object]] = {
    **NO_SUCH_RUN,
    204: {"description": "You have all events: don't reconnect"},
    503: {"model": Problem, "description": "Too many streams are open; try again later"},
}


@router.get(
    "/runs/{run_id}/events", status_code=200, response_class=EventStream, responses=STREAM, dependencies=[WatcherPlace]
)
async def watch_run(
    run_id: RunId, feeds: FeedsNeeded, store: StoreNeeded, last_event_id: LastEventId = None, after: After = 0
) -> Response:
    """The run's events, past and live, as server-sent events.

    `cost` and `epoch` report progress; `checkpoint` a saved network; `rate`, `pause` and `resume` a change that was
    requested; `end` the run's end. Ids count 1, 2, 3 ... without gaps. Last-Event-ID resumes after that event. An
    unknown Last-Event-ID replays the run from its start.
    """
    last = whole_number(last_event_id, after)
    if last_event_id is not None and not feeds.is_growing(run_id) and await to_thread(_has_ended, store, run_id, last):
        # The client has the `end` event. After a 204 a browser does not reconnect.
        return Response(status_code=204)
    batches = feeds.watch(run_id, last)
    try:
        # Waiting for the first batch here lets an unknown run become a 404.
        first = await anext(batches, ())
    except NothingToWatchError as error:
        raise RunNotFoundError(f"There is no run {run_id}.") from error
    return EventStream(first, batches, f"run {run_id}")


def _has_ended(store: Store, run_id: int, last: int) -> bool:
    """Whether `last` is the id of the run's `end` event."""
    return last > 0 and [event.name for event in store.events(run_id, last - 1)] == ["end"]
