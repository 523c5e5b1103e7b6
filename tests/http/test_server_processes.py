"""Two server processes, one state folder: the same runs, the same events, the same published network."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

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
