"""/admin/rooms: opening, leading and forgetting rooms, for the teacher, who signs in as admin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response

from app.data.collection_export import export_zip
from app.rooms.rooms import code_of
from app.rooms.simulated import draw_for_question
from app.store.collection_records import DrawingSet
from app.web.rooms.room_access import Code, GamesNeeded, RoomsNeeded
from app.web.rooms.room_routes import NO_SUCH_ROOM, room_stream
from app.web.rooms.room_schemas import (
    Count,
    OpenedRoom,
    PupilChange,
    RejoinCode,
    RoomChanges,
    Simulated,
    StatusChange,
)
from app.web.shared.dependencies import AdminOnly, PredictorNeeded, RoomFeedsNeeded, SettingsNeeded, StoreNeeded
from app.web.shared.event_stream import After, EventStream, LastEventId, whole_number
from app.web.shared.public_address import public_url
from app.web.shared.schemas import REFUSED
from app.web.shared.watchers import WatcherPlace

router = APIRouter(prefix="/admin/rooms", tags=["rooms"], dependencies=[AdminOnly], responses=REFUSED)
PupilNumber = Annotated[int, Path(ge=1, lt=2**63, description="The pupil's number in the room")]
DrawingNumber = Annotated[int, Path(ge=1, lt=2**63, description="The drawing's number in the room")]


def _opened(request: Request, room: DrawingSet, settings: SettingsNeeded) -> OpenedRoom:
    opened = datetime.fromisoformat(room.created_at)
    forgotten = (opened + timedelta(days=settings.room_days)).isoformat(timespec="milliseconds")
    return OpenedRoom(
        code=code_of(room),
        url=public_url(request, f"rooms/{code_of(room)}"),
        dataset=room.name,
        created_at=room.created_at,
        forgotten_at=forgotten,
    )


@router.post("", status_code=201)
def open_room(request: Request, rooms: RoomsNeeded, settings: SettingsNeeded) -> OpenedRoom:
    """Opens a room for a class."""
    return _opened(request, rooms.open(), settings)


@router.get("")
def list_rooms(request: Request, rooms: RoomsNeeded, settings: SettingsNeeded) -> list[OpenedRoom]:
    """The rooms, newest first."""
    return [_opened(request, room, settings) for room in rooms.all()]


@router.delete("/{code}", status_code=204, responses=NO_SUCH_ROOM)
def forget_room(code: Code, rooms: RoomsNeeded) -> None:
    """Forgets a room with everything that was drawn in it. What its runs have learned stays."""
    rooms.forget(code)


@router.patch("/{code}", status_code=204, responses=NO_SUCH_ROOM)
def change_room(code: Code, changes: RoomChanges, rooms: RoomsNeeded, predictor: PredictorNeeded) -> None:
    """Changes what the class does. A new activity, prompt or digit begins a new round, for which the wall is empty."""
    if changes.model:
        predictor.model(changes.model)
    before = rooms.room(code).state["round"]
    if rooms.change(code, changes.given).state["round"] != before:
        draw_for_question(rooms, code, rooms.simulated(code))


@router.get(
    "/{code}/events", status_code=200, response_class=EventStream, responses=NO_SUCH_ROOM, dependencies=[WatcherPlace]
)
async def watch_room_as_teacher(
    code: Code, feeds: RoomFeedsNeeded, last_event_id: LastEventId = None, after: After = 0
) -> Response:
    """As GET /rooms/{code}/events, with the drawings that are not shown, and the pupils that are removed."""
    return await room_stream(code, "teacher", feeds, whole_number(last_event_id, after))


@router.get("/{code}/export.zip", responses=NO_SUCH_ROOM, response_class=Response)
def export_room(code: Code, rooms: RoomsNeeded, store: StoreNeeded) -> Response:
    """The room's drawings: strokes as JSON lines, and its data set as IDX files."""
    room = rooms.room(code)
    headers = {"Content-Disposition": f'attachment; filename="{room.name}.zip"', "Cache-Control": "no-store"}
    return Response(export_zip(store, room.name), media_type="application/zip", headers=headers)


@router.post("/{code}/reveal", responses=NO_SUCH_ROOM)
def reveal_drawings(code: Code, rooms: RoomsNeeded) -> Count:
    """Shows all drawings that are ready: neither hidden nor waiting for the teacher's word."""
    return Count(count=rooms.set_status(code, "shown", ("ready",)))


@router.post("/{code}/accept", responses=NO_SUCH_ROOM)
def accept_drawings(code: Code, rooms: RoomsNeeded) -> Count:
    """Accepts all drawings that wait for the teacher's word."""
    return Count(count=rooms.set_status(code, "ready", ("waiting",)))


@router.patch("/{code}/drawings/{drawing}", status_code=204, responses=NO_SUCH_ROOM)
def change_drawing(
    code: Code, drawing: DrawingNumber, change: StatusChange, rooms: RoomsNeeded, games: GamesNeeded
) -> None:
    """Shows, hides, accepts, removes or restores one drawing. It keeps its place in the data set unless removed."""
    rooms.set_status_of(code, drawing, change.status)
    games.choose_again(code)


@router.patch("/{code}/pupils/{pupil}", status_code=204, responses=NO_SUCH_ROOM)
def change_pupil(code: Code, pupil: PupilNumber, change: PupilChange, rooms: RoomsNeeded, games: GamesNeeded) -> None:
    """Renames, removes or restores a pupil. With a pupil go the drawings."""
    rooms.change_pupil(code, pupil, new_name=change.name, removed=change.removed)
    if change.removed:
        games.choose_again(code)


@router.post("/{code}/pupils/{pupil}/rejoin", responses=NO_SUCH_ROOM)
def allow_rejoin(code: Code, pupil: PupilNumber, rooms: RoomsNeeded) -> RejoinCode:
    """A short code with which the pupil comes back on another device or in another tab, once."""
    allowed = rooms.allow_rejoin(code, pupil)
    if allowed.rejoin is None or allowed.rejoin_until is None:
        raise HTTPException(409, "The pupil has just come back. Ask again if the code is still needed.")
    return RejoinCode(code=allowed.rejoin, until=allowed.rejoin_until)


@router.post("/{code}/simulated", status_code=204, responses=NO_SUCH_ROOM)
def add_simulated(code: Code, asked: Simulated, rooms: RoomsNeeded) -> None:
    """Adds simulated pupils, who draw whatever the room asks for, to try it without a class."""
    draw_for_question(rooms, code, rooms.simulate(code, asked.count))
