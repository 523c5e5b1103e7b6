from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from starlette.types import Message, Receive, Send

from app.store.records import Event
from app.web.shared.event_stream import EventStream, encode


class Batches:
    """Batches that end, or go on for ever; `closed` tells whether they were let go of."""

    def __init__(self, *batches: Sequence[bytes], endless: bool = False) -> None:
        self._batches, self._endless, self.closed = batches, endless, False

    async def __call__(self) -> AsyncGenerator[Sequence[bytes]]:
        try:
            for batch in self._batches:
                yield batch
            while self._endless:
                yield [b"x" * 100_000]
        finally:
            self.closed = True


async def _stay() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nobody leaves")


async def _leave() -> Message:
    return {"type": "http.disconnect"}


def _sent(batches: Batches, first: Sequence[bytes] = ()) -> list[bytes]:
    bodies: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            bodies.append(message["body"])

    asyncio.run(_streamed(EventStream(first, batches(), "run 1"), send))
    return bodies


async def _streamed(stream: EventStream, send: Send, receive: Receive = _stay) -> None:
    await stream({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)


def test_an_event_is_told_as_browsers_read_it() -> None:
    assert encode(Event(7, "cost", {"step": 3})) == b'event: cost\ndata: {"step": 3}\nid: 7\n\n'


def test_a_batch_is_sent_whole_and_an_empty_one_as_a_sign_of_life() -> None:
    bodies = _sent(Batches([b"a\n\n", b"b\n\n"], [], [b"c\n\n"]), first=[b"0\n\n"])

    assert bodies[0] == b": run 1\nretry: 1000\n\n"
    assert bodies[1:] == [b"0\n\n", b"a\n\nb\n\n", b":\n\n", b"c\n\n", b""]


def test_a_long_past_is_sent_in_pieces_so_that_little_waits_in_memory() -> None:
    bodies = _sent(Batches([b"x" * 1_000_000]))

    assert max(map(len, bodies)) <= 8 * 1024
    assert sum(map(len, bodies[1:])) == 1_000_000


def test_who_leaves_in_the_middle_of_a_sending_is_forgotten_at_once() -> None:
    batches = Batches(endless=True)

    async def leave() -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.body" and message["body"].startswith(b"x"):
                await asyncio.Event().wait()

        watching = asyncio.create_task(_streamed(EventStream([], batches(), "run 1"), send))
        await asyncio.sleep(0)
        while not watching.done():
            watching.cancel()
            await asyncio.sleep(0)
        assert batches.closed

    asyncio.run(leave())


def test_who_has_left_before_anything_was_sent_is_forgotten_at_once() -> None:
    batches = Batches(endless=True)

    async def leave() -> None:
        async def send(_: Message) -> None:
            await asyncio.Event().wait()

        rest = batches()
        first = await anext(rest)
        stream = EventStream(first, rest, "run 1")
        await _streamed(stream, send, _leave)
        assert batches.closed

    asyncio.run(leave())
