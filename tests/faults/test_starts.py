"""Many who start a run at the same moment, of one server process or of several: one is taken, the others get 409."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.torture import until
from tests.support.api import ENDLESS, ended
from tests.support.server import RunningServer, running_server

STARTS = 50
SHORT, MANY = 3, 200


async def _statuses(server: RunningServer) -> list[int]:
    """What each of those who start a run at once, each by a connection of its own, is answered."""
    limits = httpx.Limits(max_connections=STARTS, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=server.url, headers=server.admin, timeout=60, limits=limits) as client:
        answers = await asyncio.gather(*(client.post("admin/runs", json=ENDLESS) for _ in range(STARTS)))
    return [answer.status_code for answer in answers]


def _start_many_at_once(server: RunningServer, times: int, is_time: Callable[[], bool]) -> int:
    """How often one of them was taken and the others got 409: each time."""
    done = 0
    with server.client() as client:
        while done < times and is_time():
            assert Counter(asyncio.run(_statuses(server))) == {201: 1, 409: STARTS - 1}
            done += 1
            newest = client.get("runs").json()[0]
            assert newest["id"] == done
            client.post(f"admin/runs/{newest['id']}/stop")
            ended(client, newest["id"])
    return done


@pytest.fixture(params=["1", "2"])
def server(request: pytest.FixtureRequest, tmp_path: Path, few_digits: Path) -> Iterator[RunningServer]:
    """Of one process, and of two."""
    environment = {"DESCENT_DATASETS_DIR": str(few_digits)}
    with running_server(tmp_path / "state", "--workers", request.param, environment=environment) as running:
        yield running


@pytest.mark.slow
def test_of_fifty_starts_at_once_one_is_taken_each_time(server: RunningServer) -> None:
    assert _start_many_at_once(server, SHORT, lambda: True) == SHORT


@pytest.mark.torture
def test_of_fifty_starts_at_once_two_hundred_times_one_is_taken_each_time(server: RunningServer) -> None:
    times = _start_many_at_once(server, MANY, until())

    print(f"{times} times {STARTS} starts")  # noqa: T201 - asked for
    assert times > SHORT
