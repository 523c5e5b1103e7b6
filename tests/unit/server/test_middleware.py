"""The limit of a body and the answers before its end, without a server: what the app sees and what is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from app.server import middleware
from app.server.middleware import BodyLimit

LIMIT = 100_000


async def _length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


APP = BodyLimit(Starlette(routes=[Route("/length", _length, methods=["POST"])]), 10, {"/length": LIMIT})


def _post(content: bytes | AsyncIterator[bytes], encoding: str = "") -> httpx.Response:
    async def post() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return await client.post("/length", content=content, headers={"Content-Encoding": encoding})

    return asyncio.run(post())


async def _pieces(length: int) -> AsyncIterator[bytes]:
    for _ in range(length // 1000):
        yield bytes(1000)


@pytest.mark.parametrize(("size", "status"), [(0, 200), (LIMIT, 200), (LIMIT + 1000, 413)])
def test_a_body_is_read_up_to_the_limit_of_its_route(size: int, status: int) -> None:
    assert _post(bytes(size)).status_code == status
    assert _post(_pieces(size)).status_code == status


def test_a_compressed_body_is_refused_with_the_name_of_its_encoding() -> None:
    for encoding in ("gzip", "br", "deflate, gzip"):
        answer = _post(b"x", encoding)

        assert answer.status_code == 415
        assert f"'{encoding}'" in answer.text
        assert answer.headers["accept-encoding"] == "identity"
    assert _post(b"x", "identity").text == "1"


def test_bodies_that_together_take_too_much_memory_are_refused_until_the_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(middleware, "MAX_HELD", LIMIT * 3 // 2)

    async def post_two(client: httpx.AsyncClient, half_sent: asyncio.Event) -> tuple[int, int]:
        goes_on = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield bytes(LIMIT - 1000)
            half_sent.set()
            await goes_on.wait()
            yield bytes(1000)

        first = asyncio.create_task(client.post("/length", content=slow()))
        await half_sent.wait()
        second = await client.post("/length", content=bytes(LIMIT))
        goes_on.set()
        return second.status_code, (await first).status_code

    async def scenario() -> list[tuple[int, int]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://test") as client:
            return [await post_two(client, asyncio.Event()) for _ in range(2)]

    assert asyncio.run(scenario()) == [(503, 200)] * 2
    assert _post(bytes(LIMIT)).status_code == 200


def test_a_refused_body_makes_room_before_its_answer_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_HELD", LIMIT * 3 // 2)

    async def scenario() -> list[int]:
        first_sent, refused, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def first() -> AsyncIterator[bytes]:
            yield bytes(LIMIT * 9 // 10)
            first_sent.set()
            await refused.wait()
            yield bytes(LIMIT // 10)

        async def second() -> AsyncIterator[bytes]:
            await first_sent.wait()
            yield bytes(LIMIT * 6 // 10)
            yield bytes(LIMIT // 10)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            async def slow_send(message: Message) -> None:
                if message.get("status") == 503:
                    refused.set()
                    await asyncio.wait_for(answered.wait(), 10)
                await send(message)

            await APP(scope, receive, slow_send)

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            slow = asyncio.create_task(client.post("/length", content=first()))
            slow.add_done_callback(lambda _: answered.set())
            other = await client.post("/length", content=second())
            return [(await slow).status_code, other.status_code]

    assert asyncio.run(scenario()) == [200, 503]


def _exchange(path: str, headers: list[tuple[bytes, bytes]], pieces: int, ends: bool = True) -> tuple[list[str], int]:
    """What was read and sent, in order, for a body of so many pieces of 16 KB, and the status."""
    events: list[str] = []
    status = 0

    async def receive() -> Message:
        number = sum(event == "read" for event in events)
        if number == pieces and not ends:
            await asyncio.Event().wait()
        events.append("read")
        return {"type": "http.request", "body": bytes(16_384), "more_body": number + 1 < pieces or not ends}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        if message["type"] == "http.response.body":
            events.append("sent" if message["body"] else "")
            if not message.get("more_body", False):
                events.append("end")

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    asyncio.run(APP(scope, receive, send))
    return [event for event in events if event], status


LENGTH = [(b"content-length", b"%d" % (20 * 16_384))]
CHUNKED = [(b"transfer-encoding", b"chunked")]


@pytest.mark.parametrize("headers", [LENGTH, CHUNKED], ids=["length", "chunked"])
@pytest.mark.parametrize(("path", "status"), [("/length", 413), ("/nothing", 404)])
def test_an_early_answer_is_sent_at_once_and_ends_after_the_body(
    path: str, status: int, headers: list[tuple[bytes, bytes]]
) -> None:
    events, answered = _exchange(path, headers, 20)

    assert answered == status
    assert events.count("read") == 20
    assert events.index("sent") < events.index("end") == len(events) - 1
    assert events.index("sent") <= LIMIT // 16_384 + 1


def test_an_early_answer_ends_in_time_if_the_body_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "_DISCARD_SECONDS", 0.01)

    events, status = _exchange("/length", LENGTH, 3, ends=False)

    assert status == 413
    assert events == ["sent", "read", "read", "read", "end"]
