"""The events of runs, read from the store once per run and process, for any number of watchers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Generic, TypeVar

from app.store.records import Event, RunStore

T = TypeVar("T")

_READ_SECONDS = 0.1
# A thousand watchers are told about twice a second, which takes a third of a core; a few, as good as at once.
_READ_SECONDS_PER_WATCHER = 0.25 / 1000
# A watcher has its place in the one list of a run's events, and no more than these of its own.
_MAX_AT_A_TIME = 64
# A watcher hears something this often, so that whatever is between here and there keeps the line open.
_QUIET_SECONDS = 15.0


class NoRunError(Exception):
    """There is no such run to watch, or it was deleted."""


class _Feed(Generic[T]):
    """A run's events so far, as they are told, and word of the next ones."""

    def __init__(self, store: RunStore, run_id: int, encode: Callable[[Event], T]) -> None:
        self.told: list[T] = []
        self.watchers = 0
        self.is_there = False
        self.loaded = asyncio.Event()
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read(store, run_id, encode))

    @property
    def done(self) -> bool:
        """Whether no event will follow."""
        return self._reader.done()

    async def more(self) -> None:
        """Returns when there are more events, when there will be none, or when it has been quiet for long."""
        await self._news.wait()

    def close(self) -> None:
        self._reader.cancel()

    async def _read(self, store: RunStore, run_id: int, encode: Callable[[Event], T]) -> None:
        try:
            run, name = await asyncio.to_thread(store.run, run_id), ""
            self.is_there = run is not None and run.deleted_at is None
            loop = asyncio.get_running_loop()
            told_at = loop.time()
            while self.is_there and name != "end":
                # An id is its event's place in the run, so the number of events is the last id.
                fresh = await asyncio.to_thread(store.events, run_id, len(self.told))
                self.told += map(encode, fresh)
                self.loaded.set()
                if fresh or loop.time() - told_at > _QUIET_SECONDS:
                    name = fresh[-1].name if fresh else ""
                    told_at = loop.time()
                    self._tell()
                if name != "end":
                    await asyncio.sleep(_READ_SECONDS + self.watchers * _READ_SECONDS_PER_WATCHER)
        finally:
            self.loaded.set()
            # The task counts as done only after this, and whoever waits must find it so.
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


class Feeds(Generic[T]):
    """Watches runs of one store. `encode` makes of an event what is told: once, not for each who watches."""

    def __init__(self, store: RunStore, encode: Callable[[Event], T]) -> None:
        self._store, self._encode = store, encode
        self._feeds: dict[int, _Feed[T]] = {}
        self._closed = False

    async def watch(self, run_id: int, after: int = 0) -> AsyncGenerator[Sequence[T]]:
        """The run's events with an id above `after`, some at a time, up to its `end` event.

        None at all come first when there is none yet, and now and then when nothing happens. It ends early when the
        feeds are closed. An `after` that the run has not reached is no id of this run's, so the run is then told from
        its start. Raises NoRunError.
        """
        feed = self._feeds.get(run_id)
        if feed is None or feed.done:
            feed = self._feeds[run_id] = _Feed(self._store, run_id, self._encode)
        feed.watchers += 1
        try:
            await feed.loaded.wait()
            if not feed.is_there and not self._closed:
                raise NoRunError(f"There is no run {run_id}.")
            told = after if await self._has_happened(run_id, after, feed) else 0
            while not self._closed:
                fresh, done = feed.told[told : told + _MAX_AT_A_TIME], feed.done
                told += len(fresh)
                if fresh or not done:
                    yield fresh
                if told < len(feed.told):
                    continue
                if done:
                    return
                # It may have ended, and told so, while the batch was on its way.
                if not feed.done:
                    await feed.more()
        finally:
            feed.watchers -= 1
            if feed.watchers == 0:
                feed.close()
                if self._feeds.get(run_id) is feed:
                    del self._feeds[run_id]

    async def has_told_all(self, run_id: int, last: int) -> bool:
        """Whether `last` is the id of the run's `end`, after which nothing comes."""
        feed = self._feeds.get(run_id)
        if last <= 0 or (feed is not None and not feed.done):
            return False
        return [event.name for event in await asyncio.to_thread(self._store.events, run_id, last - 1)] == ["end"]

    async def _has_happened(self, run_id: int, event_id: int, feed: _Feed[T]) -> bool:
        # What another process told a moment ago may not have been read here yet.
        return 0 < event_id < 2**63 and (
            event_id <= len(feed.told) or bool(await asyncio.to_thread(self._store.events, run_id, event_id - 1))
        )

    def close(self) -> None:
        """Ends every watch."""
        self._closed = True
        for feed in self._feeds.values():
            feed.close()
