"""One attempt to train a run, as its worker sees it: what it reads from the store and writes to it.

Everything that is written carries the attempt's number, so a worker that wakes up after another has taken its run can't
write any more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from app.store.files import Files
from app.store.leases import LeasedRunStore
from app.store.records import Event, Run, RunStore, StaleAttemptError, Status, StoreBusyError, StoreError

log = logging.getLogger(__name__)

T = TypeVar("T")

# How long a worker waits for a database that can't be reached. A file that can't be written is a full disk.
_PATIENCE_SECONDS = 300.0
_RETRY_SECONDS = 1.0
# How often a lease is renewed before it would expire.
_RENEWALS = 3


class Attempt:
    """Attempt number `number` of a run. With a store that has leases, it claims the run's lease and renews it.

    Calls then wait while the database can't be reached. Raises StaleAttemptError when another attempt has the run.
    """

    def __init__(self, store: RunStore, run_id: int, number: int, on_lost: Callable[[], None]) -> None:
        self._store, self.run_id, self._number, self._on_lost = store, run_id, number, on_lost
        self._leases = store if isinstance(store, LeasedRunStore) else None
        self._closed = threading.Event()
        if self._leases and not self._leases.claim(run_id, number):
            raise StaleAttemptError(f"Attempt {number} of run {run_id} is over or has a worker: nothing to do.")
        run = self.run()
        if run is None or run.attempt != number or not run.active:
            raise StaleAttemptError(f"Run {run_id} is gone or has ended, or attempt {number} no longer trains it.")
        self.started_with = run
        # Until the attempt is over, nobody else adds events.
        self._last_event = self._patiently(lambda: store.last_event(run_id))
        self.files: Files = _PatientFiles(store.files_of(run), self._patiently)
        if self._leases:
            threading.Thread(target=self._renew, args=(self._leases,), daemon=True).start()

    @property
    def is_leased(self) -> bool:
        """Whether the next attempt goes on by itself when this one leaves."""
        return self._leases is not None

    def run(self) -> Run | None:
        return self._patiently(lambda: self._store.run(self.run_id))

    def begin(self) -> None:
        self._patiently(lambda: self._store.begin(self.run_id, self._number))

    def events(self, name: str) -> list[Event]:
        return self._patiently(lambda: self._store.events(self.run_id, name=name))

    def append(self, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Adds the events, once, also when the answer to a call is lost on its way."""
        self._last_event = self._patiently(
            lambda: self._store.append(self.run_id, events, self._number, self._last_event)
        )

    def end(self, status: Status, reason: str | None, test_accuracy: float | None = None) -> None:
        self._patiently(lambda: self._store.end(self.run_id, status, reason, test_accuracy, self._number))

    def leave(self) -> None:
        """Leaves the run to its next attempt, which can begin at once. A paused run waits until it is resumed."""
        self.close()
        if self._leases:
            self._leases.release(self.run_id, self._number)

    def close(self) -> None:
        """Renews the lease no longer."""
        self._closed.set()

    def _renew(self, leases: LeasedRunStore) -> None:
        while not self._closed.wait(leases.lease_seconds / _RENEWALS):
            try:
                if not leases.renew(self.run_id, self._number):
                    self._on_lost()
                    return
            except StoreError as error:
                # If the lease expires meanwhile, the next attempt's number refuses what this one writes.
                log.warning("The lease of run %s can't be renewed now; trying again. %s", self.run_id, error)

    def _patiently(self, call: Callable[[], T]) -> T:
        until = time.monotonic() + (_PATIENCE_SECONDS if self._leases else 0.0)
        while True:
            try:
                return call()
            except StoreBusyError as error:
                if time.monotonic() > until:
                    raise
                log.warning("Run %s waits for the store. %s", self.run_id, error)
                time.sleep(_RETRY_SECONDS)


class _PatientFiles:
    def __init__(self, files: Files, patiently: Callable[[Callable[[], Any]], Any]) -> None:
        self._files, self._patiently = files, patiently
        self.interval = files.interval

    def read(self, name: str) -> bytes:
        content: bytes = self._patiently(lambda: self._files.read(name))
        return content

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        self._patiently(lambda: self._files.write(name, content, durable=durable))

    def names(self, folder: str) -> list[str]:
        names: list[str] = self._patiently(lambda: self._files.names(folder))
        return names
