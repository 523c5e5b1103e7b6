"""CORS: which pages of other origins may use the open calls."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

# What needs the admin token or gives the admin's cookie is for our own pages alone.
_CLOSED = ("admin", "login", "logout")
_REQUEST_HEADERS = ("If-None-Match", "Inference-Header-Content-Length", "Last-Event-ID")
_RESPONSE_HEADERS = ("Descent-Step", "Inference-Header-Content-Length", "Retry-After", "X-Request-ID")


class OpenCallsCors:
    """Starlette's CORSMiddleware for the open calls alone, without credentials: a browser sends no cookie."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._closed = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_RESPONSE_HEADERS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        is_closed = path.lstrip("/").partition("/")[0] in _CLOSED
        await (self._closed if is_closed else self._open)(scope, receive, send)
