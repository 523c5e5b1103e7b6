"""Runs under leases: one worker each, the next attempt when it is lost, and never more runs than there is room for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from app.store.postgres import PostgresRunStore
from app.store.records import Run, StaleAttemptError, StoreError
from tests.support.server import wait_until
from tests.unit.store.conftest import SETTINGS, is_waiting

_COST = ("cost", {"step": 1, "epoch": 1, "cost": 0.5})


@pytest.fixture
def store(open_postgres: Callable[[], PostgresRunStore]) -> PostgresRunStore:
    return open_postgres()


@pytest.fixture
def expire(database_url: str) -> Callable[[], None]:
    """Makes all leases expire now."""

    def expire() -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE leases SET until = now() - interval '1 second'")

    return expire


def _started(store: PostgresRunStore, limit: int = 9) -> Run:
    run = store.start_run(SETTINGS, 9, limit)
    assert run is not None
    return run


def _claimed(store: PostgresRunStore) -> Run:
    run = _started(store)
    assert store.claim(run.id, run.attempt)
    store.begin(run.id)
    return run


def _names(store: PostgresRunStore, run: Run) -> list[str]:
    return [event.name for event in store.events(run.id)]


def test_one_worker_claims_an_attempt(open_postgres: Callable[[], PostgresRunStore]) -> None:
    stores = [open_postgres(), open_postgres()]
    run = _started(stores[0])

    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda number: stores[number % 2].claim(run.id, run.attempt), range(8)))

    assert sorted(claims) == [False] * 7 + [True]


def test_an_attempt_that_was_not_made_can_not_be_claimed(store: PostgresRunStore) -> None:
    run = _started(store)

    assert not store.claim(run.id, run.attempt + 1)
    assert not store.claim(run.id + 1, run.attempt)


def test_a_lease_that_is_renewed_does_not_pass_on(store: PostgresRunStore, expire: Callable[[], None]) -> None:
    run = _claimed(store)
    expire()

    assert store.renew(run.id, run.attempt)

    assert store.requeue_lost_runs() == []


def _next_attempt(store: PostgresRunStore) -> Run:
    """Passes the one run whose lease has expired to its next attempt."""
    (lost,) = store.requeue_lost_runs()
    passed = store.start_next_run(9)
    assert passed is not None
    assert (lost.id, lost.status, lost.attempt) == (passed.id, "queued", passed.attempt)
    return passed


def test_a_run_whose_worker_is_lost_waits_for_its_next_attempt_with_a_resume_event_and_no_end(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _claimed(store)
    store.append(run.id, [_COST], run.attempt)
    assert store.requeue_lost_runs() == []
    expire()

    (lost,) = store.requeue_lost_runs()

    assert store.run(run.id) == lost
    assert (lost.status, lost.attempt) == ("queued", run.attempt + 1)
    assert store.requeue_lost_runs() == []
    assert store.start_next_run(0) is None  # without workers
    passed = store.start_next_run(1)
    assert passed is not None
    assert (passed.id, passed.attempt, passed.status) == (run.id, run.attempt + 1, "starting")
    assert [(event.id, event.name, event.data) for event in store.events(run.id)][1:] == [(2, "resume", {"step": 1})]
    assert store.claim(run.id, passed.attempt)


def test_a_paused_run_whose_worker_is_lost_stays_paused_and_waits_for_another_one_when_it_is_resumed(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _claimed(store)
    assert store.pause(run.id)
    expire()
    assert store.requeue_lost_runs() == []

    store.go_on(run.id)

    assert _next_attempt(store).id == run.id


def test_a_run_that_is_asked_to_stop_and_loses_its_worker_is_stopped_with_the_reason(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _claimed(store)
    assert store.ask_to_stop(run.id)
    expire()

    (stopped,) = store.requeue_lost_runs()

    assert stopped.status == "stopped"
    ended = store.run(run.id)
    assert ended is not None
    assert "before it could save the network" in (ended.reason or "")
    assert _names(store, run) == ["end"]
    assert store.restart_run(run.id, 9) is not None


def test_a_lost_run_that_waits_can_be_stopped(store: PostgresRunStore, expire: Callable[[], None]) -> None:
    run = _claimed(store)
    expire()
    store.requeue_lost_runs()

    assert store.cancel(run.id)

    ended = store.run(run.id)
    assert ended is not None
    assert (ended.status, ended.reason) == ("stopped", "It was stopped while it waited for a worker.")


def test_the_worker_of_an_attempt_that_is_over_is_refused(store: PostgresRunStore, expire: Callable[[], None]) -> None:
    run = _claimed(store)
    store.files_of(run).write("checkpoint.safetensors", b"its last")
    expire()
    passed = _next_attempt(store)

    assert not store.claim(run.id, run.attempt)
    assert not store.renew(run.id, run.attempt)
    assert not store.release(run.id, run.attempt)
    with pytest.raises(StaleAttemptError):
        store.append(run.id, [_COST], run.attempt)
    with pytest.raises(StaleAttemptError):
        store.files_of(run).write("checkpoint.safetensors", b"too late")
    assert not store.end(run.id, "finished", attempt=run.attempt)

    assert store.run(run.id) == passed
    assert store.files_of(passed).read("checkpoint.safetensors") == b"its last"
    store.files_of(passed).write("checkpoint.safetensors", b"next")
    assert store.claim(run.id, passed.attempt)


def test_a_worker_that_claims_while_its_attempt_is_passed_on_is_refused(
    store: PostgresRunStore, database_url: str
) -> None:
    run = _started(store)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url) as passing:
        passing.execute("UPDATE runs SET attempt = 2")
        passing.execute("UPDATE leases SET attempt = 2")
        claiming = pool.submit(store.claim, run.id, 1)
        wait_until(lambda: is_waiting(database_url), "the claim to wait for the lock")
        passing.commit()
        assert not claiming.result()

    assert store.claim(run.id, 2)


def test_a_run_that_no_worker_has_claimed_is_given_out_again_as_the_same_attempt_for_as_long_as_it_takes(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _started(store)

    for _ in range(5):
        expire()
        assert _next_attempt(store).attempt == run.attempt

    assert _names(store, run) == []


def test_a_run_that_loses_three_workers_in_a_row_without_a_step_fails_with_the_reason(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _claimed(store)
    for _ in range(2):
        expire()
        assert store.claim(run.id, _next_attempt(store).attempt)
    expire()

    (failed,) = store.requeue_lost_runs()

    assert failed.status == "failed"
    ended = store.run(run.id)
    assert ended is not None
    assert "3 workers in a row" in (ended.reason or "")
    assert _names(store, run) == ["resume", "resume", "end"]
    assert not store.renew(run.id, 3)  # so that a worker that is alive after all stops
    assert store.restart_run(run.id, 9) is not None


def test_a_run_that_takes_a_step_between_the_losses_goes_on(
    store: PostgresRunStore, expire: Callable[[], None]
) -> None:
    run = _claimed(store)
    for step in range(1, 6):
        store.append(run.id, [("cost", {"step": step, "epoch": 1, "cost": 0.5})])
        expire()
        store.claim(run.id, _next_attempt(store).attempt)


def test_a_run_that_a_worker_leaves_goes_on_at_once_and_its_worker_is_not_a_lost_one(store: PostgresRunStore) -> None:
    run = _claimed(store)

    for attempt in range(1, 6):
        assert store.release(run.id, attempt)
        assert store.requeue_lost_runs() == []
        passed = store.start_next_run(1)
        assert passed is not None
        assert passed.attempt == attempt + 1
        assert store.claim(run.id, passed.attempt)

    assert _names(store, run) == ["resume"] * 5


def test_a_run_that_has_ended_does_not_pass_on(store: PostgresRunStore, expire: Callable[[], None]) -> None:
    run = _claimed(store)
    store.end(run.id, "finished", attempt=run.attempt)
    expire()

    assert store.requeue_lost_runs() == []


def test_many_servers_pass_a_lost_run_on_once(
    open_postgres: Callable[[], PostgresRunStore], expire: Callable[[], None]
) -> None:
    stores = [open_postgres(), open_postgres()]
    runs = [_claimed(stores[0]) for _ in range(5)]
    expire()

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda number: stores[number % 2].requeue_lost_runs(), range(40)))

    assert sorted((run.id, run.attempt) for lost in passed for run in lost) == [(run.id, 2) for run in runs]


def test_there_are_never_more_active_runs_than_there_is_room_for(
    open_postgres: Callable[[], PostgresRunStore],
) -> None:
    stores = [open_postgres(), open_postgres()]
    for _ in range(4):
        stores[0].create_run(SETTINGS, 9, "queued")
    stopped = _started(stores[0])
    stores[0].end(stopped.id, "stopped")

    def start(number: int) -> Run | None:
        store = stores[number % 2]
        if number % 5 == 0:
            return store.start_run(SETTINGS, 9, 3)
        if number % 5 == 1:
            try:
                return store.restart_run(stopped.id, 3)
            except StoreError:  # another thread has restarted it
                return None
        return store.start_next_run(3)

    with ThreadPoolExecutor(10) as pool:
        started = [run for run in pool.map(start, range(40)) if run]

    assert len(started) == 3
    assert sorted(run.id for run in started) == [run.id for run in stores[0].active_runs()]


def test_each_queued_run_is_started_once_the_oldest_first(open_postgres: Callable[[], PostgresRunStore]) -> None:
    stores = [open_postgres(), open_postgres()]
    queued = [stores[0].create_run(SETTINGS, 9, "queued").id for _ in range(6)]
    sweep = stores[0].create_sweep({}, [(SETTINGS, 9)] * 6)
    queued += [run.id for run in reversed(stores[0].runs(sweep_id=sweep.id))]

    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda number: stores[number % 2].start_next_run(10), range(30)))

    assert sorted(run.id for run in started if run) == queued[:10]
    assert all(run.status == "starting" and run.attempt == 1 for run in started if run)
