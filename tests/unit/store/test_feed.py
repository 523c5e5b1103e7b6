from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.runs.run_log import RunLog
from app.store import feed
from app.store.feed import Feeds, NothingToWatchError
from app.store.records import Event, RunStore, StoreBusyError
from app.store.sqlite import SqliteRunStore


class CountingStore(SqliteRunStore):
    """Counts how often events are read, which fails while it `is_away`."""

    reads = 0
    is_away = False

    def events(self, run_id: int, after: int = 0, name: str | None = None) -> list[Event]:
        self.reads += 1
        if self.is_away:
            raise StoreBusyError("It is away.")
        return super().events(run_id, after, name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CountingStore]:
    store = CountingStore(tmp_path / "store.sqlite3")
    yield store
    store.close()


def _run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


def _costs(store: RunStore, run_id: int, steps: range) -> None:
    store.append(run_id, [("cost", {"step": step, "epoch": 1, "cost": 1.0}) for step in steps])


def _feeds(store: RunStore) -> Feeds[int, Event]:
    return Feeds(lambda run_id: RunLog(store, run_id, encode=lambda event: event))


async def _ids(feeds: Feeds[int, Event], run_id: int, after: int = 0) -> list[int]:
    return [event.id async for batch in feeds.watch(run_id, after) for event in batch]


class Watcher:
    """Watches in a task of its own; `seen` grows as events come."""

    def __init__(self, feeds: Feeds[int, Event], run_id: int) -> None:
        self.seen: list[int] = []
        self.task = asyncio.create_task(self._watch(feeds, run_id))

    async def has_seen(self, count: int) -> None:
        while len(self.seen) < count:
            await asyncio.sleep(0.001)

    async def _watch(self, feeds: Feeds[int, Event], run_id: int) -> None:
        async for batch in feeds.watch(run_id):
            self.seen += [event.id for event in batch]


def test_a_late_watcher_of_an_ended_run_gets_it_from_its_start_to_its_end(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 6))
    store.end(run_id, "finished")

    async def scenario() -> None:
        feeds = _feeds(store)
        assert await _ids(feeds, run_id) == [1, 2, 3, 4, 5, 6]
        assert await _ids(feeds, run_id, after=4) == [5, 6]
        assert await _ids(feeds, run_id, after=6) == []

    _run(scenario())


def test_an_id_that_the_run_has_not_reached_starts_it_over(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 3))
    store.end(run_id, "finished")

    async def scenario() -> None:
        for foreign in (4, 10**18, -1):
            assert await _ids(_feeds(store), run_id, after=foreign) == [1, 2, 3]

    _run(scenario())


def test_an_id_that_the_feed_has_not_read_yet_is_continued_from(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 3))

    async def scenario() -> None:
        feeds = _feeds(store)
        staying = Watcher(feeds, run_id)
        await staying.has_seen(2)
        # Appended by another process, and not read here yet: the feed polls.
        _costs(store, run_id, range(3, 5))
        coming = asyncio.create_task(_ids(feeds, run_id, after=4))
        await staying.has_seen(4)
        store.end(run_id, "finished")
        assert await coming == [5]

    _run(scenario())


@pytest.mark.slow
def test_watchers_that_come_at_any_time_all_see_every_event_once(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id

    async def scenario() -> None:
        feeds, watchers = _feeds(store), []
        for round_number in range(10):
            watchers += [Watcher(feeds, run_id) for _ in range(20)]
            _costs(store, run_id, range(1 + 7 * round_number, 8 + 7 * round_number))
            await watchers[0].has_seen(7 * round_number + 1)
        store.end(run_id, "finished")
        for watcher in watchers:
            await watcher.task
            assert watcher.seen == list(range(1, 72))

    _run(scenario())


def test_the_store_is_read_once_however_many_watch(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 4))
    store.end(run_id, "finished")

    async def scenario() -> None:
        feeds = _feeds(store)
        await asyncio.gather(*(_ids(feeds, run_id) for _ in range(100)))

    _run(scenario())
    assert store.reads == 1


def test_a_watcher_that_leaves_is_no_trouble_to_the_others_and_the_last_ends_the_reading(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 2))

    async def scenario() -> None:
        before = asyncio.all_tasks()
        feeds = _feeds(store)
        leaving, staying = Watcher(feeds, run_id), Watcher(feeds, run_id)
        await leaving.has_seen(1)
        leaving.task.cancel()
        _costs(store, run_id, range(2, 4))
        await staying.has_seen(3)
        assert leaving.seen == [1]
        staying.task.cancel()
        await asyncio.gather(staying.task, return_exceptions=True)
        while asyncio.all_tasks() != before:
            await asyncio.sleep(0.001)

    _run(scenario())


def test_closing_ends_every_watch(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 3))

    async def scenario() -> None:
        feeds = _feeds(store)
        watchers = [Watcher(feeds, run_id) for _ in range(5)]
        for watcher in watchers:
            await watcher.has_seen(2)
        feeds.close()
        for watcher in watchers:
            await watcher.task
            assert watcher.seen == [1, 2]

    _run(scenario())


def test_a_watch_waits_for_a_store_that_is_away_and_a_new_one_is_refused(store: CountingStore) -> None:
    run_id, other = store.create_run({}, 9).id, store.create_run({}, 9).id
    _costs(store, run_id, range(1, 3))

    async def scenario() -> None:
        feeds = _feeds(store)
        watcher = Watcher(feeds, run_id)
        await watcher.has_seen(2)
        store.is_away, reads = True, store.reads
        _costs(store, run_id, range(3, 5))
        with pytest.raises(StoreBusyError, match="away"):
            await _ids(feeds, other)
        while store.reads < reads + 3:
            await asyncio.sleep(0.001)
        assert feeds.lag() > 0.1
        store.is_away = False
        store.end(run_id, "finished")
        await watcher.task
        assert watcher.seen == [1, 2, 3, 4, 5]
        assert feeds.lag() == 0

    _run(scenario())


def test_a_notified_feed_reads_when_it_is_woken_and_each_second_besides(
    store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = store.create_run({}, 9).id

    async def scenario() -> None:
        feeds = _feeds(store)
        feeds.are_notified = True
        watcher = Watcher(feeds, run_id)
        _costs(store, run_id, range(1, 2))
        await watcher.has_seen(1)
        before = asyncio.get_running_loop().time()
        _costs(store, run_id, range(2, 3))
        await watcher.has_seen(2)
        assert 0.5 < asyncio.get_running_loop().time() - before < 5

        monkeypatch.setattr(feed, "_NOTIFIED_POLL_SECONDS", 60.0)
        feeds.wake(str(run_id))
        reads = store.reads
        while store.reads == reads:
            await asyncio.sleep(0.001)
        _costs(store, run_id, range(3, 4))
        feeds.wake(str(run_id))
        feeds.wake(str(run_id + 1))
        await watcher.has_seen(3)

    _run(scenario())


def test_a_resumed_run_is_watched_on_past_where_it_had_stopped(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 3))
    store.end(run_id, "stopped")

    async def scenario() -> None:
        feeds = _feeds(store)
        assert await _ids(feeds, run_id) == [1, 2, 3]
        store.reopen(run_id)
        _costs(store, run_id, range(3, 5))
        store.end(run_id, "finished")
        assert await _ids(feeds, run_id, after=3) == [4, 5, 6]
        names = [event.name async for batch in feeds.watch(run_id) for event in batch]
        assert names == ["cost", "cost", "resume", "cost", "cost", "end"]

    _run(scenario())


def test_a_run_that_is_not_there_or_deleted_can_not_be_watched(store: CountingStore) -> None:
    deleted = store.create_run({}, 9).id
    store.end(deleted, "finished")
    store.delete(deleted)

    async def scenario() -> None:
        feeds = _feeds(store)
        for run_id in (deleted, deleted + 1):
            with pytest.raises(NothingToWatchError):
                await _ids(feeds, run_id)

    _run(scenario())


def test_an_event_is_encoded_once_however_many_watch(store: CountingStore) -> None:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id, range(1, 4))
    store.end(run_id, "finished")
    encoded: list[int] = []

    async def scenario() -> None:
        feeds: Feeds[int, None] = Feeds(lambda key: RunLog(store, key, encode=lambda event: encoded.append(event.id)))
        watched = await asyncio.gather(*(_count(feeds, run_id) for _ in range(50)))
        assert watched == [4] * 50

    async def _count(feeds: Feeds[int, None], run_id: int) -> int:
        return sum([len(batch) async for batch in feeds.watch(run_id)])

    _run(scenario())
    assert encoded == [1, 2, 3, 4]
