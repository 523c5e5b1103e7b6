"""What happens in a room, for those who watch it.

A watcher is sent what things are like now, not what they were like once: so what was hidden or removed later is in no
answer to a newcomer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from app.rooms.document_forms import document_forms
from app.rooms.forms import public_drawing, public_pupil, room_form, teacher_drawing, teacher_pupil
from app.store.collection_records import Changes, DrawingStatus, Store
from app.store.records import Event

# The events are `changes`, with the room's revision as id, `run` with an event of the room's run, and `end`.
Encode = Callable[[str, dict[str, Any], int | None], bytes]
# An answer has some megabytes at most. Those who come back may come from anywhere.
_KEPT_ANSWERS = 32


class RoomKey(NamedTuple):
    """Which room is watched, and by whom."""

    name: str
    audience: Literal["all", "teacher"]


class _Place(NamedTuple):
    """How far a watcher is: the room's revision, and how many events of which run."""

    revision: int
    run: int
    events: int


class _Fresh(NamedTuple):
    changes: Changes | None
    room: dict[str, Any]
    run: int
    events: list[Event]


class RoomLog:
    """A `Log` of one room, which ends when it is forgotten.

    `changes` events have lists `pupils` and `drawings` of those that changed, and what else did: `room`, and the parts
    of its documents (see `document_forms`). A `run` event has an event of
    the run that the room watches; they start again with each connection.
    """

    start = _Place(0, 0, 0)

    def __init__(self, store: Store, key: RoomKey, encode: Encode) -> None:
        self._store, self._key, self._encode = store, key, encode
        self._revision = 0
        # The number of drawings of each label and status. They change where a drawing does.
        self._counts: dict[tuple[int | None, DrawingStatus], int] = {}
        # By kind and number: the revision of the last change that the audience may see, and what it is now. The last
        # changed is the last one.
        self._things: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
        self._run, self._run_events = 0, list[bytes]()
        self._is_forgotten = False
        # Most watchers are at the same place. Encoding anew for each of a class would take the server's time.
        self._answers: dict[_Place, tuple[Sequence[bytes], _Place]] = {}

    @property
    def subjects(self) -> tuple[str, str]:
        return self._key.name, str(self._run)

    @property
    def ended(self) -> bool:
        return self._is_forgotten

    def open(self) -> bool:
        return self._store.collection(self._key.name) is not None

    def read(self) -> _Fresh:
        changes = self._store.changes(self._key.name, self._revision)
        runs = changes.drawing_set.state.get("runs") if changes else None
        run = runs[-1] if runs else 0
        known = len(self._run_events) if run == self._run else 0
        is_news = changes and changes.drawing_set.revision > self._revision
        if changes and (changes.drawings or self._revision == 0):
            self._counts = self._store.counts(self._key.name)
        room = room_form(changes.drawing_set, self._counts) if changes and is_news else {}
        return _Fresh(changes, room, run, self._store.events(run, known) if run else [])

    def add(self, fresh: _Fresh) -> bool:
        if fresh.changes is None:
            self._answers.clear()
            self._is_forgotten = True
            return True
        is_news = self._add_changes(fresh.changes, fresh.room)
        if is_news or fresh.events or fresh.run != self._run:
            self._answers.clear()
        if fresh.run != self._run:
            self._run, self._run_events = fresh.run, []
        self._run_events += [
            self._encode("run", {"run": self._run, "event": event.name, "data": event.data}, None)
            for event in fresh.events
        ]
        return is_news or bool(fresh.events)

    def after(self, place: _Place, limit: int) -> tuple[Sequence[bytes], _Place]:
        if place not in self._answers:
            if len(self._answers) == _KEPT_ANSWERS:
                self._answers.clear()
            self._answers[place] = self._after(place, limit)
        return self._answers[place]

    def _after(self, place: _Place, limit: int) -> tuple[Sequence[bytes], _Place]:
        things, revision = self._things_after(place.revision, limit)
        found = [self._encoded(things, revision)] if things else []
        # Watchers learn of the run before they get its events.
        is_current = revision >= self._revision or not things
        sent = place.events if place.run == self._run else 0
        events = self._run_events[sent : sent + limit] if is_current else []
        if self._is_forgotten and is_current and place.revision >= 0:
            return [*found, self._encode("end", {}, None)], _Place(-1, self._run, len(self._run_events))
        return [*found, *events], _Place(revision if things else place.revision, self._run, sent + len(events))

    def find(self, event_id: int) -> _Place | None:
        if event_id > self._revision:
            # Another server may have been ahead of this one.
            room = self._store.collection(self._key.name)
            if room is None or event_id > room.revision:
                return None
        return _Place(event_id, 0, 0)

    def _add_changes(self, changes: Changes, form: dict[str, Any]) -> bool:
        room = changes.drawing_set
        if room.revision <= self._revision:
            return False
        self._revision = room.revision
        documents = [
            (one.revision, (part, 0), form) for one in changes.documents for part, form in document_forms(one).items()
        ]
        is_teacher, names = self._key.audience == "teacher", room.state.get("names", True)
        fresh: list[tuple[int, tuple[str, int], dict[str, Any]]] = [
            *(
                (one.revision, ("pupils", one.id), teacher_pupil(one) if is_teacher else public_pupil(one, names=names))
                for one in changes.authors
            ),
            *(
                (one.revision, ("drawings", one.id), teacher_drawing(one) if is_teacher else public_drawing(one))
                for one in changes.drawings
            ),
            *documents,
            (room.revision, ("room", 0), form),
        ]
        is_news = False
        for revision, key, form in sorted(fresh, key=lambda one: one[:2]):
            if key in self._things and self._things[key][1] == form:
                continue
            self._things.pop(key, None)
            self._things[key] = revision, form
            is_news = True
        return is_news

    def _things_after(self, revision: int, limit: int) -> tuple[list[tuple[str, dict[str, Any]]], int]:
        """About `limit` things that changed after a revision, the first first, and the revision they lead to.

        Things of one revision stay together, since a watcher comes back with a revision.
        """
        if revision < 0:
            return [], revision
        later: list[tuple[int, str, dict[str, Any]]] = []
        for (kind, _), (changed, form) in reversed(self._things.items()):
            if changed <= revision:
                break
            later.append((changed, kind, form))
        later.reverse()
        end = min(limit, len(later))
        while 0 < end < len(later) and later[end][0] == later[end - 1][0]:
            end += 1
        chosen = later[:end]
        return [(kind, form) for _, kind, form in chosen], chosen[-1][0] if chosen else revision

    def _encoded(self, things: list[tuple[str, dict[str, Any]]], revision: int) -> bytes:
        data: dict[str, Any] = {kind: [form for of, form in things if of == kind] for kind in ("pupils", "drawings")}
        single = {of: form for of, form in things if of not in data}
        return self._encode("changes", {**single, **data}, revision)
