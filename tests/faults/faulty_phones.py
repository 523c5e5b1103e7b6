"""Phones of a class that is the network on bad days: cut off, late, and wrong in every way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from tests.support.class_phones import ClassPhone, Told, body_of, connected

FAULTS = ("cut", "twice", "late", "wrong", "huge", "nan", "shape", "ragged", "others", "another step")
_SHARE = 0.35


class FaultyPhone(ClassPhone):
    """Each so often it does something else than to pass on its numbers once; most often it does that in the end.

    A pupil who is removed meanwhile is refused with 403. `faults` counts what it did, and as "stream" how often its
    stream was cut.
    """

    def __init__(self, url: str, code: str, pupil: int, key: str, told: Told, seed: int) -> None:
        super().__init__(url, code, pupil, key, told)
        self._moments, self._key = random.Random(seed), key
        self.faults: Counter[str] = Counter()
        self.is_good = False

    async def follow(self) -> None:
        if self.is_good:
            await super().follow()
            return
        try:
            async with asyncio.timeout(self._moments.uniform(0.2, 3)):
                await super().follow()
        except TimeoutError:
            self.faults["stream"] += 1

    async def pass_on(self, game: dict[str, Any], numbers: dict[str, Any]) -> None:
        if not self.is_good and self._moments.random() < _SHARE:
            fault = self._moments.choice(FAULTS)
            self.faults[fault] += 1
            if await self._does_instead(fault, game, numbers):
                return
        await super().pass_on(game, numbers)

    async def _does_instead(self, fault: str, game: dict[str, Any], numbers: dict[str, Any]) -> bool:
        """Whether it passes on nothing else in this phase."""
        body, name = body_of(game, numbers), next(iter(numbers))
        own = numbers[name]["numbers"]
        match fault:
            case "cut":
                await self._cut_off(body)
            case "twice":
                await super().pass_on(game, numbers)
            case "late":
                await asyncio.sleep(self._moments.choice([0.1, 1.2, 2.5]))
            case "wrong" | "huge":
                wrong = [number + 0.01 if fault == "wrong" else 1e308 for number in own]
                await super().pass_on(game, {**numbers, name: {**numbers[name], "numbers": wrong}})
                return True
            case "nan":
                nans = [float(self._moments.choice(["nan", "inf", "-inf"])) for _ in own]
                assert await self._status(game, {name: {"numbers": nans}}) in (422, 403)
            case "shape":
                assert await self._status(game, {name: {"numbers": [*own, 0.5][:16], "back": [[0.5]] * 3}}) in (
                    200,
                    403,
                )
                return True
            case "ragged":
                back = [[0.5] * (place % 3 + 1) for place in range(16)]
                assert await self._status(game, {name: {"numbers": own, "back": back}}) in (200, 403)
                return not game["phase"].startswith("forward")
            case "others":
                others = [one for one, who in self.parts["deal"]["held"].items() if self.pupil not in who]
                _, answer = await self.ask("POST", "game/numbers", body_of(game, dict.fromkeys(others, numbers[name])))
                # Another deal may have given it one of them meanwhile.
                assert "right" not in answer.get("verdicts", {}).values()
            case "another step":
                assert await self._status({**game, "step": game["step"] + 1}, numbers) in (200, 403)
        return False

    async def _status(self, game: dict[str, Any], numbers: dict[str, Any]) -> int:
        return (await self.ask("POST", "game/numbers", body_of(game, numbers)))[0]

    async def _cut_off(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        path = f"{urlsplit(self.url).path}rooms/{self.code}/game/numbers"
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        request = head.encode() + content
        with contextlib.suppress(OSError):
            _, writer = await connected(self.url)
            writer.write(request[: self._moments.choice([len(request), self._moments.randrange(len(request))])])
            # Gone at once, while the server is at it, or just before the answer comes.
            await asyncio.sleep(self._moments.choice([0, 0.005, 0.05]))
            writer.close()
