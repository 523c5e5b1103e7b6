"""Servers that share a database without a cluster: each can train on its own machine, one run at a time in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.api import ENDLESS, FEW, assert_problem, at_step, ended, events, run, start
from tests.support.server import RunningServer, running_server, wait_until

pytestmark = pytest.mark.slow

StartServer = Callable[[], RunningServer]


@pytest.fixture
def start_server(database_url: str, few_digits: Path, tmp_path: Path) -> Iterator[StartServer]:
    environment = {"DESCENT_DATABASE": database_url, "DESCENT_DATASETS_DIR": str(few_digits)}
    with ExitStack() as stack:
        yield lambda: stack.enter_context(running_server(tmp_path, environment=environment))


def _assert_is_resumed_once(client: httpx.Client, run_id: int) -> None:
    client.post(f"admin/runs/{run_id}/stop")
    assert ended(client, run_id)["status"] == "stopped"
    seen = list(events(client, run_id))
    assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
    assert [event["name"] for event in seen if event["name"] in ("resume", "end")] == ["resume", "end"]


def test_a_server_that_stops_leaves_its_run_to_another(start_server: StartServer) -> None:
    first, other = start_server(), start_server()
    with first.client() as client:
        run_id = start(client, ENDLESS)
        at_step(client, run_id, 1)

    with other.client() as client:
        assert client.get("runs/capacity").json() == {"at_once": 1, "active": 1, "queued": 0}
        assert_problem(client.post("admin/runs", json=FEW), 409, "A run is being trained")

        first.process.terminate()

        wait_until(other.trainers, "the other server to train")
        at_step(client, run_id, run(client, run_id)["step"] + 1)
        _assert_is_resumed_once(client, run_id)


def test_a_server_that_is_restarted_goes_on_with_its_run(start_server: StartServer) -> None:
    first = start_server()
    with first.client() as client:
        run_id = start(client, ENDLESS)
        at_step(client, run_id, 1)
    first.process.terminate()
    first.process.wait()

    with start_server().client() as client:
        at_step(client, run_id, run(client, run_id)["step"] + 1)
        _assert_is_resumed_once(client, run_id)
