"""Runs that wait for the active one to end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import LONG, SHORT, assert_problem, ended, run, start
from tests.support.server import running_server


def _queue(client: httpx.Client, settings: dict[str, Any]) -> httpx.Response:
    return client.post("admin/runs", params={"queue": True}, json=settings)


def test_a_queued_run_starts_at_once_when_no_run_is_active(fresh_client: httpx.Client) -> None:
    response = _queue(fresh_client, LONG)

    assert response.status_code == 201
    assert response.json()["place"] is None
    assert response.headers["Location"] == f"/runs/{response.json()['id']}"


def test_queued_runs_have_places_can_be_cancelled_and_start_in_their_order(fresh_client: httpx.Client) -> None:
    active = start(fresh_client, LONG)

    answers = [_queue(fresh_client, SHORT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert [answer.json()["place"] for answer in answers] == [1, 2, 3]
    first, second, third = (answer.json()["id"] for answer in answers)
    assert_problem(fresh_client.post("admin/runs", json=SHORT), 409, "stop it first")
    cancelled = fresh_client.post(f"admin/runs/{first}/stop").json()
    assert (cancelled["status"], cancelled["place"]) == ("stopped", None)
    places = {found["id"]: found["place"] for found in fresh_client.get("runs").json()}
    assert places == {active: None, first: None, second: 1, third: 2}

    fresh_client.post(f"admin/runs/{active}/stop")
    ended_at = [ended(fresh_client, run_id)["ended_at"] for run_id in (active, second, third)]
    assert ended_at == sorted(ended_at)
    assert [run(fresh_client, run_id)["status"] for run_id in (second, third)] == ["finished"] * 2


def test_settings_that_no_run_could_use_are_refused_before_they_are_queued(fresh_client: httpx.Client) -> None:
    assert_problem(_queue(fresh_client, {"dataset": "missing"}), 422, "dataset")
    assert fresh_client.get("runs").json() == []


@pytest.mark.slow
def test_the_queue_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        start(client, LONG)
        waiting = _queue(client, SHORT).json()["id"]

    with running_server(state) as server, server.client() as client:
        assert ended(client, waiting)["status"] == "finished"
