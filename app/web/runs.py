"""GET /runs: the history, and the live stream of each run. To a browser the same addresses are pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.network.activation import ACTIVATIONS
from app.network.cost import COSTS
from app.network.descent import OPTIMIZERS
from app.training.recipe import AUGMENTATIONS, PRESETS, RunSettings
from app.web.dependencies import ExistingRun, FeedsNeeded, StoreNeeded
from app.web.schemas import Problem, RunInfo
from app.web.templating import page, wants_html

router = APIRouter(tags=["runs"])

NO_SUCH_RUN: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "There is no such run"}}
# How long a browser waits before it connects again.
_RETRY_MS = 1000


@router.get("/runs", response_model=list[RunInfo])
def runs(
    request: Request,
    store: StoreNeeded,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Query(description="Only runs older than this one", ge=1, lt=2**63)] = None,
) -> Response | list[RunInfo]:
    """The training runs, newest first."""
    if wants_html(request):
        return page(request, "runs.html", _form())
    publications = store.publications()
    return [RunInfo.of(run, publications) for run in store.runs(limit, before)]


@router.get("/runs/{run_id}", response_model=RunInfo, responses=NO_SUCH_RUN)
def run(request: Request, run: ExistingRun, store: StoreNeeded) -> Response | RunInfo:
    """One run, with its settings, status and results."""
    if wants_html(request):
        return page(request, "run.html", {"run_id": run.id})
    return RunInfo.of(run, store.publications())


def not_told_to_its_end(
    run: ExistingRun, store: StoreNeeded, last_event_id: Annotated[str | None, Header()] = None
) -> None:
    """Raises 204, at which a browser stops to connect again, for whoever has the run's `end` already."""
    last = _whole_number(last_event_id, 0)
    if last > 0 and not run.active and [event.name for event in store.events(run.id, last - 1)] == ["end"]:
        raise HTTPException(204)


@router.get(
    "/runs/{run_id}/events",
    dependencies=[Depends(not_told_to_its_end)],
    response_class=EventSourceResponse,
    responses=NO_SUCH_RUN,
)
async def events(
    run: ExistingRun,
    feeds: FeedsNeeded,
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[int, Query(description="As Last-Event-ID, for a client that can't set headers")] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """What happened in the run and what happens, as server-sent events: `cost`, `epoch`, `resume`, and `end`.

    Ids count 1, 2, 3 ...; Last-Event-ID resumes with no gap and no repeat.
    """
    yield ServerSentEvent(retry=_RETRY_MS, comment=f"run {run.id}")
    async for event in feeds.watch(run.id, _whole_number(last_event_id, after)):
        yield ServerSentEvent(event=event.name, data=event.data, id=str(event.id))


def _whole_number(text: str | None, default: int) -> int:
    """An id that is no number of ours is none, and the run is told from its start."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _form() -> dict[str, Any]:
    """What the form for a new run offers: the very limits that the server checks."""
    schema = RunSettings.model_json_schema()["properties"]
    limits = {}
    for name, field in schema.items():
        numbers = next((option for option in field.get("anyOf", [field]) if option.get("type") != "null"), field)
        limits[name] = [numbers.get("minimum"), numbers.get("maximum")]
    return {
        "presets": {name: RunSettings.model_validate({"preset": name}).model_dump() for name in PRESETS},
        "defaults": RunSettings().model_dump(),
        "limits": {name: bounds for name, bounds in limits.items() if bounds != [None, None]},
        "activations": list(ACTIVATIONS),
        "costs": list(COSTS),
        "optimizers": list(OPTIMIZERS),
        "augmentations": ["none", *AUGMENTATIONS],
    }
