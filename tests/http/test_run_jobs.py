"""Runs as a server starts, stops and recovers them, with real processes that are really killed."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.runs.trainer import REPORTS_PER_EPOCH
from tests.support.api import LONG, PNG, SEVEN, SHORT, assert_problem, at_step, ended, events, run, start
from tests.support.server import RunningServer, is_alive, running_server, wait_until


@pytest.mark.slow
def test_while_a_run_is_active_another_is_refused(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, LONG)

    assert_problem(fresh_client.post("admin/runs", json=SHORT), 409, "stop it first")

    fresh_client.post(f"admin/runs/{run_id}/stop")
    ended(fresh_client, run_id)
    assert fresh_client.post("admin/runs", json=SHORT).status_code == 201


def test_of_many_starts_at_once_one_is_taken(fresh_server: RunningServer) -> None:
    barrier = threading.Barrier(12)

    def start_with_the_others(_: int) -> int:
        with fresh_server.client() as client:
            barrier.wait(10)
            return client.post("admin/runs", json=LONG).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(pool.map(start_with_the_others, range(12)))

    assert statuses == [201] + [409] * 11


@pytest.mark.slow
def test_a_run_whose_process_is_killed_is_marked_failed_with_the_reason(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    run_id = start(fresh_client, LONG)
    at_step(fresh_client, run_id, 1)
    child = fresh_server.trainer()

    os.kill(child, signal.SIGKILL)

    failed = ended(fresh_client, run_id)
    assert failed["status"] == "failed"
    assert "SIGKILL" in failed["reason"]
    last = list(events(fresh_client, run_id))[-1]
    assert last["data"] == {"status": "failed", "reason": failed["reason"]}
    assert_problem(fresh_client.post(f"admin/runs/{run_id}/publish"), 409, "failed")
    assert start(fresh_client, SHORT) == run_id + 1


@pytest.mark.slow
def test_a_run_killed_and_resumed_tells_no_step_twice_and_ends_as_an_uninterrupted_one(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    settings = {"preset": "quick", "epochs": 2}
    killed = start(fresh_client, {**settings, "pace": 1.5})
    at_step(fresh_client, killed, 200)
    os.kill(fresh_server.trainer(), signal.SIGKILL)
    assert ended(fresh_client, killed)["status"] == "failed"
    fresh_client.post(f"admin/runs/{killed}/resume")
    assert ended(fresh_client, killed)["status"] == "finished"
    uninterrupted = start(fresh_client, settings)
    ended(fresh_client, uninterrupted)

    def told(run_id: int) -> list[tuple[int, float]]:
        costs = [event["data"] for event in events(fresh_client, run_id) if event["name"] == "cost"]
        return [(cost["step"], cost["cost"]) for cost in costs]

    steps = [step for step, _ in told(killed)]
    assert steps == sorted(set(steps))
    # A run that is paced, or on a slow machine, tells more on the way; what both tell is the same.
    both = dict(told(killed)).keys() & dict(told(uninterrupted)).keys()
    assert len(both) >= 2 * REPORTS_PER_EPOCH
    first, second = ([cost for cost in told(run_id) if cost[0] in both] for run_id in (killed, uninterrupted))
    assert first == second
    versions = {
        fresh_client.post(f"admin/runs/{run_id}/publish").json()["version"] for run_id in (killed, uninterrupted)
    }
    assert len(versions) == 1


def test_a_run_that_can_not_read_its_data_is_failed_with_what_to_do(tmp_path: Path) -> None:
    with (
        running_server(tmp_path / "state", environment={"DESCENT_MNIST_DIR": str(tmp_path)}) as server,
        server.client() as client,
    ):
        failed = ended(client, start(client, SHORT))

    assert failed["status"] == "failed"
    assert "train-images-idx3-ubyte.gz is missing" in failed["reason"]


@pytest.mark.slow
def test_a_run_that_leaves_the_finite_numbers_has_diverged_with_a_hint(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, {"hidden": [64] * 4, "learning_rate": 100, "optimizer": "momentum"})

    diverged = ended(fresh_client, run_id)

    assert diverged["status"] == "diverged"
    assert "smaller learning rate" in diverged["reason"]
    assert not [event for event in events(fresh_client, run_id) if event["name"] in ("cost", "epoch")]
    assert_problem(fresh_client.post(f"admin/runs/{run_id}/publish"), 409, "diverged")
    assert_problem(fresh_client.post(f"admin/runs/{run_id}/resume"), 409, "Start a new one")


@pytest.mark.slow
def test_a_server_restarted_in_the_middle_of_a_run_finds_it_again_and_can_go_on(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        finished_run = start(client, SHORT)
        ended(client, finished_run)
        interrupted = start(client, {"preset": "quick", "epochs": 3, "pace": 0.7})
        at_step(client, interrupted, 200)
        child = server.trainer()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(5)
    wait_until(lambda: not is_alive(child), "the trainer's end", 5)

    with running_server(state) as server, server.client() as client:
        assert run(client, finished_run)["status"] == "finished"
        stopped = run(client, interrupted)
        assert (stopped["status"], stopped["reason"]) == ("stopped", "The server stopped.")
        client.post(f"admin/runs/{interrupted}/resume")
        assert ended(client, interrupted)["status"] == "finished"
        ids = [event["id"] for event in events(client, interrupted)]
        assert ids == list(range(1, len(ids) + 1))


@pytest.mark.slow
def test_when_server_and_trainer_are_killed_the_next_server_marks_the_run_failed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        run_id = start(client, LONG)
        at_step(client, run_id, 1)
        child = server.trainer()
        server.process.kill()
        server.process.wait()
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: not is_alive(child), "the trainer's end")

    with running_server(state) as server, server.client() as client:
        assert run(client, run_id)["status"] == "failed"
        assert "server stopped" in run(client, run_id)["reason"]


@pytest.mark.slow
def test_a_trainer_whose_server_is_killed_at_once_ends_too(tmp_path: Path) -> None:
    with running_server(tmp_path / "state") as server, server.client() as client:
        start(client, LONG)
        child = server.trainer()
        server.process.kill()
        wait_until(lambda: not is_alive(child), "the trainer's end", 8)


@pytest.mark.slow
def test_a_run_asked_to_stop_as_soon_as_it_was_started_does(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, LONG)
    fresh_client.post(f"admin/runs/{run_id}/stop")

    assert ended(fresh_client, run_id)["status"] == "stopped"


@pytest.mark.slow
def test_a_trainer_whose_server_is_killed_ends_by_itself_and_keeps_what_it_learned(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        run_id = start(client, LONG)
        at_step(client, run_id, 1)
        child = server.trainer()
        server.process.kill()
        wait_until(lambda: not is_alive(child), "the trainer's end", 5)

    with running_server(state) as server, server.client() as client:
        assert run(client, run_id)["status"] == "stopped"
        assert "server" in run(client, run_id)["reason"]


@pytest.mark.slow
def test_the_server_stops_within_5_seconds_with_watchers_and_a_run(tmp_path: Path) -> None:
    with running_server(tmp_path / "state") as server, server.client() as client:
        run_id = start(client, LONG)
        at_step(client, run_id, 1)
        watching = threading.Barrier(21)

        def watch(_: int) -> None:
            with server.client() as watcher:
                stream = events(watcher, run_id)
                next(stream)
                watching.wait(20)
                list(stream)  # An unclean end of the stream would raise here.

        with ThreadPoolExecutor(20) as pool:
            watchers = pool.map(watch, range(20))
            watching.wait(20)
            server.process.terminate()
            server.process.wait(5)
            list(watchers)


@pytest.mark.slow
def test_predictions_go_on_while_a_run_trains(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, {"epochs": 1000})
    at_step(fresh_client, run_id, 1)

    for _ in range(20):
        assert fresh_client.post("predict", content=SEVEN, headers=PNG).json()["digit"] == 7
    assert run(fresh_client, run_id)["status"] == "running"
