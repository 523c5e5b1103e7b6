"""python -m benchmarks.watchers: a thousand watchers of one run: the delay of events, and the slowdown of training."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.measure import cpu_seconds, table
from tests.support.server import RunningServer, running_server

WATCHERS, STALLED = 1_000, 20
SECONDS, ROUNDS = 12.0, 5
# All watchers connect at once, which keeps the server busy for this long.
CONNECTING_SECONDS = 4.0
# Seconds that an event may be late, and the share by which training may slow down.
MAX_DELAY, MAX_SLOWDOWN = 1.0, 0.10
# A plain run that does not end during the measurement.
RECIPE = {"epochs": 1000, "batch_size": 32}
_LOOK_SECONDS = 0.01
_ID = re.compile(rb"\nid: (\d+)")
# The length of the next chunk in a chunked response. No event contains a carriage return.
_CHUNK = re.compile(rb"\r\n[0-9a-f]+\r\n")


class Watched:
    """The delays of events, in seconds from the store to the watcher, and the number of gaps."""

    def __init__(self, database: Path, run_id: int) -> None:
        self.delays_connecting: list[float] = []
        self.delays: list[float] = []
        self.gaps = 0
        self._kept: dict[int, float] = {}
        self._database, self._run_id = database, run_id

    async def look(self) -> None:
        """Notes when each event appears in the store."""
        connection = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        last = 0
        while True:
            query = "SELECT coalesce(max(id), 0) FROM events WHERE run_id = ?"
            newest = connection.execute(query, (self._run_id,)).fetchone()[0]
            now = time.perf_counter()
            self._kept.update((event, now) for event in range(last + 1, newest + 1))
            last = newest
            await asyncio.sleep(_LOOK_SECONDS)

    async def watch(self, url: str, connected: Callable[[], None]) -> None:
        """Reads the stream from its start, and notes the delay of the oldest event in each piece."""
        reader, writer = await _asked(url)
        heard, rest, began = 0, b"", time.perf_counter()
        connected()
        with contextlib.closing(writer):
            while piece := await reader.read(1 << 20):
                now = time.perf_counter()
                whole, end, rest = (rest + piece).rpartition(b"\n\n")
                piece = whole + end
                first, last, count = ids_of(piece, heard)
                if count == 0:
                    continue
                self.gaps += (first, count) != (heard + 1, last - heard)
                # Events from before the connection don't count.
                if self._kept.get(first, 0.0) > began:
                    delays = self.delays_connecting if now - began < CONNECTING_SECONDS else self.delays
                    delays.append(now - self._kept[first])
                heard = last


def ids_of(piece: bytes, heard: int) -> tuple[int, int, int]:
    """The first id, the last, and their number, in events that follow the one with the id `heard`."""
    first, last, count = _ids_of(piece)
    if (first, count) != (heard + 1, last - heard):
        # An id may be cut in two.
        first, last, count = _ids_of(_CHUNK.sub(b"", piece))
    return first, last, count


def _ids_of(piece: bytes) -> tuple[int, int, int]:
    # Fast, so that measuring takes little of the machine.
    first = _ID.search(piece)
    last = _ID.search(piece, piece.rfind(b"\nid: ")) if first else None
    return (int(first[1]), int(last[1]), piece.count(b"\nid: ")) if first and last else (0, -1, 0)


async def _asked(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 21)
    writer.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return reader, writer


async def _watched(server: RunningServer, run_id: int, watchers: int, stalled: int, seconds: float) -> Watched:
    url = f"{server.url}runs/{run_id}/events"
    watched = Watched(server.state_dir / "descent.sqlite3", run_id)
    tasks = [asyncio.create_task(watched.look())]
    there = 0

    def one_more() -> None:
        nonlocal there
        there += 1

    tasks += [asyncio.create_task(watched.watch(url, one_more)) for _ in range(watchers)]
    idle = [await _asked(url) for _ in range(stalled)]
    for _, writer in idle:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    for _, writer in idle:
        writer.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert there == watchers, f"{there} of {watchers} connected"
    return watched


class _Training:
    """A training process during several periods: the seconds of its epochs, and its share of a core."""

    def __init__(self) -> None:
        self._epochs: list[float] = []
        self._shares: list[float] = []

    def observe(
        self, server: RunningServer, client: httpx.Client, run_id: int, meanwhile: Callable[[], object]
    ) -> None:
        """Measures it during the call of `meanwhile`."""
        trainer = server.trainer()
        last = client.get(f"runs/{run_id}/events.jsonl").text.count("\n")
        began, used = time.perf_counter(), cpu_seconds(trainer)
        meanwhile()
        self._shares.append((cpu_seconds(trainer) - used) / (time.perf_counter() - began))
        events = map(json.loads, client.get(f"runs/{run_id}/events.jsonl?after={last}").text.splitlines())
        seconds = [event["data"]["seconds"] for event in events if event["event"] == "epoch"]
        self._epochs.append(statistics.median(seconds[1:]))  # the first one began before this period

    @property
    def core(self) -> float:
        return statistics.mean(self._shares)

    @property
    def epochs(self) -> str:
        return f"{statistics.median(self._epochs):.2f} ({min(self._epochs):.2f} to {max(self._epochs):.2f})"


def _memory(server: RunningServer) -> float:
    """Megabytes of the server's process."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


@contextlib.contextmanager
def _run() -> Iterator[tuple[RunningServer, httpx.Client, int]]:
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, server.client() as client:
        run_id = client.post("admin/runs", json=RECIPE).json()["id"]
        while client.get(f"runs/{run_id}").json()["epoch"] < 3:
            time.sleep(0.1)
        yield server, client, run_id
        client.post(f"admin/runs/{run_id}/stop")


def measured() -> str:
    """A table of the delays of events and the slowdown of training, with their limits."""
    delays: list[float] = []
    delays_connecting: list[float] = []
    gaps, grown = 0, []
    alone, together = _Training(), _Training()

    def watched() -> None:
        nonlocal gaps
        heard = asyncio.run(_watched(server, run_id, WATCHERS, STALLED, SECONDS))
        delays.extend(heard.delays)
        delays_connecting.extend(heard.delays_connecting)
        gaps += heard.gaps

    for _ in range(ROUNDS):
        with _run() as (server, client, run_id):
            memory = _memory(server)
            alone.observe(server, client, run_id, lambda: time.sleep(SECONDS / 2))
            together.observe(server, client, run_id, watched)
            grown.append(_memory(server) - memory)
            alone.observe(server, client, run_id, lambda: time.sleep(SECONDS / 2))
    longest, longest_connecting = max(delays), max(delays_connecting)
    median, slowdown = statistics.median(delays), 1 - together.core / alone.core
    rows = [
        ["delay of an event, median, s", f"{median:.2f}", f"{median / MAX_DELAY:.2f}"],
        [
            f"longest delay after the first {CONNECTING_SECONDS:.0f} s, s",
            f"{longest:.2f}",
            f"{longest / MAX_DELAY:.2f}",
        ],
        [
            f"longest delay in the first {CONNECTING_SECONDS:.0f} s, while all connect, s",
            f"{longest_connecting:.2f}",
            f"{longest_connecting / MAX_DELAY:.2f}",
        ],
        ["events missed or repeated", str(gaps), ""],
        ["CPU time taken from training", f"{slowdown:.1%}", f"{slowdown / MAX_SLOWDOWN:.2f}"],
        ["an epoch with and without watchers, s", f"{together.epochs} and {alone.epochs}", ""],
        ["memory growth of the server, MB", f"{statistics.median(grown):.0f}", ""],
    ]
    return table([f"{WATCHERS:,} watchers, and {STALLED} that do not read", "", "share of the limit"], rows)


if __name__ == "__main__":
    print(f"""
## Watching a run

`python -m benchmarks.watchers`: {WATCHERS:,} watchers connect at once to a run that trains at full speed, and stay for
{SECONDS:.0f} s, on the same {os.cpu_count()} cores as the run and the server. Each of {ROUNDS} rounds has a new run.
The delay of an event is the time from the store to the watcher; if several arrive together, the oldest counts. The
time of an epoch varies on a shared machine, so it is a median with its minimum and maximum. The training process's
share of a core, compared with its share before and after, measures the slowdown better.

{measured()}""")
