from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import httpx
from fastapi import FastAPI, Response
from starlette.middleware import Middleware

from app.server.metrics import Metrics
from app.server.middleware import HeadAsGet
from app.server.observing import Observe
from app.web.shared.event_stream import EventStream

streams: list[AsyncGenerator[Sequence[bytes]]] = []
changes_made: list[str] = []
metrics = Metrics()
app = FastAPI(middleware=[Middleware(Observe, metrics), Middleware(HeadAsGet)])


async def forever() -> AsyncGenerator[Sequence[bytes]]:
    while True:
        yield [b"data: 1"]


@app.get("/events")
async def events() -> Response:
    streams.append(forever())
    return EventStream([], streams[-1], "numbers")


@app.get("/item")
async def item() -> dict[str, int]:
    return {"number": 1}


@app.post("/changes")
async def changes() -> None:
    changes_made.append("a change")


def head(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.head(path)

    return asyncio.run(ask())


def test_the_head_of_an_endless_stream_ends_at_once_and_closes_it() -> None:
    response = head("/events")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    assert not response.content
    assert asyncio.run(anext(streams[-1], [b"closed"])) == [b"closed"]


def test_the_head_has_the_length_of_the_body_and_no_body() -> None:
    response = head("/item")

    assert response.headers["content-length"] == str(len('{"number":1}'))
    assert not response.content


def test_head_reaches_no_call_that_changes_something() -> None:
    assert head("/changes").status_code == 405
    assert not changes_made


def test_the_metrics_count_it_as_head_of_its_route() -> None:
    head("/item")

    labels = {"method": "HEAD", "route": "/item", "status": "200"}
    assert metrics.registry.get_sample_value("descent_requests_total", labels)
