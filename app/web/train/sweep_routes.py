"""/sweeps: sweeps and their runs. A browser gets pages instead of JSON."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from app.runs.recipe import public_settings
from app.runs.sweep_plan import MAX_RUNS, SweepPlan
from app.runs.sweeps import SweepNotFoundError
from app.server.access import is_admin
from app.store.records import Run, RunStore, Status, Sweep
from app.web.shared.dependencies import IDS, AdminOnly, JobsNeeded, StoreNeeded
from app.web.shared.schemas import REFUSED, Problem
from app.web.shared.templating import page, wants_html
from app.web.train.speed_routes import measure_speed
from app.web.train.sweep_form import Expected, expected_of

NO_SUCH_SWEEP: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "There is no such sweep"}}
_ACTIVE: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "A run or a sweep is under way"}}

router = APIRouter()


class SweepRun(BaseModel):
    """A run of a sweep."""

    id: int = Field(description="The run's number")
    name: str | None = Field(description="What people call it")
    status: Status = Field(description="What it does now, or how it ended")
    reason: str | None = Field(description="Why it ended, if it did not simply finish")
    settings: dict[str, Any] = Field(description="The settings that the sweep varies")
    steps: int = Field(description="Steps until its planned end")
    step: int = Field(description="Steps taken")
    epochs: int = Field(description="Epochs until its planned end")
    epoch: int = Field(description="Epochs completed")
    cost: float | None = Field(description="The cost on the held-out images")
    accuracy: float | None = Field(description="The accuracy on the held-out images, 0..1")
    test_accuracy: float | None = Field(description="The accuracy on the test images, 0..1, at its end")
    started_at: str | None = Field(description="When its training began")
    ended_at: str | None = Field(description="When it ended")


class SweepSummary(BaseModel):
    """A sweep."""

    id: int = Field(description="The sweep's number")
    status: str = Field(description="What it does now, or how it ended")
    plan: dict[str, Any] = Field(description="The plan it was started with")
    created_at: str = Field(description="When it was started, in ISO 8601 and UTC")
    fields: list[str] = Field(description="The names of the settings that vary")
    total: int = Field(description="The number of its runs")
    runs_by_status: dict[Status, int] = Field(description="How many of its runs have each status")
    best: SweepRun | None = Field(description="The run of the highest accuracy so far, except for diverged ones")


class SweepInfo(SweepSummary):
    """A sweep and its runs, in the order in which they were planned."""

    runs: list[SweepRun] = Field(description="Its runs")

    @classmethod
    def of(cls, sweep: Sweep, store: RunStore, *, to_admin: bool = False) -> SweepInfo:
        fields = list(sweep.plan["vary"])
        found = reversed(store.runs(limit=MAX_RUNS, sweep_id=sweep.id))
        runs = [_run(run, fields) for run in found]
        return cls.model_validate(
            {
                **vars(sweep),
                "plan": sweep.plan if to_admin else {**sweep.plan, "base": public_settings(sweep.plan["base"])},
                "fields": fields,
                "total": len(runs),
                "runs_by_status": Counter(run.status for run in runs),
                "best": _best(runs),
                "runs": runs,
            }
        )


def _run(run: Run, fields: list[str]) -> SweepRun:
    settings = {name: run.settings.get(name) for name in fields}
    return SweepRun.model_validate({**vars(run), "settings": settings, "epochs": run.settings["epochs"]})


def _best(runs: list[SweepRun]) -> SweepRun | None:
    # At equal accuracy the lower cost wins, then the earlier run.
    ranked = [
        (run.accuracy, -(run.cost or 0.0), -run.id, run)
        for run in runs
        if run.accuracy is not None and run.status != "diverged"
    ]
    return max(ranked, key=lambda entry: entry[:3])[-1] if ranked else None


def existing_sweep(sweep_id: int, store: StoreNeeded) -> Sweep:
    sweep = store.sweep(sweep_id) if sweep_id in IDS else None
    if sweep is None:
        raise SweepNotFoundError(f"There is no sweep {sweep_id}.")
    return sweep


ExistingSweep = Annotated[Sweep, Depends(existing_sweep)]


@router.get("/sweeps", response_model=list[SweepSummary], tags=["sweeps"])
def list_sweeps(
    request: Request,
    store: StoreNeeded,
    limit: Annotated[int, Query(ge=1, le=100, description="The most sweeps to list")] = 20,
) -> Response | list[SweepSummary]:
    """The sweeps, newest first."""
    if wants_html(request):
        return RedirectResponse(f"{request.scope.get('root_path', '')}/runs#sweeps-title")
    return [SweepInfo.of(sweep, store, to_admin=is_admin(request)) for sweep in store.sweeps(limit)]


@router.get("/sweeps/{sweep_id}", response_model=SweepInfo, responses=NO_SUCH_SWEEP, tags=["sweeps"])
def get_sweep(request: Request, sweep: ExistingSweep, store: StoreNeeded) -> Response | SweepInfo:
    """One sweep, with its plan, status and runs."""
    if wants_html(request):
        return page(request, "train/sweep.html", {"sweep_id": sweep.id})
    return SweepInfo.of(sweep, store, to_admin=is_admin(request))


admin = APIRouter(prefix="/admin/sweeps", tags=["admin"], dependencies=[AdminOnly], responses=REFUSED)


@admin.post("", status_code=201, responses=_ACTIVE)
async def start_sweep(
    request: Request, response: Response, plan: SweepPlan, jobs: JobsNeeded, store: StoreNeeded
) -> SweepInfo:
    """Starts a sweep in the background: a run for each combination of values, or for some drawn at random."""
    sweep = await jobs.sweeps.start(plan)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/sweeps/{sweep.id}"
    return await run_in_threadpool(SweepInfo.of, sweep, store, to_admin=True)


@admin.post("/expected")
async def estimate_sweep(request: Request, plan: SweepPlan, jobs: JobsNeeded) -> Expected:
    """How many runs a plan makes, and how long they would take here. Nothing is started."""
    return await run_in_threadpool(expected_of, plan, jobs, await measure_speed(request))


@admin.post("/{sweep_id}/stop", responses=NO_SUCH_SWEEP)
def stop_sweep(sweep: ExistingSweep, jobs: JobsNeeded, store: StoreNeeded) -> SweepInfo:
    """Stops the sweep's active runs, which save their networks. Queued runs stay queued."""
    return SweepInfo.of(jobs.sweeps.stop(sweep.id), store, to_admin=True)


@admin.post("/{sweep_id}/resume", responses={**NO_SUCH_SWEEP, **_ACTIVE})
async def resume_sweep(sweep: ExistingSweep, jobs: JobsNeeded, store: StoreNeeded) -> SweepInfo:
    """Resumes the stopped and failed runs, then starts the queued ones."""
    return await run_in_threadpool(SweepInfo.of, await jobs.sweeps.resume(sweep.id), store, to_admin=True)


router.include_router(admin)
