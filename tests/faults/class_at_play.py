"""A class that plays a network: the teacher, the projector and phones that may be faulty, at all servers in turn."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import numpy as np

from app.rooms.class_network import Floats
from tests.faults.faulty_phones import FaultyPhone
from tests.faults.torture import SEED
from tests.support.class_phones import ClassPhone, Told, inputs_of, pupils_of, until
from tests.support.server import TOKEN

TOLERANCE = 1e-5
_ADMIN = {"Authorization": f"Bearer {TOKEN}"}


class Observer(ClassPhone):
    """The projector: it plays nothing, and notes when it was told of each phase, and of who is missing in it."""

    def __init__(self, url: str, code: str, told: Told) -> None:
        super().__init__(url, code, -1, "", told)
        self.heads: list[tuple[float, dict[str, Any]]] = []

    def take(self, changes: dict[str, Any]) -> None:
        super().take(changes)
        if "game" in changes:
            self.heads.append((time.monotonic(), changes["game"]))

    @property
    def game(self) -> dict[str, Any]:
        return self.parts.get("game") or {"step": -1, "phase": "", "pace": "", "is_over": True}

    def longest_untold(self) -> float:
        """The longest time in which nothing went on and nobody was named, in seconds."""
        waits, since = [0.0], self.heads[0][0]
        for (_, before), (at, head) in zip(self.heads, self.heads[1:], strict=False):
            is_waiting = before.get("phase") not in (None, "ready") and not before["is_complete"]
            if is_waiting and not before["waiting"]:
                waits.append(at - since)
            if (before.get("step"), before.get("phase")) != (head.get("step"), head.get("phase")) or head.get("pace"):
                since = at
        return max(waits)


class Class:
    """A room with its teacher, its projector and its phones at all servers in turn."""

    def __init__(self, urls: Sequence[str], teacher: httpx.AsyncClient) -> None:
        self.urls, self.teacher = list(urls), teacher
        self.told, self.phones = Told(), list[FaultyPhone]()
        self._living: list[asyncio.Task[None]] = []

    async def open(self, pupils: int, **how: object) -> None:
        self.code = (await self.teacher.post("admin/rooms")).raise_for_status().json()["code"]
        for pupil, key in await pupils_of(self.teacher, self.code, pupils):
            self.add(pupil, key)
        self.projector = Observer(self.urls[0], self.code, self.told)
        await self.call("POST", "game", {"eta": 0.2, "batch": 4, **how})
        self.live(self.projector)
        await until(lambda: "game" in self.projector.parts, "the game")

    def add(self, pupil: int, key: str) -> FaultyPhone:
        number = len(self.phones)
        url = self.urls[number % len(self.urls)]
        phone = FaultyPhone(url, self.code, pupil, key, self.told, SEED + number)
        self.phones.append(phone)
        return phone

    def live(self, *phones: ClassPhone) -> None:
        self._living += [asyncio.create_task(phone.live()) for phone in phones]

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        return (await self.teacher.request(method, f"admin/rooms/{self.code}/{path}", json=body)).raise_for_status()

    async def parameters(self) -> Floats:
        return np.frombuffer((await self.call("GET", "game/parameters")).content)

    async def halt(self) -> int:
        """Lets the step that is under way be, and returns how many are over."""
        await self.call("PATCH", "game", {"pace": "walk"})
        await until(lambda: self.projector.game["pace"] == "walk", "the walk")
        return int(self.projector.game["step"])

    async def close(self) -> None:
        for task in self._living:
            task.cancel()
        found = await asyncio.gather(*self._living, return_exceptions=True)
        for phone in (*self.phones, self.projector):
            phone.hang_up()
        failed = [repr(one) for one in found if not isinstance(one, asyncio.CancelledError)]
        assert failed == [], failed

    async def require_numpys(self, before: Floats) -> None:
        """The parameters are those of NumPy after the steps that were told."""
        step = await self.halt()
        # Digits of pupils who were removed have left the pool, but the phones have them.
        for phone in self.phones:
            self.projector.neurons.digits |= phone.neurons.digits
        expected = self.told.replayed(before, step, await inputs_of(self.projector, self.told))
        np.testing.assert_allclose(await self.parameters(), expected, rtol=0, atol=TOLERANCE)


@contextlib.asynccontextmanager
async def a_class(urls: Sequence[str], pupils: int, **how: object) -> AsyncIterator[Class]:
    async with httpx.AsyncClient(base_url=urls[0], headers=_ADMIN, timeout=60) as teacher:
        room = Class(urls, teacher)
        try:
            await room.open(pupils, **how)
            yield room
        finally:
            await room.close()
