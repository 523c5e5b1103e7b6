"""/rooms/{code}: a room for its pupils: its page and state, joining, drawing, and its live changes."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request, Response

from app.network import Network
from app.rooms.forms import own_drawing, room_form
from app.rooms.pupils_now import own_answers
from app.rooms.room_log import RoomKey
from app.rooms.room_network import room_network
from app.rooms.rooms import RoomNotFoundError, code_of, name_of
from app.runs.recipe import RunSettings
from app.runs.snapshots import Snapshot, read_snapshot
from app.served.drawn import MAX_POINTS, MAX_STROKES
from app.store.feed import NothingToWatchError
from app.store.files import Files
from app.store.records import Run
from app.web.rooms.room_access import Code, GamesNeeded, Pupil, RoomsNeeded
from app.web.rooms.room_schemas import (
    JoinedPupil,
    JoinRequest,
    NewDrawing,
    NowAnswer,
    OwnDrawing,
    OwnPage,
    RoomInfo,
)
from app.web.shared.dependencies import OwnPageOnly, RoomFeedsNeeded, StoreNeeded, existing_run
from app.web.shared.drawing_schemas import DrawingAnswer, IdempotencyKey
from app.web.shared.event_stream import After, EventStream, LastEventId, whole_number
from app.web.shared.schemas import Problem
from app.web.shared.take_home import MAX_PARAMETERS, TAKE_HOME, take_home
from app.web.shared.templating import page, wants_html
from app.web.shared.watchers import WatcherPlace

NO_SUCH_ROOM: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "There is no such room, or it was forgotten"}
}
PUPILS_ONLY: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "The key is missing or wrong"},
    403: {"model": Problem, "description": "The teacher has removed the pupil"},
    429: {"model": Problem, "description": "Too many; Retry-After says when to try again"},
}
router = APIRouter(prefix="/rooms/{code}", tags=["rooms"], responses=NO_SUCH_ROOM)
# A class asks for the same few.
_KEPT_SNAPSHOTS = 16


@router.get("", response_model=RoomInfo)
def get_room(request: Request, code: Code, rooms: RoomsNeeded, store: StoreNeeded) -> Response | RoomInfo:
    """The room's public state. A browser gets the pupils' page."""
    room = rooms.room(code)
    if wants_html(request):
        limits = {"strokes": MAX_STROKES, "points": MAX_POINTS}
        return page(request, "rooms/pupil.html", {"code": code_of(room), "room": room.state, "limits": limits})
    return RoomInfo.model_validate(room_form(room, store.counts(room.name)))


@router.post("/pupils", status_code=201, responses=PUPILS_ONLY, dependencies=[OwnPageOnly])
def join_room(
    code: Code, rooms: RoomsNeeded, asked: JoinRequest | None = None, idempotency_key: IdempotencyKey = None
) -> JoinedPupil:
    """Joins the room under a name made by chance, or comes back with a short code from the teacher."""
    joined = rooms.rejoin(code, asked.rejoin) if asked and asked.rejoin else rooms.join(code, idempotency_key)
    return JoinedPupil(pupil=joined.pupil.id, name=joined.pupil.name, key=joined.key)


@router.post("/drawings", status_code=201, responses=PUPILS_ONLY, dependencies=[OwnPageOnly])
def add_drawing(
    code: Code, pupil: Pupil, drawing: NewDrawing, rooms: RoomsNeeded, idempotency_key: IdempotencyKey = None
) -> DrawingAnswer:
    """Adds a drawing, and answers it. With the same Idempotency-Key it is added once, however often it is sent."""
    added = rooms.draw(code, pupil, drawing.label, drawing.strokes, idempotency_key, drawing.round)
    return DrawingAnswer(id=added.id, digit=added.digit, confidence=added.confidence)


@router.get("/pupils/me", responses=PUPILS_ONLY)
def get_own_page(code: Code, pupil: Pupil, rooms: RoomsNeeded) -> OwnPage:
    """What the pupil with this key has drawn."""
    drawings = [OwnDrawing.model_validate(own_drawing(one)) for one in rooms.drawings_of(code, pupil)]
    return OwnPage(pupil=pupil.id, name=pupil.name, drawings=drawings)


@router.get("/pupils/me/answers", responses=PUPILS_ONLY)
def get_own_answers(
    code: Code,
    pupil: Pupil,
    rooms: RoomsNeeded,
    store: StoreNeeded,
    run: Annotated[int, Query(ge=1, lt=2**63, description="A run of the room")],
    step: Annotated[int | None, Query(ge=0, description="Its steps at a checkpoint; left out for now")] = None,
) -> NowAnswer:
    """What the network of a room's run answers, after so many steps, to the drawings of the pupil with this key."""
    if run not in rooms.room(code).state["runs"]:
        raise HTTPException(404, f"Run {run} is none of this room's runs.")
    found = own_answers(_network(existing_run(run, store), store, step), rooms.drawings_of(code, pupil))
    if found is None:
        raise HTTPException(409, "You have not drawn anything yet. Draw a digit first.")
    return NowAnswer(**found._asdict())


def _network(run: Run, store: StoreNeeded, step: int | None) -> Network:
    recipe, files = RunSettings.model_validate(run.settings), store.files_of(run)
    found = read_snapshot(files, None) if step is None else _snapshot(files, step)
    return Network(recipe.sizes, recipe.activation, recipe.cost, found.parameters)


@lru_cache(_KEPT_SNAPSHOTS)
def _snapshot(files: Files, step: int) -> Snapshot:
    return read_snapshot(files, step)


@router.get("/take-home.html", response_class=Response, responses=TAKE_HOME)
def take_class_home(code: Code, rooms: RoomsNeeded, games: GamesNeeded, store: StoreNeeded) -> Response:
    """One page with the class's network, which draws, answers and learns without a server.

    That is the network that the class plays; else that of the room's last run that has one and is small enough for the
    file; else the network that answers in the room.
    """
    return take_home(*room_network(rooms, games, store, code, MAX_PARAMETERS))


@router.get("/events", status_code=200, response_class=EventStream, dependencies=[WatcherPlace])
async def watch_room(
    code: Code, feeds: RoomFeedsNeeded, last_event_id: LastEventId = None, after: After = 0
) -> Response:
    """What all may see, live, as server-sent events.

    `changes` has the `pupils` and `drawings` that changed, as they are now, and the `room`; its id resumes after it.
    `run` has an `event` of the run that the room watches, and no id: they start again with each connection. `end` says
    that the room was forgotten.
    """
    return await room_stream(code, "all", feeds, whole_number(last_event_id, after))


async def room_stream(code: str, audience: Literal["all", "teacher"], feeds: RoomFeedsNeeded, after: int) -> Response:
    batches = feeds.watch(RoomKey(name_of(code), audience), after)
    try:
        first = await anext(batches, ())
    except NothingToWatchError as error:
        raise RoomNotFoundError(f"There is no room {code[:12]}. It may have been forgotten.") from error
    return EventStream(first, batches, "room")
