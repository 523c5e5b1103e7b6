"""GET /runs: the runs, one run, and its live events. A browser gets pages instead of JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app.runs.feed import NoRunError
from app.runs.figures import figures
from app.runs.jobs import RunNotFoundError
from app.runs.recipe import RunSettings
from app.store.records import PUBLISHABLE
from app.web.shared.dependencies import ExistingRun, FeedsNeeded, RunId, StoreNeeded
from app.web.shared.event_stream import EventStream
from app.web.shared.schemas import Problem, RunInfo
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
    limit: Annotated[int, Query(ge=1, le=1000, description="The most runs to list")] = 100,
    before: Annotated[int | None, Query(description="Only runs older than this one", ge=1, lt=2**63)] = None,
) -> Response | list[RunInfo]:
    """The training runs, newest first."""
    if wants_html(request):
        return page(request, "train/runs.html", {**run_form(), **sweep_form()})
    return RunInfo.all_of(store.runs(limit, before), store)


@router.get("/runs/{run_id}", response_model=RunInfo, responses=NO_SUCH_RUN)
def get_run(request: Request, run: ExistingRun, store: StoreNeeded) -> Response | RunInfo:
    """One run, with its settings, status and results."""
    if wants_html(request):
        labels = {"name": run.name or "", "note": run.note or ""}
        defaults = RunSettings().model_dump(exclude={"preset"})
        context = {"labels": labels, "defaults": defaults, "publishable": PUBLISHABLE, "figures": figures()}
        return page(request, "train/run.html", {"run_id": run.id, **context})
    return RunInfo.of(run, store)


LastEventId = Annotated[str | None, Header(description="The id of the last event that is known already")]
After = Annotated[int, Query(description="As Last-Event-ID, for a client that can't set headers")]
STREAM: dict[int | str, dict[str, object]] = {
    **NO_SUCH_RUN,
    204: {"description": "You have all events: don't reconnect"},
    503: {"model": Problem, "description": "Too many streams are open; try again later"},
}


@router.get(
    "/runs/{run_id}/events", status_code=200, response_class=EventStream, responses=STREAM, dependencies=[WatcherPlace]
)
async def watch_run(run_id: RunId, feeds: FeedsNeeded, last_event_id: LastEventId = None, after: After = 0) -> Response:
    """The run's events, past and live, as server-sent events.

    `cost` and `epoch` report progress; `checkpoint` a saved network; `rate`, `pause` and `resume` a change that was
    requested; `end` the run's end. Ids count 1, 2, 3 ... without gaps. Last-Event-ID resumes after that event. An
    unknown Last-Event-ID replays the run from its start.
    """
    last = _whole_number(last_event_id, after)
    if last_event_id is not None and await feeds.is_complete(run_id, last):
        # The client has the `end` event. After a 204 a browser does not reconnect.
        return Response(status_code=204)
    batches = feeds.watch(run_id, last)
    try:
        # Waiting for the first batch here lets an unknown run become a 404.
        first = await anext(batches, ())
    except NoRunError as error:
        raise RunNotFoundError(str(error)) from error
    return EventStream(first, batches, f"run {run_id}")


def _whole_number(text: str | None, default: int) -> int:
    """The id as a number; 0 for any other text, which replays the run from its start."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
