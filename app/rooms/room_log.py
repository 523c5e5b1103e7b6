"""What happens in a room, for those who watch it.

A watcher is sent what things are like now, not what they were like once: so what was hidden or removed later is in no
answer to a newcomer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from app.rooms.document_forms import document_forms
from app.rooms.forms import public_drawing, public_pupil, room_form, teacher_drawing, teacher_pupil
from app.store.collection_records import Changes, DrawingStatus, Store

# Makes an event of its name, its data as JSON, and its id. The events are `changes`, with the room's revision as id,
# `run` with an event of the room's run, and `end`.
Encode = Callable[[str, str, int | None], bytes]
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


class _Thing(NamedTuple):
    """What something in the room is like now, such as a drawing, as JSON. `key` has its kind and number."""

    revision: int
    key: tuple[str, int]
    text: str


class _Fresh(NamedTuple):
    """What was read, encoded already. `revision` is None once the room is forgotten."""

    revision: int | None
    things: list[_Thing]
    run: int
    events: list[bytes]


class RoomLog:
    """A `Log` of one room, which ends when it is forgotten.

    `changes` events have lists `pupils` and `drawings` of those that changed, and what else did: `room`, and the parts
    of its documents (see `document_forms`). A `run` event has an event of the run that the room watches; they start
    again with each connection.

    `read` makes the JSON, since it has a thread of its own: a class's drawings have megabytes.
    """

    start = _Place(0, 0, 0)

    def __init__(self, store: Store, key: RoomKey, encode: Encode) -> None:
        self._store, self._key, self._encode = store, key, encode
        self._revision = 0
        # The number of drawings of each label and status. They change where a drawing does.
        self._counts: dict[tuple[int | None, DrawingStatus], int] = {}
        # By kind and number: as it was at the last change that the audience may see. The last changed is the last one.
        self._things: dict[tuple[str, int], _Thing] = {}
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
        if changes is None:
            return _Fresh(None, [], 0, [])
        runs = changes.drawing_set.state.get("runs")
        run = runs[-1] if runs else 0
        known = len(self._run_events) if run == self._run else 0
        things = []
        if changes.drawing_set.revision > self._revision:
            if changes.drawings or self._revision == 0:
                self._counts = self._store.counts(self._key.name)
            things = sorted(self._changed(changes), key=lambda thing: thing[:2])
        events = [
            self._encode("run", json.dumps({"run": run, "event": event.name, "data": event.data}), None)
            for event in (self._store.events(run, known) if run else [])
        ]
        return _Fresh(changes.drawing_set.revision, things, run, events)

    def add(self, fresh: _Fresh) -> bool:
        if fresh.revision is None:
            self._answers.clear()
            self._is_forgotten = True
            return True
        self._revision = max(self._revision, fresh.revision)
        is_news = False
        for thing in fresh.things:
            if thing.key in self._things and self._things[thing.key].text == thing.text:
                continue
            self._things.pop(thing.key, None)
            self._things[thing.key] = thing
            is_news = True
        if is_news or fresh.events or fresh.run != self._run:
            self._answers.clear()
        if fresh.run != self._run:
            self._run, self._run_events = fresh.run, []
        self._run_events += fresh.events
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
            return [*found, self._encode("end", "{}", None)], _Place(-1, self._run, len(self._run_events))
        return [*found, *events], _Place(revision if things else place.revision, self._run, sent + len(events))

    def find(self, event_id: int) -> _Place | None:
        if event_id > self._revision:
            # Another server may have been ahead of this one.
            room = self._store.collection(self._key.name)
            if room is None or event_id > room.revision:
                return None
        return _Place(event_id, 0, 0)

    def _changed(self, changes: Changes) -> Iterator[_Thing]:
        """All that changed, as the audience may see it."""
        room = changes.drawing_set
        is_teacher, names = self._key.audience == "teacher", room.state.get("names", True)
        for pupil in changes.authors:
            form = teacher_pupil(pupil) if is_teacher else public_pupil(pupil, names=names)
            yield _Thing(pupil.revision, ("pupils", pupil.id), json.dumps(form))
        for drawing in changes.drawings:
            form = teacher_drawing(drawing) if is_teacher else public_drawing(drawing)
            yield _Thing(drawing.revision, ("drawings", drawing.id), json.dumps(form))
        for document in changes.documents:
            for part, form in document_forms(document).items():
                yield _Thing(document.revision, (part, 0), json.dumps(form))
        yield _Thing(room.revision, ("room", 0), json.dumps(room_form(room, self._counts)))

    def _things_after(self, revision: int, limit: int) -> tuple[list[_Thing], int]:
        """About `limit` things that changed after a revision, the first first, and the revision they lead to.

        Things of one revision stay together, since a watcher comes back with a revision.
        """
        if revision < 0:
            return [], revision
        later: list[_Thing] = []
        for thing in reversed(self._things.values()):
            if thing.revision <= revision:
                break
            later.append(thing)
        later.reverse()
        end = min(limit, len(later))
        while 0 < end < len(later) and later[end].revision == later[end - 1].revision:
            end += 1
        chosen = later[:end]
        return chosen, chosen[-1].revision if chosen else revision

    def _encoded(self, things: list[_Thing], revision: int) -> bytes:
        lists: dict[str, list[str]] = {"pupils": [], "drawings": []}
        parts: dict[str, str] = {}
        for thing in things:
            kind, _ = thing.key
            if kind in lists:
                lists[kind].append(thing.text)
            else:
                parts[kind] = thing.text
        parts |= {kind: f"[{', '.join(texts)}]" for kind, texts in lists.items()}
        data = ", ".join(f'"{kind}": {text}' for kind, text in parts.items())
        return self._encode("changes", f"{{{data}}}", revision)
