from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.server import protocol as connection
from tests.support.connections import HEAD, LOOK, READING, REQUEST, WHOLE, Serving, Talk, play, said_by


@pytest.fixture(autouse=True)
def _twenty_times_as_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("REQUEST", REQUEST), ("READING", READING), ("_LOOK", LOOK)):
        monkeypatch.setattr(connection, f"{name}_SECONDS", seconds)
    monkeypatch.setattr(connection, "_BYTES_A_SECOND", 320 * 1024)


async def _closed_after(talk: Talk, first: bytes, trickle: bytes = b"", piece: int = 1) -> tuple[float, bytes]:
    """Sends `first`, then pieces of `trickle`. Returns after how long it was closed, and the answer."""
    reader, writer = talk
    loop = asyncio.get_running_loop()
    began, said = loop.time(), asyncio.create_task(said_by(reader))
    writer.write(first)
    for start in range(0, len(trickle), piece):
        if said.done():
            break
        writer.write(trickle[start : start + piece])
        await asyncio.sleep(0.05)
    answer = await said
    writer.close()
    return loop.time() - began, answer


def _problem(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    assert f"Content-Length: {len(body)}".encode() in head
    problem: dict[str, Any] = json.loads(body)
    return problem


@pytest.mark.parametrize(
    ("first", "trickle", "status"),
    [
        pytest.param(b"", b"", 0, id="says nothing"),
        pytest.param(b"", b"\r\n" * 999, 0, id="sends empty lines"),
        pytest.param(b"GET / HT", b"", 408, id="stops in the first line"),
        pytest.param(HEAD, b"a: b\r\n" * 999, 408, id="trickles a header"),
        pytest.param(HEAD + b"Content-Length: 999\r\n\r\n", b"x" * 999, 408, id="trickles a body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 999, 408, id="trickles chunks"),
    ],
)
def test_a_slow_sender_gets_408_and_is_disconnected(first: bytes, trickle: bytes, status: int) -> None:
    async def scenario(serving: Serving) -> None:
        seconds, answer = await _closed_after(await serving.talk(), first, trickle)

        assert REQUEST <= seconds < REQUEST + 10 * LOOK
        assert (answer == b"") == (status == 0)
        if status:
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert _problem(answer)["status"] == status
            assert "too slowly" in _problem(answer)["detail"]
        assert serving.app.cut == (["/read"] if b"\r\n\r\n" in first else [])
        assert not serving.connections

    play(scenario)


@pytest.mark.slow
def test_a_second_request_on_a_connection_has_no_more_time_than_the_first() -> None:
    async def scenario(serving: Serving) -> None:
        whole = HEAD + b"Content-Length: 2\r\n\r\nab"
        for then in (HEAD + b"Content-Length: 9\r\n\r\n", HEAD, b"\r\n"):
            seconds, answer = await _closed_after(await serving.talk(), whole + then, b"\r\n" if then != HEAD else b"a")
            assert REQUEST <= seconds < REQUEST + 10 * LOOK
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert (b"HTTP/1.1 408 " in answer) == (then != b"\r\n")

    play(scenario)


def test_the_rest_of_an_answered_request_gets_no_extra_time() -> None:
    async def scenario(serving: Serving) -> None:
        unread = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
        seconds, answer = await _closed_after(await serving.talk(), unread, b"x" * 9_999_999, piece=64 * 1024)

        assert seconds < REQUEST + 10 * LOOK
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"408" not in answer

    play(scenario)


def test_a_large_body_that_arrives_steadily_is_read_to_its_end() -> None:
    async def scenario(serving: Serving) -> None:
        body = b"x" * 375_000  # at 16 KB each twentieth of a second: 1.2 s
        head = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        seconds, answer = await _closed_after(await serving.talk(), head, body, piece=16 * 1024)

        assert seconds > 2 * REQUEST
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"375000" in answer

    play(scenario)


@pytest.mark.parametrize("asks", ["at once", "for leave to send", "while it waits for another answer"])
def test_a_client_that_waits_for_the_server_is_not_cut_off(asks: str) -> None:
    async def scenario(serving: Serving) -> None:
        reader, writer = await serving.talk()
        head = b"POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
        if asks == "for leave to send":
            writer.write(head + b"Expect: 100-continue\r\n\r\n")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"ab")
        else:
            writer.write(head + b"\r\nab")
        if asks == "while it waits for another answer":
            writer.write(HEAD + b"Content-Length: 3\r\n\r\n")
            await asyncio.sleep(1.5 * REQUEST)
            writer.write(b"abc")
            assert (await reader.readuntil(b"\r\n2\r\n")).startswith(b"HTTP/1.1 200 ")
            await reader.readuntil(b"\r\n\r\n")
            assert (await reader.readuntil(b"3\r\n")).startswith(b"HTTP/1.1 200 ")
        else:
            assert (await reader.readuntil(b"\r\n2\r\n")).startswith(b"HTTP/1.1 200 ")
        writer.close()

    play(scenario)


@pytest.mark.parametrize(
    "first",
    [
        HEAD + b"a: " + b"b" * 2_000_000,
        HEAD + b"a: b\r\n" * 200_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + b"a: b\r\n" * 200_000,
    ],
    ids=["one header", "many headers", "many trailers"],
)
def test_an_endless_head_is_refused_before_it_fills_memory(first: bytes) -> None:
    async def scenario(serving: Serving) -> None:
        reader, writer = await serving.talk()
        said = asyncio.create_task(said_by(reader))
        for start in range(0, len(first), 16 * 1024):
            if said.done():
                break
            writer.write(first[start : start + 16 * 1024])
            await asyncio.sleep(0)
        else:
            raise AssertionError("all of it was taken")
        assert (await said).startswith(b"HTTP/1.1 431 ")
        writer.close()

    play(scenario)


def test_a_client_that_does_not_read_is_disconnected_and_little_is_held_for_it() -> None:
    async def scenario(serving: Serving) -> None:
        reader, writer = await serving.asked("/endless")
        await reader.readexactly(1000)
        (there,) = serving.connections
        while not there.flow.write_paused:
            await asyncio.sleep(0.01)
        assert there.transport.get_write_buffer_size() < 32 * 1024
        began = asyncio.get_running_loop().time()
        while serving.connections:
            await asyncio.sleep(0.01)
        assert READING / 2 < asyncio.get_running_loop().time() - began < READING + 10 * LOOK
        writer.close()

    play(scenario)


@pytest.mark.slow
def test_a_slow_reader_stays_connected() -> None:
    async def scenario(serving: Serving) -> None:
        reader, writer = await serving.asked("/endless")
        until = asyncio.get_running_loop().time() + 2 * READING
        while asyncio.get_running_loop().time() < until:
            await reader.readexactly(400_000)
            await asyncio.sleep(READING / 8)
        assert serving.connections
        writer.close()

    play(scenario)


@pytest.mark.slow
def test_a_slow_reader_of_an_answer_written_at_once_stays_connected() -> None:
    async def scenario(serving: Serving) -> None:
        reader, writer = await serving.asked("/whole")
        for _ in range(16):
            await reader.readexactly(WHOLE // 16)
            await asyncio.sleep(READING / 8)
        assert await reader.read(10)  # as much as the head was long
        writer.close()

    play(scenario)


def test_a_stopping_server_waits_for_an_answer_but_not_for_slow_clients() -> None:
    async def scenario(serving: Serving) -> None:
        late, slow = [await serving.talk() for _ in range(2)]
        stalled = await serving.asked("/endless")
        late[1].write(b"POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        slow[1].write(HEAD + b"Content-Length: 9\r\n\r\nab")
        while len(serving.connections) < 3 or not any(c.flow.write_paused for c in serving.connections):
            await asyncio.sleep(0.01)
        began = asyncio.get_running_loop().time()
        for there in serving.connections:
            there.shutdown()
        while len(serving.connections) > 1:
            await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 0.6
        assert (await said_by(late[0])).endswith(b"2\r\n0\r\n\r\n")
        for _, writer in (late, slow, stalled):
            writer.close()

    play(scenario)
