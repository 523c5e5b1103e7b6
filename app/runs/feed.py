"""The events of runs for any number of watchers: read from the store once per run and process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Generic, TypeVar

from app.store.records import Event, RunStore

T = TypeVar("T")

_POLL_SECONDS = 0.1
# With a thousand watchers, three polls a second take a third of a core.
_POLL_SECONDS_PER_WATCHER = 0.25 / 1000
_MAX_BATCH = 64
# A watcher gets an empty batch this often, so that proxies keep the connection open.
_KEEP_ALIVE_SECONDS = 15.0


class NoRunError(Exception):
    """There is no such run, or it was deleted."""


class _Feed(Generic[T]):
    """A run's encoded events so far, and a signal when more arrive."""

    def __init__(self, store: RunStore, run_id: int, encode: Callable[[Event], T]) -> None:
        self.events: list[T] = []
        self.watchers = 0
        self.exists = False
        self.loaded = asyncio.Event()
        self._more = asyncio.Event()
        self._reader = asyncio.create_task(self._read(store, run_id, encode))

    @property
    def done(self) -> bool:
        """Whether no event will follow."""
        return self._reader.done()

    async def more(self) -> None:
        """Returns when there are more events, when none will follow, and every `_KEEP_ALIVE_SECONDS`."""
        await self._more.wait()

    def close(self) -> None:
        self._reader.cancel()

    async def _read(self, store: RunStore, run_id: int, encode: Callable[[Event], T]) -> None:
        try:
            run, name = await asyncio.to_thread(store.run, run_id), ""
            self.exists = run is not None and run.deleted_at is None
            loop = asyncio.get_running_loop()
            signalled_at = loop.time()
            while self.exists and name != "end":
                # Ids count from 1 without gaps, so the number of events is the last id.
                fresh = await asyncio.to_thread(store.events, run_id, len(self.events))
                self.events += map(encode, fresh)
                self.loaded.set()
                if fresh or loop.time() - signalled_at > _KEEP_ALIVE_SECONDS:
                    name = fresh[-1].name if fresh else ""
                    signalled_at = loop.time()
                    self._signal()
                if name != "end":
                    await asyncio.sleep(_POLL_SECONDS + self.watchers * _POLL_SECONDS_PER_WATCHER)
        finally:
            self.loaded.set()
            # Watchers must see the task as done, and it is done only after this.
            asyncio.get_running_loop().call_soon(self._signal)

    def _signal(self) -> None:
        arrived, self._more = self._more, asyncio.Event()
        arrived.set()


class Feeds(Generic[T]):
    """Watches the runs of one store. `encode` is called once for each event, not once for each watcher."""

    def __init__(self, store: RunStore, encode: Callable[[Event], T]) -> None:
        self._store, self._encode = store, encode
        self._feeds: dict[int, _Feed[T]] = {}
        self._closed = False

    async def watch(self, run_id: int, after: int = 0) -> AsyncGenerator[Sequence[T]]:
        """Yields batches of the run's events with an id above `after`, up to its `end` event.

        A batch is empty if there is no event yet, and now and then while nothing happens. The iteration ends early when
        the feeds are closed. An unknown `after` replays the run from its start. Raises NoRunError.
        """
        feed = self._feeds.get(run_id)
        if feed is None or feed.done:
            feed = self._feeds[run_id] = _Feed(self._store, run_id, self._encode)
        feed.watchers += 1
        try:
            await feed.loaded.wait()
            if not feed.exists and not self._closed:
                raise NoRunError(f"There is no run {run_id}.")
            sent = after if await self._is_known(run_id, after, feed) else 0
            while not self._closed:
                fresh, done = feed.events[sent : sent + _MAX_BATCH], feed.done
                sent += len(fresh)
                if fresh or not done:
                    yield fresh
                if sent < len(feed.events):
                    continue
                if done:
                    return
                # It may have ended, after its last signal, while the batch was being sent.
                if not feed.done:
                    await feed.more()
        finally:
            feed.watchers -= 1
            if feed.watchers == 0:
                feed.close()
                if self._feeds.get(run_id) is feed:
                    del self._feeds[run_id]

    async def is_complete(self, run_id: int, last: int) -> bool:
        """Whether `last` is the id of the run's `end` event."""
        feed = self._feeds.get(run_id)
        if last <= 0 or (feed is not None and not feed.done):
            return False
        return [event.name for event in await asyncio.to_thread(self._store.events, run_id, last - 1)] == ["end"]

    async def _is_known(self, run_id: int, event_id: int, feed: _Feed[T]) -> bool:
        # The store may have events that this feed has not read yet.
        return 0 < event_id < 2**63 and (
            event_id <= len(feed.events) or bool(await asyncio.to_thread(self._store.events, run_id, event_id - 1))
        )

    def close(self) -> None:
        """Ends every watch."""
        self._closed = True
        for feed in self._feeds.values():
            feed.close()
