"""Sweeps whose runs wait in the store like others, for any number of servers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.postgres import PostgresRunStore
from app.store.records import StoreError
from tests.unit.store.conftest import SETTINGS


@pytest.fixture
def store(open_postgres: Callable[[], PostgresRunStore]) -> PostgresRunStore:
    return open_postgres()


def test_a_sweep_ends_with_its_last_run(store: PostgresRunStore) -> None:
    sweep = store.create_sweep({}, [(SETTINGS, 9)] * 2)
    for _ in range(2):
        store.end_sweeps()
        assert [found.id for found in store.active_sweeps()] == [sweep.id]
        run = store.start_next_run(1)
        assert run is not None
        store.end(run.id, "finished")

    store.end_sweeps()

    ended = store.sweep(sweep.id)
    assert ended is not None
    assert ended.status == "finished"


def test_a_sweep_that_is_asked_to_stop_ends_when_its_active_runs_have_and_can_be_resumed(
    store: PostgresRunStore,
) -> None:
    sweep = store.create_sweep({}, [(SETTINGS, 9)] * 3)
    first, second = store.start_next_run(9), store.start_next_run(9)
    assert first is not None
    assert second is not None
    store.set_sweep(sweep.id, "stopping", ["running"])

    store.end_sweeps()
    assert [(run.id, run.status) for run in store.active_runs()] == [(first.id, "stopping"), (second.id, "stopping")]
    assert store.start_next_run(9) is None
    store.end(first.id, "stopped")
    store.end(second.id, "finished")
    store.end_sweeps()

    ended = store.sweep(sweep.id)
    assert ended is not None
    assert ended.status == "stopped"
    store.resume_sweep(sweep.id)
    resumed = store.start_next_run(9)
    assert resumed is not None
    assert (resumed.id, resumed.status) == (first.id, "starting")


def test_a_sweep_is_resumed_once_by_many_at_once(open_postgres: Callable[[], PostgresRunStore]) -> None:
    stores = [open_postgres(), open_postgres()]
    sweep = stores[0].create_sweep({}, [(SETTINGS, 9)] * 3)
    while (run := stores[0].start_next_run(9)) is not None:
        stores[0].end(run.id, "stopped")

    stores[0].end_sweeps()

    def resume(number: int) -> bool:
        try:
            stores[number % 2].resume_sweep(sweep.id)
        except StoreError:  # another thread has resumed it
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        resumed = list(pool.map(resume, range(6)))

    assert sorted(resumed) == [False] * 5 + [True]
    assert {(run.attempt, run.status) for run in stores[0].runs()} == {(2, "queued")}


def test_a_sweep_that_is_still_stopping_is_not_resumed_and_its_runs_keep_their_ends(store: PostgresRunStore) -> None:
    sweep = store.create_sweep({}, [(SETTINGS, 9)] * 2)
    first, second = store.start_next_run(9), store.start_next_run(9)
    assert first
    assert second
    store.set_sweep(sweep.id, "stopping", ["running"])
    store.end(first.id, "stopped", "asked")

    with pytest.raises(StoreError, match="under way"):
        store.resume_sweep(sweep.id)

    ended = store.run(first.id)
    assert ended
    assert (ended.status, ended.reason) == ("stopped", "asked")
