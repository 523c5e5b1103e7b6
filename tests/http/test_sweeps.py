"""Sweeps as a server drives them, with real processes that are really killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api import FEW, assert_problem, events, run
from tests.support.local_server import local_server
from tests.support.server import Server, is_alive, running_server, wait_until

BOTH = min(2, os.cpu_count() or 1)
# One step is enough to have started, learned and ended.
TINY = {**FEW, "last_step": 1}
# Slow enough to be met while it runs, and short all the same.
SLOW = {**FEW, "epochs": 2, "pace": 0.7}
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


def workers(server: Server) -> dict[int, int]:
    """The processes that train, below the server or below one of its processes: the run's id, and theirs."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], stdout=subprocess.PIPE, text=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    parents = {int(pid): int(parent) for pid, parent, *_ in rows}

    def is_ours(pid: int) -> bool:
        return pid == server.pid or (pid in parents and is_ours(parents[pid]))

    return {int(row[-3]): int(row[0]) for row in rows if "app.runs.worker" in row and is_ours(int(row[0]))}


def at_first_step(client: httpx.Client, sweep_id: int) -> int:
    """The id of a run of the sweep, once it has taken a step."""

    def look() -> int:
        return next((run["id"] for run in sweep(client, sweep_id)["runs"] if run["step"] and not run["ended_at"]), 0)

    return wait_until(look, f"a step of sweep {sweep_id}")


@pytest.mark.slow
def test_a_sweep_outlives_a_run_that_is_killed_lets_nothing_else_start_and_can_try_that_run_again(
    own_server: Server, own_client: httpx.Client
) -> None:
    sweep_id = start_sweep(own_client, base=SLOW, parallel=BOTH, vary={"learning_rate": {"values": [0.002, 0.01, 1]}})
    for call, body in (("admin/runs", FEW), ("admin/sweeps", {"vary": SEEDS})):
        assert_problem(own_client.post(call, json=body), 409, "A sweep is under way", "stop it first")
    assert_problem(own_client.post(f"admin/sweeps/{sweep_id}/resume"), 409, "A sweep is under way")

    killed = at_first_step(own_client, sweep_id)
    assert len(workers(own_server)) == BOTH
    os.kill(workers(own_server)[killed], signal.SIGKILL)

    ended = at_rest(own_client, sweep_id)
    assert ended["status"] == "finished"
    assert {each["id"]: each["status"] for each in ended["runs"]} == {
        each["id"]: "failed" if each["id"] == killed else "finished" for each in ended["runs"]
    }
    assert "SIGKILL" in run(own_client, killed)["reason"]
    assert ended["fields"] == ["learning_rate"]
    assert [each["settings"] for each in ended["runs"]] == [{"learning_rate": rate} for rate in (0.002, 0.01, 1)]
    best = max((each for each in ended["runs"] if each["accuracy"]), key=lambda each: float(each["accuracy"]))
    assert ended["best"] == best

    assert own_client.post(f"admin/sweeps/{sweep_id}/resume").json()["status"] == "running"
    again = at_rest(own_client, sweep_id)
    assert (again["status"], again["runs_by_status"]) == ("finished", {"finished": 3})
    assert_problem(own_client.post(f"admin/sweeps/{sweep_id}/resume"), 409, "Every run", "Plan another")
    assert [listed["best"]["id"] for listed in own_client.get("sweeps").json()] == [again["best"]["id"]]


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
    own_client: httpx.Client,
) -> None:
    sweep_id = start_sweep(own_client, base=SLOW, vary=SEEDS)
    first = at_first_step(own_client, sweep_id)

    assert own_client.post(f"admin/sweeps/{sweep_id}/stop").json()["status"] in ("stopping", "stopped")

    assert at_rest(own_client, sweep_id)["status"] == "stopped"
    assert statuses(own_client, sweep_id) == ["stopped", "queued", "queued"]
    learned = run(own_client, first)["step"]
    assert learned > 0
    own_client.delete(f"admin/runs/{first + 1}")

    own_client.post(f"admin/sweeps/{sweep_id}/resume")

    assert at_rest(own_client, sweep_id)["status"] == "finished"
    assert statuses(own_client, sweep_id) == ["finished", "finished"]
    seen = [event for event in events(own_client, first) if event["name"] in ("resume", "end")]
    assert [event["name"] for event in seen] == ["resume", "end"]
    assert seen[0]["data"]["step"] == learned


@pytest.mark.slow
@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_server_that_ends_in_the_middle_of_a_sweep_leaves_it_to_the_next(
    tmp_path: Path, few_digits: Path, how: str
) -> None:
    state, environment = tmp_path / "state", {"DESCENT_DATASETS_DIR": str(few_digits)}
    with contextlib.ExitStack() as ending:
        if how == "killed":
            running = ending.enter_context(running_server(state, environment=environment))
            ending.callback(running.process.kill)
            server: Server = running
        else:
            server = ending.enter_context(local_server(state, datasets_dir=few_digits))
        client = ending.enter_context(server.client())
        sweep_id = start_sweep(client, base=SLOW, vary=SEEDS, parallel=BOTH)
        at_first_step(client, sweep_id)
        left = workers(server).values()
        # Ctrl+C at the server's terminal reaches its process group, and must not reach these.
        assert os.getpgid(server.pid) not in {os.getpgid(worker) for worker in left}
    wait_until(lambda: not any(map(is_alive, left)), "the end of its training processes")

    with local_server(state, datasets_dir=few_digits) as server, server.client() as client:
        assert at_rest(client, sweep_id)["status"] == "stopped"
        assert set(statuses(client, sweep_id)) <= {"stopped", "failed", "queued", "finished"}
        assert statuses(client, sweep_id)[-1] == "queued"
        client.post(f"admin/sweeps/{sweep_id}/resume")
        assert at_rest(client, sweep_id)["runs_by_status"] == {"finished": 3}


@pytest.mark.slow
def test_of_two_server_processes_one_drives_the_sweep_and_either_stops_it(tmp_path: Path, few_digits: Path) -> None:
    environment = {"DESCENT_DATASETS_DIR": str(few_digits)}
    with running_server(tmp_path / "state", "--workers", "2", environment=environment) as server:
        with server.client() as client:
            sweep_id = start_sweep(client, base=TINY, vary={"seed": {"values": [1, 2, 3, 4]}})
            at_once = []

            def has_ended() -> bool:
                at_once.append(len(workers(server)))
                return bool(sweep(client, sweep_id)["status"] != "running")

            wait_until(has_ended, "the end of the sweep")
            assert (max(at_once), sweep(client, sweep_id)["runs_by_status"]) == (1, {"finished": 4})
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
def test_a_sweep_that_is_stopped_between_its_runs_starts_no_other(own_server: Server, own_client: httpx.Client) -> None:
    seeds = {"seed": {"values": list(range(60))}}
    sweep_id = start_sweep(own_client, base=TINY, vary=seeds, parallel=BOTH)
    moments = random.Random(5)
    for _ in range(4):
        time.sleep(moments.uniform(0, 1))  # any moment of a run's short life
        own_client.post(f"admin/sweeps/{sweep_id}/stop")
        resting = at_rest(own_client, sweep_id)
        assert resting["status"] == "stopped"
        assert set(resting["runs_by_status"]) <= {"finished", "stopped", "queued"}
        assert wait_until(lambda: not workers(own_server), "the end of the processes", 5)
        own_client.post(f"admin/sweeps/{sweep_id}/resume")
    own_client.post(f"admin/sweeps/{sweep_id}/stop")
