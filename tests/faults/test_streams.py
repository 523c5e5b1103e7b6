"""Watchers that are cut off, stall, come and go by the thousand, or ask for nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import time

import httpx
import pytest

from tests.faults.torture import SEED
from tests.faults.watching import Process, Stalled, Watcher, run_bounded, watchers_of
from tests.support.active_run import ActiveRun, active_run
from tests.support.server import RunningServer, wait_until


def _cut_again_and_again(server: RunningServer, watchers: int, cuts: int, events: int) -> None:
    moments = random.Random(SEED)
    # A whole story in so many parts, on the average, and a bit.
    most = 2 * 70 * events // (cuts + 1)

    async def watched(watcher: Watcher, pieces: list[int]) -> None:
        for piece in pieces:
            await watcher.watch(piece)
        while not watcher.has_end:
            await watcher.watch()

    async def add_events(run: ActiveRun) -> None:
        for _ in range(20):
            await asyncio.to_thread(run.add_costs, events // 20)
            await asyncio.sleep(0.1)
        await asyncio.to_thread(run.end)

    async def scenario() -> list[Watcher]:
        with active_run(server.state_dir) as run:
            all_of_them = [Watcher(server, run.id) for _ in range(watchers)]
            pieces = [[moments.randrange(1, most) for _ in range(cuts)] for _ in all_of_them]
            await asyncio.gather(add_events(run), *map(watched, all_of_them, pieces))
            return all_of_them

    for watcher in run_bounded(scenario()):
        assert watcher.ids == list(range(1, events + 1))


@pytest.mark.slow
def test_watchers_that_are_cut_again_and_again_miss_nothing_and_hear_nothing_twice(server: RunningServer) -> None:
    _cut_again_and_again(server, watchers=40, cuts=10, events=1_000)


@pytest.mark.torture
def test_five_hundred_watchers_that_are_cut_twenty_times_each_miss_nothing(fresh_server: RunningServer) -> None:
    _cut_again_and_again(fresh_server, watchers=500, cuts=20, events=10_000)


STALLED, MAX_BYTES_EACH, MAX_SECONDS = 80, (1 << 20) // 20, 35.0
# They come first, since Python's memory grows once for whatever it does for the first time.
FIRST_STALLED = 20


async def _memory_with(server: RunningServer, watchers: int) -> int:
    """The server's memory when it has given each of its watchers what it will take."""
    while watchers_of(server) < watchers:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    return Process(server.process.pid).memory


def _stall(server: RunningServer, events: int, is_long: bool) -> None:
    """What readers that stall cost, and when they are let go, while one that reads receives everything at once."""

    async def scenario(run: ActiveRun) -> None:
        began = time.monotonic()
        with contextlib.ExitStack() as closing:

            def stall(readers: int) -> None:
                for _ in range(readers):
                    closing.callback(Stalled(server, f"runs/{run.id}").close)

            stall(FIRST_STALLED)
            memory = await _memory_with(server, FIRST_STALLED)
            stall(STALLED)
            assert await _memory_with(server, FIRST_STALLED + STALLED) - memory < STALLED * MAX_BYTES_EACH
            witness = Watcher(server, run.id)
            watching, expected = asyncio.create_task(witness.watch()), events
            while is_long and watchers_of(server) > 1:
                assert time.monotonic() - began < MAX_SECONDS
                await asyncio.to_thread(run.add_costs, 1)
                expected, asked = expected + 1, time.monotonic()
                while len(witness.ids) < expected:
                    assert time.monotonic() - asked < 2
                    await asyncio.sleep(0.02)
            watching.cancel()

    with active_run(server.state_dir) as run:
        run.add_costs(events)
        run_bounded(scenario(run))


@pytest.mark.slow
def test_readers_that_stall_hold_little(fresh_server: RunningServer) -> None:
    _stall(fresh_server, events=5_000, is_long=False)


@pytest.mark.slow
def test_readers_that_stall_are_let_go_and_nobody_else_notices(fresh_server: RunningServer) -> None:
    _stall(fresh_server, events=10_000, is_long=True)


def _come_and_go(server: RunningServer, times: int) -> None:
    moments = random.Random(SEED)
    process = Process(server.process.pid)

    async def scenario(run: ActiveRun, times: int) -> None:
        turns = asyncio.Semaphore(50)

        async def come_and_go() -> None:
            async with turns:
                await Watcher(server, run.id).watch(moments.choice([0, 1, 300, 5_000]))

        await asyncio.gather(*(come_and_go() for _ in range(times)))

    with active_run(server.state_dir) as run:
        run.add_costs(200)
        run_bounded(scenario(run, 200))  # what is opened once and kept
        wait_until(lambda: watchers_of(server) == 0, "the first watchers to be forgotten")
        before, memory = process.open_files, process.memory
        run_bounded(scenario(run, times))
        wait_until(lambda: watchers_of(server) == 0, "the watchers to be forgotten")
        wait_until(lambda: process.open_files <= before, "the files to be closed")
        assert process.memory - memory < 4 << 20


@pytest.mark.slow
def test_who_comes_and_goes_leaves_nothing_open(fresh_server: RunningServer) -> None:
    _come_and_go(fresh_server, 300)


@pytest.mark.torture
def test_ten_thousand_who_come_and_go_leave_nothing_open(fresh_server: RunningServer) -> None:
    _come_and_go(fresh_server, 10_000)


NONSENSE = [
    *(b"", b" ", b"-1", b"0", b"+3", b"3.0", b"1e3", b"0x3", b"three", b"3,3", b"NaN", b"\xff\xfe"),
    *(str(number).encode() for number in (10**6, 2**63 - 1, 2**63, 10**18, 10**30)),
    *(text.encode() for text in ("٣", "３", "²", "№ 3")),
    b"9" * 5_000,
]


def test_a_last_event_id_that_is_none_of_the_run_s_is_told_the_run_from_its_start(server: RunningServer) -> None:
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    with active_run(server.state_dir) as run:
        run.add_costs(5)
        run.end()
        for last in NONSENSE:
            with socket.create_connection((host, port or 0), timeout=20) as asking:
                asking.sendall(
                    b"GET /runs/%d/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nLast-Event-ID: %s\r\n\r\n"
                    % (run.id, last)
                )
                answer = b"".join(iter(lambda: asking.recv(1 << 16), b""))
            assert answer.startswith(b"HTTP/1.1 200 "), last
            assert [number for number in range(1, 8) if b"\nid: %d\n" % number in answer] == [1, 2, 3, 4, 5, 6], last
        for after in (-1, 6 + 1, 2**63, 10**30):
            received = httpx.get(f"{server.url}runs/{run.id}/events", params={"after": after}).text
            assert received.count("\nid: ") == 6, after
