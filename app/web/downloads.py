"""GET /runs/{id}/...: what a run leaves behind, as files to take away."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.store.base import Event
from app.web.dependencies import ExistingRun, StoreNeeded
from app.web.runs import NO_SUCH_RUN

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"], responses=NO_SUCH_RUN)

JSON_LINES, CSV = "application/jsonl", "text/csv; charset=utf-8"
_CLASSES = range(10)
_COLUMNS = (
    *("id", "event", "step", "epoch", "cost", "accuracy", "gradient_norm", "seconds", "images_per_second"),
    *(f"accuracy_{number}" for number in _CLASSES),
    *("learning_rate", "status", "reason"),
)

After = Annotated[int, Query(description="Only events with an id above this", ge=0, lt=2**63)]
IfNoneMatch = Annotated[str | None, Header()]


@router.get("/events.jsonl", response_class=Response, responses={200: {"content": {JSON_LINES: {}}}})
def events_as_json_lines(
    run: ExistingRun, store: StoreNeeded, after: After = 0, if_none_match: IfNoneMatch = None
) -> Response:
    """What happened in the run so far: on each line an event as {"id", "event", "data"}, oldest first."""
    content = _json_lines(store.events(run.id, after))
    return _file(content, JSON_LINES, f"descent-run-{run.id}-events.jsonl", if_none_match)


@router.get("/events.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
def events_as_csv(run: ExistingRun, store: StoreNeeded, if_none_match: IfNoneMatch = None) -> Response:
    """What happened in the run so far: a row an event, oldest first, with nothing in what it does not tell.

    `cost` is of one batch in a `cost` event, and of the held-out images in an `epoch` event, as `accuracy` is.
    """
    return _file(_csv(store.events(run.id)), CSV, f"descent-run-{run.id}-events.csv", if_none_match)


def _file(content: str, media_type: str, name: str, if_none_match: str | None) -> Response:
    encoded = content.encode()
    # Weak, since it may be compressed on its way.
    tag = f'W/"{hashlib.sha256(encoded).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if if_none_match and tag in (known.strip() for known in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(encoded, media_type=media_type, headers=headers)


def _json_lines(events: Iterable[Event]) -> str:
    return "".join(
        json.dumps({"id": event.id, "event": event.name, "data": event.data}, ensure_ascii=False) + "\n"
        for event in events
    )


def _csv(events: Iterable[Event]) -> str:
    content = io.StringIO()
    rows = csv.DictWriter(content, _COLUMNS, extrasaction="ignore")
    rows.writeheader()
    rows.writerows(map(_row, events))
    return content.getvalue()


def _row(event: Event) -> dict[str, Any]:
    by_class = event.data.get("by_class", ())
    accuracies = {f"accuracy_{number}": accuracy for number, accuracy in enumerate(by_class)}
    return {"id": event.id, "event": event.name, **event.data, **accuracies}
