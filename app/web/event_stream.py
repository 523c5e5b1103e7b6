"""Server-sent events, encoded once for however many watch."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence

from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Send

from app.store.base import Event

# How long a browser waits before it connects again.
_RETRY_MS = 1000
# A watcher that has stopped to read has this much, and what the kernel holds for it, waiting; then it is let go.
_PIECE = 16 * 1024
STALLED_SECONDS = 20.0


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

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            # Closed at once when the watcher leaves in the middle of a sending, and not when it is collected.
            async with contextlib.aclosing(self._rest):
                # Not kept while the stream lasts: of a long run this is much, and there may be a thousand who watch.
                first, self._first = self._first, ()
                await _send_all(send, self._greeting + b"".join(first))
                del first
                async for batch in self._rest:
                    await _send_all(send, b"".join(batch) or b":\n\n")
        except TimeoutError:
            return  # the server closes what is not complete
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_all(send: Send, content: bytes) -> None:
    for start in range(0, len(content), _PIECE):
        # Waits while the one before is still being read. Raises TimeoutError when it isn't read at all.
        async with asyncio.timeout(STALLED_SECONDS):
            piece = content[start : start + _PIECE]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
