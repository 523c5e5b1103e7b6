"""Runs that wait for the active one to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import ENDLESS, FEW, assert_problem, ended, run, start
from tests.support.local_server import local_server


def _queue(client: httpx.Client, settings: dict[str, Any]) -> httpx.Response:
    return client.post("admin/runs", params={"queue": True}, json=settings)


def test_a_queued_run_starts_at_once_when_no_run_is_active(own_client: httpx.Client) -> None:
    response = _queue(own_client, ENDLESS)

    assert response.status_code == 201
    assert response.json()["place"] is None
    assert response.headers["Location"] == f"/runs/{response.json()['id']}"


def test_queued_runs_have_places_can_be_cancelled_and_start_in_their_order(own_client: httpx.Client) -> None:
    active = start(own_client, ENDLESS)

    answers = [_queue(own_client, FEW) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert [answer.json()["place"] for answer in answers] == [1, 2, 3]
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
def test_the_queue_survives_a_restart(tmp_path: Path, few_digits: Path) -> None:
    state = tmp_path / "state"
    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        start(client, ENDLESS)
        waiting = _queue(client, FEW).json()["id"]

    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        assert ended(client, waiting)["status"] == "finished"
