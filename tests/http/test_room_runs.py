"""Runs on the drawings of a room and on corrections, and who may see these."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.runs.recipe import RunSettings
from app.store.collection_records import Store
from app.store.opening import open_store
from tests.support.api import assert_problem, ended, events, start
from tests.support.drawn_rooms import ROOM, add_drawing, add_pupil, add_room
from tests.support.local_server import local_server
from tests.support.server import Server
from tests.support.trained import add_run, blind_to, served

LEARNING = {"preset": "quick", "epochs": 3, "batch_size": 4}


@pytest.fixture
def store(own_server: Server) -> Iterator[Store]:
    """That of the test's own server, with a room of five pupils."""
    store = open_store(own_server.state_dir / "descent.sqlite3", None)
    add_room(store)
    yield store
    store.close()


def _epochs(client: httpx.Client, run_id: int) -> list[dict[str, Any]]:
    return [event["data"] for event in events(client, run_id) if event["name"] == "epoch"]


def _trained(client: httpx.Client, **settings: Any) -> dict[str, Any]:
    found = ended(client, start(client, {**LEARNING, **settings}))
    assert (found["status"], found["reason"]) == ("finished", None)
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("store")
def test_three_runs_are_measured_on_the_same_pupils(own_client: httpx.Client) -> None:
    alone, both, without = (
        _trained(own_client, **settings, measured_on=ROOM)
        for settings in ({"dataset": ROOM}, {"dataset": "few", "also": ROOM}, {"dataset": "few"})
    )

    # Four of the five pupils drew ten digits each, which are a tenth beside 1,000 images when they are repeated thrice.
    steps = [run["steps"] for run in (alone, both, without)]
    assert steps == [3 * 40 // 4, 3 * (1000 + 3 * 40) // 4, 3 * 1000 // 4]
    assert [run["step"] for run in (alone, both, without)] == steps
    assert len({run["settings"]["collection_sha256"] for run in (alone, both, without)}) == 1
    for run in (alone, both, without):
        for epoch in _epochs(own_client, run["id"]):
            # Of ten drawings.
            assert epoch["measured_accuracy"] * 10 == pytest.approx(round(epoch["measured_accuracy"] * 10))
    assert [epoch["measured_accuracy"] for epoch in _epochs(own_client, alone["id"])] == [
        epoch["accuracy"] for epoch in _epochs(own_client, alone["id"])
    ]
    results = own_client.get(f"runs/{both['id']}/results").json()
    assert (results["dataset"], results["images"]) == ("few", 300)


@pytest.mark.slow
def test_runs_use_the_same_images_until_somebody_draws_and_a_recipe_uses_its_own_again(
    own_client: httpx.Client, store: Store
) -> None:
    first, second = (_trained(own_client, dataset=ROOM) for _ in range(2))
    add_drawing(store, ROOM, 1, 7)
    third = _trained(own_client, dataset=ROOM)
    recipe = own_client.get(f"runs/{first['id']}/recipe").json()["settings"]
    repeated = ended(own_client, start(own_client, recipe))

    kept = [run["settings"]["collection_sha256"] for run in (first, second, third, repeated)]
    assert kept[0] == kept[1] == kept[3] != kept[2]
    assert recipe["data_sha256"] is None
    assert (repeated["steps"], third["steps"]) == (first["steps"], 3 * 11)
    assert _costs(own_client, repeated["id"]) == _costs(own_client, first["id"])


def _costs(client: httpx.Client, run_id: int) -> list[float]:
    return [epoch["cost"] for epoch in _epochs(client, run_id)]


@pytest.mark.slow
def test_the_runs_of_a_sweep_use_the_same_images_kept_once(own_client: httpx.Client, store: Store) -> None:
    plan = {"base": {**LEARNING, "dataset": ROOM, "epochs": 1}, "vary": {"seed": {"values": [0, 1]}}}

    before = store.collection(ROOM)

    sweep = own_client.post("admin/sweeps", json=plan).raise_for_status().json()
    found = [ended(own_client, run["id"]) for run in sweep["runs"]]

    kept = own_client.get(f"datasets/{ROOM}").json()["sha256"]
    assert [(run["status"], run["settings"]["collection_sha256"]) for run in found] == [("finished", kept)] * 2
    after = store.collection(ROOM)
    assert before
    assert after
    # Those who watch the room are not told of it.
    assert after.revision == before.revision


@pytest.mark.slow
def test_what_a_run_learned_stays_when_its_room_is_erased_but_its_images_are_gone(
    own_client: httpx.Client, store: Store
) -> None:
    run_id = _trained(own_client, dataset=ROOM)["id"]
    assert own_client.get(f"runs/{run_id}/results").json()["images"] == 10
    slow = start(own_client, {**LEARNING, "dataset": ROOM, "pace": 20})
    own_client.post(f"admin/runs/{slow}/stop")
    assert ended(own_client, slow)["status"] == "stopped"

    store.delete_collection(ROOM)

    gone = "The images of this run were erased with the room."
    assert_problem(own_client.get(f"runs/{run_id}/results"), 409, gone)
    assert_problem(own_client.get(f"runs/{run_id}/results/images?label=1&answer=2"), 409, gone)
    assert_problem(own_client.post(f"admin/runs/{slow}/resume"), 409, gone)
    recipe = own_client.get(f"runs/{run_id}/recipe").json()["settings"]
    assert_problem(own_client.post("admin/runs", json=recipe), 409, gone)
    assert_problem(own_client.post("admin/runs", json={"dataset": ROOM}), 422, "There is no data set")
    assert own_client.get(f"runs/{run_id}/weights").status_code == 200
    assert len(_epochs(own_client, run_id)) == 3


def test_strangers_see_neither_the_names_of_collections_nor_their_images(
    own_client: httpx.Client, own_server: Server, store: Store
) -> None:
    store.create_collection("corrections", {})
    for _ in range(2):
        add_drawing(store, "corrections", None, 7)
    run_id = add_run(own_server.state_dir, served(), settings=RunSettings(dataset=ROOM))
    paths = [
        f"datasets/{name}{what}"
        for name in (ROOM, "corrections", "room-OTHER2")
        for what in ("", "/images/0.png", "/examples/7.png")
    ]
    paths += [f"runs/{run_id}/{what}" for what in ("results", "results/images?label=1&answer=2", "changes")]

    with httpx.Client(base_url=own_server.url) as stranger:
        assert [one["name"] for one in stranger.get("datasets").json()] == ["mnist", "few"]
        for path in paths:
            assert_problem(stranger.get(path), 401, "admin token")
            assert stranger.get(path, headers={"Accept": "text/html"}).status_code == 401

    assert [one["name"] for one in own_client.get("datasets").json()] == ["mnist", "few", ROOM, "corrections"]
    for path in paths:
        found = own_client.get(path)
        assert found.status_code == (404 if "OTHER2" in path else 200), path
        if path.endswith(".png") and found.status_code == 200:
            assert found.headers["cache-control"] == "no-store"
    about = own_client.get(f"datasets/{ROOM}").json()
    assert (about["training"], about["held_out"], about["test"]) == (40, 10, 10)


def test_strangers_see_no_code_of_a_room_in_what_runs_and_sweeps_tell(
    own_client: httpx.Client, own_server: Server, store: Store
) -> None:
    recipe = RunSettings(preset="quick", dataset="few", also=ROOM, measured_on=ROOM, collection_sha256="a" * 64)
    run_ids = [add_run(own_server.state_dir, served(), settings=recipe) for _ in range(2)]
    sweep_id = store.create_sweep({"base": recipe.model_dump(), "vary": {}, "parallel": 1}, []).id
    store.set_sweep(sweep_id, "finished", ["running"])
    paths = [
        "runs", "sweeps", f"sweeps/{sweep_id}", "runs/compare?runs=1,2",
        *(f"runs/{run_ids[0]}{what}" for what in ("", "/recipe", "/events.jsonl")),
    ]  # fmt: skip

    with httpx.Client(base_url=own_server.url) as stranger:
        for path in paths:
            for accept in ("application/json", "text/html"):
                found = stranger.get(path, headers={"Accept": accept}, follow_redirects=True)
                assert (found.status_code, "ABC234" in found.text) == (200, False), path
        settings = stranger.get(f"runs/{run_ids[0]}").json()["settings"]
        assert (settings["also"], settings["measured_on"]) == ("room", "room")

    assert all("ABC234" in own_client.get(path).text for path in paths[:-1])


def test_a_room_without_two_authors_is_refused_with_what_to_do(own_client: httpx.Client, store: Store) -> None:
    add_room(store, "room-ALONE2", pupils=1)
    add_room(store, "room-EMPTY2", pupils=0)

    for settings, words in (
        ({"dataset": "room-ALONE2"}, "dataset: Only one pupil has drawn"),
        ({"also": "room-ALONE2"}, "also: Only one pupil has drawn"),
        ({"dataset": "room-EMPTY2"}, "dataset: Nobody has drawn a digit for this room yet"),
        ({"measured_on": "room-OTHER2"}, "measured_on: There is no data set 'room-OTHER2'"),
        ({"dataset": ROOM, "also": "room-ALONE2"}, "A run can use one room"),
        ({"dataset": ROOM, "also": ROOM}, "also: the run learns from"),
    ):
        assert_problem(own_client.post("admin/runs", json=settings), 422, words)
        assert_problem(own_client.post("speed", json=settings), 422, words)
    assert "let another one draw too" in own_client.get("datasets/room-ALONE2").json()["problem"]


@pytest.mark.slow
def test_publishing_compares_on_the_corrections_that_are_held_out_for_the_admin(
    own_client: httpx.Client, own_server: Server, store: Store
) -> None:
    run_id = add_run(own_server.state_dir, blind_to(7))
    path = f"runs/{run_id}/changes"
    assert own_client.get(path).json()["corrections"] is None
    store.create_collection("corrections", {})
    for label in (1, 7, 3, 4, 5, 6, 7):
        add_drawing(store, "corrections", None, label)

    corrections = own_client.get(path).json()["corrections"]

    assert (corrections["images"], corrections["after"]["accuracy"], corrections["to_wrong"]) == (2, 0, 2)
    assert corrections["before"]["accuracy"] == 1
    assert httpx.get(f"{own_server.url}{path}", timeout=60).json()["corrections"] is None


def test_the_estimate_counts_the_added_images_as_often_as_they_are_used(own_client: httpx.Client, store: Store) -> None:
    def steps(**settings: Any) -> int:
        found: int = own_client.post("speed", json={"batch_size": 1, "epochs": 1, **settings}).json()["steps"]
        return found

    assert steps(dataset=ROOM) == 40
    assert steps(dataset="few", also=ROOM) == steps(dataset=ROOM, also="few") == 1000 + 3 * 40
    assert steps(dataset="few", measured_on=ROOM) == 1000
    assert steps(dataset="few", also=ROOM, styles=5) == 1000 + 3 * 40 + 5
    assert steps(dataset=ROOM, batch_size=1000) == 1
    assert store.snapshot(ROOM, own_client.get(f"datasets/{ROOM}").json()["sha256"]) is None


@pytest.mark.slow
def test_a_batch_may_be_larger_than_the_room_and_the_images_centred_and_distorted(
    own_client: httpx.Client, store: Store
) -> None:
    store.create_collection("room-TINY22", {})
    for _ in range(2):
        add_drawing(store, "room-TINY22", add_pupil(store, "room-TINY22"), 4)

    found = _trained(own_client, dataset="room-TINY22", batch_size=64, centred=True, augmentation="mixed", epochs=2)

    assert (found["steps"], found["step"]) == (2, 2)


@pytest.mark.slow
def test_machines_that_share_a_database_train_on_the_images_that_were_kept(
    database_url: str, few_digits: Path, tmp_path: Path
) -> None:
    shared: dict[str, Any] = {"database": SecretStr(database_url), "datasets_dir": few_digits}
    with local_server(tmp_path / "one", **shared) as one, local_server(tmp_path / "other", **shared) as other:
        store = open_store(tmp_path / "unused", database_url)
        add_room(store)
        with one.client() as client:
            first = start(client, {**LEARNING, "dataset": "few", "also": ROOM, "measured_on": ROOM})
        with other.client() as client:
            # It waits: one run is trained at a time.
            queued = client.post("admin/runs?queue=true", json={**LEARNING, "dataset": ROOM}).json()["id"]
            add_drawing(store, ROOM, 1, 7)

            found = [ended(client, run_id) for run_id in (first, queued)]

            assert [(run["status"], run["reason"]) for run in found] == [("finished", None)] * 2
            assert len({run["settings"]["collection_sha256"] for run in found}) == 1
            assert (found[1]["steps"], found[1]["settings"]["data_sha256"]) == (3 * 10, None)
            assert found[0]["settings"]["data_sha256"] is not None
            assert all("measured_accuracy" in epoch for epoch in _epochs(client, first))
            assert not any("measured_accuracy" in epoch for epoch in _epochs(client, queued))

            store.delete_collection(ROOM)

            assert_problem(client.get(f"runs/{queued}/results"), 409, "erased with the room")
        store.close()
