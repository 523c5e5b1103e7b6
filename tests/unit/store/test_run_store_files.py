"""What every store promises of files, of attempts, and of the networks that are published."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psycopg
import pytest

from app.store.records import RunStore, StaleAttemptError
from app.store.sqlite import SqliteRunStore
from tests.unit.store.conftest import SETTINGS

_COST = ("cost", {"step": 1, "epoch": 1, "cost": 0.5})


def test_a_file_is_read_as_it_was_written_last(store: RunStore) -> None:
    files = store.files_of(store.create_run(SETTINGS, 9))
    everything = bytes(range(256)) * 4096

    files.write("network.safetensors", b"first")
    files.write("network.safetensors", everything, durable=False)

    assert files.read("network.safetensors") == everything
    assert store.files_of(store.create_run(SETTINGS, 9)).names("") == []


def test_a_file_that_is_not_there_is_an_error_with_its_name(store: RunStore) -> None:
    files = store.files_of(store.create_run(SETTINGS, 9))

    with pytest.raises(FileNotFoundError, match=r"network\.safetensors"):
        files.read("network.safetensors")


def test_the_names_of_a_folder_are_sorted_and_those_of_no_other_folder_or_run(store: RunStore) -> None:
    files, others = (store.files_of(store.create_run(SETTINGS, 9)) for _ in range(2))
    assert files.names("checkpoints") == []
    for name in ("b.safetensors", "Z.safetensors", "10.safetensors", "9.safetensors", "a_1.safetensors"):
        files.write(f"checkpoints/{name}", b"")
    files.write("network.safetensors", b"")
    files.write("checkpoints-2/1.safetensors", b"")
    others.write("checkpoints/1.safetensors", b"")

    names = ["10.safetensors", "9.safetensors", "Z.safetensors", "a_1.safetensors", "b.safetensors"]
    assert files.names("checkpoints") == names


def test_a_reader_sees_the_old_file_or_the_new_one(open_store: Callable[[], RunStore]) -> None:
    writer, reader = open_store(), open_store()
    run = writer.create_run(SETTINGS, 9)
    contents = [bytes([number]) * 1_000_000 for number in range(8)]
    writer.files_of(run).write("now.safetensors", contents[0])

    def write_all() -> None:
        for content in contents:
            writer.files_of(run).write("now.safetensors", content)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_all)
        while not writing.done():
            assert reader.files_of(run).read("now.safetensors") in contents
        writing.result()


def test_a_stale_attempt_writes_no_event_and_ends_nothing(store: RunStore) -> None:
    stale = store.create_run(SETTINGS, 9)
    store.end(stale.id, "stopped")
    run = store.reopen(stale.id)
    assert (stale.attempt, run.attempt) == (1, 2)

    with pytest.raises(StaleAttemptError, match="attempt 1"):
        store.append(run.id, [_COST], stale.attempt)
    assert not store.end(run.id, "failed", attempt=stale.attempt)

    assert store.run(run.id) == run
    assert store.append(run.id, [_COST], run.attempt) == 2
    assert store.end(run.id, "finished", attempt=run.attempt)


def test_a_run_that_is_gone_takes_no_event(store: RunStore) -> None:
    with pytest.raises(StaleAttemptError):
        store.append(7, [_COST])


def test_append_returns_the_id_of_the_last_event(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id

    assert [store.append(run_id, [_COST] * count) for count in (1, 3, 2)] == [1, 4, 6]


def test_a_number_of_numpy_is_kept_as_a_number(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id
    number = np.float64(0.1)

    store.append(
        run_id, [("cost", {"step": 1, "epoch": 1, "cost": number}), ("epoch", {"cost": number, "accuracy": 1})]
    )
    store.end(run_id, "finished", test_accuracy=number)

    run = store.run(run_id)
    assert run is not None
    assert (run.cost, run.accuracy, run.test_accuracy) == (0.1, 1.0, 0.1)
    assert store.events(run_id)[0].data["cost"] == 0.1


def test_each_queued_run_leaves_the_queue_once(open_store: Callable[[], RunStore]) -> None:
    stores = [open_store(), open_store()]
    queued = [stores[0].create_run(SETTINGS, 9, "queued").id for _ in range(10)]
    with ThreadPoolExecutor(8) as pool:
        started = [run for run in pool.map(lambda number: stores[number % 2].dequeue(None), range(40)) if run]

    assert sorted(run.id for run in started) == queued[: len(started)]
    assert stores[0].queue() == queued[len(started) :]


def test_a_publication_and_its_network_are_kept_as_they_are(open_store: Callable[[], RunStore]) -> None:
    store, other = open_store(), open_store()
    run_id = store.create_run(SETTINGS, 9).id

    publication = store.publish("classic", "a", run_id, b"network", "Ada", "why")

    assert other.publications() == {"classic": publication}
    assert other.published_file(publication) == b"network"
    assert (publication.who, publication.why, publication.rolled_back_at) == ("Ada", "why", None)


def test_publishing_the_same_again_changes_nothing(store: RunStore) -> None:
    run_id = store.create_run(SETTINGS, 9).id
    publication = store.publish("classic", "a", run_id, b"network")

    assert store.publish("classic", "a", run_id, b"network") == publication
    assert store.publication_history("classic") == [publication]
    assert store.publish("other", "a", run_id, b"network").id != publication.id


def test_publishing_the_same_again_restores_a_damaged_file(
    store: RunStore, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    run_id = store.create_run(SETTINGS, 9).id
    publication = store.publish("classic", "a", run_id, b"network")
    if isinstance(store, SqliteRunStore):
        (tmp_path / "models" / "classic" / f"{publication.sha256}.safetensors").write_bytes(b"damaged")
    else:
        with psycopg.connect(request.getfixturevalue("database_url")) as connection:
            connection.execute("UPDATE published_files SET content = 'damaged'")
    assert store.published_file(publication) == b"damaged"

    assert store.publish("classic", "a", run_id, b"network") == publication
    assert store.published_file(publication) == b"network"


def test_a_published_network_that_is_not_there_is_an_error(store: RunStore, tmp_path: Path) -> None:
    other = SqliteRunStore(tmp_path / "other" / "store.sqlite3")
    publication = other.publish("classic", "a", other.create_run(SETTINGS, 9).id, b"network")
    other.close()

    with pytest.raises(FileNotFoundError):
        store.published_file(publication)


def test_the_same_publication_from_many_at_once_is_one(open_store: Callable[[], RunStore]) -> None:
    stores = [open_store(), open_store()]
    run_id = stores[0].create_run(SETTINGS, 9).id

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: stores[number % 2].publish("classic", "a", run_id, b"network"), range(16)))

    assert stores[0].publication_history("classic") == [made[0]]
    assert set(made) == {made[0]}


def test_the_files_of_a_run_go_when_it_is_purged(store: RunStore) -> None:
    purged, kept = (store.create_run(SETTINGS, 9) for _ in range(2))
    for run in (purged, kept):
        store.files_of(run).write("network.safetensors", b"network")
        store.files_of(run).write("checkpoints/1.safetensors", b"checkpoint")
        store.end(run.id, "finished")
    store.delete(purged.id)

    assert store.purge("9999") == [purged.id]

    assert store.files_of(purged).names("checkpoints") == []
    with pytest.raises(FileNotFoundError):
        store.files_of(purged).read("network.safetensors")
    assert store.files_of(kept).read("network.safetensors") == b"network"


def test_files_are_removed_of_the_runs_that_ended_before_a_time_alone(store: RunStore) -> None:
    names = ["network.safetensors", "checkpoint.safetensors", "checkpoints/1.safetensors", "checkpoints/2.safetensors"]
    ended, active, reopened = (store.create_run(SETTINGS, 9) for _ in range(3))
    for run in (ended, active, reopened):
        store.append(run.id, [_COST])
        for name in names:
            store.files_of(run).write(name, b"content")
    for run in (ended, reopened):
        store.end(run.id, "stopped")
    reopened = store.reopen(reopened.id)
    removed = ["checkpoints/", "checkpoint.safetensors"]

    store.remove_files(removed, "2000-01-01")
    assert len(store.files_of(ended).names("checkpoints")) == 2
    for _ in range(2):
        store.remove_files(removed, "9999-01-01")

    for run in (active, reopened):
        assert [store.files_of(run).read(name) for name in names] == [b"content"] * 4
    files = store.files_of(ended)
    assert files.names("checkpoints") == []
    with pytest.raises(FileNotFoundError):
        files.read("checkpoint.safetensors")
    assert files.read("network.safetensors") == b"content"
    assert [event.name for event in store.events(ended.id)] == ["cost", "end"]


def test_a_text_with_a_nul_character_is_kept_with_or_without_it(store: RunStore) -> None:
    run_id = store.create_run({**SETTINGS, "note": "a\0b"}, 9).id

    assert store.label(run_id, "a\0b", None).name in ("a\0b", "a\ufffdb")
    store.append(run_id, [("note", {"text": "a\0b"})])
    assert store.end(run_id, "failed", "a\0b")
    assert store.publication_history("a\0b") == []

    run = store.run(run_id)
    assert run is not None
    assert run.settings["note"] == store.events(run_id)[0].data["text"] == "a\0b"
