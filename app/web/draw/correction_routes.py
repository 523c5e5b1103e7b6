"""/corrections: what users say a drawing is. /admin/corrections and the page: what the admin makes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from app.data.collection_export import export_zip
from app.data.dataset import CORRECTIONS
from app.served.corrections import keep_correction
from app.server.access import is_signed_in
from app.web.shared.dependencies import AdminOnly, OwnPageOnly, PredictorNeeded, SettingsNeeded, StoreNeeded
from app.web.shared.drawing_schemas import DrawingAnswer, IdempotencyKey, Strokes
from app.web.shared.schemas import REFUSED, Problem
from app.web.shared.templating import page, root_path

# How many are listed at a time.
PAGE = 60

_Number = Annotated[int, Path(ge=1, lt=2**63, description="The correction's number")]
_PROBLEMS: dict[int | str, dict[str, object]] = {
    403: {"model": Problem, "description": "The request came from another site's page"},
    404: {"model": Problem, "description": "This server keeps no drawings, or no network is served under that name"},
    429: {"model": Problem, "description": "Too many; Retry-After says when to try again"},
}
_NOT_KEPT: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "There is no such correction"}}


class NewCorrection(Strokes):
    """A drawing, and what it is."""

    label: int = Field(ge=0, le=9, description="The digit that it is")
    model: str = Field("classic", max_length=32, description="The network whose answer is corrected")


class Correction(DrawingAnswer):
    """A drawing with what somebody says it is, and the network's answer when it was kept."""

    label: int = Field(description="The digit that it is, as somebody said")
    status: Literal["ready", "removed"] = Field(description="Whether it is part of the data set, or removed")
    drawn_at: str = Field(description="When it was kept, in ISO 8601 and UTC")
    strokes: list[list[list[float]]] = Field(description="Strokes of points [x, y] in 0..1 of the sheet, y downwards")


class CorrectionChange(BaseModel):
    """A correction's new status."""

    model_config = ConfigDict(extra="forbid", strict=True)

    status: Literal["ready", "removed"] = Field(description="removed takes it out of the data set, ready puts it back")


def _require_keeping(settings: SettingsNeeded) -> None:
    if not settings.keep_drawings:
        raise HTTPException(
            404, "This server keeps no drawings. Who runs it can allow that with DESCENT_KEEP_DRAWINGS=yes."
        )


router = APIRouter(tags=["corrections"])
_admin = APIRouter(prefix="/admin/corrections", dependencies=[AdminOnly], responses=REFUSED)


@router.post(
    "/corrections", status_code=201, responses=_PROBLEMS, dependencies=[OwnPageOnly, Depends(_require_keeping)]
)
def add_correction(
    correction: NewCorrection, store: StoreNeeded, predictor: PredictorNeeded, idempotency_key: IdempotencyKey = None
) -> DrawingAnswer:
    """Keeps a drawing and what it is, without anything about who sends it, and answers it.

    With the same Idempotency-Key it is kept once, however often it is sent. All users together may send 20 in 10
    seconds.
    """
    model = predictor.model(correction.model)
    kept = keep_correction(store, model, correction.label, correction.strokes, idempotency_key)
    return DrawingAnswer(id=kept.id, digit=kept.digit, confidence=kept.confidence)


@router.get("/corrections", include_in_schema=False)
def corrections_page(request: Request, settings: SettingsNeeded) -> Response:
    """What is kept, for the admin."""
    if not is_signed_in(request):
        return RedirectResponse(f"{root_path(request)}/login?back=corrections", 303)
    return page(request, "draw/corrections.html", {"keeps_drawings": settings.keep_drawings})


@_admin.get("")
def list_corrections(
    store: StoreNeeded,
    before: Annotated[int | None, Query(ge=1, lt=2**63, description="Only those with a smaller number")] = None,
) -> list[Correction]:
    """The newest 60 corrections, newest first. Number 1 is the oldest one."""
    return [Correction.model_validate(vars(one)) for one in store.newest_drawings(CORRECTIONS, PAGE, before)]


@_admin.delete("", status_code=204)
def forget_corrections(store: StoreNeeded) -> None:
    """Forgets all corrections, and the images that runs keep of them. What the runs have learned stays."""
    store.delete_collection(CORRECTIONS)


@_admin.get("/export.zip", response_class=Response)
def export_corrections(store: StoreNeeded) -> Response:
    """The corrections that were not removed: strokes as JSON lines, and the data set as IDX files."""
    headers = {"Content-Disposition": f'attachment; filename="{CORRECTIONS}.zip"', "Cache-Control": "no-store"}
    return Response(export_zip(store, CORRECTIONS), media_type="application/zip", headers=headers)


@_admin.patch("/{number:int}", status_code=204, responses=_NOT_KEPT)
def change_correction(number: _Number, change: CorrectionChange, store: StoreNeeded) -> None:
    """Removes a correction from the data set, or restores it."""
    is_changed = store.set_status(CORRECTIONS, change.status, drawing=number)
    if not is_changed and store.drawing(CORRECTIONS, number) is None:
        raise HTTPException(404, f"There is no correction {number}.")


router.include_router(_admin)
