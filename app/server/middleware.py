"""ASGI middleware for every request: sub-path behind a proxy, body limit, security headers, HEAD, plain queries."""

from __future__ import annotations

from collections.abc import Mapping

import anyio
import anyio.lowlevel
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything is loaded from this origin. Pages also show pictures that they made themselves.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'self'; frame-ancestors 'none'; manifest-src 'self'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# A body of this size or less is in the kernel's buffers soon, whether or not it is read.
_SHORT = 64 * 1024
# What all longer bodies together may take of this process's memory, from their first byte to their answer.
MAX_HELD = 256 * 1024 * 1024
# How long the rest of a longer body is read after an early answer.
_DISCARD_SECONDS = 3.0
_COMMON = [
    *((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
    # An address is a page for a browser and JSON for a script, so caches must keep them apart and revalidate.
    (b"vary", b"Accept"),
    (b"cache-control", b"no-cache"),
]


class CommonHeaders:
    """Adds the security headers, `Vary` and `Cache-Control` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                names = {name for name, _ in headers}
                headers += [pair for pair in _COMMON if pair[0] not in names]
                if b"vary" in names:
                    MutableHeaders(scope=message).add_vary_header("Accept")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class SubPath:
    """Serves under a sub-path, whether or not the proxy removes it from the path.

    uvicorn's own `root_path` serves a proxy that removes it, and no other. Starlette expects the full path in the
    scope: a mounted folder of files would find nothing otherwise.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path != self._root_path and not path.startswith(f"{self._root_path}/"):
                path = self._root_path + path
            scope = {**scope, "root_path": self._root_path, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)


class PlainQuery:
    """Reads `&amp;` in a query as `&`: an address copied out of HTML has it. A page is redirected to its plain address.

    Otherwise the JavaScript of the page, which reads the address too, would see another one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and b"&amp;" in scope["query_string"]:
            query = scope["query_string"].replace(b"&amp;", b"&")
            scope = {**scope, "query_string": query}
            if scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", ""):
                app = RedirectResponse(f"?{query.decode('latin-1')}")
        await app(scope, receive, send)


class BodyLimit:
    """Answers 413 to a body above its route's limit: by its Content-Length, or as soon as it exceeds the limit.

    It also answers 415 to a compressed body, and 503 while longer bodies already hold all the memory they may. After an
    early answer to a long body, of whatever status, it reads and discards the rest for a moment. FastAPI's own
    `max_body_size` replaces every answer to such a request, even a 401, by plain text instead of a problem document.
    """

    def __init__(self, app: ASGIApp, usual: int, by_path: Mapping[str, int]) -> None:
        self._app, self._usual, self._by_path = app, usual, by_path
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        limits = (limit for start, limit in self._by_path.items() if f"{path}/".startswith(f"{start}/"))
        limit = next(limits, self._usual)
        length, is_chunked, refusal = 0, False, None
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"transfer-encoding":
                is_chunked = True
            elif name == b"content-encoding" and value.lower() not in (b"", b"identity"):
                refusal = _unsupported(value.decode("latin-1"))
        if length > limit:
            refusal = HTTPException(413)
        is_long = is_chunked or length > _SHORT
        received = held = 0

        async def limited() -> Message:
            nonlocal received, held
            # Raised where the app reads the body, because there it becomes a problem document.
            if refusal is not None:
                raise refusal
            message = await receive()
            part = len(message.get("body", b""))
            received += part
            if received > limit:
                raise HTTPException(413)
            if is_long:
                if self._held + part > MAX_HELD:
                    # What came of this body makes room at once: its answer may take a while.
                    self._held, held = self._held - held, 0
                    raise HTTPException(503, "The server has too many large bodies to read now. Send it again later.")
                self._held, held = self._held + part, held + part
            return message

        if is_long:
            early = _EarlyAnswer(receive, send)
            receive = early.receive
            try:
                await self._app(scope, limited, early.send)
            finally:
                self._held -= held
            await early.discard_rest()
        else:
            await self._app(scope, limited, send)


def _unsupported(encoding: str) -> HTTPException:
    detail = f"The body's Content-Encoding {encoding!r} is not supported. Send it uncompressed, without that header."
    return HTTPException(415, detail, {"Accept-Encoding": "identity"})


class _EarlyAnswer:
    """Keeps the connection open until the body has arrived, if the app answers before.

    A server that closes a connection with unread data resets it. A client that is still sending then sees the reset
    instead of the answer.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._has_more, self._is_held = True, False

    async def receive(self) -> Message:
        message = await self._receive()
        self._has_more = message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self._has_more and message["type"] == "http.response.body" and not message.get("more_body", False):
            self._is_held = True
            message = {**message, "more_body": True}
        await self._send(message)

    async def discard_rest(self) -> None:
        """Reads the rest of the body, for a limited time, then ends the answer that was held open."""
        if self._is_held:
            with anyio.move_on_after(_DISCARD_SECONDS):
                while self._has_more:
                    await self.receive()
            await self._send({"type": "http.response.body", "body": b""})


class HeadAsGet:
    """Answers HEAD wherever GET is answered: with the headers alone. A stream of events ends at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)
        # A copy, since the server must still know that it is HEAD: it would miss the body otherwise.
        as_get = {**scope, "method": "GET"}
        with anyio.CancelScope() as answering:

            async def send_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await send(message)
                    await send({"type": "http.response.body"})
                    answering.cancel()
                # Ends here: an app that never waits for anything else would not notice that it is cancelled.
                await anyio.lowlevel.checkpoint()

            try:
                await self._app(as_get, receive, send_headers)
            finally:
                scope["route"] = as_get.get("route")  # for the log and the metrics
