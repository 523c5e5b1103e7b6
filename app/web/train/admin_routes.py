"""What only the admin may do with runs: start, pause, stop and resume them, name and delete them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.runs.recipe import RunSettings
from app.web.shared.dependencies import (
    AdminOnly,
    ExistingRun,
    JobsNeeded,
    RunId,
    StoreNeeded,
    existing_run,
)
from app.web.shared.schemas import REFUSED, Labels, Problem, Queued, RateRequest, RunInfo
from app.web.train.run_routes import NO_SUCH_RUN

_NOT_NOW: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "The run is in another state"}}
_ACTIVE: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "A run is being trained"}}

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[AdminOnly], responses=REFUSED)


@router.post("/runs", status_code=201, responses={**_ACTIVE, 202: {"model": Queued, "description": "The run waits"}})
async def start(
    request: Request,
    response: Response,
    jobs: JobsNeeded,
    store: StoreNeeded,
    settings: RunSettings | None = None,
    queue: Annotated[bool, Query(description="Wait for the active run to end instead of answering 409")] = False,
) -> RunInfo | Queued:
    """Starts a run in the background. Everything in the body is optional.

    With `queue=true` it waits while other runs are active or wait before it: the answer is then 202 with its place.
    """
    begin = jobs.queue if queue else jobs.start
    run = await begin(settings or RunSettings())
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/runs/{run.id}"
    info = await run_in_threadpool(RunInfo.of, run, store)
    if info.place is None:
        return info
    response.status_code = 202
    return Queued(id=info.id, place=info.place)


@router.post("/runs/{run_id}/stop", responses=NO_SUCH_RUN)
def stop(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Asks the run to stop after its step, and keeps what it learned. A queued run leaves the queue."""
    return RunInfo.of(jobs.stop(run.id), store)


@router.post("/runs/{run_id}/pause", responses={**NO_SUCH_RUN, **_NOT_NOW})
def pause(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Lets the run wait, as it is, until it is resumed."""
    return RunInfo.of(jobs.pause(run.id), store)


@router.post("/runs/{run_id}/resume", responses={**NO_SUCH_RUN, **_ACTIVE})
async def resume(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Goes on with a paused, stopped or failed run from where it was."""
    return await run_in_threadpool(RunInfo.of, await jobs.resume(run.id), store)


@router.post("/runs/{run_id}/rate", responses={**NO_SUCH_RUN, **_NOT_NOW})
def change_rate(run: ExistingRun, body: RateRequest, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Changes the learning rate while the run is under way, from its next steps on. The run's events tell where."""
    return RunInfo.of(jobs.change_rate(run.id, body.learning_rate), store)


@router.patch("/runs/{run_id}", responses=NO_SUCH_RUN)
def label(run: ExistingRun, body: Labels, store: StoreNeeded) -> RunInfo:
    """Gives the run a name and a note."""
    given = {"name": run.name, "note": run.note} | body.model_dump(exclude_unset=True)
    return RunInfo.of(store.label(run.id, given["name"] or None, given["note"] or None), store)


@router.delete("/runs/{run_id}", status_code=204, responses={**NO_SUCH_RUN, **_NOT_NOW})
def delete(run: ExistingRun, store: StoreNeeded) -> None:
    """Deletes a run that has ended. For a day this can be undone. What was published from it stays."""
    store.delete(run.id)


@router.post("/runs/{run_id}/restore", responses=NO_SUCH_RUN)
def restore(run_id: RunId, store: StoreNeeded) -> RunInfo:
    """Undoes the deletion of a run."""
    store.restore(run_id)
    return RunInfo.of(existing_run(run_id, store), store)
