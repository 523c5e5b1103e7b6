"""Observes every request: its id, its status and its duration, in the metrics and in the log."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.metrics import Metrics

log = logging.getLogger("descent.access")
# An id that a proxy may have set. Any other value is replaced by a new id.
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# A pupil's phone asks for these, a room's pages and calls and their files; or somebody who corrects an answer.
_WITHOUT_CLIENT = ("/rooms/", "/corrections", "/static/")
# Its other requests are those of any reader. They are known by the page: one of a room, or a lesson with `room=CODE`.
_LESSON_OF_ROOM, _PAGE_OF_ROOM = re.compile(rb"(?:^|&)room="), re.compile(rb"/rooms/|[?&]room=")
# Whoever tries tokens here can't hide behind such a page.
_WITH_CLIENT = ("/admin/", "/login/")


class Observe:
    """Gives each request an id, `request.state.request_id` and X-Request-ID, counts it and logs it in one line."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(scope)
        # Before the routes are asked, since a mounted folder changes `root_path`, and a refused request has no route.
        client = _client(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        # 0 if the client left before the answer. The answer to an exception is sent outside of all middleware.
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception:
            status = 500
            raise
        finally:
            seconds = time.perf_counter() - began
            # The route's pattern, not the path: else each made-up path would add a series.
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.count_request(scope["method"], route, status, seconds)
            _log(scope, request_id, client, status, seconds)


def _client(scope: Scope) -> str | None:
    """The address to log; None where it may be that of a pupil's phone."""
    path = f"{scope['path'].removeprefix(scope.get('root_path', ''))}/"
    if not scope.get("client") or path.startswith(_WITHOUT_CLIENT):
        return None
    page = next((value for name, value in scope["headers"] if name == b"referer"), b"")
    is_of_room = _LESSON_OF_ROOM.search(scope["query_string"]) or _PAGE_OF_ROOM.search(page)
    return None if is_of_room and not path.startswith(_WITH_CLIENT) else str(scope["client"][0])


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(value):
            return bytes(value).decode()
    return secrets.token_hex(8)


def _log(scope: Scope, request_id: str, client: str | None, status: int, seconds: float) -> None:
    # Without the query, because the login link has the token there.
    fields = {
        "request_id": request_id,
        "client": client,
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "seconds": round(seconds, 6),
    }
    log.info("request", extra=fields)
