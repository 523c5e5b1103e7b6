"""What every store promises of names, deletions, sweeps, and of versions that were published."""

from __future__ import annotations

import pytest

from app.store.records import RunStore, StoreError
from tests.unit.store.conftest import SETTINGS

FAR, LONG_AGO = "9999-01-01", "2000-01-01"


def _ended(store: RunStore) -> int:
    run_id = store.create_run(SETTINGS, 1).id
    store.end(run_id, "finished")
    return run_id


def test_a_run_that_runs_is_paused_and_goes_on(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id
    assert not store.pause(run_id)  # it has not begun
    store.begin(run_id)

    assert store.pause(run_id)
    paused = store.run(run_id)
    assert paused is not None
    assert (paused.status, paused.active) == ("paused", True)
    assert store.active_runs() == [paused]
    assert store.go_on(run_id)
    assert not store.go_on(run_id)

    store.pause(run_id)
    assert store.ask_to_stop(run_id)
    assert store.end(run_id, "stopped")
    assert not store.pause(run_id)


def test_another_rate_can_be_asked_for_until_a_run_ends(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id

    assert store.ask_for_rate(run_id, 0.5)
    asked = store.run(run_id)
    assert asked is not None
    assert asked.learning_rate == 0.5
    store.end(run_id, "diverged", "too large")
    assert not store.ask_for_rate(run_id, 0.1)
    with pytest.raises(StoreError, match="neither stopped nor failed"):
        store.reopen(run_id)


def test_names_and_notes_are_kept(store: RunStore) -> None:
    run_id = _ended(store)

    assert store.label(run_id, "the best", "with a small step").name == "the best"
    kept = store.label(run_id, None, "with a small step")
    assert (kept.name, kept.note) == (None, "with a small step")
    assert store.run(run_id) == kept
    with pytest.raises(StoreError, match="no run"):
        store.label(999, "x", None)


def test_a_deleted_run_is_restored_or_forgotten_later(store: RunStore) -> None:
    first, second, third = (_ended(store) for _ in range(3))
    store.publish("classic", "a", third, b"network")
    for run_id in (first, second, third, third):
        store.delete(run_id)
    assert store.runs() == []
    deleted = store.run(first)
    assert deleted is not None
    assert deleted.deleted_at is not None
    assert [run.id for run in store.deleted_runs()] == [third, second, first]

    assert store.restore(second)
    assert [run.id for run in store.deleted_runs()] == [third, first]
    assert not store.restore(second)
    assert [run.id for run in store.runs()] == [second]
    assert store.purge(LONG_AGO) == []
    assert store.purge(FAR) == [first]  # the third is published, and its publication must still find it
    assert store.run(first) is None
    assert store.events(first) == []
    assert not store.restore(first)
    assert store.restore(third)


def test_a_run_that_is_trained_is_not_deleted(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id

    with pytest.raises(StoreError, match="Stop it first"):
        store.delete(run_id)


def test_the_runs_of_a_sweep_wait_and_start_one_by_one(store: RunStore) -> None:
    sweep = store.create_sweep({"method": "grid"}, [({**SETTINGS, "seed": seed}, 5) for seed in range(3)])
    assert store.sweep(sweep.id) == sweep == store.sweeps()[0]
    assert sweep.status == "running"
    queued = store.runs(sweep_id=sweep.id)
    assert [run.status for run in queued] == ["queued"] * 3
    assert store.active_runs() == []

    store.delete(queued[1].id)
    started = [store.dequeue(sweep.id), store.dequeue(sweep.id)]
    assert [run and (run.id, run.status) for run in started] == [
        (queued[2].id, "starting"),
        (queued[0].id, "starting"),
    ]
    assert store.dequeue(sweep.id) is None
    assert store.set_sweep(sweep.id, "finished", among=("running",))
    assert not store.set_sweep(sweep.id, "stopped", among=("running",))
    ended = store.sweep(sweep.id)
    assert ended is not None
    assert ended.status == "finished"


def test_who_published_and_why_is_kept_and_any_version_comes_back(store: RunStore) -> None:
    run_id = _ended(store)
    ids = [
        store.publish("classic", version, run_id, b"network", who="Ada", why=f"try {version}").id for version in "abc"
    ]

    before = store.roll_back("classic", ids[0])
    assert before is not None
    assert (before.version, before.who, before.why) == ("a", "Ada", "try a")
    history = store.publication_history("classic")
    assert [publication.version for publication in history] == ["c", "b", "a"]
    assert [publication.rolled_back_at is None for publication in history] == [False, False, True]
    with pytest.raises(StoreError, match="rolled back itself"):
        store.roll_back("classic", ids[1])
    assert store.roll_back("classic", 0) is None
    assert store.publications() == {}
    assert store.publication_history("other") == []
