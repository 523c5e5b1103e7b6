"""Runs as a server starts, stops and recovers them, with real processes that are really killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest

from app.store.sqlite import SqliteRunStore
from tests.support.api import ENDLESS, FEW, PNG, SEVEN, assert_problem, at_step, ended, events, run, start
from tests.support.local_server import local_server
from tests.support.server import Server


def test_while_a_run_is_active_another_is_refused_and_predictions_go_on(own_client: httpx.Client) -> None:
    run_id = start(own_client, {**ENDLESS, "pace": 0})

    assert_problem(own_client.post("admin/runs", json=FEW), 409, "stop it first")
    at_step(own_client, run_id, 1)
    assert own_client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
    assert run(own_client, run_id)["status"] == "running"

    own_client.post(f"admin/runs/{run_id}/stop")
    ended(own_client, run_id)
    assert own_client.post("admin/runs", json=FEW).status_code == 201


def test_a_run_whose_process_is_killed_is_failed_with_the_reason_and_can_be_resumed(
    own_client: httpx.Client, own_server: Server
) -> None:
    run_id = start(own_client, ENDLESS)
    at_step(own_client, run_id, 1)

    os.kill(own_server.trainer(), signal.SIGKILL)

    failed = ended(own_client, run_id)
    assert failed["status"] == "failed"
    assert "SIGKILL" in failed["reason"]
    last = list(events(own_client, run_id))[-1]
    assert last["data"] == {"status": "failed", "reason": failed["reason"]}
    assert_problem(own_client.post(f"admin/runs/{run_id}/publish"), 409, "failed")
    assert own_client.post(f"admin/runs/{run_id}/resume").is_success
    at_step(own_client, run_id, failed["step"] + 1)
    own_client.post(f"admin/runs/{run_id}/stop")
    assert ended(own_client, run_id)["status"] == "stopped"


def test_a_run_that_can_not_read_its_data_is_failed_with_what_to_do(tmp_path: Path) -> None:
    with local_server(tmp_path / "state", mnist_dir=tmp_path) as server, server.client() as client:
        started = client.post("admin/runs")  # it needs no settings at all
        failed = ended(client, started.json()["id"])

    assert started.status_code == 201
    assert started.json()["settings"]["hidden"] == [16, 16]
    assert failed["status"] == "failed"
    assert "train-images-idx3-ubyte.gz is missing" in failed["reason"]


def test_a_run_that_leaves_the_finite_numbers_has_diverged_with_a_hint(own_client: httpx.Client) -> None:
    settings = {"hidden": [64] * 4, "learning_rate": 100, "optimizer": "momentum", "dataset": "few", "batch_size": 10}
    run_id = start(own_client, settings)

    diverged = ended(own_client, run_id)

    assert diverged["status"] == "diverged"
    assert "smaller learning rate" in diverged["reason"]
    assert not [event for event in events(own_client, run_id) if event["name"] in ("cost", "epoch")]
    assert_problem(own_client.post(f"admin/runs/{run_id}/publish"), 409, "diverged")
    assert_problem(own_client.post(f"admin/runs/{run_id}/resume"), 409, "Start a new one")


@pytest.mark.slow
def test_a_server_that_is_restarted_finds_its_runs_and_can_resume_them(tmp_path: Path, few_digits: Path) -> None:
    state = tmp_path / "state"
    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        finished = start(client, FEW)
        ended(client, finished)
        interrupted = start(client, ENDLESS)
        at_step(client, interrupted, 1)

    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        assert run(client, finished)["status"] == "finished"
        stopped = run(client, interrupted)
        assert (stopped["status"], stopped["reason"]) == ("stopped", "The server stopped.")
        client.post(f"admin/runs/{interrupted}/resume")
        at_step(client, interrupted, stopped["step"] + 1)
        client.post(f"admin/runs/{interrupted}/stop")
        ended(client, interrupted)
        ids = [event["id"] for event in events(client, interrupted)]
        assert ids == list(range(1, len(ids) + 1))


@pytest.mark.slow
def test_a_run_without_its_checkpoints_is_resumed_from_its_first_step_and_ends_as_an_undisturbed_one(
    own_client: httpx.Client, own_server: Server
) -> None:
    settings = {"preset": "quick", "epochs": 6, "dataset": "few"}
    undisturbed = start(own_client, settings)
    ended(own_client, undisturbed)
    run_id = start(own_client, {**settings, "pace": 0.5})
    at_step(own_client, run_id, 1)
    own_client.post(f"admin/runs/{run_id}/stop")
    assert ended(own_client, run_id)["status"] == "stopped"
    store = SqliteRunStore(own_server.state_dir / "descent.sqlite3")
    store.remove_files(["checkpoints/", "checkpoint.safetensors"], "9999-01-01")
    store.close()
    assert own_client.get(f"runs/{run_id}/checkpoints").json()["steps"] == []

    assert own_client.post(f"admin/runs/{run_id}/resume").is_success

    assert ended(own_client, run_id)["status"] == "finished"
    networks = [own_client.get(f"runs/{number}/checkpoints/now/parameters").content for number in (undisturbed, run_id)]
    assert networks[0] == networks[1]
    costs = [
        [event["data"] for event in events(own_client, number) if event["name"] == "cost"]
        for number in (undisturbed, run_id)
    ]
    assert costs[0] == costs[1]


def test_a_run_that_lost_its_server_and_its_process_is_failed_by_the_next_server(tmp_path: Path) -> None:
    state = tmp_path / "state"
    store = SqliteRunStore(state / "descent.sqlite3")
    run_id = store.create_run(ENDLESS, 1).id
    store.begin(run_id)
    store.close()

    with local_server(state) as server, server.client() as client:
        assert run(client, run_id)["status"] == "failed"
        assert "server stopped" in run(client, run_id)["reason"]


def test_a_run_asked_to_stop_as_soon_as_it_was_started_does(own_client: httpx.Client) -> None:
    run_id = start(own_client, ENDLESS)
    own_client.post(f"admin/runs/{run_id}/stop")

    assert ended(own_client, run_id)["status"] == "stopped"
