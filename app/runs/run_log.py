"""The events of a run, for those who watch it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from app.store.records import Event, RunStore

T = TypeVar("T")
# The largest id that both stores can hold.
_MAX_ID = 2**63 - 1


class RunLog(Generic[T]):
    """A `Log` of one run, which ends with its `end` event. `encode` is called once for each event."""

    start = 0

    def __init__(self, store: RunStore, run_id: int, encode: Callable[[Event], T]) -> None:
        self._store, self._run_id, self._encode = store, run_id, encode
        self._events: list[T] = []
        self.subjects = (str(run_id),)
        self.ended = False

    def open(self) -> bool:
        run = self._store.run(self._run_id)
        return run is not None and run.deleted_at is None

    def read(self) -> list[Event]:
        # Ids count from 1 without gaps, so the number of events is the last id.
        return self._store.events(self._run_id, len(self._events))

    def add(self, fresh: list[Event]) -> bool:
        self._events += map(self._encode, fresh)
        self.ended = bool(fresh) and fresh[-1].name == "end"
        return bool(fresh)

    def after(self, place: int, limit: int) -> tuple[Sequence[T], int]:
        events = self._events[place : place + limit]
        return events, place + len(events)

    def find(self, event_id: int) -> int | None:
        if event_id <= len(self._events):
            return event_id
        # The store may have events that were not read yet.
        is_known = event_id <= _MAX_ID and bool(self._store.events(self._run_id, event_id - 1))
        return event_id if is_known else None
