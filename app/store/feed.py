"""What happens to a run or in a room, for any number of watchers: read from the store once per subject and process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from app.store.records import StoreBusyError, StoreError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
K = TypeVar("K", bound=Hashable)

_POLL_SECONDS = 0.1
# The least time between two reads, so that what happens at once is read at once. With a thousand watchers, three reads
# a second take a third of a core.
_PAUSE_SECONDS, _PAUSE_SECONDS_PER_WATCHER = 0.02, 0.25 / 1000
# Where notifications tell of new events, polling is for those that are lost.
_NOTIFIED_POLL_SECONDS = 1.0
_MAX_BATCH = 64
# A watcher gets an empty batch this often, so that proxies keep the connection open.
_KEEP_ALIVE_SECONDS = 15.0


class NothingToWatchError(Exception):
    """There is no such subject, or it was deleted."""


class Log(Protocol[T_co]):
    """The encoded events of one subject so far. `open`, `read` and `find` ask the store, in a thread of their own.

    A watcher's place is anything but None that `add` leaves valid; the first place is `start`.
    """

    start: Any

    @property
    def subjects(self) -> Collection[str]:
        """What a notification of new events names."""

    @property
    def ended(self) -> bool:
        """Whether no event will follow."""

    def open(self) -> bool:
        """Whether there is such a subject. Raises StoreError."""

    def read(self) -> Any:
        """What is new in the store, for `add`. Raises StoreError."""

    def add(self, fresh: Any) -> bool:
        """Adds what was read. Returns whether there is an event for watchers."""

    def after(self, place: Any, limit: int) -> tuple[Sequence[T_co], Any]:
        """About `limit` events after a place, and the place after them."""

    def find(self, event_id: int) -> Any | None:
        """The place after the event with that id; None if there is no such event. Raises StoreError."""


class _Feed(Generic[T]):
    """A log that grows, and a signal when it has."""

    def __init__(self, log: Log[T], are_notified: Callable[[], bool]) -> None:
        self.log = log
        self.watchers = 0
        self.exists = False
        self.error: StoreError | None = None
        self.loaded = asyncio.Event()
        self.read_at = asyncio.get_running_loop().time()
        self._more, self._notified, self._are_notified = asyncio.Event(), asyncio.Event(), are_notified
        self._reader = asyncio.create_task(self._read())

    @property
    def done(self) -> bool:
        """Whether no event will follow."""
        return self._reader.done()

    async def more(self) -> None:
        """Returns when there are more events, when none will follow, and every `_KEEP_ALIVE_SECONDS`."""
        await self._more.wait()

    def wake(self) -> None:
        """Makes it read the store soon, instead of after the pause."""
        self._notified.set()

    def close(self) -> None:
        self._reader.cancel()

    async def _read(self) -> None:
        try:
            self.exists = await asyncio.to_thread(self.log.open)
            loop = asyncio.get_running_loop()
            signalled_at = loop.time()
            while self.exists and not self.log.ended:
                is_news = await self._read_once()
                self.loaded.set()
                if is_news or loop.time() - signalled_at > _KEEP_ALIVE_SECONDS:
                    signalled_at = loop.time()
                    self._signal()
                if not self.log.ended:
                    await self._pause()
        except StoreError as error:
            self.error = error
        finally:
            self.loaded.set()
            # Watchers must see the task as done, and it is done only after this.
            asyncio.get_running_loop().call_soon(self._signal)

    async def _read_once(self) -> bool:
        self._notified.clear()
        began = asyncio.get_running_loop().time()
        try:
            fresh = await asyncio.to_thread(self.log.read)
        except StoreBusyError:
            if not self.loaded.is_set():
                raise
            # Those who watch already stay, and miss nothing.
            return False
        self.read_at = began
        return self.log.add(fresh)

    async def _pause(self) -> None:
        await asyncio.sleep(_PAUSE_SECONDS + self.watchers * _PAUSE_SECONDS_PER_WATCHER)
        with contextlib.suppress(TimeoutError):
            poll_seconds = _NOTIFIED_POLL_SECONDS if self._are_notified() else _POLL_SECONDS
            await asyncio.wait_for(self._notified.wait(), poll_seconds)

    def _signal(self) -> None:
        arrived, self._more = self._more, asyncio.Event()
        arrived.set()


class Feeds(Generic[K, T]):
    """Watches the logs that `open_log` opens by their keys: each is read once, not once for each watcher.

    The store is polled. Where notifications arrive, `are_notified` is set, and it is polled slowly.
    """

    def __init__(self, open_log: Callable[[K], Log[T]]) -> None:
        self._open_log = open_log
        self.are_notified = False
        self._feeds: dict[K, _Feed[T]] = {}
        self._closed = False

    async def watch(self, key: K, after: int = 0) -> AsyncGenerator[Sequence[T]]:
        """Yields batches of the events after the one with the id `after`, up to the last one.

        A batch is empty if there is no event yet, and now and then while nothing happens. The iteration ends early when
        the feeds are closed. An unknown `after` replays everything. Raises NothingToWatchError, and StoreError when the
        store can't be read at the beginning; later, the watch waits until it can.
        """
        feed = self._feeds.get(key)
        if feed is None or feed.done:
            feed = self._feeds[key] = _Feed(self._open_log(key), lambda: self.are_notified)
        feed.watchers += 1
        try:
            await feed.loaded.wait()
            if feed.error is not None:
                raise feed.error
            if not feed.exists and not self._closed:
                raise NothingToWatchError
            found = await asyncio.to_thread(feed.log.find, after) if after > 0 else None
            place = feed.log.start if found is None else found
            is_silent = True
            while not self._closed:
                done = feed.done
                fresh, place = feed.log.after(place, _MAX_BATCH)
                if fresh or (is_silent and not done):
                    is_silent = False
                    yield fresh
                elif done:
                    return
                # It may have ended, after its last signal, while the batch was being sent.
                elif not feed.done:
                    await feed.more()
                    is_silent = True
        finally:
            feed.watchers -= 1
            if feed.watchers == 0:
                feed.close()
                if self._feeds.get(key) is feed:
                    del self._feeds[key]

    def wake(self, subject: str) -> None:
        """Reads now what is new of that subject, if it is watched. To be called in the event loop."""
        for feed in self._feeds.values():
            if subject in feed.log.subjects:
                feed.wake()

    def lag(self) -> float:
        """Seconds since the store was last read for a watched subject, of the one that waits longest; 0 without one."""
        reading = [feed for feed in self._feeds.values() if not feed.done]
        return max((asyncio.get_running_loop().time() - feed.read_at for feed in reading), default=0.0)

    def is_growing(self, key: K) -> bool:
        """Whether it is watched now, and has not ended."""
        return key in self._feeds and not self._feeds[key].done

    def close(self) -> None:
        """Ends every watch."""
        self._closed = True
        for feed in self._feeds.values():
            feed.close()
