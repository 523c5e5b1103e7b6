"""Events reach the watchers of another server by notification; each server has a store of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import psycopg
import pytest

from app.runs.run_log import RunLog
from app.store import feed
from app.store.feed import Feeds
from app.store.notifications import notify
from app.store.postgres import PostgresRunStore
from app.store.records import Event
from tests.support.pgbouncer import running_pgbouncer
from tests.support.postgres import Postgres, running_postgres

LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN descent_events'"


@pytest.fixture
def writer(database_url: str) -> Iterator[PostgresRunStore]:
    with contextlib.closing(PostgresRunStore(database_url)) as store:
        yield store


def _run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


async def _until(look: Callable[[], bool]) -> None:
    while not look():
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def _server(url: str, is_ready: Callable[[], bool] | None = None) -> AsyncIterator[Feeds[int, Event]]:
    """The feeds of a server that `is_ready`, which by default it is once it is notified."""
    with contextlib.closing(PostgresRunStore(url)) as store:
        feeds: Feeds[int, Event] = Feeds(lambda run_id: RunLog(store, run_id, encode=lambda event: event))
        notifying = asyncio.create_task(notify(url, [feeds]))
        await _until(is_ready or (lambda: feeds.are_notified))
        yield feeds
        feeds.close()
        notifying.cancel()
        await asyncio.gather(notifying, return_exceptions=True)


@contextlib.asynccontextmanager
async def _watching(feeds: Feeds[int, Event], run_id: int) -> AsyncIterator[list[int]]:
    """The ids of the events that a watcher has seen; it has seen the first one."""
    seen: list[int] = []

    async def watch() -> None:
        async for batch in feeds.watch(run_id):
            seen.extend(event.id for event in batch)

    watcher = asyncio.create_task(watch())
    await _until(lambda: bool(seen))
    yield seen
    watcher.cancel()
    await asyncio.gather(watcher, return_exceptions=True)


def _costs(store: PostgresRunStore, run_id: int, count: int = 1) -> None:
    store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 1.0})] * count)


def _active_run(store: PostgresRunStore) -> int:
    run_id = store.create_run({}, 9).id
    _costs(store, run_id)
    return run_id


def test_an_event_reaches_the_watchers_of_two_servers_by_notification_alone(
    writer: PostgresRunStore, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_NOTIFIED_POLL_SECONDS", 3600.0)
    run_id = _active_run(writer)

    async def scenario() -> None:
        async with (
            _server(database_url) as one,
            _server(database_url) as other,
            _watching(one, run_id) as first,
            _watching(other, run_id) as second,
            _watching(other, run_id) as third,
        ):
            for count in range(2, 12):
                _costs(writer, run_id)
                await _until(lambda count=count: len(first) == len(second) == len(third) == count)  # type: ignore[misc]
            assert first == second == third == list(range(1, 12))

    _run(scenario())


def test_a_process_has_one_connection_that_listens_however_many_runs_are_watched(
    writer: PostgresRunStore, database_url: str
) -> None:
    runs = [_active_run(writer) for _ in range(5)]

    async def scenario() -> None:
        async with _server(database_url) as feeds, contextlib.AsyncExitStack() as watchers:
            for run_id in runs * 2:
                await watchers.enter_async_context(_watching(feeds, run_id))
            with psycopg.connect(database_url) as connection:
                assert connection.execute(LISTENERS).fetchone() == (1,)

    _run(scenario())


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_notifications_come_again_after_the_database_was_restarted_and_no_event_is_lost(mode: Any) -> None:
    with running_postgres() as postgres:
        url = postgres.new_database()
        with contextlib.closing(PostgresRunStore(url)) as writer:
            run_id = _active_run(writer)

            async def scenario() -> None:
                async with _server(url) as feeds, _watching(feeds, run_id) as seen:
                    await asyncio.to_thread(postgres.stop, mode)
                    await _until(lambda: not feeds.are_notified)
                    await asyncio.to_thread(postgres.start)
                    # The feed itself may read them before the notifications are back.
                    await asyncio.to_thread(_costs, writer, run_id, 3)
                    await _until(lambda: feeds.are_notified and len(seen) == 4)
                    with pytest.MonkeyPatch.context() as patch:
                        patch.setattr(feed, "_NOTIFIED_POLL_SECONDS", 3600.0)
                        _costs(writer, run_id, 2)
                        await _until(lambda: len(seen) == 6)
                    assert seen == [1, 2, 3, 4, 5, 6]

            _run(scenario())


@pytest.mark.slow
def test_behind_a_pooler_events_are_polled_for_and_the_log_says_so(
    postgres: Postgres, writer: PostgresRunStore, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "app.store.notifications")
    run_id = _active_run(writer)

    async def scenario() -> None:
        with running_pgbouncer(postgres) as bouncer:
            url = bouncer.url(database_url)
            async with _server(url, is_ready=lambda: bool(caplog.records)) as feeds, _watching(feeds, run_id) as seen:
                assert not feeds.are_notified
                _costs(writer, run_id, 2)
                await _until(lambda: len(seen) == 3)
                assert seen == [1, 2, 3]

    _run(scenario())
    assert [record.getMessage() for record in caplog.records] == [
        "The database's notifications don't arrive here, so events are polled for."
    ]
