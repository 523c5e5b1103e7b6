"""python -m benchmarks.crowd: thousands of watchers of runs in PostgreSQL, over four server processes."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import uvloop

from app.runs.recipe import RunSettings
from app.store.postgres import PostgresRunStore
from benchmarks.measure import cpu_seconds, table
from benchmarks.watchers import ids_of
from tests.support.postgres import running_postgres
from tests.support.server import TOKEN, RunningServer, running_server

PROCESSES = 4
SECONDS = 20.0
# What a quick run writes: two transactions a second, of five events each.
BATCHES_PER_SECOND, EVENTS_PER_BATCH = 2, 5
MAX_MEDIAN, MAX_DELAY = 1.0, 3.0
# After all have come, the server sends what they have missed.
_SETTLING_SECONDS = 10.0
_CONNECTING_AT_ONCE = 500
# One address has no more ports than 28,000, and a server holds a limit for each.
_ADDRESSES = 50
_AT = re.compile(rb'"at": ([\d.]+)')


@dataclass
class Crowd:
    """What the watchers have seen. Delays are in seconds from the commit to the watcher."""

    lost: int = 0
    gaps: int = 0
    received: int = 0
    cores: float = 0.0
    measure_from: float = float("inf")
    delays: array[float] = field(default_factory=lambda: array("d"))


class _Watcher(asyncio.Protocol):
    """Reads the stream of a run from its start, and notes the delay of the oldest event in each piece."""

    def __init__(self, host: str, run_id: int, crowd: Crowd) -> None:
        self._request = f"GET /runs/{run_id}/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        self._crowd, self._rest, self._heard = crowd, b"", 0
        self.has_come = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self._request)  # type: ignore[attr-defined]

    def connection_lost(self, _: Exception | None) -> None:
        self._crowd.lost += 1
        self.has_come.set()

    def data_received(self, data: bytes) -> None:
        now, crowd = time.monotonic(), self._crowd
        crowd.received += len(data)
        whole, end, self._rest = (self._rest + data).rpartition(b"\n\n")
        piece = whole + end
        first, last, count = ids_of(piece, self._heard)
        if count == 0:
            return
        self.has_come.set()
        crowd.gaps += (first, count) != (self._heard + 1, last - self._heard)
        self._heard = last
        if (oldest := _AT.search(piece)) and (at := float(oldest[1])) > crowd.measure_from:
            crowd.delays.append(now - at)


async def _watched(url: str, runs: list[int], watchers_per_run: int, processes: list[int]) -> Crowd:
    """Lets the watchers come, each when another one has its first events, and then measures for `SECONDS`."""
    parts, crowd, loop = urlsplit(url), Crowd(), asyncio.get_running_loop()
    places, addresses = asyncio.Semaphore(_CONNECTING_AT_ONCE), itertools.cycle(range(1, _ADDRESSES + 1))

    async def come(run_id: int) -> asyncio.BaseTransport:
        async with places:
            transport, watcher = await loop.create_connection(
                lambda: _Watcher(parts.netloc, run_id, crowd),
                *(parts.hostname, parts.port),
                local_addr=(f"127.0.0.{next(addresses)}", 0),
            )
            await watcher.has_come.wait()
            return transport

    transports = await asyncio.gather(*(come(run_id) for run_id in runs for _ in range(watchers_per_run)))
    assert not crowd.lost, f"{crowd.lost} of {len(transports)} were refused"
    await asyncio.sleep(_SETTLING_SECONDS)
    crowd.measure_from, crowd.received, used = time.monotonic(), 0, sum(map(cpu_seconds, processes))
    await asyncio.sleep(SECONDS)
    crowd.cores = (sum(map(cpu_seconds, processes)) - used) / SECONDS
    lost = crowd.lost
    for transport in transports:
        transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(0.5)
    crowd.lost = lost
    return crowd


def _write(url: str, runs: list[int]) -> None:
    """Appends events to each run, as the processes that train them do."""
    store = PostgresRunStore(url)
    began, step = time.monotonic(), 0
    for number in itertools.count():
        run_id = runs[number % len(runs)]
        step += number % len(runs) == 0
        at = {"at": time.monotonic()}
        cost = {"step": step, "epoch": 1, "cost": 0.123456789, **at}
        store.append(run_id, [("cost", cost)] * EVENTS_PER_BATCH)
        due = began + (number + 1) / (BATCHES_PER_SECOND * len(runs))
        time.sleep(max(0.0, due - time.monotonic()))


@contextlib.contextmanager
def _writing(url: str, runs: list[int]) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(target=_write, args=(url, runs), daemon=True)
    process.start()
    yield
    process.terminate()
    process.join()


def _processes(server: RunningServer) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(server.pid), "-f", "spawn_main"], stdout=subprocess.PIPE)
    return [int(line) for line in found.stdout.split()]


def _connections(url: str) -> tuple[int, int]:
    """How many connections the database has, without this one, and how many of them listen."""
    query = "SELECT count(*), count(*) FILTER (WHERE query LIKE 'LISTEN%') FROM pg_stat_activity WHERE datname ="
    with psycopg.connect(url) as connection:
        row = connection.execute(f"{query} current_database() AND pid <> pg_backend_pid()").fetchone()
    assert row is not None
    return row[0], row[1]


def measured(runs: int, watchers_per_run: int) -> list[str]:
    """A row of the table: the delays of events with so many runs, and so many watchers of each."""
    watchers = runs * watchers_per_run
    with running_postgres() as postgres, tempfile.TemporaryDirectory() as state:
        url = postgres.new_database()
        environment = {
            "DESCENT_DATABASE": url,
            "DESCENT_ADMIN_TOKEN": TOKEN,
            "DESCENT_WATCHERS": str(2 * watchers),
            "DESCENT_WATCHERS_PER_ADDRESS": str(watchers),
        }
        with contextlib.closing(PostgresRunStore(url)) as store:
            ids = [store.create_run(RunSettings().model_dump(), 1_000_000).id for _ in range(runs)]
            for run_id in ids:
                store.begin(run_id)
        workers = ("--workers", str(PROCESSES))
        with running_server(Path(state), *workers, environment=environment) as server, _writing(url, ids):
            crowd = uvloop.run(_watched(server.url, ids, watchers_per_run, _processes(server)))
            connections, listening = _connections(url)
    median, longest = statistics.median(crowd.delays), max(crowd.delays)
    return [
        f"{runs}",
        f"{watchers:,}",
        f"{median:.2f} ({median / MAX_MEDIAN:.2f})",
        f"{statistics.quantiles(crowd.delays, n=100)[-1]:.2f}",
        f"{longest:.2f} ({longest / MAX_DELAY:.2f})",
        f"{crowd.gaps + crowd.lost}",
        f"{crowd.received / SECONDS / 1e6:.1f}",
        f"{crowd.cores:.2f}",
        f"{connections}, {listening} of them listening",
    ]


def _table(rows: list[list[str]]) -> str:
    header = ["runs", "watchers", "median delay, s", "99th percentile, s", "longest, s", "gaps and lost streams"]
    return table([*header, "MB/s", "cores of the servers", "connections to the database"], rows)


def main(arguments: list[str]) -> None:
    """Prints the section of the README; with two numbers, a row for so many runs and watchers of each."""
    sizes: list[Any] = [tuple(map(int, arguments))] if arguments else [(1, 10_000), (40, 50)]
    rows = _table([measured(*size) for size in sizes])
    print(f"""
## Watching runs in PostgreSQL

`python -m benchmarks.crowd`: {PROCESSES} server processes (`serve --workers {PROCESSES}`) over one PostgreSQL, on the
same {os.cpu_count()} cores as the database and the watchers. Another process appends the events of the runs, twice a
second {EVENTS_PER_BATCH} for each run; nothing is trained. Once all watchers have come, it measures for
{SECONDS:.0f} s. The delay of an event is the time from before its transaction to the watcher; if several arrive
together, the oldest counts. In brackets: the share of the limit.

{rows}""")


if __name__ == "__main__":
    main(sys.argv[1:])
