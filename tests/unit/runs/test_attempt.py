"""An attempt under a lease, as its worker sees it: what is written once, and what no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.runs.attempt import Attempt
from app.runs.recipe import RunSettings
from app.store.postgres import PostgresRunStore
from app.store.records import Run, StaleAttemptError, StoreBusyError

COST = ("cost", {"step": 1, "epoch": 1, "cost": 0.5})


class _InterruptedStore(PostgresRunStore):
    """Its connection breaks at the next calls of `append`: on the way there, or on the way back."""

    breaks: tuple[str, ...] = ()

    def append(self, *values: Any, **named: Any) -> int:
        when, self.breaks = self.breaks[:1], self.breaks[1:]
        if when == ("before",):
            raise StoreBusyError("The connection broke.")
        last = super().append(*values, **named)
        if when == ("after",):
            raise StoreBusyError("The connection broke.")
        return last


@pytest.fixture
def store(database_url: str) -> Iterator[_InterruptedStore]:
    store = _InterruptedStore(database_url)
    yield store
    store.close()


@pytest.fixture
def run(store: _InterruptedStore) -> Run:
    started = store.start_run(RunSettings().model_dump(), 100, limit=1)
    assert started
    return started


@pytest.fixture
def attempt(store: _InterruptedStore, run: Run) -> Iterator[Attempt]:
    attempt = Attempt(store, run.id, run.attempt, on_lost=lambda: None)
    yield attempt
    attempt.close()


@pytest.mark.slow
@pytest.mark.parametrize("breaks", [("before",), ("after",), ("before", "after", "before")])
def test_events_are_added_once_whenever_the_connection_breaks(
    store: _InterruptedStore, run: Run, attempt: Attempt, breaks: tuple[str, ...]
) -> None:
    attempt.append([("checkpoint", {"step": 0})])
    store.breaks = breaks
    attempt.append([COST, ("checkpoint", {"step": 1})])
    attempt.append([("checkpoint", {"step": 2})])

    added = store.events(run.id)
    assert [(event.id, event.name) for event in added] == [
        (1, "checkpoint"),
        (2, "cost"),
        (3, "checkpoint"),
        (4, "checkpoint"),
    ]


@pytest.mark.usefixtures("attempt")
def test_a_second_worker_does_not_get_the_same_attempt(store: _InterruptedStore, run: Run) -> None:
    with pytest.raises(StaleAttemptError):
        Attempt(store, run.id, run.attempt, on_lost=lambda: None)


def test_an_attempt_that_was_left_passes_on_and_writes_nothing_more(
    store: _InterruptedStore, run: Run, attempt: Attempt
) -> None:
    attempt.begin()
    attempt.append([COST])
    attempt.leave()

    later = store.start_next_run(1)

    assert later
    assert (later.attempt, later.status) == (2, "starting")
    with pytest.raises(StaleAttemptError):
        attempt.append([("cost", {"step": 2, "epoch": 1, "cost": 0.4})])
    with pytest.raises(StaleAttemptError):
        attempt.files.write("checkpoint.npz", b"stale")
    attempt.end("finished", None)
    assert [event.name for event in store.events(run.id)] == ["cost", "resume"]
    found = store.run(run.id)
    assert found
    assert found.active


def test_a_run_that_has_ended_is_not_trained_once_more(store: _InterruptedStore, run: Run) -> None:
    store.end(run.id, "stopped")

    with pytest.raises(StaleAttemptError, match="has ended"):
        Attempt(store, run.id, run.attempt, on_lost=lambda: None)
