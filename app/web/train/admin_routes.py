"""Changes to runs, for the admin only: start, pause, stop, resume, label, delete and restore."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.runs.jobs import RunActiveError
from app.runs.recipe import RunSettings
from app.web.shared.dependencies import (
    AdminOnly,
    ExistingRun,
    JobsNeeded,
    RunId,
    StoreNeeded,
    existing_run,
)
from app.web.shared.schemas import REFUSED, DeletedRun, Labels, Problem, Queued, RateRequest, RunInfo
from app.web.train.run_routes import NO_SUCH_RUN

_NOT_NOW: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "The run is in another state"}}
_ACTIVE: dict[int | str, dict[str, object]] = {
    409: {"model": Problem, "description": "As many runs are being trained as can be at once"},
    503: {"model": Problem, "description": "No worker can be reached now"},
}

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[AdminOnly], responses=REFUSED)


@router.post("/runs", status_code=201, responses={**_ACTIVE, 202: {"model": Queued, "description": "The run waits"}})
async def start_run(
    request: Request,
    response: Response,
    jobs: JobsNeeded,
    store: StoreNeeded,
    settings: Annotated[RunSettings | None, Body(examples=[{"preset": "quick"}])] = None,
    queue: Annotated[bool, Query(description="Wait until the run can start, instead of answering 409 or 503")] = False,
) -> RunInfo | Queued:
    """Starts a run in the background. All settings are optional.

    With `queue=true` the run waits until those before it have ended; the answer is then 202 with its place.
    """
    begin = jobs.queue if queue else jobs.start
    try:
        run = await begin(settings or RunSettings())
    except RunActiveError as error:
        raise RunActiveError(f"{error} With ?queue=true, a new run waits for its turn.") from error
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/runs/{run.id}"
    info = await run_in_threadpool(RunInfo.of, run, store, to_admin=True)
    if info.place is None:
        return info
    response.status_code = 202
    return Queued(id=info.id, place=info.place)


@router.post("/runs/{run_id}/stop", responses=NO_SUCH_RUN)
def stop_run(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Stops the run after its current step and saves its network. A queued run leaves the queue."""
    return RunInfo.of(jobs.stop(run.id), store, to_admin=True)


@router.post("/runs/{run_id}/pause", responses={**NO_SUCH_RUN, **_NOT_NOW})
def pause_run(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Pauses the run until it is resumed."""
    return RunInfo.of(jobs.pause(run.id), store, to_admin=True)


@router.post("/runs/{run_id}/resume", responses={**NO_SUCH_RUN, **_ACTIVE})
async def resume_run(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Resumes a paused, stopped or failed run from its last checkpoint."""
    return await run_in_threadpool(RunInfo.of, await jobs.resume(run.id), store, to_admin=True)


@router.post("/runs/{run_id}/rate", responses={**NO_SUCH_RUN, **_NOT_NOW})
def change_learning_rate(run: ExistingRun, body: RateRequest, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Changes an active run's learning rate for its next steps. A `rate` event says from which step on."""
    return RunInfo.of(jobs.change_rate(run.id, body.learning_rate), store, to_admin=True)


@router.patch("/runs/{run_id}", responses=NO_SUCH_RUN)
def label_run(run: ExistingRun, body: Labels, store: StoreNeeded) -> RunInfo:
    """Sets the run's name and note; one that is left out stays."""
    given = {"name": run.name, "note": run.note} | body.model_dump(exclude_unset=True)
    return RunInfo.of(store.label(run.id, given["name"] or None, given["note"] or None), store, to_admin=True)


@router.delete("/runs/{run_id}", status_code=204, responses={**NO_SUCH_RUN, **_NOT_NOW})
def delete_run(run: ExistingRun, store: StoreNeeded) -> None:
    """Deletes a run that has ended. It can be restored for a day. Networks published from it stay."""
    store.delete(run.id)


@router.get("/deleted-runs")
def list_deleted_runs(store: StoreNeeded) -> list[DeletedRun]:
    """The runs that can be restored, the last deleted first."""
    return DeletedRun.all_of(store.deleted_runs(), store, to_admin=True)


@router.post("/runs/{run_id}/restore", responses=NO_SUCH_RUN)
def restore_run(run_id: RunId, store: StoreNeeded) -> RunInfo:
    """Undoes the deletion of a run."""
    store.restore(run_id)
    return RunInfo.of(existing_run(run_id, store), store, to_admin=True)
