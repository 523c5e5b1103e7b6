"""Server-sent events, encoded once for however many watch."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Sequence

from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.store.records import Event

# How long a browser waits before it connects again.
_RETRY_MS = 1000
# No more waits for one watcher who reads slowly, or not at all.
_PIECE = 8 * 1024


def encode(event: Event) -> bytes:
    """An event as it goes over the wire."""
    return format_sse_event(event=event.name, data_str=json.dumps(event.data), id=str(event.id))


class EventStream(StreamingResponse):
    """Batches of encoded events, the first and the rest, each sent whole; an empty batch is a sign of life."""

    media_type = "text/event-stream"

    def __init__(self, first: Sequence[bytes], rest: AsyncGenerator[Sequence[bytes]], comment: str) -> None:
        # nginx holds an answer back unless it is told not to.
        super().__init__(rest, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})  # type: ignore[arg-type]
        self._first, self._rest = first, rest
        self._greeting = format_sse_event(comment=comment, retry=_RETRY_MS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Closed at once when the watcher leaves, in the middle of a sending or before it, and not when it is collected.
        async with contextlib.aclosing(self._rest):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _send_all(send, self._greeting + b"".join(self._first))
        async for batch in self._rest:
            await _send_all(send, b"".join(batch) or b":\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(send: Send, content: bytes) -> None:
    for start in range(0, len(content), _PIECE):
        # Waits while the one before is still being read; whoever reads nothing at all is cut off by the server.
        await send({"type": "http.response.body", "body": content[start : start + _PIECE], "more_body": True})
