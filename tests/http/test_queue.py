"""Runs that wait for the active one to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import ENDLESS, FEW, LONG, assert_problem, at_step, ended, run, start
from tests.support.idx_files import write_set
from tests.support.local_server import local_server


def _queue(client: httpx.Client, settings: dict[str, Any]) -> httpx.Response:
    return client.post("admin/runs", params={"queue": True}, json=settings)


def test_a_queued_run_starts_at_once_when_no_run_is_active(own_client: httpx.Client) -> None:
    response = _queue(own_client, ENDLESS)

    assert response.status_code == 201
    assert response.json()["place"] is None
    assert response.headers["Location"] == f"/runs/{response.json()['id']}"


@pytest.mark.slow
def test_queued_runs_have_places_can_be_cancelled_and_start_in_their_order(own_client: httpx.Client) -> None:
    active = start(own_client, ENDLESS)

    answers = [_queue(own_client, FEW) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert [answer.json()["place"] for answer in answers] == [1, 2, 3]
    assert own_client.get("runs/capacity").json() == {"at_once": 1, "active": 1, "queued": 3}
    first, second, third = (answer.json()["id"] for answer in answers)
    assert_problem(own_client.post("admin/runs", json=FEW), 409, "stop it first")
    cancelled = own_client.post(f"admin/runs/{first}/stop").json()
    assert (cancelled["status"], cancelled["place"]) == ("stopped", None)
    places = {found["id"]: found["place"] for found in own_client.get("runs").json()}
    assert places == {active: None, first: None, second: 1, third: 2}

    own_client.post(f"admin/runs/{active}/stop")
    ended_at = [ended(own_client, run_id)["ended_at"] for run_id in (active, second, third)]
    assert ended_at == sorted(ended_at)
    assert [run(own_client, run_id)["status"] for run_id in (second, third)] == ["finished"] * 2


def test_settings_that_no_run_could_use_are_refused_before_they_are_queued(own_client: httpx.Client) -> None:
    assert_problem(_queue(own_client, {"dataset": "missing"}), 422, "dataset")
    assert own_client.get("runs").json() == []


@pytest.mark.slow
def test_a_run_ends_failed_if_the_images_are_no_longer_those_of_its_recipe_when_it_starts(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "sets" / "small")
    with local_server(tmp_path / "state", datasets_dir=folder.parent) as server, server.client() as client:
        digest = client.get("datasets/small").json()["sha256"]
        recipe = {**LONG, "dataset": "small", "data_sha256": digest}
        stopped = start(client, recipe)
        at_step(client, stopped, 1)
        client.post(f"admin/runs/{stopped}/stop")
        ended(client, stopped)
        active = start(client, recipe)
        at_step(client, active, 1)
        queued = _queue(client, recipe).json()["id"]

        write_set(folder, training=30)

        client.post(f"admin/runs/{active}/stop")
        assert ended(client, active)["status"] == "stopped"
        failed = [ended(client, queued)]
        assert client.post(f"admin/runs/{stopped}/resume").is_success
        failed.append(ended(client, stopped))

    for one in failed:
        assert one["status"] == "failed"
        assert one["reason"].startswith("data_sha256: the images of 'small' here are not those of this recipe.")


@pytest.mark.slow
def test_the_queue_survives_a_restart(tmp_path: Path, few_digits: Path) -> None:
    state = tmp_path / "state"
    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        start(client, ENDLESS)
        waiting = _queue(client, FEW).json()["id"]

    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        assert ended(client, waiting)["status"] == "finished"
