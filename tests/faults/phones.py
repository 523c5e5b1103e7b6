"""Phones as they are in a school: their requests and streams are cut at any moment, and they send again."""

from __future__ import annotations

import contextlib
import json
import random
import socket
from typing import Any

import httpx

from tests.support.rooms import Pupil
from tests.support.server import Server


def strokes_of(number: int) -> list[list[list[float]]]:
    """A seven that is no other number's."""
    return [[[0.3, 0.2], [0.7, 0.2], [0.45, round(0.7 + number / 10_000, 4)]]]


class Phone:
    """A pupil's phone, which draws seven after seven; `answered` has the ids of those with an answer, by number."""

    def __init__(self, server: Server, pupil: Pupil, seed: int) -> None:
        self._server, self._pupil, self._moments = server, pupil, random.Random(seed)
        self.answered: dict[int, int] = {}

    def draw(self, number: int, cuts: int = 0) -> httpx.Response:
        """Sends a drawing, which is cut off so many times and then sent whole."""
        token = f"drawing-{number:06}"
        for _ in range(cuts):
            self._cut_off(number, token)
        answer = self._pupil.draw(7, strokes_of(number), token)
        if answer.status_code == 201:
            self.answered[number] = answer.json()["id"]
        return answer

    def _cut_off(self, number: int, token: str) -> None:
        body = json.dumps({"label": 7, "strokes": strokes_of(number)})
        url = httpx.URL(self._server.url)
        head = f"POST /rooms/{self._pupil.code}/drawings HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {token}\r\n"
        head += f"Authorization: {self._pupil.headers['Authorization']}\r\nContent-Type: application/json\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        sent = self._moments.choice([len(request), len(request), self._moments.randrange(len(request))])
        with socket.create_connection((url.host, url.port or 80), timeout=20) as asking, contextlib.suppress(OSError):
            asking.sendall(request[:sent])
            # Gone at once, while the server is at it, or just before the answer is read.
            asking.settimeout(self._moments.choice([0.001, 0.01, 0.05]))
            asking.recv(1)


class CutStream:
    """Follows a room's stream as a browser does: an event counts once it has come whole."""

    def __init__(self, server: Server, path: str) -> None:
        self._url, self._last_id = server.url + path, ""
        self.drawings: list[dict[str, Any]] = []

    def follow(self, drawings: int, most_bytes: int) -> None:
        """Until it has been told of so many drawings, or has read so many bytes and is cut off."""
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        came, rest = 0, ""
        with contextlib.suppress(httpx.TransportError), httpx.stream("GET", self._url, headers=headers) as stream:
            for piece in stream.iter_raw():
                *events, rest = (rest + piece[: most_bytes - came].decode()).split("\n\n")
                came += len(piece)
                for event in events:
                    self._take(dict(line.partition(": ")[::2] for line in event.splitlines()))
                if came >= most_bytes or len(self.drawings) >= drawings:
                    return

    def _take(self, event: dict[str, str]) -> None:
        if event.get("event") == "changes":
            self.drawings += json.loads(event["data"])["drawings"]
        self._last_id = event.get("id", self._last_id)
