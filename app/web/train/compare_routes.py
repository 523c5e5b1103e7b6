"""GET /runs/compare: two to eight runs side by side, as a page or JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from app.runs.figures import figures
from app.server.access import is_admin
from app.store.records import Run
from app.web.shared.dependencies import StoreNeeded, existing_run, require_possible
from app.web.shared.schemas import Problem, RunInfo
from app.web.shared.templating import page, wants_html
from app.web.train.run_routes import NO_SUCH_RUN

router = APIRouter(tags=["runs"])

MAX_COMPARED = 8
_EXAMPLE = "Name two to eight different runs by their numbers, such as runs=3,5."
_REFUSED: dict[int | str, dict[str, object]] = {422: {"model": Problem, "description": "Not two to eight runs"}}

Numbers = Annotated[
    str, Query(alias="runs", description="The comma-separated numbers of two to eight runs", max_length=200)
]


def compared_runs(store: StoreNeeded, numbers: Numbers = "") -> list[Run]:
    """The requested runs, in that order.

    Raises HTTPException 422 unless they are two to eight different numbers, and RunNotFoundError.
    """
    texts = [text.strip() for text in numbers.split(",") if text.strip()]
    for text in texts:
        if not (text.isascii() and text.isdecimal()):
            raise HTTPException(422, f"“{text[:20]}” is not a run's number. {_EXAMPLE}")
    ids = list(dict.fromkeys(map(int, texts)))
    if len(ids) < 2:
        raise HTTPException(422, f"There is {'one run' if ids else 'no run'} to compare. {_EXAMPLE}")
    if len(ids) > MAX_COMPARED:
        raise HTTPException(422, f"{len(ids)} runs are too many for one chart. {_EXAMPLE}")
    return [existing_run(require_possible(run_id), store) for run_id in ids]


ComparedRuns = Annotated[list[Run], Depends(compared_runs)]


@router.get("/runs/compare", response_model=list[RunInfo], responses={**NO_SUCH_RUN, **_REFUSED})
def compare_runs(request: Request, runs: ComparedRuns, store: StoreNeeded) -> Response | list[RunInfo]:
    """Two to eight runs, in the requested order."""
    if wants_html(request):
        shown = figures(measured=any(run.settings.get("measured_on") for run in runs))
        return page(request, "train/compare.html", {"runs": runs, "figures": shown})
    return RunInfo.all_of(runs, store, to_admin=is_admin(request))
