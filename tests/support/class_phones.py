"""Many phones of a class that is the network, in one event loop: each has its own stream and computes its neurons."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from app.network import Network
from app.network.network import CLASSIC_SIZES, one_hot
from app.rooms.class_network import ACTIVATION, COST, Floats
from tests.support.drawn_rooms import strokes_of
from tests.support.phones import Neurons, NotYetError

READY = "ready"
# A phone that has lost its connection comes back after this.
_RETRY_SECONDS = 0.05
_PATIENCE_SECONDS = 400.0
_LOST = (OSError, EOFError, asyncio.IncompleteReadError)


class Told:
    """What a stream told of each step, by step: the digits, their labels and the learning rate."""

    def __init__(self) -> None:
        self.steps: dict[int, tuple[list[int], list[int], float]] = {}

    def take(self, game: dict[str, Any]) -> None:
        if game.get("labels"):
            # Between two steps, the digits are those of the step before.
            step = game["step"] - (game["phase"] == READY)
            self.steps[step] = game["digits"], game["labels"], game["step_eta"]

    def replayed(self, parameters: Floats, steps: int, inputs: Mapping[int, Floats]) -> Floats:
        """NumPy's parameters after those steps, from the ones at the start. Raises KeyError for an untold step."""
        for step in range(steps):
            digits, labels, eta = self.steps[step]
            network = Network(CLASSIC_SIZES, ACTIVATION, COST, parameters)
            wanted = one_hot(np.array(labels), dtype=np.float64)
            parameters = parameters - eta * network.backprop(np.stack([inputs[one] for one in digits]), wanted)[0]
        return parameters


class ClassPhone:
    """The phone of a pupil with that key. `phase_at` is when it was told of a phase first, by step and phase."""

    def __init__(self, url: str, code: str, pupil: int, key: str, told: Told | None = None) -> None:
        self.url, self.code, self.pupil, self.told = url, code, pupil, told
        self.parts: dict[str, Any] = {}
        self.neurons = Neurons(pupil, self.parts)
        self.verdicts: Counter[str] = Counter()
        self.phase_at: dict[tuple[int, str], float] = {}
        self._head = f"Host: x\r\nAuthorization: Bearer {key}\r\n"
        self._news, self._played = asyncio.Event(), (-1, "")
        self._seed: int | None = None
        self._last_id = ""
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def live(self) -> None:
        """Follows and plays until it is cancelled."""
        await asyncio.gather(self._follow_again_and_again(), self._play_again_and_again())

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """The status and the answer. Raises OSError or EOFError when the connection is lost."""
        content = b"" if body is None else json.dumps(body).encode()
        base = f"{urlsplit(self.url).path}rooms/{self.code}/"
        head = f"{method} {base}{path} HTTP/1.1\r\n{self._head}Content-Length: {len(content)}\r\n"
        request = f"{head}Content-Type: application/json\r\n\r\n".encode() + content
        try:
            return await self._sent(request)
        except _LOST:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        """Drops the connection for requests."""
        if self._connection:
            self._connection[1].close()
        self._connection = None

    async def pass_on(self, game: dict[str, Any], numbers: dict[str, Any]) -> None:
        """Sends the numbers of a phase."""
        status, answer = await self.ask("POST", "game/numbers", body_of(game, numbers))
        verdicts = answer["verdicts"].values() if status == 200 else [str(status)]
        self.verdicts.update(verdicts)
        if "wrong" in verdicts:
            self.neurons.forget()

    def take(self, changes: dict[str, Any]) -> None:
        """Takes an event of the stream."""
        self.parts |= {part: form for part, form in changes.items() if part not in ("room", "pupils", "drawings")}
        game = changes.get("game")
        if game and not game["is_over"]:
            if game["seed"] != self._seed:
                self._seed, self._played = game["seed"], (-1, "")
                self.neurons.forget()
            self.phase_at.setdefault((game["step"], game["phase"]), time.perf_counter())
            if self.told:
                self.told.take(game)
        self._news.set()

    async def _play_again_and_again(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._play()
            except NotYetError:
                pass
            except _LOST:
                await asyncio.sleep(_RETRY_SECONDS)
                self._news.set()

    async def _play(self) -> None:
        game = self.parts.get("game")
        if not game or game["is_over"] or "deal" not in self.parts:
            return
        if self.pupil in self.parts["deal"]["asleep"]:
            await self.ask("POST", "game/awake")
        if game["phase"] == READY or (game["step"], game["phase"]) == self._played:
            return
        if old := self.neurons.to_fetch(game["step"]):
            status, found = await self.ask("GET", "game/neurons?" + "&".join(f"of={name}" for name in old))
            if status == 200:
                self.neurons.take(found["step"], found["neurons"])
        if not self.neurons.of(game):
            return
        if game["phase"][-1] == "1" and (missing := self.neurons.unknown(game["digits"])):
            status, found = await self.ask("GET", "game/inputs?" + "&".join(f"of={number}" for number in missing))
            if status == 200:
                self.neurons.take_digits(found["inputs"])
        if numbers := self.neurons.numbers(game):
            self._played = game["step"], game["phase"]
            while (self.parts["game"].get("step"), self.parts["game"].get("phase")) == self._played:
                with contextlib.suppress(*_LOST):
                    await self.pass_on(game, numbers)
                    break
                await asyncio.sleep(_RETRY_SECONDS)

    async def _sent(self, request: bytes) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = await connected(self.url)
        reader, writer = self._connection
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        content = await reader.readexactly(int(length[1]) if length else 0)
        return int(answer.split(b" ", 2)[1]), json.loads(content) if content else None

    async def _follow_again_and_again(self) -> None:
        while True:
            with contextlib.suppress(*_LOST):
                await self.follow()
            await asyncio.sleep(_RETRY_SECONDS)

    async def follow(self) -> None:
        """Follows the stream until it breaks."""
        reader, writer = await connected(self.url)
        known = f"Last-Event-ID: {self._last_id}\r\n" if self._last_id else ""
        path = f"{urlsplit(self.url).path}rooms/{self.code}/events"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{known}\r\n".encode())
        with contextlib.closing(writer):
            if b" 200 " not in await reader.readuntil(b"\r\n\r\n"):
                raise EOFError
            rest = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                *events, rest = (rest + (await reader.readexactly(size + 2))[:-2]).split(b"\n\n")
                for event in events:
                    fields = dict(line.partition(b": ")[::2] for line in event.split(b"\n"))
                    if fields.get(b"event") == b"changes":
                        self.take(_parsed(fields[b"data"]))
                    if b"id" in fields:
                        self._last_id = fields[b"id"].decode()


async def pupils_of(teacher: httpx.AsyncClient, code: str, count: int) -> list[tuple[int, str]]:
    """So many pupils with their keys, who have each drawn a digit; all are on the wall."""
    pupils = []
    for number in range(count):
        joined = (await teacher.post(f"rooms/{code}/pupils")).raise_for_status().json()
        pupils.append((joined["pupil"], joined["key"]))
        drawing = {"label": number % 10, "strokes": strokes_of(number % 10)[number // 10]}
        key = {"Authorization": f"Bearer {joined['key']}"}
        (await teacher.post(f"rooms/{code}/drawings", json=drawing, headers=key)).raise_for_status()
    (await teacher.post(f"admin/rooms/{code}/accept")).raise_for_status()
    (await teacher.post(f"admin/rooms/{code}/reveal")).raise_for_status()
    return pupils


async def inputs_of(phone: ClassPhone, told: Told) -> dict[int, Floats]:
    """The inputs (784,) of all digits that were told, by number."""
    digits = sorted({digit for step in told.steps.values() for digit in step[0]})
    phone.hang_up()
    missing = phone.neurons.unknown(digits)
    for first in range(0, len(missing), 32):
        query = "&".join(f"of={digit}" for digit in missing[first : first + 32])
        _, answer = await phone.ask("GET", f"game/inputs?{query}")
        phone.neurons.take_digits(answer["inputs"])
    return dict(zip(digits, phone.neurons.inputs(digits), strict=True))


async def until(look: Callable[[], object], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
    """Returns when there is something true to see. Raises TimeoutError."""
    try:
        async with asyncio.timeout(seconds):
            while not look():
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise TimeoutError(f"waited {seconds} s for {what}") from None


def body_of(game: dict[str, Any], numbers: dict[str, Any]) -> dict[str, Any]:
    return {"step": game["step"], "phase": game["phase"], "neurons": numbers}


async def connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 21)


@functools.lru_cache(64)
def _parsed(data: bytes) -> dict[str, Any]:
    # Once for all phones of this process: each real one has a processor of its own.
    parsed: dict[str, Any] = json.loads(data)
    return parsed
