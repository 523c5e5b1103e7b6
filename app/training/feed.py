"""The events of runs, read from the store once per run and process, for any number of watchers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from app.store.base import Event, RunStore

_READ_SECONDS = 0.1


class _Feed:
    """A run's events so far, and word of the next ones."""

    def __init__(self, store: RunStore, run_id: int) -> None:
        self.events: list[Event] = []
        self.watchers = 0
        self.loaded = asyncio.Event()
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read(store, run_id))

    @property
    def done(self) -> bool:
        """Whether no event will follow."""
        return self._reader.done()

    async def more(self) -> None:
        """Returns when there are more events, or when there will be none."""
        await self._news.wait()

    def close(self) -> None:
        self._reader.cancel()

    async def _read(self, store: RunStore, run_id: int) -> None:
        try:
            while not (self.events and self.events[-1].name == "end"):
                # An id is its event's place in the run, so the number of events is the last id.
                fresh = await asyncio.to_thread(store.events, run_id, len(self.events))
                self.events += fresh
                self.loaded.set()
                if fresh:
                    self._tell()
                else:
                    await asyncio.sleep(_READ_SECONDS)
        finally:
            self.loaded.set()
            # The task counts as done only after this, and whoever waits must find it so.
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


class Feeds:
    """Watches runs of one store."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._feeds: dict[int, _Feed] = {}
        self._closed = False

    async def watch(self, run_id: int, after: int = 0) -> AsyncIterator[Event]:
        """The run's events with an id above `after`, as they come, up to its `end` event.

        It ends early when the feeds are closed. An `after` that the run has not reached is no id of this run's, so
        the run is then told from its start.
        """
        feed = self._feeds.get(run_id)
        if feed is None or feed.done:
            feed = self._feeds[run_id] = _Feed(self._store, run_id)
        feed.watchers += 1
        try:
            await feed.loaded.wait()
            told = after if await self._has_happened(run_id, after, feed) else 0
            while not self._closed:
                while told < len(feed.events):
                    told += 1
                    yield feed.events[told - 1]
                if feed.done:
                    return
                await feed.more()
        finally:
            feed.watchers -= 1
            if feed.watchers == 0:
                feed.close()
                if self._feeds.get(run_id) is feed:
                    del self._feeds[run_id]

    async def _has_happened(self, run_id: int, event_id: int, feed: _Feed) -> bool:
        # What another process told a moment ago may not have been read here yet.
        return 0 < event_id < 2**63 and (
            event_id <= len(feed.events) or bool(await asyncio.to_thread(self._store.events, run_id, event_id - 1))
        )

    def close(self) -> None:
        """Ends every watch."""
        self._closed = True
        for feed in self._feeds.values():
            feed.close()
