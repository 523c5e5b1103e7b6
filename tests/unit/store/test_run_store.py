"""What every store promises of runs and their events."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.records import RunStore, StoreError
from tests.unit.store.conftest import SETTINGS


def _cost(step: int) -> tuple[str, dict[str, float]]:
    return "cost", {"step": step, "epoch": 1, "cost": 2.5 / step}


def test_a_new_run_is_starting_and_keeps_its_settings(store: RunStore) -> None:
    run = store.create_run(SETTINGS, steps=300)

    assert (run.status, run.active, run.steps, run.step) == ("starting", True, 300, 0)
    assert run.settings == SETTINGS
    assert run.created_at.endswith("+00:00")
    assert [store.run(run.id)] == [run] == store.active_runs()


def test_a_run_that_is_not_there_is_none(store: RunStore) -> None:
    assert store.run(1) is None
    assert store.active_runs() == []
    assert store.events(1) == []


def test_runs_come_newest_first_in_pages(store: RunStore) -> None:
    ids = [store.create_run(SETTINGS, 1).id for _ in range(5)]

    assert [run.id for run in store.runs()] == ids[::-1]
    assert [run.id for run in store.runs(limit=2)] == [ids[4], ids[3]]
    assert [run.id for run in store.runs(limit=2, before=ids[3])] == [ids[2], ids[1]]


def test_a_run_begins_goes_on_and_ends(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 2).id

    assert store.begin(run_id)
    store.append(run_id, [_cost(1)])
    store.append(run_id, [_cost(2), ("epoch", {"epoch": 1, "cost": 0.5, "accuracy": 0.9})])
    assert store.end(run_id, "finished", test_accuracy=0.91)

    run = store.run(run_id)
    assert run is not None
    assert (run.status, run.step, run.epoch, run.cost) == ("finished", 2, 1, 0.5)
    assert (run.accuracy, run.test_accuracy, run.reason) == (0.9, 0.91, None)
    assert run.started_at is not None
    assert run.ended_at is not None
    assert store.active_runs() == []


def test_the_ids_of_events_count_from_1_in_each_run(store: RunStore) -> None:
    one, other = store.create_run(SETTINGS, 9).id, store.create_run(SETTINGS, 9).id
    store.append(one, [_cost(1), _cost(2)])
    store.append(other, [_cost(1)])
    store.append(one, [_cost(3)])
    store.end(one, "failed", "why")

    assert [(event.id, event.name) for event in store.events(one)] == [
        (1, "cost"),
        (2, "cost"),
        (3, "cost"),
        (4, "end"),
    ]
    assert store.events(one)[-1].data == {"status": "failed", "reason": "why"}
    assert [event.id for event in store.events(one, after=2)] == [3, 4]
    assert [event.id for event in store.events(other)] == [1]


def test_a_run_ends_once(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 1).id

    assert store.end(run_id, "finished")
    assert not store.end(run_id, "failed", "too late")
    assert not store.ask_to_stop(run_id)
    assert not store.begin(run_id)

    run = store.run(run_id)
    assert run is not None
    assert run.status == "finished"
    assert len(store.events(run_id)) == 1


def test_a_stop_asked_for_before_the_run_began_is_not_forgotten(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 1).id

    assert store.ask_to_stop(run_id)
    assert not store.begin(run_id)

    run = store.run(run_id)
    assert run is not None
    assert run.status == "stopping"


def test_a_reopened_run_goes_on_in_the_same_log_without_its_end(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 5).id
    store.append(run_id, [_cost(1), _cost(2)])
    store.end(run_id, "stopped")

    run = store.reopen(run_id)
    store.append(run_id, [_cost(3)])

    assert (run.status, run.ended_at, run.step) == ("starting", None, 2)
    assert [(event.id, event.name) for event in store.events(run_id)] == [
        (1, "cost"),
        (2, "cost"),
        (3, "resume"),
        (4, "cost"),
    ]


@pytest.mark.parametrize("status", ["finished", None])
def test_a_run_that_is_active_or_finished_is_not_reopened(store: RunStore, status: str | None) -> None:
    run_id = store.create_run(SETTINGS, 5).id
    if status == "finished":
        store.end(run_id, "finished")

    with pytest.raises(StoreError, match=f"Run {run_id} is neither stopped nor failed"):
        store.reopen(run_id)


def test_what_one_process_writes_another_reads(open_store: Callable[[], RunStore]) -> None:
    writer, reader = open_store(), open_store()
    run_id = writer.create_run(SETTINGS, 1).id
    writer.append(run_id, [_cost(1)])

    assert reader.run(run_id) == writer.run(run_id)
    assert reader.events(run_id) == writer.events(run_id)


def test_events_from_many_threads_and_processes_leave_no_gap(open_store: Callable[[], RunStore]) -> None:
    stores = [open_store(), open_store()]
    run_id = stores[0].create_run(SETTINGS, 1).id

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: stores[number % 2].append(run_id, [_cost(number + 1)]), range(100)))

    assert [event.id for event in stores[1].events(run_id)] == list(range(1, 101))


def test_the_current_publication_of_a_name_is_the_last_one_not_rolled_back(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 1).id
    for version in ("a", "b", "c"):
        store.publish("classic", version, run_id, b"network")
    store.publish("mine", "d", run_id, b"network")

    assert {name: current.version for name, current in store.publications().items()} == {"classic": "c", "mine": "d"}
    before = store.roll_back("classic")
    assert before is not None
    assert before.version == "b"
    before = store.roll_back("classic")
    assert before is not None
    assert before.version == "a"
    assert store.roll_back("classic") is None
    assert list(store.publications()) == ["mine"]


def test_what_was_never_published_is_not_rolled_back(store: RunStore) -> None:
    with pytest.raises(StoreError, match="'classic'"):
        store.roll_back("classic")


def test_the_runs_of_a_sweep_are_started_in_their_order_and_only_while_it_is_running(store: RunStore) -> None:
    sweep = store.create_sweep({"method": "grid"}, [({**SETTINGS, "seed": seed}, 9) for seed in range(3)])
    other = store.create_sweep({}, [(SETTINGS, 9)])
    store.delete(store.runs(sweep_id=sweep.id)[1].id)
    assert (sweep.status, [run.status for run in store.runs(sweep_id=sweep.id)]) == ("running", ["queued"] * 2)

    first = store.dequeue(sweep.id)
    assert store.set_sweep(sweep.id, "stopping", among=["running"])
    assert store.dequeue(sweep.id) is None
    assert not store.set_sweep(sweep.id, "running", among=["stopped", "finished"])
    assert store.active_sweeps() == [store.sweep(sweep.id), other]
    assert store.set_sweep(sweep.id, "stopped", among=["running", "stopping"])
    assert store.active_sweeps() == [other]
    assert store.set_sweep(sweep.id, "running", among=["stopped"])
    third = store.dequeue(sweep.id)

    assert first is not None
    assert third is not None
    assert [(run.status, run.settings["seed"]) for run in (first, third)] == [("starting", 0), ("starting", 2)]
    assert store.dequeue(sweep.id) is None
    assert [found.id for found in store.sweeps()] == [other.id, sweep.id]


def test_the_queue_is_first_in_first_out_without_deleted_runs_and_those_of_sweeps(store: RunStore) -> None:
    sweep = store.create_sweep({}, [(SETTINGS, 9)])
    first, deleted, third = (store.create_run(SETTINGS, 9, "queued").id for _ in range(3))
    store.delete(deleted)

    assert store.queue() == [first, third]
    assert store.queue_length() == 3
    store.set_sweep(sweep.id, "stopping", among=["running"])
    assert store.queue_length() == 2
    started = [store.dequeue(None), store.dequeue(None)]
    assert [(run.id, run.status) for run in started if run] == [(first, "starting"), (third, "starting")]
    assert store.dequeue(None) is None
    assert store.queue() == []


def test_a_run_is_cancelled_only_while_it_waits_in_the_queue(store: RunStore) -> None:
    waiting, starting = store.create_run(SETTINGS, 9, "queued").id, store.create_run(SETTINGS, 9).id
    sweep = store.create_sweep({}, [(SETTINGS, 9)])

    assert store.cancel(waiting)
    assert not store.cancel(waiting)
    assert not store.cancel(starting)
    assert not store.cancel(store.runs(sweep_id=sweep.id)[0].id)
    (event,) = store.events(waiting)
    assert (event.name, event.data["status"]) == ("end", "stopped")
    assert store.reopen(waiting).status == "starting"


def test_a_deleted_run_leaves_the_queue_for_good_and_its_watchers_see_its_end(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9, "queued").id

    store.delete(run_id)
    store.restore(run_id)

    assert store.queue() == []
    assert [event.name for event in store.events(run_id)] == ["end"]


def test_a_run_that_is_requeued_starts_first_again(store: RunStore) -> None:
    first, _ = (store.create_run(SETTINGS, 9, "queued").id for _ in range(2))
    store.dequeue(None)

    store.requeue(first)

    assert (run := store.dequeue(None)) is not None
    assert run.id == first
