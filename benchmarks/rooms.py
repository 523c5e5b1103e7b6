"""python -m benchmarks.rooms: classes of pupils who join a room, draw at once, and watch, while a run trains."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from benchmarks.measure import cpu_seconds, table
from benchmarks.watchers import RECIPE
from tests.support.postgres import running_postgres
from tests.support.server import TOKEN, RunningServer, running_server

ROUNDS = 5
CLASS, LARGEST = 40, 300
# Seconds that all may take to join, a drawing to reach the projector, and half of the answers to arrive.
MAX_JOIN, MAX_TILE, MAX_ANSWER = 10.0, {CLASS: 1.0, LARGEST: 3.0}, 0.3
# No pupil may draw more than 20 times in 10 seconds.
_PAUSE_SECONDS = 2.0
# All has arrived when nothing more does for so long.
_SILENCE_SECONDS, _PATIENCE_SECONDS = 5.0, 60.0
_POINTS = 80
_CHUNK = re.compile(rb"(?:^|\r\n)[0-9a-f]+\r\n")
_DRAWING = re.compile(rb'\{"id": (\d+), "round": \d+, "(place|pupil)')


class Stream:
    """What a phone or the projector was sent. Read when all is over, so that measuring takes little of the machine."""

    def __init__(self) -> None:
        self.pieces: list[tuple[float, bytes]] = []

    async def follow(self, url: str, code: str) -> None:
        reader, writer = await _connected(url)
        writer.write(f"GET {urlsplit(url).path}rooms/{code}/events HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with contextlib.closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            while piece := await reader.read(1 << 18):
                self.pieces.append((time.perf_counter(), piece))

    def told(self) -> dict[tuple[int, str], list[float]]:
        """When it was told of each drawing, by its id and "down" or "up"."""
        times: dict[tuple[int, str], list[float]] = {}
        rest = b""
        for at, piece in self.pieces:
            whole, end, rest = (rest + piece).rpartition(b"\n\n")
            for found in _DRAWING.finditer(_CHUNK.sub(b"", whole + end)):
                times.setdefault((int(found[1]), "down" if found[2] == b"place" else "up"), []).append(at)
        return times


class Phone:
    """A pupil's phone: a connection for requests, and one for its stream."""

    def __init__(self, url: str, code: str) -> None:
        self._url, self._code, self._key = url, code, ""
        self.stream = Stream()

    async def connect(self) -> None:
        self._reader, self._writer = await _connected(self._url)

    async def join(self) -> int:
        status, joined = await self._post("pupils", b"")
        self._key = joined.get("key", "")
        return status

    async def watch(self) -> None:
        await self.stream.follow(self._url, self._code)

    async def draw(self) -> tuple[float, float, int]:
        """When it was sent, when the answer came, and the drawing's id."""
        body = json.dumps({"label": 7, "strokes": [_scribble()]}).encode()
        sent = time.perf_counter()
        status, answer = await self._post("drawings", body)
        assert status == 201, answer
        return sent, time.perf_counter(), int(answer["id"])

    async def _post(self, what: str, body: bytes) -> tuple[int, dict[str, Any]]:
        head = f"POST {urlsplit(self._url).path}rooms/{self._code}/{what} HTTP/1.1\r\nHost: x\r\n"
        head += f"Authorization: Bearer {self._key}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n\r\n" if body else "\r\n"
        if self._reader.at_eof():  # it was idle for too long
            await self.connect()
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        content = await self._reader.readexactly(int(length[1]) if length else 0)
        return int(answer.split(b" ", 2)[1]), json.loads(content)


def _scribble() -> list[list[float]]:
    turns, size = random.uniform(1, 2), random.uniform(0.2, 0.4)
    angles = [2 * math.pi * turns * step / _POINTS for step in range(_POINTS)]
    return [[round(0.5 + size * math.cos(angle), 3), round(0.5 + size * math.sin(angle), 3)] for angle in angles]


async def _connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 21)


@dataclass
class Lesson:
    """The seconds that everything took in one room."""

    joined: float = 0.0
    answers: list[float] = field(default_factory=list)
    tiles: list[float] = field(default_factory=list)
    processor: float = 0.0
    shown: float = 0.0
    wrong: int = 0


async def _lesson(urls: Sequence[str], processes: Sequence[int], code: str, pupils: int) -> Lesson:
    """All join, draw at once some times, and see all drawings in the end. The projector is at the first server."""
    lesson, loop = Lesson(), asyncio.get_running_loop()
    phones = [Phone(urls[-1 - number % len(urls)], code) for number in range(pupils)]
    projector = Stream()
    await asyncio.gather(*(phone.connect() for phone in phones))
    began = time.perf_counter()
    statuses = Counter(await asyncio.gather(*(phone.join() for phone in phones)))
    lesson.joined = time.perf_counter() - began
    assert statuses == {201: pupils}, statuses
    if pupils == LARGEST:
        late = Phone(urls[0], code)
        await late.connect()
        assert await late.join() == 429
    following = [loop.create_task(phone.watch()) for phone in phones]
    following.append(loop.create_task(projector.follow(urls[0], code)))
    drawn: list[tuple[float, float, int]] = []
    used = sum(map(cpu_seconds, processes))
    for _ in range(ROUNDS):
        await asyncio.sleep(_PAUSE_SECONDS)
        drawn += await asyncio.gather(*(phone.draw() for phone in phones))
    await asyncio.sleep(_PAUSE_SECONDS)
    lesson.processor = (sum(map(cpu_seconds, processes)) - used) / len(drawn)
    began = time.perf_counter()
    async with httpx.AsyncClient(base_url=urls[0], headers={"Authorization": f"Bearer {TOKEN}"}) as teacher:
        (await teacher.post(f"admin/rooms/{code}/accept")).raise_for_status()
        (await teacher.post(f"admin/rooms/{code}/reveal")).raise_for_status()
    streams = [projector, *(phone.stream for phone in phones)]
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while time.perf_counter() < _SILENCE_SECONDS + max(began, *(one.pieces[-1][0] for one in streams)):
            await asyncio.sleep(0.1)
    for task in following:
        task.cancel()
    lesson.answers = [answered - sent for sent, answered, _ in drawn]
    ids = {number for _, _, number in drawn}
    lesson.wrong = len(drawn) - len(ids)
    told = [stream.told() for stream in streams]
    lesson.tiles = [told[0][number, "down"][0] - sent for sent, _, number in drawn if (number, "down") in told[0]]
    lesson.shown = max(times[0] for one in told for (_, place), times in one.items() if place == "up") - began
    # Each stream is told once that a drawing is there (twice, if it was accepted since), and once what it is.
    for one in told:
        lesson.wrong += sum(len(one.get((number, "up"), [])) != 1 or (number, "down") not in one for number in ids)
    return lesson


@contextlib.contextmanager
def servers(with_postgres: bool) -> Iterator[list[RunningServer]]:
    """A server with SQLite, or two with one PostgreSQL."""
    with contextlib.ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment: dict[str, str] = {}
        if with_postgres:
            environment["DESCENT_DATABASE"] = stack.enter_context(running_postgres()).new_database()
        yield [
            stack.enter_context(running_server(state / str(number), environment=environment))
            for number in range(1 + with_postgres)
        ]


def measured(with_postgres: bool, pupils: int) -> list[str]:
    """A row of the table: a class of so many pupils, with SQLite, or with two servers over PostgreSQL."""
    with servers(with_postgres) as running, running[0].client() as teacher:
        run_id = teacher.post("admin/runs", json=RECIPE).raise_for_status().json()["id"]
        while teacher.get(f"runs/{run_id}").json()["epoch"] < 2:
            time.sleep(0.1)
        code = teacher.post("admin/rooms").json()["code"]
        lesson = asyncio.run(
            _lesson([server.url for server in running], [server.pid for server in running], code, pupils)
        )
        assert teacher.get(f"runs/{run_id}").json()["ended_at"] is None
        teacher.post(f"admin/runs/{run_id}/stop")
    answer, tile = statistics.median(lesson.answers), max(lesson.tiles)
    return [
        "PostgreSQL, 2 servers" if with_postgres else "SQLite",
        f"{pupils}",
        f"{lesson.joined:.1f} ({lesson.joined / MAX_JOIN:.2f})",
        f"{answer:.2f} ({answer / MAX_ANSWER:.2f})" if pupils == CLASS else f"{answer:.2f}",
        f"{max(lesson.answers):.2f}",
        f"{statistics.median(lesson.tiles):.2f}",
        f"{tile:.2f} ({tile / MAX_TILE[pupils]:.2f})" if pupils in MAX_TILE else f"{tile:.2f}",
        f"{1000 * lesson.processor:.1f}",
        f"{lesson.shown:.1f}",
        f"{lesson.wrong}",
    ]


def main(arguments: list[str]) -> None:
    """Prints the section of the README; with arguments such as `sqlite 40`, that row alone."""
    cases = [(False, CLASS), (False, LARGEST), (True, CLASS), (True, LARGEST)]
    if arguments:
        cases = [(arguments[0] == "postgres", int(arguments[1]))]
    header = ["store", "pupils", "all join, s", "answer, median, s", "slowest answer, s", "tile, median, s"]
    header += [
        "last tile, s",
        "processor time of the servers for a drawing, ms",
        "all shown to all, s",
        "lost or doubled",
    ]
    print(f"""
## A class in a room

`python -m benchmarks.rooms`: pupils join a room at once, and {ROUNDS} times all draw at once, while a run trains at
full speed on the same {os.cpu_count()} cores as the servers, the database and the pupils. Each phone has a connection
for its requests and one for the room's stream. With PostgreSQL, half of the phones are at another server than the
projector. An answer is the time from sending a drawing of {_POINTS} points to the network's answer; a tile the time
until the projector's stream has the drawing. In the end the teacher shows all {ROUNDS} drawings of each pupil to all
phones. In brackets: the share of the limit.

{table(header, [measured(*case) for case in cases])}""")


if __name__ == "__main__":
    main(sys.argv[1:])
