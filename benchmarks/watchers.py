"""What a thousand watchers of one run cost: how late they hear of it, and how much slower it learns meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
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

from benchmarks.measure import table
from tests.server import RunningServer, running_server

WATCHERS, STALLED = 1_000, 20
SECONDS = 30.0
# The seconds that an event may take, and the share by which training may slow down.
LATEST, SLOWDOWN = 1.0, 0.10
# As plain a run as there is, which is on its way for as long as anybody wants.
RECIPE = {"epochs": 1000, "batch_size": 32}
_LOOK_SECONDS = 0.01
_ID = re.compile(rb"\nid: (\d+)")
# Between two pieces of a chunked answer stands how long the next is; no event holds a carriage return.
_CHUNK = re.compile(rb"\r\n[0-9a-f]+\r\n")


class Watched:
    """What watchers have heard: seconds from each event's being kept to its being heard, and what they missed."""

    def __init__(self, database: Path, run_id: int) -> None:
        self.delays: list[float] = []
        self.gaps = 0
        self._kept: dict[int, float] = {}
        self._database, self._run_id = database, run_id

    async def look(self) -> None:
        """Notes when each event came to be kept, as the store itself has it."""
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
        """Reads the stream from its start, and notes how late the oldest event of each piece came."""
        reader, writer = await _asked(url)
        heard, rest, began = 0, b"", time.perf_counter()
        connected()
        with contextlib.closing(writer):
            while piece := await reader.read(1 << 20):
                now = time.perf_counter()
                whole, end, rest = (rest + piece).rpartition(b"\n\n")
                ids = [int(found) for found in _ID.findall(_CHUNK.sub(b"", whole + end))]
                if not ids:
                    continue
                self.gaps += ids != list(range(heard + 1, heard + 1 + len(ids)))
                # What was kept before this watcher came is told at once, and is not late.
                if self._kept.get(ids[0], 0.0) > began:
                    self.delays.append(now - self._kept[ids[0]])
                heard = ids[-1]


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
    assert there == watchers, f"{there} of {watchers} came to watch"
    return watched


def _epoch_seconds(client: httpx.Client, run_id: int, seconds: float) -> float:
    """The median duration of the epochs that the run takes during that time."""
    before = client.get(f"runs/{run_id}").json()["epoch"]
    time.sleep(seconds)
    return _since(client, run_id, before)


def _since(client: httpx.Client, run_id: int, epoch: int) -> float:
    lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
    epochs = [line for line in lines if '"event":"epoch"' in line.replace(" ", "")]
    durations = [float(re.search(r'"seconds": ?([\d.e-]+)', line)[1]) for line in epochs[epoch + 1 :]]  # type: ignore[index]
    return statistics.median(durations)


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
    """A table: the delays of events and the slowdown of training, each beside its limit."""
    with _run() as (server, client, run_id):
        alone = _epoch_seconds(client, run_id, SECONDS / 2)
        memory, epoch = _memory(server), client.get(f"runs/{run_id}").json()["epoch"]
        watched = asyncio.run(_watched(server, run_id, WATCHERS, STALLED, SECONDS))
        together, grown = _since(client, run_id, epoch), _memory(server) - memory
        after = _epoch_seconds(client, run_id, SECONDS / 2)
    alone = statistics.mean([alone, after])
    delays = sorted(watched.delays)
    slowdown = together / alone - 1
    rows = [
        ["an event heard, median, s", f"{statistics.median(delays):.2f}", f"{statistics.median(delays) / LATEST:.2f}"],
        ["the latest of all, s", f"{delays[-1]:.2f}", f"{delays[-1] / LATEST:.2f}"],
        ["events missed or told twice", str(watched.gaps), ""],
        ["training slower by", f"{slowdown:.1%}", f"{slowdown / SLOWDOWN:.2f}"],
        ["memory of the server grown by, MB", f"{grown:.0f}", ""],
    ]
    return table([f"{WATCHERS:,} watchers, and {STALLED} that do not read", "", "of the limit"], rows)


if __name__ == "__main__":
    print(f"""
## Watching a run

`python -m benchmarks.watchers`: {WATCHERS:,} watchers come at once to a run that learns as fast as it can, and stay
for {SECONDS:.0f} s, on the {os.cpu_count()} cores that the run and the server have too. An event's time is from its
being kept in the store to its being heard; of a piece with several, the oldest counts. Training is compared with the
same run before and after.

{measured()}""")
