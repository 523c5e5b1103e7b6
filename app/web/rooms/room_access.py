"""Who asks in a room: a pupil with a key. Their address is not asked for, since a school has one for all."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from app.rooms.class_games import ClassGames
from app.rooms.rooms import NotYoursError, Rooms
from app.store.collection_records import Author
from app.web.shared.dependencies import from_state

GamesNeeded = Annotated[ClassGames, from_state("games")]
RoomsNeeded = Annotated[Rooms, from_state("rooms")]
Code = Annotated[str, Path(min_length=1, max_length=12, description="The room's code, as on the projector")]


def _pupil(request: Request, code: Code, rooms: RoomsNeeded) -> Author:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise NotYoursError("This needs a pupil's key: join the room, then send it as 'Authorization: Bearer KEY'.")
    return rooms.pupil(code, key.strip())


Pupil = Annotated[Author, Depends(_pupil)]
