"""A room, its pupils and their drawings as JSON: what all may see, and what the teacher sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rooms.rooms import code_of
from app.store.collection_records import KEPT, Author, Drawing, DrawingSet, DrawingStatus

# What is to be shown is face down until the teacher turns all up, or first waits for the teacher's word; what is hidden
# or removed is not on the wall.
_PLACES = {"waiting": "waits", "ready": "down", "shown": "up", "hidden": "away", "removed": "away"}


def room_form(room: DrawingSet, drawings: Mapping[tuple[int | None, DrawingStatus], int]) -> dict[str, Any]:
    """The room's state; the number of drawings of each digit in its data set; and of those that wait.

    `drawings` has how many there are of each label and status.
    """
    by_digit = [sum(drawings.get((digit, status), 0) for status in KEPT) for digit in range(10)]
    waiting = sum(count for (_, status), count in drawings.items() if status == "waiting")
    return {"code": code_of(room), **room.state, "by_digit": by_digit, "waiting": waiting}


def public_pupil(pupil: Author, *, names: bool) -> dict[str, Any]:
    if pupil.removed:
        return {"pupil": pupil.id, "gone": True}
    return {"pupil": pupil.id, "name": pupil.name if names else None, "simulated": pupil.simulated}


def public_drawing(drawing: Drawing) -> dict[str, Any]:
    """Nothing of a drawing that is not shown but that it is there, or no more."""
    place = _PLACES[drawing.status]
    if place != "up":
        return {"id": drawing.id, "round": drawing.round, "place": place}
    return {**_whole(drawing), "place": place}


def teacher_pupil(pupil: Author) -> dict[str, Any]:
    return {
        "pupil": pupil.id,
        "name": pupil.name,
        "simulated": pupil.simulated,
        "gone": pupil.removed,
        "rejoin": pupil.rejoin,
        "rejoin_until": pupil.rejoin_until,
    }


def teacher_drawing(drawing: Drawing) -> dict[str, Any]:
    return {**_whole(drawing), "place": _PLACES[drawing.status], "status": drawing.status}


def own_drawing(drawing: Drawing) -> dict[str, Any]:
    """What a pupil is told of a drawing of their own; whether it is shown is for the projector."""
    return {**_whole(drawing), "status": drawing.status if drawing.status in ("waiting", "removed") else "kept"}


def _whole(drawing: Drawing) -> dict[str, Any]:
    return {
        "id": drawing.id,
        "round": drawing.round,
        "pupil": drawing.author,
        "label": drawing.label,
        "digit": drawing.digit,
        "confidence": round(drawing.confidence, 4),
        "strokes": drawing.strokes,
    }
