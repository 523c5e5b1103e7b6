"""Two server processes, one state folder: the same runs, the same events, the same published network."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.active_run import active_run
from tests.support.api import FEW, PNG, SEVEN, at_step, ended, events, start
from tests.support.server import RunningServer, running_server, wait_until

# The kernel deals connections out as it likes: with so many, both processes get some.
CONNECTIONS = 12


@pytest.fixture
def two_processes(tmp_path: Path, few_digits: Path) -> Iterator[RunningServer]:
    environment = {"DESCENT_DATASETS_DIR": str(few_digits)}
    with running_server(tmp_path / "state", "--workers", "2", environment=environment) as server:
        yield server


@pytest.mark.slow
def test_two_processes_stream_one_run_alike_and_publish_for_each_other(two_processes: RunningServer) -> None:
    with two_processes.client() as client:
        run_id = start(client, {**FEW, "epochs": 2, "pace": 1})

        def watch(step: int) -> list[dict[str, Any]]:
            with two_processes.client() as watcher:
                at_step(watcher, run_id, step)
                return list(events(watcher, run_id))

        with ThreadPoolExecutor(CONNECTIONS) as pool:
            streams = list(pool.map(watch, [0, 8, 20] * (CONNECTIONS // 3)))
        assert all(one == streams[0] for one in streams)
        assert [event["id"] for event in streams[0]] == list(range(1, len(streams[0]) + 1))
        assert streams[0][-1]["data"]["status"] == "finished"

        second = start(client, FEW)
        stopped_by_the_other = two_processes.client()
        stopped_by_the_other.post(f"admin/runs/{second}/stop")
        stopped_by_the_other.close()
        assert ended(client, second)["status"] in ("stopped", "finished")

        version = client.post(f"admin/runs/{run_id}/publish").json()["version"]

    def served(_: int) -> str:
        # A connection of its own, so that any process may answer.
        response = httpx.post(f"{two_processes.url}predict", content=SEVEN, headers=PNG, timeout=30)
        return str(response.json()["version"])

    wait_until(lambda: {served(n) for n in range(CONNECTIONS)} == {version}, "both processes to serve it", 10)


def _metric(server: RunningServer, name: str) -> float:
    # Any process may answer.
    text = httpx.get(f"{server.url}metrics", timeout=30).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.slow
def test_a_scrape_of_any_process_has_the_metrics_of_all(two_processes: RunningServer) -> None:
    requests = 'descent_requests_total{method="GET",route="/models",status="200"}'
    seconds = 'descent_request_seconds_count{route="/models"}'
    with active_run(two_processes.state_dir) as active, contextlib.ExitStack() as streams:
        for _ in range(CONNECTIONS):
            assert httpx.get(f"{two_processes.url}models").is_success
            url = f"{two_processes.url}runs/{active.id}/events"
            streams.enter_context(httpx.stream("GET", url, timeout=30))
        for _ in range(CONNECTIONS):
            assert _metric(two_processes, requests) == _metric(two_processes, seconds) == CONNECTIONS
            assert _metric(two_processes, "descent_watchers") == CONNECTIONS
            # The store is the same for all of them.
            assert _metric(two_processes, 'descent_run_state{status="running"}') == 1
            assert _metric(two_processes, "descent_store_up") == 1

        # Those who watched by way of a process that is lost are gone, and what it has counted is not.
        os.kill(_server_processes(two_processes)[0], signal.SIGKILL)
        wait_until(lambda: len(_server_processes(two_processes)) == 2, "another process in its place")
        wait_until(lambda: _metric(two_processes, "descent_watchers") < CONNECTIONS, "its watchers to be gone")
        assert _metric(two_processes, requests) == CONNECTIONS


def _server_processes(server: RunningServer) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(server.pid), "-f", "spawn_main"], stdout=subprocess.PIPE)
    return [int(line) for line in found.stdout.split()]


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_is_asked_whether_it_works_is_replaced_at_once(
    two_processes: RunningServer,
) -> None:
    first, second = sorted(_server_processes(two_processes))
    # The supervisor replaces the first, and then asks the second, which does not answer.
    os.kill(second, signal.SIGSTOP)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: set(_server_processes(two_processes)) - {first, second}, "another in the place of the first")
    os.kill(second, signal.SIGKILL)

    # Half of the time after which a process counts as hung.
    wait_until(lambda: len(set(_server_processes(two_processes)) - {first, second}) == 2, "two others", 30)


@pytest.mark.slow
def test_the_folder_of_the_metrics_is_removed_at_the_end(tmp_path: Path) -> None:
    environment = {"TMPDIR": str(tmp_path)}
    with running_server(tmp_path / "state", "--workers", "2", environment=environment):
        assert list(tmp_path.glob("descent-metrics-*/*.db"))
    assert not list(tmp_path.glob("descent-metrics-*"))
