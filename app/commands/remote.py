"""An HTTP client for a Descent server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
from httpx_sse import SSEError, connect_sse

_TIMEOUT_SECONDS = 30.0
_RETRY_SECONDS = 1.0
# A server that restarts may be unreachable for this long before `events` gives up.
_MAX_SILENCE_SECONDS = 60.0


class RemoteError(Exception):
    """The server can't be reached or refuses a request; the message says what to change."""


class RunEvent(NamedTuple):
    """An event of a run: its name, such as "cost", and its data."""

    name: str
    data: dict[str, Any]


class Remote:
    """The server at `url`. Starting a run needs its admin token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=f"{url.rstrip('/')}/", headers=headers, timeout=_TIMEOUT_SECONDS)

    def runs(self, limit: int) -> list[dict[str, Any]]:
        """The newest runs, newest first. Raises RemoteError."""
        found: list[dict[str, Any]] = self._json("GET", f"runs?limit={limit}")
        return found

    def run(self, run_id: int) -> dict[str, Any]:
        """One run. Raises RemoteError."""
        found: dict[str, Any] = self._json("GET", f"runs/{run_id}")
        return found

    def start(self, settings: dict[str, Any], queue: bool = False) -> dict[str, Any]:
        """Starts a run; with `queue`, it waits while another is active, and has a "place". Raises RemoteError."""
        started: dict[str, Any] = self._json("POST", f"admin/runs{'?queue=true' if queue else ''}", settings)
        return started

    def events(self, run_id: int) -> Iterator[RunEvent]:
        """Yields the run's events from its start to its end, and reconnects when needed. Raises RemoteError."""
        last, heard = "", time.monotonic()
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with connect_sse(self._client, "GET", f"runs/{run_id}/events", headers=headers) as source:
                    if source.response.is_error:
                        source.response.read()
                        raise RemoteError(_error_message(source.response))
                    for event in source.iter_sse():
                        heard = time.monotonic()
                        if event.id:
                            last = event.id
                            yield RunEvent(event.event, json.loads(event.data))
                        if event.event == "end":
                            return
            except (httpx.TransportError, SSEError) as error:
                if time.monotonic() - heard > _MAX_SILENCE_SECONDS:
                    raise RemoteError(f"The server has been unreachable for a minute: {error}") from error
            time.sleep(_RETRY_SECONDS)

    def close(self) -> None:
        self._client.close()

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            response = self._client.request(method, path, json=body)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise RemoteError(f"{self._client.base_url} can't be reached: {error}. Is the server running?") from error
        if response.is_error:
            raise RemoteError(_error_message(response))
        try:
            return response.json()
        except ValueError as error:
            raise RemoteError(f"{self._client.base_url} is not a Descent server: its response is not JSON.") from error


def split_address(url: str) -> tuple[str, int | None]:
    """The server's address and the run's number from a run page's address; no number from any other address."""
    found = re.fullmatch(r"(.+?)/runs/(\d+)/?", url)
    return (found[1], int(found[2])) if found else (url, None)


def _error_message(response: httpx.Response) -> str:
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = ""
    message = str(detail) or f"{response.url} answers {response.status_code}. Is it a Descent server?"
    if response.status_code == 401:
        message += " Set DESCENT_ADMIN_TOKEN to it in this terminal."
    return message
