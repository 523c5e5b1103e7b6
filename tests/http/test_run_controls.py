"""What people ask of a run while it trains: to pause, to resume, to use another learning rate."""

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
from app.store.files import FolderFiles
from app.store.sqlite import SqliteRunStore
from tests.support.api import ENDLESS, FEW, JSON, assert_problem, at_step, ended, events, run, start
from tests.support.local_server import local_server
from tests.support.server import Server, wait_until
from tests.support.trained import add_run, served

PACED = {**FEW, "epochs": 3, "pace": 0.5}


def _named(client: httpx.Client, run_id: int, *names: str) -> list[dict[str, Any]]:
    """The events of those names so far; a run that has not ended is read from its recorded events."""
    lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
    return [event for event in map(json.loads, lines) if event["event"] in names]


def _parameters(server: Server, run_id: int) -> bytes:
    return read_snapshot(FolderFiles(server.state_dir / "runs" / str(run_id)), None).parameters.tobytes()


@pytest.mark.slow
def test_a_run_that_was_paused_and_got_another_rate_records_both_and_ends_as_its_recipe_says(
    own_client: httpx.Client, own_server: Server
) -> None:
    run_id = start(own_client, PACED)
    at_step(own_client, run_id, 5)
    assert own_client.post(f"admin/runs/{run_id}/pause").json()["status"] == "paused"
    paused = wait_until(lambda: _named(own_client, run_id, "pause"), "the pause")[0]["data"]["step"]
    assert run(own_client, run_id)["step"] == paused
    assert_problem(own_client.post("admin/runs", json=FEW), 409, "stop it first")

    changed = own_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 0.001})
    assert changed.json()["learning_rate"] == 0.001
    assert own_client.post(f"admin/runs/{run_id}/resume").json()["status"] == "running"
    assert ended(own_client, run_id)["status"] == "finished"

    seen = [event for event in events(own_client, run_id) if event["name"] in ("pause", "resume", "rate")]
    assert [event["name"] for event in seen] == ["pause", "rate", "resume"]
    assert seen[0]["data"] == seen[2]["data"] == {"step": paused}
    assert seen[1]["data"] == {"step": paused, "learning_rate": 0.001}

    again = start(own_client, {**PACED, "pace": 0, "rates": [[paused, 0.001]]})
    ended(own_client, again)
    unchanged = start(own_client, {**PACED, "pace": 0})
    ended(own_client, unchanged)
    assert _parameters(own_server, again) == _parameters(own_server, run_id) != _parameters(own_server, unchanged)


@pytest.mark.slow
def test_a_paused_run_can_be_stopped_and_its_checkpoints_answer(own_client: httpx.Client, own_server: Server) -> None:
    run_id = start(own_client, ENDLESS)
    at_step(own_client, run_id, 1)
    own_client.post(f"admin/runs/{run_id}/pause")
    wait_until(lambda: _named(own_client, run_id, "pause"), "the pause")
    own_client.post(f"admin/runs/{run_id}/stop")
    stopped = ended(own_client, run_id)
    assert stopped["status"] == "stopped"
    assert_problem(own_client.post(f"admin/runs/{run_id}/pause"), 409, "stopped", "running one")
    assert_problem(
        own_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 1}), 409, "stopped", "active run"
    )

    kept = own_client.get(f"runs/{run_id}/checkpoints").json()
    assert kept["steps"][0] == 0
    assert kept["steps"][-1] == stopped["step"]
    assert {event["data"]["step"] for event in _named(own_client, run_id, "checkpoint")} == set(kept["steps"])
    # Written out in full, as many as are answered at once.
    inputs = [[0.5] * 784, [0.1234567890123456] * 784] * 8
    answers = own_client.post(f"runs/{run_id}/checkpoints/0/answers", json={"inputs": inputs}).json()["answers"]
    recorded = read_snapshot(FolderFiles(own_server.state_dir / "runs" / str(run_id)), 0).parameters
    expected = Network((784, 16, 16, 10), "relu", "cross-entropy", recorded).probabilities(np.array(inputs, "f4"))
    for answer, probabilities in zip(answers, expected, strict=True):
        assert answer["probabilities"] == pytest.approx(probabilities.tolist(), abs=1e-6)
        assert answer["digit"] == probabilities.argmax()
    refused = own_client.get(f"runs/{run_id}/checkpoints/999999/parameters")
    assert_problem(refused, 404, "no checkpoint", "from step 0")


@pytest.mark.parametrize("rate", [0, "fast", float("nan")])
def test_a_rate_that_makes_no_sense_is_refused_by_name(client: httpx.Client, trained: int, rate: object) -> None:
    content = json.dumps({"learning_rate": rate})

    assert_problem(client.post(f"admin/runs/{trained}/rate", content=content, headers=JSON), 422, "learning_rate")


def test_a_run_deleted_long_ago_is_gone_from_the_disk_at_the_next_start(tmp_path: Path) -> None:
    run_id = add_run(tmp_path, served())
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    store.delete(run_id)
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "descent.sqlite3")) as connection, connection:
        connection.execute("UPDATE runs SET deleted_at = '2001-01-01T00:00:00.000+00:00'")
    folder = tmp_path / "runs" / str(run_id)
    assert folder.exists()

    with local_server(tmp_path) as server, server.client() as client:
        wait_until(lambda: not folder.exists(), "the run's folder to be gone")
        assert_problem(client.post(f"admin/runs/{run_id}/restore"), 404, "There is no run")


def test_the_checkpoints_of_a_run_that_ended_long_ago_are_gone_at_the_next_start_and_its_network_is_not(
    tmp_path: Path,
) -> None:
    run_id = add_run(tmp_path, served())
    checkpoint = tmp_path / "runs" / str(run_id) / "checkpoints" / "1.safetensors"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(b"")
    with contextlib.closing(sqlite3.connect(tmp_path / "descent.sqlite3")) as connection, connection:
        connection.execute("UPDATE runs SET ended_at = '2001-01-01T00:00:00.000+00:00'")

    with local_server(tmp_path, keep_days=1) as server, server.client() as client:
        wait_until(lambda: not checkpoint.exists(), "the checkpoint to be gone")
        assert client.get(f"runs/{run_id}/weights").is_success


@pytest.mark.slow
def test_a_run_that_diverges_keeps_its_last_good_weights(own_client: httpx.Client, own_server: Server) -> None:
    # Small batches make many steps between two reports: by the next report the numbers have left all bounds.
    settings = {**ENDLESS, "hidden": [64] * 4, "learning_rate": 0.001, "optimizer": "momentum", "batch_size": 2}
    run_id = start(own_client, settings)
    at_step(own_client, run_id, 10)

    own_client.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 100})

    diverged = ended(own_client, run_id)
    assert diverged["status"] == "diverged"
    assert "last good weights are kept" in diverged["reason"]
    kept = read_snapshot(FolderFiles(own_server.state_dir / "runs" / str(run_id)), None)
    assert np.isfinite(kept.parameters).all()
    assert kept.step == diverged["step"]
    published = own_client.post(f"admin/runs/{run_id}/publish", json={"name": "mine"})
    assert published.status_code == 200
    assert published.json()["accuracy"] == diverged["test_accuracy"]
