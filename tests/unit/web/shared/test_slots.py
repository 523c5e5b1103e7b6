from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.types import Message, Receive, Scope, Send

from app.main import create_app
from app.settings import Settings
from app.web.shared import problems
from app.web.shared.slots import DatasetSlot, DescentSlot, EvaluationSlot, HeavySlot, LightSlot, slots

KINDS = {
    "light": LightSlot,
    "heavy": HeavySlot,
    "descent": DescentSlot,
    "evaluation": EvaluationSlot,
    "datasets": DatasetSlot,
}


class Gate:
    """The endpoint of an app with one slot: it lets a request through once it is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.entered: list[str] = []
        self.app = FastAPI()
        self.app.post("/{name}", dependencies=[slots(1)])(self._endpoint)

    async def _endpoint(self, name: str, request: Request) -> str:
        self.entered.append(name)
        if name.startswith("closed"):
            await self.open.wait()
        return f"{name}: {len(await request.body())}"


def client_of(app: Callable[..., Any]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app")


async def let_others_run() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def test_a_slow_upload_holds_no_slot() -> None:
    async def scenario() -> None:
        gate, rest = Gate(), asyncio.Event()

        async def slow_upload() -> AsyncIterator[bytes]:
            yield b"1234"
            await rest.wait()
            yield b"5678"

        async with client_of(gate.app) as client:
            slow = asyncio.create_task(client.post("/slow", content=slow_upload()))
            await let_others_run()
            quick = await asyncio.wait_for(client.post("/quick", content=b"12"), 10)
            assert (quick.json(), gate.entered) == ("quick: 2", ["quick"])
            rest.set()
            assert (await slow).json() == "slow: 8"

    asyncio.run(scenario())


def test_a_slow_reader_of_an_answer_holds_no_slot() -> None:
    async def scenario() -> None:
        gate, reading = Gate(), asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            async def slow_send(message: Message) -> None:
                if scope["path"] == "/slow":
                    await reading.wait()
                await send(message)

            await gate.app(scope, receive, slow_send)

        async with client_of(app) as client:
            slow = asyncio.create_task(client.post("/slow"))
            await let_others_run()
            assert gate.entered == ["slow"]
            assert (await asyncio.wait_for(client.post("/quick"), 10)).is_success
            reading.set()
            assert (await slow).is_success

    asyncio.run(scenario())


def test_requests_wait_for_a_slot_in_the_order_in_which_they_came() -> None:
    async def scenario() -> None:
        gate = Gate()
        async with client_of(gate.app) as client:
            waiting = []
            for name in ("closed", "first", "second", "third"):
                waiting.append(asyncio.create_task(client.post(f"/{name}")))
                await let_others_run()
            assert gate.entered == ["closed"]
            gate.open.set()
            await asyncio.gather(*waiting)
            assert gate.entered == ["closed", "first", "second", "third"]

    asyncio.run(scenario())


def test_a_request_whose_client_has_left_the_queue_is_not_computed() -> None:
    async def scenario() -> None:
        gate, left = Gate(), asyncio.Event()
        problems.install(gate.app, {})

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            async def receive_until_left() -> Message:
                return {"type": "http.disconnect"} if left.is_set() else await receive()

            await gate.app(scope, receive_until_left if scope["path"] == "/leaving" else receive, send)

        async with client_of(app) as client:
            waiting = []
            for name in ("closed", "leaving", "staying"):
                waiting.append(asyncio.create_task(client.post(f"/{name}")))
                await let_others_run()
            left.set()
            gate.open.set()
            await asyncio.gather(*waiting)
            assert gate.entered == ["closed", "staying"]

    asyncio.run(scenario())


def test_no_kind_of_request_waits_for_another_kind() -> None:
    async def scenario() -> None:
        app, opened = FastAPI(), asyncio.Event()
        for name, slot in KINDS.items():
            app.post(f"/{name}/closed", dependencies=[slot])(opened.wait)
            app.post(f"/{name}/open", dependencies=[slot])(lambda: None)
        async with client_of(app) as client:
            closed = [f"/{name}/closed" for name in KINDS if name != "light" for _ in range(10)]
            held = [asyncio.create_task(client.post(path)) for path in closed]
            await let_others_run()
            assert (await asyncio.wait_for(client.post("/light/open"), 10)).is_success
            opened.set()
            await asyncio.gather(*held)

    asyncio.run(scenario())


def test_each_call_that_takes_long_has_a_slot_of_its_kind() -> None:
    found: dict[str, set[str]] = {name: set() for name in KINDS}
    for route in iter_route_contexts(create_app(Settings()).routes):
        for name, slot in KINDS.items():
            if any(dependency is slot for dependency in getattr(route, "dependencies", ())):
                found[name].add((route.path or "").removeprefix("/lessons/"))

    assert found == {
        "light": {"parameters", "forward", "costs", "images.png", "gradient", "evidence", "learning"},
        "heavy": {"slice", "walk", "surface", "mind", "dreams"},
        "descent": {"descent"},
        "evaluation": {"mistakes", "/runs/{run_id}/changes", "/runs/{run_id}/results", "/runs/{run_id}/results/images"},
        "datasets": {
            "/datasets",
            "/datasets/{name}",
            "/datasets/{name}/images/{number}.png",
            "/datasets/{name}/examples/{number}.png",
            "/speed",
        },
    }
