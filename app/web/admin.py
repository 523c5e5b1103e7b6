"""What only the admin may do: train, publish, roll back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from app.predictor import PublishError
from app.training.recipe import RunSettings
from app.web.dependencies import (
    AdminOnly,
    ExistingRun,
    JobsNeeded,
    PredictorNeeded,
    SettingsNeeded,
    StoreNeeded,
)
from app.web.models import NO_SUCH_MODEL
from app.web.runs import NO_SUCH_RUN
from app.web.schemas import ModelInfo, Problem, PublishRequest, RunInfo

_REFUSED: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "The admin token is missing or wrong"},
    403: {"model": Problem, "description": "The request came from another site's page"},
}
_ACTIVE: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "A run is being trained"}}

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[AdminOnly], responses=_REFUSED)


@router.post("/runs", status_code=201, responses=_ACTIVE)
async def start(
    request: Request,
    response: Response,
    jobs: JobsNeeded,
    settings: RunSettings | None = None,
) -> RunInfo:
    """Starts a run in the background. Everything in the body is optional."""
    run = await jobs.start(settings or RunSettings())
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/runs/{run.id}"
    return RunInfo.of(run, {})


@router.post("/runs/{run_id}/stop", responses=NO_SUCH_RUN)
def stop(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Asks the run to stop after its step. What it learned is kept."""
    return RunInfo.of(jobs.stop(run.id), store.publications())


@router.post("/runs/{run_id}/resume", responses={**NO_SUCH_RUN, **_ACTIVE})
async def resume(run: ExistingRun, jobs: JobsNeeded, store: StoreNeeded) -> RunInfo:
    """Goes on with a stopped or failed run from where it was."""
    return RunInfo.of(await jobs.resume(run.id), await run_in_threadpool(store.publications))


@router.post("/runs/{run_id}/publish", responses={**NO_SUCH_RUN, **_ACTIVE})
def publish(
    run: ExistingRun, predictor: PredictorNeeded, settings: SettingsNeeded, body: PublishRequest | None = None
) -> ModelInfo:
    """Makes the run's network the served one of that name, without a restart."""
    if run.status not in ("finished", "stopped"):
        raise PublishError(
            f"Run {run.id} is {run.status}. Only what a finished or stopped run learned can be published."
        )
    network_file = settings.run_dir(run.id) / "network.safetensors"
    return ModelInfo.of(predictor.publish((body or PublishRequest()).name, network_file, run.id))


@router.post(
    "/models/{name}/rollback", response_model=ModelInfo, responses={**NO_SUCH_MODEL, 204: {"description": "Gone"}}
)
def roll_back(name: str, predictor: PredictorNeeded) -> ModelInfo | Response:
    """Serves the version before; a name that has none is served no more."""
    model = predictor.roll_back(name)
    return ModelInfo.of(model) if model else Response(status_code=204)
