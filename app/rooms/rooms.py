"""Rooms: a class draws into one collection, each pupil under a name made by chance."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, NoReturn

from app.rooms.names import clear_code, pupil_names, room_code, short_code
from app.rooms.state import RoomState, usual_prompt
from app.runs.evaluation import SURE_FROM
from app.served.drawn import answer_strokes
from app.served.predictor import Model, Predictor
from app.store.collection_records import (
    Author,
    CollectionStore,
    Drawing,
    DrawingSet,
    DrawingStatus,
    Limits,
    NewDrawing,
    Stroke,
)
from app.store.records import StoreBusyError

PREFIX = "room-"
MAX_PUPILS = 300
LIMITS = Limits(burst=20, seconds=10, of_author=200, in_all=60_000)
REJOIN_MINUTES = 10


class RoomNotFoundError(Exception):
    """There is no such room, or it was forgotten."""


class RoomLockedError(Exception):
    """The teacher has locked the room."""


class NotYoursError(Exception):
    """The key is not that of a pupil of this room."""


class RemovedError(Exception):
    """The teacher has removed the pupil."""


class PupilNotFoundError(Exception):
    """There is no such pupil, or another one has that name."""


class DrawingNotFoundError(Exception):
    """There is no such drawing."""


class Joined(NamedTuple):
    """A pupil with a new key, which is kept nowhere else: the store has its hash."""

    pupil: Author
    key: str


class Rooms:
    """The rooms in a store. Codes may be written in small letters. All calls raise RoomNotFoundError and StoreError."""

    def __init__(self, store: CollectionStore, predictor: Predictor) -> None:
        self._store, self._predictor = store, predictor

    def open(self) -> DrawingSet:
        """Opens a new room with a code of its own."""
        while True:
            if room := self._store.create_collection(PREFIX + room_code(), RoomState().model_dump()):
                return room

    def room(self, code: str) -> DrawingSet:
        room = self._store.collection(name_of(code))
        if room is None:
            raise RoomNotFoundError(f"There is no room {clear_code(code)[:12]}. It may have been forgotten.")
        return room

    def all(self) -> list[DrawingSet]:
        """All rooms, newest first."""
        return self._store.collections(PREFIX)[::-1]

    def forget(self, code: str) -> None:
        """Removes a room with all that its pupils drew, and the images that runs keep of it."""
        if not self._store.delete_collection(name_of(code)):
            self.room(code)

    def forget_old(self, days: int) -> None:
        """Forgets the rooms that were opened more than `days` days ago."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
        for room in self.all():
            if room.created_at < before:
                # The others are forgotten all the same, and this one in an hour.
                with contextlib.suppress(StoreBusyError):
                    self._store.delete_collection(room.name)

    def change(self, code: str, changes: Mapping[str, Any]) -> DrawingSet:
        """Changes fields of the room's state. A new activity, prompt or digit begins a new round.

        An activity or digit without a prompt has its usual one.
        """

        def change(before: dict[str, Any]) -> dict[str, Any]:
            state = RoomState.model_validate(before)
            changed = state.model_copy(update=changes)
            if "prompt" not in changes and not changes.keys().isdisjoint(_QUESTION):
                changed.prompt = usual_prompt(changed.activity, changed.digit)
            is_new = any(getattr(changed, key) != getattr(state, key) for key in _QUESTION)
            return changed.model_copy(update={"round": state.round + is_new}).model_dump()

        changed = self._store.change_state(name_of(code), change, authors="names" in changes)
        return changed or self.room(code)

    def join(self, code: str, token: str | None = None) -> Joined:
        """Adds a pupil. With a `token` that was sent before, it is the same pupil with a new key.

        Raises RoomLockedError, and LimitError if the room is full.
        """
        room = self.room(code)
        if RoomState.model_validate(room.state).locked:
            raise RoomLockedError("The room is locked: nobody else can join. Ask your teacher to unlock it.")
        key = secrets.token_urlsafe(16)
        pupil = self._store.add_author(room.name, pupil_names(), _hashed(key), token, MAX_PUPILS)
        return Joined(pupil or self._gone(code), key)

    def simulate(self, code: str, count: int) -> list[Author]:
        """Adds pupils that no phone can act for. Raises LimitError."""
        room = self.room(code)
        added = [
            self._store.add_author(room.name, pupil_names(), "", None, MAX_PUPILS, simulated=True) for _ in range(count)
        ]
        return [pupil for pupil in added if pupil]

    def simulated(self, code: str) -> list[Author]:
        """Those pupils, without the removed ones."""
        return [one for one in self._store.authors(name_of(code)) if one.simulated and not one.removed]

    def rejoin(self, code: str, rejoin_code: str) -> Joined:
        """Gives the pupil's place to another device. Raises NotYoursError if the code is wrong, used or too old."""
        room, key = self.room(code), secrets.token_urlsafe(16)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        pupil = self._store.rejoin(room.name, clear_code(rejoin_code), _hashed(key), at)
        if pupil is None:
            raise NotYoursError(f"That code is wrong, or older than {REJOIN_MINUTES} minutes. Ask for another one.")
        return Joined(pupil, key)

    def allow_rejoin(self, code: str, pupil: int) -> Author:
        """A short code with which the pupil can come back on another device. Raises PupilNotFoundError."""
        until = (datetime.now(UTC) + timedelta(minutes=REJOIN_MINUTES)).isoformat(timespec="milliseconds")
        allowed = self._store.allow_rejoin(self.room(code).name, pupil, short_code(), until)
        if allowed is None:
            raise PupilNotFoundError(f"There is no pupil {pupil} in this room.")
        return allowed

    def pupil(self, code: str, key: str) -> Author:
        """The pupil with that key. Raises NotYoursError, and RemovedError."""
        pupil = self._store.author(name_of(code), _hashed(key))
        if pupil is None:
            self.room(code)
            raise NotYoursError("This needs the key of a pupil of this room. Join it again.")
        if pupil.removed:
            raise RemovedError(_REMOVED)
        return pupil

    def draw(
        self,
        code: str,
        pupil: Author,
        label: int | None,
        strokes: Sequence[Stroke],
        token: str | None = None,
        question: int | None = None,
    ) -> Drawing:
        """Adds a drawing and the network's answer to it. What the network is not sure of waits for the teacher's word.

        `question` is the round that it answers, if that is an earlier one. Raises LimitError, RemovedError, and
        DrawingError if the strokes have no ink.
        """
        room = self.room(code)
        state = RoomState.model_validate(room.state)
        drawn = answer_strokes(self.model(state.model), strokes)
        status: DrawingStatus = "ready" if drawn.confidence >= SURE_FROM else "waiting"
        drawing = NewDrawing(pupil.id, min(question or state.round, state.round), label, *drawn, status, token)
        limits = LIMITS._replace(burst=LIMITS.in_all, of_author=LIMITS.in_all) if pupil.simulated else LIMITS
        added = self._store.add_drawing(room.name, drawing, limits)
        if added is None:
            self.room(code)
            raise RemovedError(_REMOVED)
        return added

    def model(self, name: str) -> Model:
        """The room's network; any other one if that is no longer served, since the class goes on drawing."""
        served = self._predictor.models
        return next((model for model in served if model.name == name), served[0])

    def drawings_of(self, code: str, pupil: Author) -> list[Drawing]:
        """All drawings of a pupil, oldest first."""
        return self._store.drawings(name_of(code), pupil.id)

    def change_pupil(
        self, code: str, pupil: int, *, new_name: str | None = None, removed: bool | None = None
    ) -> Author:
        """Renames, removes or restores a pupil. With a pupil go the drawings. Raises PupilNotFoundError."""
        room = self.room(code)
        changed = self._store.change_author(room.name, pupil, new_name=new_name, removed=removed)
        if changed is None:
            raise PupilNotFoundError(f"There is no pupil {pupil} in this room, or another one has that name.")
        return changed

    def set_status(self, code: str, status: DrawingStatus, among: Sequence[DrawingStatus]) -> int:
        """Sets the status of all drawings that are `among`. Returns how many changed."""
        return self._store.set_status(self.room(code).name, status, among=among)

    def set_status_of(self, code: str, drawing: int, status: DrawingStatus) -> None:
        """Sets the status of one drawing. Raises DrawingNotFoundError."""
        room = self.room(code)
        changed = self._store.set_status(room.name, status, drawing=drawing)
        if not changed and self._store.drawing(room.name, drawing) is None:
            raise DrawingNotFoundError(f"There is no drawing {drawing} in this room.")

    def _gone(self, code: str) -> NoReturn:
        raise RoomNotFoundError(f"There is no room {clear_code(code)}. It has just been forgotten.")


_REMOVED = "Your teacher has removed you from this room."
_QUESTION = ("activity", "prompt", "digit")


def name_of(code: str) -> str:
    """The name of a room's collection, and of its data set."""
    return PREFIX + clear_code(code)


def code_of(room: DrawingSet) -> str:
    return room.name.removeprefix(PREFIX)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
