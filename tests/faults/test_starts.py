"""Many who start a run at the same moment, of one server process or of several: one is taken, the others are told."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.api import LONG, ended
from tests.faults.torture import until
from tests.server import RunningServer, running_server

STARTS = 50
SHORT, MANY = 3, 200


async def _statuses(server: RunningServer) -> list[int]:
    """What each of those who start a run at once, each by a connection of its own, is answered."""
    limits = httpx.Limits(max_connections=STARTS, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=server.url, headers=server.admin, timeout=60, limits=limits) as client:
        answers = await asyncio.gather(*(client.post("admin/runs", json=LONG) for _ in range(STARTS)))
    return [answer.status_code for answer in answers]


def _start_many_at_once(server: RunningServer, times: int, is_time: Callable[[], bool]) -> int:
    """How often one of them was taken, and the others were told that it was: each time."""
    done = 0
    with server.client() as client:
        while done < times and is_time():
            assert Counter(asyncio.run(_statuses(server))) == {201: 1, 409: STARTS - 1}
            done += 1
            newest, *before = client.get("runs").json()
            assert len(before) == done - 1
            client.post(f"admin/runs/{newest['id']}/stop")
            ended(client, newest["id"])
    return done


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_of_fifty_starts_at_once_one_is_taken_each_time(tmp_path: Path, workers: str) -> None:
    with running_server(tmp_path / "state", "--workers", workers) as server:
        assert _start_many_at_once(server, SHORT, lambda: True) == SHORT


@pytest.mark.torture
@pytest.mark.parametrize("workers", ["1", "2"])
def test_of_fifty_starts_at_once_two_hundred_times_one_is_taken_each_time(tmp_path: Path, workers: str) -> None:
    is_time = until()
    with running_server(tmp_path / "state", "--workers", workers) as server:
        times = _start_many_at_once(server, MANY, is_time)

    print(f"{times} times {STARTS} starts, {workers} server processes")  # noqa: T201 - asked for
    assert times > SHORT
