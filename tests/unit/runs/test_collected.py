from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.data.dataset import ErasedError
from app.data.datasets import Datasets
from app.data.mnist import DataError
from app.runs.collected import Collected
from app.store.collection_records import STATUSES, Store
from app.store.opening import open_store
from tests.conftest import MNIST
from tests.support.drawn_rooms import ROOM, add_drawing, add_pupil, add_room


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "store.sqlite3", None)
    add_room(store, pupils=3)
    yield store
    store.close()


@pytest.fixture
def datasets(store: Store) -> Datasets:
    return Datasets(MNIST, None, Collected(store))


def _counts(datasets: Datasets, name: str = ROOM, sha256: str | None = None) -> tuple[int, int]:
    found = datasets.get(name, sha256)
    return found.training, found.held_out


def test_a_room_is_a_data_set_that_grows(store: Store, datasets: Datasets) -> None:
    assert _counts(datasets) == (20, 10)

    add_drawing(store, ROOM, 1, 7)
    add_drawing(store, ROOM, add_pupil(store), 7)

    assert _counts(datasets) == (22, 10)


def test_only_labelled_drawings_that_are_neither_waiting_nor_removed_are_part_of_it(
    store: Store, datasets: Datasets
) -> None:
    for status in STATUSES:
        add_drawing(store, ROOM, 1, 7, status=status)
    add_drawing(store, ROOM, 1, None)
    assert _counts(datasets) == (23, 10)

    store.set_status(ROOM, "removed", drawing=1)

    assert _counts(datasets) == (22, 10)


def test_each_correction_is_held_out_by_itself(store: Store, datasets: Datasets) -> None:
    store.create_collection("corrections", {})
    for label in range(10):
        add_drawing(store, "corrections", None, label)

    assert datasets.get("corrections").read_held_out().labels.tolist() == [1, 6]


def test_what_was_kept_stays_as_it_was_until_the_room_is_erased(store: Store, datasets: Datasets) -> None:
    kept = datasets.keep(ROOM)
    assert datasets.keep(ROOM) == kept == datasets.get(ROOM).sha256()
    add_drawing(store, ROOM, 1, 7)

    assert _counts(datasets, sha256=kept) == (20, 10)
    assert datasets.get(ROOM, kept).sha256() == kept != datasets.keep(ROOM)

    store.delete_collection(ROOM)

    with pytest.raises(ErasedError, match="The images of this run were erased with the room"):
        datasets.get(ROOM, kept)
    for call in (datasets.get, datasets.keep):
        with pytest.raises(DataError, match=f"There is no data set '{ROOM}'"):
            call(ROOM)


def test_a_room_that_is_opened_again_under_the_same_name_has_nothing_of_the_one_before(
    store: Store, datasets: Datasets
) -> None:
    assert _counts(datasets) == (20, 10)
    store.delete_collection(ROOM)
    add_room(store, pupils=2)

    assert _counts(datasets) == (10, 10)


def test_collections_are_listed_apart_from_what_everybody_may_choose(store: Store, datasets: Datasets) -> None:
    store.create_collection("corrections", {})
    store.create_collection("elsewhere", {})

    found = datasets.collections()

    assert list(found) == [ROOM, "corrections"]
    assert "too few corrections" in str(found["corrections"])
    assert datasets.names() == ["mnist"]
    with pytest.raises(DataError, match="There are: mnist"):
        datasets.get("elsewhere")


def test_a_folder_can_not_have_the_name_of_a_room(store: Store, tmp_path: Path) -> None:
    (tmp_path / "sets" / "room-X").mkdir(parents=True)

    problems = Datasets(MNIST, tmp_path / "sets", Collected(store)).problems()

    assert list(problems.values()) == ["The folder room-X has the name of a room. Give it another name."]
