"""What a thousand watchers of one run cost: how late they hear of it, and how much slower it learns meanwhile."""

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

from benchmarks.measure import table
from tests.support.server import RunningServer, running_server

WATCHERS, STALLED = 1_000, 20
SECONDS, ROUNDS = 12.0, 5
# All come at once, and for so long the server is busy with letting them in.
COMING = 4.0
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
        self.while_coming: list[float] = []
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
                piece = whole + end
                first, last, count = _ids_of(piece)
                if (first, count) != (heard + 1, last - heard):
                    # An id may be cut in two.
                    first, last, count = _ids_of(_CHUNK.sub(b"", piece))
                if count == 0:
                    continue
                self.gaps += (first, count) != (heard + 1, last - heard)
                # What was kept before this watcher came is told at once, and is not late.
                if self._kept.get(first, 0.0) > began:
                    delays = self.while_coming if now - began < COMING else self.delays
                    delays.append(now - self._kept[first])
                heard = last


def _ids_of(piece: bytes) -> tuple[int, int, int]:
    """The first id, the last, and how many: told so quickly that whoever measures takes little of the machine."""
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
    assert there == watchers, f"{there} of {watchers} came to watch"
    return watched


class _Training:
    """What a training process does in some stretches of time: seconds of its epochs, and its share of a core."""

    def __init__(self) -> None:
        self._epochs: list[float] = []
        self._shares: list[float] = []

    def observe(
        self, server: RunningServer, client: httpx.Client, run_id: int, meanwhile: Callable[[], object]
    ) -> None:
        """Looks at it before and after `meanwhile`."""
        trainer = server.trainer()
        last = client.get(f"runs/{run_id}/events.jsonl").text.count("\n")
        began, used = time.perf_counter(), _cpu_seconds(trainer)
        meanwhile()
        self._shares.append((_cpu_seconds(trainer) - used) / (time.perf_counter() - began))
        told = map(json.loads, client.get(f"runs/{run_id}/events.jsonl?after={last}").text.splitlines())
        seconds = [one["data"]["seconds"] for one in told if one["event"] == "epoch"]
        self._epochs.append(statistics.median(seconds[1:]))  # the first had begun before

    @property
    def core(self) -> float:
        return statistics.mean(self._shares)

    @property
    def told(self) -> str:
        middle, least, most = statistics.median(self._epochs), min(self._epochs), max(self._epochs)
        return f"{middle:.2f} ({least:.2f} to {most:.2f})"


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    """A table: the delays of events, and what training has of the machine meanwhile, each beside its limit."""
    delays: list[float] = []
    while_coming: list[float] = []
    gaps, grown = 0, []
    alone, together = _Training(), _Training()

    def watched() -> None:
        nonlocal gaps
        heard = asyncio.run(_watched(server, run_id, WATCHERS, STALLED, SECONDS))
        delays.extend(heard.delays)
        while_coming.extend(heard.while_coming)
        gaps += heard.gaps

    for _ in range(ROUNDS):
        with _run() as (server, client, run_id):
            memory = _memory(server)
            alone.observe(server, client, run_id, lambda: time.sleep(SECONDS / 2))
            together.observe(server, client, run_id, watched)
            grown.append(_memory(server) - memory)
            alone.observe(server, client, run_id, lambda: time.sleep(SECONDS / 2))
    latest, first = max(delays), max(while_coming)
    middle, taken = statistics.median(delays), 1 - together.core / alone.core
    rows = [
        ["an event heard, median, s", f"{middle:.2f}", f"{middle / LATEST:.2f}"],
        [f"the latest after the first {COMING:.0f} s, s", f"{latest:.2f}", f"{latest / LATEST:.2f}"],
        [
            f"the latest of the first {COMING:.0f} s, in which all of them come, s",
            f"{first:.2f}",
            f"{first / LATEST:.2f}",
        ],
        ["events missed or told twice", str(gaps), ""],
        ["taken from the core that trains", f"{taken:.1%}", f"{taken / SLOWDOWN:.2f}"],
        ["an epoch, watched and alone, s", f"{together.told} and {alone.told}", ""],
        ["memory of the server grown by, MB", f"{statistics.median(grown):.0f}", ""],
    ]
    return table([f"{WATCHERS:,} watchers, and {STALLED} that do not read", "", "of the limit"], rows)


if __name__ == "__main__":
    print(f"""
## Watching a run

`python -m benchmarks.watchers`: {WATCHERS:,} watchers come at once to a run that learns as fast as it can, and stay
for {SECONDS:.0f} s, on the {os.cpu_count()} cores that the run and the server have too; in {ROUNDS} rounds, each with a
run of its own that has been under way for a few seconds. An event's time is from its being kept in the store to its
being heard; of a piece with several, the oldest counts. How long an epoch takes changes from minute to minute on a
machine that others share: medians, with the least and the most. What the watchers take is told better by the share of a
core that the training process has, beside its share before and after.

{measured()}""")
