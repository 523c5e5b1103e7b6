"""What people ask of a run while it trains: to wait, to go on, to take other steps."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.network import Network
from app.runs.snapshots import read_snapshot
from tests.support.api import LONG, SHORT, assert_problem, at_step, ended, events, run, start
from tests.support.server import RunningServer, running_server, wait_until

PACED = {"preset": "quick", "epochs": 3, "pace": 1.5}


def _named(client: httpx.Client, run_id: int, *names: str) -> list[dict[str, Any]]:
    """The events of those names so far; a run that has not ended is read from its recorded events."""
    lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
    told = [json.loads(line) for line in lines]
    return [event for event in told if event["event"] in names]


@pytest.mark.slow
def test_a_run_that_is_paused_and_whose_rate_is_changed_tells_so_and_ends_as_its_recipe_says(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    run_id = start(fresh_client, PACED)
    at_step(fresh_client, run_id, 100)
    assert fresh_client.post(f"admin/runs/{run_id}/pause").json()["status"] == "paused"
    paused = wait_until(lambda: _named(fresh_client, run_id, "pause"), "the pause")[0]["data"]["step"]
    assert run(fresh_client, run_id)["step"] == paused
    assert_problem(fresh_client.post("admin/runs", json=SHORT), 409, "stop it first")

    changed = fresh_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 0.001})
    assert changed.json()["learning_rate"] == 0.001
    assert fresh_client.post(f"admin/runs/{run_id}/resume").json()["status"] == "running"
    assert ended(fresh_client, run_id)["status"] == "finished"

    told = [event for event in events(fresh_client, run_id) if event["name"] in ("pause", "resume", "rate")]
    assert [event["name"] for event in told] == ["pause", "resume", "rate"]
    assert told[0]["data"] == told[1]["data"] == {"step": paused}
    rate = told[2]["data"]
    assert rate == {"step": paused, "learning_rate": 0.001}

    recipe = {**PACED, "pace": 0, "rates": [[rate["step"], rate["learning_rate"]]]}
    again = start(fresh_client, recipe)
    ended(fresh_client, again)
    first, second = (
        read_snapshot(fresh_server.state_dir / "runs" / str(one), None).parameters for one in (run_id, again)
    )
    assert first.tobytes() == second.tobytes()
    other = start(fresh_client, {**PACED, "pace": 0})
    ended(fresh_client, other)
    unchanged = read_snapshot(fresh_server.state_dir / "runs" / str(other), None).parameters
    assert unchanged.tobytes() != first.tobytes()


@pytest.mark.slow
def test_a_paused_run_can_be_stopped_and_its_checkpoints_answer(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    run_id = start(fresh_client, LONG)
    at_step(fresh_client, run_id, 1)
    fresh_client.post(f"admin/runs/{run_id}/pause")
    wait_until(lambda: _named(fresh_client, run_id, "pause"), "the pause")
    fresh_client.post(f"admin/runs/{run_id}/stop")
    stopped = ended(fresh_client, run_id)
    assert stopped["status"] == "stopped"
    assert_problem(fresh_client.post(f"admin/runs/{run_id}/pause"), 409, "stopped", "running one")
    assert_problem(fresh_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 1}), 409, "has ended")

    kept = fresh_client.get(f"runs/{run_id}/checkpoints").json()
    assert kept["steps"][0] == 0
    assert kept["steps"][-1] == stopped["step"]
    assert {event["data"]["step"] for event in _named(fresh_client, run_id, "checkpoint")} == set(kept["steps"])
    # Written out in full, as many as are answered at once.
    inputs = [[0.5] * 784, [0.1234567890123456] * 784] * 8
    answers = fresh_client.post(f"runs/{run_id}/checkpoints/0/answers", json={"inputs": inputs}).json()["answers"]
    recorded = read_snapshot(fresh_server.state_dir / "runs" / str(run_id), 0).parameters
    network = Network((784, 16, 16, 10), "relu", "cross-entropy", recorded)
    expected = network.probabilities(np.array(inputs, "f4"))
    for answer, probabilities in zip(answers, expected, strict=True):
        assert answer["probabilities"] == pytest.approx(probabilities.tolist(), abs=1e-6)
        assert answer["digit"] == probabilities.argmax()
    assert_problem(
        fresh_client.get(f"runs/{run_id}/checkpoints/999999/parameters"), 404, "no checkpoint", "from step 0"
    )


@pytest.mark.parametrize("rate", [0, -1, 101, "fast", None, float("nan")])
def test_a_rate_that_makes_no_sense_is_refused_by_name(client: httpx.Client, rate: object) -> None:
    content = json.dumps({"learning_rate": rate})
    run_id = client.get("runs").json()[0]["id"] if client.get("runs").json() else start(client, SHORT)

    response = client.post(f"admin/runs/{run_id}/rate", content=content, headers={"Content-Type": "application/json"})

    assert_problem(response, 422, "learning_rate")


@pytest.mark.slow
def test_a_run_deleted_long_ago_is_gone_from_the_disk_at_the_next_start(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        run_id = start(client, LONG)
        at_step(client, run_id, 1)
        client.post(f"admin/runs/{run_id}/stop")
        ended(client, run_id)
        assert client.delete(f"admin/runs/{run_id}").status_code == 204
        assert_problem(client.get(f"runs/{run_id}"), 404, "deleted", "undo")
        assert (state / "runs" / str(run_id)).exists()
    with contextlib.closing(sqlite3.connect(state / "descent.sqlite3")) as connection, connection:
        connection.execute("UPDATE runs SET deleted_at = '2001-01-01T00:00:00.000+00:00'")

    with running_server(state) as server, server.client() as client:
        wait_until(lambda: not (state / "runs" / str(run_id)).exists(), "the run's folder to be gone")
        assert_problem(client.post(f"admin/runs/{run_id}/restore"), 404, "There is no run")


@pytest.mark.slow
def test_a_run_that_diverges_on_the_way_keeps_its_last_good_weights(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    settings = {"hidden": [64] * 4, "learning_rate": 0.02, "optimizer": "momentum", "epochs": 50, "pace": 2}
    run_id = start(fresh_client, settings)
    wait_until(lambda: run(fresh_client, run_id)["epoch"] >= 2, "the second epoch")

    fresh_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 100})

    diverged = ended(fresh_client, run_id)
    assert diverged["status"] == "diverged"
    assert "last good weights are kept" in diverged["reason"]
    kept = read_snapshot(fresh_server.state_dir / "runs" / str(run_id), None)
    assert np.isfinite(kept.parameters).all()
    assert kept.step == diverged["step"]
    published = fresh_client.post(f"admin/runs/{run_id}/publish", json={"name": "mine"})
    assert published.status_code == 200
    assert published.json()["accuracy"] == diverged["test_accuracy"]
