"""A class that is the network on bad days: whatever phones, servers and the teacher do, each step is NumPy's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.faults.class_at_play import Class, a_class
from tests.faults.faulty_phones import FaultyPhone
from tests.faults.torture import SEED
from tests.support.class_phones import until
from tests.support.local_server import local_server
from tests.support.server import running_server

# A phase ends, or says who is missing, within 2 s; and the machine may be busy.
_TOLD_SECONDS, _BUSY_SECONDS = 2.0, 3.0


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """A server with SQLite, or two with one PostgreSQL."""
    with contextlib.ExitStack() as stack:
        url = SecretStr(request.getfixturevalue("database_url")) if request.param == "postgres" else None
        names = ("one", "other") if url else ("one",)
        yield [stack.enter_context(local_server(tmp_path / name, database=url)).url for name in names]


async def _meddle(room: Class, moments: random.Random) -> None:
    """What a teacher may do at any moment of a step."""
    match moments.choice(["dial", "batch", "walk", "deal", "leave", "join"]):
        case "dial":
            await room.call("PATCH", "game", {"eta": moments.choice([0.05, 0.1, 0.3])})
        case "batch":
            await room.call("PATCH", "game", {"batch": moments.randrange(1, 9)})
        case "walk":
            await room.call("PATCH", "game", {"pace": "walk"})
            for _ in range(moments.randrange(4)):
                await room.call("POST", "game/next")
            await room.call("PATCH", "game", {"pace": "run"})
        case "deal":
            await room.call("POST", "game/deal")
        case "leave":
            gone = moments.choice(room.phones[2:])
            await room.call("PATCH", f"pupils/{gone.pupil}", {"removed": True})
            await asyncio.sleep(1)
            await room.call("PATCH", f"pupils/{gone.pupil}", {"removed": False})
        case "join":
            joined = (await room.teacher.post(f"rooms/{room.code}/pupils")).raise_for_status().json()
            room.live(room.add(joined["pupil"], joined["key"]))
            await room.call("POST", "game/deal")


async def _play_with_cuts(urls: Sequence[str], pupils: int, cuts: int) -> None:
    moments = random.Random(SEED)
    async with a_class(urls, pupils, pace="run") as room:
        before = await room.parameters()
        room.live(*room.phones)

        def cut() -> int:
            return sum(phone.faults["cut"] + phone.faults["stream"] for phone in room.phones)

        while cut() < cuts:
            await _meddle(room, moments)
            await asyncio.sleep(moments.uniform(0.1, 1))
        for phone in room.phones:
            phone.is_good = True
        reached = room.projector.game["step"] + 3
        await until(lambda: room.projector.game["step"] >= reached, "three more steps", 60)
        await room.require_numpys(before)
        faults = sum((phone.faults for phone in room.phones), Counter[str]())
        assert len(faults) > 6, faults
        assert room.projector.longest_untold() < _TOLD_SECONDS + _BUSY_SECONDS


@pytest.mark.slow
def test_cuts_and_wrong_numbers_spoil_no_step(urls: list[str]) -> None:
    asyncio.run(_play_with_cuts(urls, pupils=12, cuts=40))


@pytest.mark.torture
def test_five_hundred_cuts_spoil_no_step(urls: list[str]) -> None:
    asyncio.run(_play_with_cuts(urls, pupils=42, cuts=500))


async def _stepped(room: Class, more: int, seconds: float = 60) -> None:
    reached = room.projector.game["step"] + more
    await until(lambda: room.projector.game["step"] >= reached, f"{more} steps", seconds)


def _all_good(room: Class) -> None:
    for phone in room.phones:
        phone.is_good = True


async def _kill_and_start_again(state: Path, environment: dict[str, str]) -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running_server(state, environment=environment))
        async with a_class([server.url], 8, pace="run") as room:
            before = await room.parameters()
            _all_good(room)
            room.live(*room.phones)
            await _stepped(room, 2)
            phase = room.projector.game["phase"]
            await until(lambda: room.projector.game["phase"] != phase, "the middle of a step")
            os.kill(server.process.pid, signal.SIGKILL)
            again = stack.enter_context(running_server(state, environment=environment))
            room.teacher.base_url = httpx.URL(again.url)
            for phone in (*room.phones, room.projector):
                phone.url = again.url
            await _stepped(room, 3)
            await room.require_numpys(before)


@pytest.mark.slow
def test_a_server_that_is_killed_in_a_step_goes_on_with_it(tmp_path: Path) -> None:
    asyncio.run(_kill_and_start_again(tmp_path / "state", {}))


@pytest.mark.slow
def test_another_server_goes_on_with_the_step_of_one_that_is_killed(tmp_path: Path, database_url: str) -> None:
    asyncio.run(_kill_and_start_again(tmp_path / "state", {"DESCENT_DATABASE": database_url}))


async def _start_anew(urls: Sequence[str]) -> None:
    async with a_class(urls, 8, pace="run") as room:
        _all_good(room)
        room.live(*room.phones)
        for _ in range(3):
            await _stepped(room, 1)
            await room.call("DELETE", "game")
            room.told.steps.clear()
            await until(lambda: room.projector.game["is_over"], "the end")
            await room.call("POST", "game", {"eta": 0.1, "batch": 2})
            before = await room.parameters()
            await until(lambda: not room.projector.game["is_over"], "another game")
            await room.call("PATCH", "game", {"pace": "run"})
        await _stepped(room, 2)
        await room.require_numpys(before)
        assert not sum(phone.verdicts["wrong"] for phone in room.phones)


@pytest.mark.slow
def test_phones_begin_anew_with_another_game(urls: list[str]) -> None:
    asyncio.run(_start_anew(urls))


async def _sleep_and_wake(urls: Sequence[str]) -> None:
    async with a_class(urls, 6, pace="run") as room:
        before = await room.parameters()
        _all_good(room)
        sleeper, others = room.phones[0], room.phones[1:]
        room.live(*others)
        await until(lambda: room.projector.parts["deal"]["asleep"] == [sleeper.pupil], "the phone to be asleep", 30)
        began, step = time.monotonic(), room.projector.game["step"]
        await _stepped(room, 3)
        assert room.projector.game["step"] - step >= 3
        assert time.monotonic() - began < 3 * 6 * _BUSY_SECONDS
        room.live(sleeper)
        await until(lambda: sleeper.verdicts["right"] > 3, "the phone to be awake", 30)
        assert room.projector.parts["deal"]["asleep"] == []
        await room.require_numpys(before)


@pytest.mark.slow
def test_a_phone_in_a_pocket_sleeps_and_wakes(urls: list[str]) -> None:
    asyncio.run(_sleep_and_wake(urls))


class LyingPhone(FaultyPhone):
    """Is always wrong."""

    async def pass_on(self, game: dict[str, Any], numbers: dict[str, Any]) -> None:
        wrong = {name: {**one, "numbers": [number + 1 for number in one["numbers"]]} for name, one in numbers.items()}
        await super().pass_on(game, wrong)


async def _disagree(urls: Sequence[str]) -> None:
    async with a_class(urls, 60, batch=1, pace="run") as room:
        before = await room.parameters()
        for place, phone in enumerate(room.phones):
            if place % 3 == 0:
                room.phones[place] = LyingPhone(phone.url, room.code, phone.pupil, phone._key, room.told, SEED)
        _all_good(room)
        room.live(*room.phones)
        await _stepped(room, 3, 120)
        await room.require_numpys(before)
        held = room.projector.parts["deal"]["held"]
        assert sum(len(who) == 2 for who in held.values()) == 18
        lying = {phone.pupil for phone in room.phones if isinstance(phone, LyingPhone)}
        marks: dict[str, str] = {}
        for _, head in room.projector.heads:
            marks |= head.get("marks", {})
        assert not {name for name, mark in marks.items() if mark == "wrong" and not lying & set(held[name])}
        assert {name for name, mark in marks.items() if mark == "wrong"}


@pytest.mark.slow
def test_with_two_at_a_neuron_steps_go_on_where_one_is_wrong(urls: list[str]) -> None:
    asyncio.run(_disagree(urls))
