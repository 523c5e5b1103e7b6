"""uvicorn's HTTP protocol with time-outs for slow clients.

uvicorn itself closes only connections that are idle between two requests. A client that sends nothing, or one byte
now and then, or does not read its answer, could hold a connection for ever. With httptools, which is faster than
h11, uvicorn also has no limit for the head of a request.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.server.middleware import SECURITY_HEADERS

# The time a request may take to arrive: this, and one second more for each so many bytes.
REQUEST_SECONDS = 10.0
_BYTES_A_SECOND = 16 * 1024
# How long a client may read nothing of an answer.
READING_SECONDS = 20.0
# Bytes of a request outside its body: the head, chunk headers and trailers.
_MAX_HEAD = 64 * 1024
# How long a stopping server waits for slow clients.
_LAST_SECONDS = 0.2
# How often each connection is checked. A timer for each request would cost more.
_LOOK_SECONDS = 0.5
# Unsent bytes held in this process for each client; the kernel holds some more.
_MAX_UNREAD = 8 * 1024

_TOO_SLOW = "The request came too slowly. Send it again, at 16 KB a second or faster."
_TOO_LARGE = f"The head of the request is larger than {_MAX_HEAD // 1024} KB. Send fewer headers."


class _Wait(NamedTuple):
    """What a connection waits for, since when, and how many bytes were received and unsent by then."""

    what: object
    is_answered: bool
    since: float
    received: int
    unread: int


class Connection(HttpToolsProtocol):
    """A connection that closes when its client is too slow. For `uvicorn.Config(http=Connection)`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._received = 0
        self._head = 0
        self._pause = object()
        self._wait: _Wait | None = None
        self._look_again: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=_MAX_UNREAD)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        self._head += len(data)
        cycle = self.cycle
        super().data_received(data)
        if self.cycle is not cycle:
            self._head = 0
        elif self._head > _MAX_HEAD and not self.transport.is_closing():
            self._refuse(431, _TOO_LARGE)

    def on_body(self, body: bytes) -> None:
        self._head = 0
        super().on_body(body)

    def pause_writing(self) -> None:
        super().pause_writing()
        # A new object restarts the time-out, so a client that reads slowly is not cut off.
        self._pause = object()

    def shutdown(self) -> None:
        """Closes the connection if it waits for its client. An answer that is being computed is still sent."""
        super().shutdown()
        self.loop.call_later(_LAST_SECONDS, self._leave)

    def _leave(self) -> None:
        if self._waits_for() is not None:
            self.transport.abort()

    def _look(self) -> None:
        now, what = self.loop.time(), self._waits_for()
        is_answered = self.cycle is not None and self.cycle.response_complete
        unread = self.transport.get_write_buffer_size()
        if what is None:
            self._wait = None
        elif self._wait is None or self._wait.what is not what or self._wait.is_answered is not is_answered:
            self._wait = _Wait(what, is_answered, now, self._received, unread)
        elif what is self._pause:
            if self._wait.unread - unread >= _MAX_UNREAD:
                # Progress in an answer that was written at once restarts the time-out too.
                self._wait = self._wait._replace(since=now, unread=unread)
            elif now - self._wait.since > READING_SECONDS:
                self.logger.info("Closed a connection whose client does not read")
                self.transport.abort()
        else:
            # The rest of a request that is already answered gets no extra time.
            bought = 0.0 if is_answered else (self._received - self._wait.received) / _BYTES_A_SECOND
            if now - self._wait.since > REQUEST_SECONDS + bought:
                self._refuse(408, _TOO_SLOW)
        self._look_again = self.loop.call_later(_LOOK_SECONDS, self._look)

    def _waits_for(self) -> object | None:
        """What the client must do next: read (`_pause`) or send a request (its scope, or self); None for nothing."""
        if self.flow.write_paused or self.transport.is_closing():
            return self._pause
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            is_coming = cycle.scope is self.scope and cycle.more_body
            # Nothing can arrive while the app does not read, or before it answers "100 Continue".
            return self.scope if is_coming and not (self.flow.read_paused or cycle.waiting_for_100_continue) else None
        return self.scope or self

    def _refuse(self, status: int, detail: str) -> None:
        """Closes the connection, after a problem document if a request has no answer yet."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            is_answerable = self.scope is not None and (cycle is None or cycle.scope is not self.scope)
        else:
            is_answerable = cycle.scope is self.scope and not cycle.response_started and not self.pipeline
        if is_answerable:
            self.logger.info("Refused a request with %d: %s", status, detail)
            if cycle is not None:
                # To the app, the client has disconnected.
                cycle.disconnected = True
                cycle.message_event.set()
            self.transport.write(self._problem(status, detail))
        self.transport.close()

    def _problem(self, status: int, detail: str) -> bytes:
        title = STATUS_LINE[status].decode().split(" ", 2)[2].strip()
        content = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
        headers = {
            **SECURITY_HEADERS,
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(content)),
            "Connection": "close",
        }
        lines = [*self.server_state.default_headers, *((k.encode(), v.encode()) for k, v in headers.items())]
        return b"".join([STATUS_LINE[status], *(b"%s: %s\r\n" % line for line in lines), b"\r\n", content])
