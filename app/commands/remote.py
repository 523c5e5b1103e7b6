"""A Descent server, asked over HTTP by whoever sits at a terminal."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
from httpx_sse import SSEError, connect_sse

_PATIENCE = 30.0
_RETRY_SECONDS = 1.0
# How long a server may be away, as when it is restarted, before a watcher gives up.
_AWAY_SECONDS = 60.0


class RemoteError(Exception):
    """The server can't be reached, or says no; the message says what to change."""


class Told(NamedTuple):
    """An event of a run: its name, such as "cost", and what it tells."""

    name: str
    data: dict[str, Any]


class Remote:
    """The server at `url`. With its admin token, it can be told to start a run."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=f"{url.rstrip('/')}/", headers=headers, timeout=_PATIENCE)

    def runs(self, limit: int) -> list[dict[str, Any]]:
        """The newest runs, newest first. Raises RemoteError."""
        found: list[dict[str, Any]] = self._json("GET", f"runs?limit={limit}")
        return found

    def run(self, run_id: int) -> dict[str, Any]:
        """One run. Raises RemoteError."""
        found: dict[str, Any] = self._json("GET", f"runs/{run_id}")
        return found

    def start(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Starts a run. Raises RemoteError."""
        started: dict[str, Any] = self._json("POST", "admin/runs", settings)
        return started

    def events(self, run_id: int) -> Iterator[Told]:
        """What the run tells, from its start to its end, also over a line that breaks. Raises RemoteError."""
        last, heard = "", time.monotonic()
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with connect_sse(self._client, "GET", f"runs/{run_id}/events", headers=headers) as source:
                    if source.response.is_error:
                        source.response.read()
                        raise RemoteError(_sentence(source.response))
                    for event in source.iter_sse():
                        heard = time.monotonic()
                        if event.id:
                            last = event.id
                            yield Told(event.event, json.loads(event.data))
                        if event.event == "end":
                            return
            except (httpx.TransportError, SSEError) as error:
                if time.monotonic() - heard > _AWAY_SECONDS:
                    raise RemoteError(f"The server has been away for a minute: {error}") from error
            time.sleep(_RETRY_SECONDS)

    def close(self) -> None:
        self._client.close()

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            response = self._client.request(method, path, json=body)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise RemoteError(f"{self._client.base_url} can't be reached: {error}. Is the server running?") from error
        if response.is_error:
            raise RemoteError(_sentence(response))
        try:
            return response.json()
        except ValueError as error:
            raise RemoteError(f"{self._client.base_url} is no Descent server: it answers with no JSON.") from error


def split_address(url: str) -> tuple[str, int | None]:
    """The address of a server, and the number of a run where the address is that of a run's page."""
    found = re.fullmatch(r"(.+?)/runs/(\d+)/?", url)
    return (found[1], int(found[2])) if found else (url, None)


def _sentence(response: httpx.Response) -> str:
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = ""
    sentence = str(detail) or f"{response.url} answers {response.status_code}. Is it a Descent server?"
    if response.status_code == 401:
        sentence += " Here, set DESCENT_ADMIN_TOKEN to it."
    return sentence
