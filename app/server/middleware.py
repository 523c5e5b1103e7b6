"""ASGI middleware for every request: sub-path, limit of the body, security headers, and HEAD."""

from __future__ import annotations

from collections.abc import Mapping

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything comes from this origin. A picture may also be one that the page made itself.
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
_COMMON = [
    *((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
    # One address is a page for a browser and JSON for a script, so a cache must keep them apart, and ask each time.
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


class BodyLimit:
    """Refuses a body that is larger than its route takes: by its Content-Length, or while it comes.

    FastAPI's own `max_body_size` replaces every answer to such a request, 401 included, by plain text that is no
    problem document.
    """

    def __init__(self, app: ASGIApp, usual: int, by_path: Mapping[str, int]) -> None:
        self._app, self._usual, self._by_path = app, usual, by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        limits = (limit for start, limit in self._by_path.items() if f"{path}/".startswith(f"{start}/"))
        limit = next(limits, self._usual)
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdecimal() and int(declared) > limit
        received = 0

        async def limited() -> Message:
            nonlocal received
            # Raised where the body is read, since an error becomes an answer there.
            if too_large:
                raise HTTPException(413)
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        return await self._app(scope, limited, send)


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

            try:
                await self._app(as_get, receive, send_headers)
            finally:
                scope["route"] = as_get.get("route")  # for the log and the metrics
