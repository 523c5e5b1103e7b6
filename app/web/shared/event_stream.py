"""Server-sent events, encoded once for all who watch a run."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated

from fastapi import Header, Query
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.store.records import Event

LastEventId = Annotated[str | None, Header(description="The id of the last event that is known already")]
After = Annotated[int, Query(description="As Last-Event-ID, for a client that can't set headers")]
# A browser waits this long before it reconnects.
_RETRY_MS = 1000
# At most this many bytes wait in memory for a watcher who reads slowly.
_CHUNK_BYTES = 8 * 1024


def encode(event: Event) -> bytes:
    """A run's event in the text/event-stream format."""
    return format_event(event.name, json.dumps(event.data), event.id)


def format_event(name: str, data: str, number: int | None) -> bytes:
    """An event in the text/event-stream format, with JSON as data.

    Without a number, the client resumes from the one before.
    """
    return format_sse_event(event=name, data_str=data, id=None if number is None else str(number))


def whole_number(text: str | None, default: int) -> int:
    """The id as a number; 0 for any other text, which replays the run from its start."""
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class EventStream(StreamingResponse):
    """Streams encoded events: the batch `first`, then those of `rest`. An empty batch becomes a keep-alive comment."""

    media_type = "text/event-stream"

    def __init__(self, first: Sequence[bytes], rest: AsyncGenerator[Sequence[bytes]], comment: str) -> None:
        # Without X-Accel-Buffering, nginx buffers the response.
        super().__init__(rest, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})  # type: ignore[arg-type]
        self._first, self._rest = first, rest
        self._greeting = format_sse_event(comment=comment, retry=_RETRY_MS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Closes the generator as soon as the watcher leaves, not when it is garbage-collected.
        async with contextlib.aclosing(self._rest):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _send_all(send, self._greeting)
        # A single event is not copied: all who watch a room are sent the same one, which may be long.
        await _send_all(send, b"".join(self._first))
        async for batch in self._rest:
            await _send_all(send, b"".join(batch) or b":\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(send: Send, content: bytes) -> None:
    for start in range(0, len(content), _CHUNK_BYTES):
        # `send` waits while the chunk before is still being read. The server closes a connection that reads nothing.
        await send({"type": "http.response.body", "body": content[start : start + _CHUNK_BYTES], "more_body": True})
