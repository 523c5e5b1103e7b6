"""ASGI middleware for every request: sub-path behind a proxy, body limit, security headers."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
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


class BodyLimit:
    """Answers 413 to a body above its route's limit: by its Content-Length, or as soon as it exceeds the limit.

    FastAPI's own `max_body_size` replaces every answer to such a request, even a 401, by plain text instead of a
    problem document.
    """

    def __init__(self, app: ASGIApp, usual: int, by_path: Mapping[str, int]) -> None:
        self._app, self._usual, self._by_path = app, usual, by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        limit = self._by_path.get(scope["path"].removeprefix(scope.get("root_path", "")), self._usual)
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdecimal() and int(declared) > limit
        received = 0

        async def limited() -> Message:
            nonlocal received
            # Raised where the app reads the body, because there it becomes a problem document.
            if too_large:
                raise HTTPException(413)
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        return await self._app(scope, limited, send)
