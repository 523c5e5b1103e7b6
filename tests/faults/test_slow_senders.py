"""Clients that send almost nothing: none of them holds a connection of the server."""

from __future__ import annotations

import asyncio
import io
import time

import httpx
import pytest
from PIL import Image

from tests.faults.watching import Process, run_bounded
from tests.support.api import PNG, SEVEN
from tests.support.server import RunningServer

MAX_SECONDS = 12.0
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
# What is sent at once, and what follows byte by byte.
WAYS = {
    "says nothing": (b"", b""),
    "sends empty lines": (b"", b"\r\n" * 999),
    "trickles the first line": (b"", b"GET /" + b"x" * 999),
    "trickles a header": (HEAD, b"a: b\r\n" * 999),
    "trickles a body": (HEAD + b"Content-Length: 9999\r\n\r\n", SEVEN),
    "trickles chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 999),
    "trickles a second request": (WHOLE, HEAD),
}


async def _seconds_until_closed(server: RunningServer, first: bytes, trickle: bytes) -> float:
    url = httpx.URL(server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    began = time.monotonic()
    closed = asyncio.create_task(_all(reader))
    writer.write(first)
    for number in range(len(trickle)):
        if closed.done():
            break
        writer.write(trickle[number : number + 1])
        await asyncio.sleep(0.5)
    await closed
    writer.close()
    return time.monotonic() - began


async def _all(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


def _held_by(server: RunningServer, of_each: int) -> None:
    process = Process(server.process.pid)

    async def scenario() -> list[float]:
        senders = [_seconds_until_closed(server, *way) for way in WAYS.values() for _ in range(of_each)]
        waiting = asyncio.gather(*senders)
        await asyncio.sleep(2)
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{server.url}predict", content=SEVEN, headers=PNG)
        assert answer.json()["digit"] == 7
        return await waiting

    before = process.sockets
    seconds = run_bounded(scenario())
    for way, held in zip((way for way in WAYS for _ in range(of_each)), seconds, strict=True):
        assert held < MAX_SECONDS, way
    assert process.sockets <= before + 1


@pytest.mark.slow
def test_a_slow_sender_is_disconnected_within_twelve_seconds(fresh_server: RunningServer) -> None:
    _held_by(fresh_server, 1)


@pytest.mark.torture
def test_a_thousand_slow_senders_are_disconnected_within_twelve_seconds(fresh_server: RunningServer) -> None:
    _held_by(fresh_server, 1_000 // len(WAYS))


@pytest.mark.torture
def test_a_phone_with_a_slow_connection_can_send_its_photo(server: RunningServer) -> None:
    """3 MB at 100 KB a second."""
    photo = io.BytesIO()
    with Image.open(io.BytesIO(SEVEN)) as seven:
        seven.save(photo, "JPEG")
    # As cameras do, with segments of their own between the start of the picture and what is to be seen.
    start, rest = photo.getvalue()[:2], photo.getvalue()[2:]
    content = start + 46 * (b"\xff\xef\xff\xff" + bytes(65_533)) + rest

    async def scenario() -> bytes:
        url = httpx.URL(server.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(HEAD.replace(b"png", b"jpeg") + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(content))
        for start in range(0, len(content), 10_000):
            writer.write(content[start : start + 10_000])
            await asyncio.sleep(0.1)
        answer = await reader.read()
        writer.close()
        return answer

    answer = run_bounded(scenario())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"digit":7' in answer
