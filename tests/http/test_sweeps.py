"""Sweeps as a server drives them, with real processes that are really killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import SHORT, assert_problem, events, run
from tests.support.server import RunningServer, is_alive, running_server, wait_until

BOTH = min(2, os.cpu_count() or 1)
# One step is enough to have started, learned and ended.
TINY = {"preset": "quick", "last_step": 1}
# Slow enough to be met while it runs, and short all the same.
SLOW = {"preset": "quick", "epochs": 2, "pace": 1}
SEEDS = {"seed": {"values": [1, 2, 3]}}


def start_sweep(client: httpx.Client, **plan: Any) -> int:
    response = client.post("admin/sweeps", json=plan)
    assert response.status_code == 201, response.text
    assert response.headers["location"].endswith(f"/sweeps/{response.json()['id']}")
    return int(response.json()["id"])


def sweep(client: httpx.Client, sweep_id: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"sweeps/{sweep_id}").json()
    return found


def statuses(client: httpx.Client, sweep_id: int) -> list[str]:
    return [run["status"] for run in sweep(client, sweep_id)["runs"]]


def at_rest(client: httpx.Client, sweep_id: int) -> dict[str, Any]:
    """The sweep, once nobody drives it."""

    def look() -> dict[str, Any] | None:
        found = sweep(client, sweep_id)
        return found if found["status"] in ("stopped", "finished") else None

    return wait_until(look, f"the end of sweep {sweep_id}", 90) or {}


def workers(server: RunningServer) -> dict[int, int]:
    """The processes that train, below the server or below one of its processes: the run's id, and theirs."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, *_ in rows}

    def is_ours(pid: int) -> bool:
        return pid == server.process.pid or (pid in parents and is_ours(parents[pid]))

    return {int(row[-2]): int(row[0]) for row in rows if "app.runs.worker" in row and is_ours(int(row[0]))}


def at_first_step(client: httpx.Client, sweep_id: int) -> int:
    """The id of a run of the sweep, once it has taken a step."""

    def look() -> int:
        return next((run["id"] for run in sweep(client, sweep_id)["runs"] if run["step"] and not run["ended_at"]), 0)

    return wait_until(look, f"a step of sweep {sweep_id}")


@pytest.mark.slow
def test_a_sweep_outlives_a_run_that_is_killed_lets_nothing_else_start_and_can_try_that_run_again(
    fresh_server: RunningServer, fresh_client: httpx.Client
) -> None:
    base = {**SHORT, "pace": 1}
    sweep_id = start_sweep(fresh_client, base=base, parallel=BOTH, vary={"learning_rate": {"values": [0.002, 0.01, 1]}})
    for call, body in (("admin/runs", SHORT), ("admin/sweeps", {"vary": SEEDS})):
        assert_problem(fresh_client.post(call, json=body), 409, "A sweep is under way", "stop it first")
    assert_problem(fresh_client.post(f"admin/sweeps/{sweep_id}/resume"), 409, "A sweep is under way")

    killed = at_first_step(fresh_client, sweep_id)
    assert len(workers(fresh_server)) == BOTH
    os.kill(workers(fresh_server)[killed], signal.SIGKILL)

    ended = at_rest(fresh_client, sweep_id)
    assert ended["status"] == "finished"
    assert {each["id"]: each["status"] for each in ended["runs"]} == {
        each["id"]: "failed" if each["id"] == killed else "finished" for each in ended["runs"]
    }
    assert "SIGKILL" in run(fresh_client, killed)["reason"]
    assert ended["fields"] == ["learning_rate"]
    assert [each["settings"] for each in ended["runs"]] == [{"learning_rate": rate} for rate in (0.002, 0.01, 1)]
    best = max((each for each in ended["runs"] if each["accuracy"]), key=lambda each: float(each["accuracy"]))
    assert ended["best"] == best

    assert fresh_client.post(f"admin/sweeps/{sweep_id}/resume").json()["status"] == "running"
    again = at_rest(fresh_client, sweep_id)
    assert (again["status"], again["runs_by_status"]) == ("finished", {"finished": 3})
    assert_problem(fresh_client.post(f"admin/sweeps/{sweep_id}/resume"), 409, "Every run", "Plan another")
    assert [listed["best"]["id"] for listed in fresh_client.get("sweeps").json()] == [again["best"]["id"]]


def test_what_is_no_plan_and_what_is_no_sweep_is_said(client: httpx.Client) -> None:
    refused = client.post("admin/sweeps", json={"vary": {"learning_rate": {"values": [0.1, -1]}}})
    assert_problem(refused, 422, "vary: learning_rate: -1 is not possible")
    few = {"method": "random", "runs": 5, "vary": {"decay": {"values": [True, False]}}}
    assert_problem(client.post("admin/sweeps", json=few), 422, "only 2 different settings")
    missing = {"base": {"dataset": "nowhere"}, "vary": SEEDS}
    assert_problem(client.post("admin/sweeps", json=missing), 422, "dataset: ")
    for answer in (client.get("sweeps/999"), client.post("admin/sweeps/999/stop"), client.get(f"sweeps/{2**70}")):
        assert_problem(answer, 404, "There is no sweep")


@pytest.mark.slow
def test_a_sweep_that_is_stopped_keeps_what_its_runs_learned_and_goes_on_from_there(
    fresh_client: httpx.Client,
) -> None:
    sweep_id = start_sweep(fresh_client, base=SLOW, vary=SEEDS)
    first = at_first_step(fresh_client, sweep_id)

    assert fresh_client.post(f"admin/sweeps/{sweep_id}/stop").json()["status"] in ("stopping", "stopped")

    assert at_rest(fresh_client, sweep_id)["status"] == "stopped"
    assert statuses(fresh_client, sweep_id) == ["stopped", "queued", "queued"]
    learned = run(fresh_client, first)["step"]
    assert learned > 0
    fresh_client.delete(f"admin/runs/{first + 1}")

    fresh_client.post(f"admin/sweeps/{sweep_id}/resume")

    assert at_rest(fresh_client, sweep_id)["status"] == "finished"
    assert statuses(fresh_client, sweep_id) == ["finished", "finished"]
    told = [event for event in events(fresh_client, first) if event["name"] in ("resume", "end")]
    assert [event["name"] for event in told] == ["resume", "end"]
    assert told[0]["data"]["step"] == learned


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_ends_in_the_middle_of_a_sweep_leaves_it_to_the_next(tmp_path: Path, how: signal.Signals) -> None:
    state = tmp_path / "state"
    with running_server(state) as server, server.client() as client:
        sweep_id = start_sweep(client, base=SLOW, vary=SEEDS, parallel=BOTH)
        at_first_step(client, sweep_id)
        # Ctrl+C at the server's terminal reaches its process group, and is not for these.
        assert {os.getpgid(worker) for worker in workers(server).values()} & {os.getpgid(server.process.pid)} == set()
        left = workers(server).values()
        server.process.send_signal(how)
        server.process.wait(6)
    wait_until(lambda: not any(map(is_alive, left)), "the end of its training processes")

    with running_server(state) as server, server.client() as client:
        assert at_rest(client, sweep_id)["status"] == "stopped"
        assert set(statuses(client, sweep_id)) <= {"stopped", "failed", "queued", "finished"}
        assert statuses(client, sweep_id)[-1] == "queued"
        client.post(f"admin/sweeps/{sweep_id}/resume")
        assert at_rest(client, sweep_id)["runs_by_status"] == {"finished": 3}


@pytest.mark.slow
def test_of_two_server_processes_one_drives_the_sweep_and_either_stops_it(tmp_path: Path) -> None:
    with running_server(tmp_path / "state", "--workers", "2") as server:
        with server.client() as client:
            sweep_id = start_sweep(client, base=TINY, vary={"seed": {"values": [1, 2, 3, 4]}})
            most = 0
            while sweep(client, sweep_id)["status"] == "running":
                most = max(most, len(workers(server)))
            assert (most, sweep(client, sweep_id)["runs_by_status"]) == (1, {"finished": 4})
            for each in sweep(client, sweep_id)["runs"]:
                assert [event["name"] for event in events(client, each["id"])].count("end") == 1
        for _ in range(2):
            # Each connection may meet the other process.
            with server.client() as client:
                sweep_id = start_sweep(client, base=SLOW, vary=SEEDS)
                at_first_step(client, sweep_id)
            with server.client() as client:
                client.post(f"admin/sweeps/{sweep_id}/stop")
                assert statuses(client, at_rest(client, sweep_id)["id"]) == ["stopped", "queued", "queued"]


@pytest.mark.slow
def test_a_sweep_that_is_stopped_between_its_runs_starts_no_other(
    fresh_server: RunningServer, fresh_client: httpx.Client
) -> None:
    seeds = {"seed": {"values": list(range(60))}}
    sweep_id = start_sweep(fresh_client, base=TINY, vary=seeds, parallel=BOTH)
    moments = random.Random(5)
    for _ in range(4):
        time.sleep(moments.uniform(0, 2))  # any moment of a run's short life
        fresh_client.post(f"admin/sweeps/{sweep_id}/stop")
        resting = at_rest(fresh_client, sweep_id)
        assert resting["status"] == "stopped"
        assert set(resting["runs_by_status"]) <= {"finished", "stopped", "queued"}
        assert wait_until(lambda: not workers(fresh_server), "the end of the processes", 5)
        fresh_client.post(f"admin/sweeps/{sweep_id}/resume")
    fresh_client.post(f"admin/sweeps/{sweep_id}/stop")
