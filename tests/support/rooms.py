"""A room as its pupils and its teacher use it, over HTTP."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx

from tests.support.server import Server, wait_until

SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]
# Crossed: no digit that a network is sure of.
CROSS = [[[0.1, 0.1], [0.9, 0.9]], [[0.9, 0.1], [0.1, 0.9]]]


class Pupil:
    """A pupil with a phone."""

    def __init__(self, client: httpx.Client, code: str, joined: dict[str, Any]) -> None:
        self.client, self.code = client, code
        self.id, self.name = int(joined["pupil"]), str(joined["name"])
        self.headers = {"Authorization": f"Bearer {joined['key']}"}

    def draw(self, label: int | None = 7, strokes: object = SEVEN, token: str | None = None) -> httpx.Response:
        headers = {**self.headers, **({"Idempotency-Key": token} if token else {})}
        body = {"label": label, "strokes": strokes}
        return self.client.post(f"rooms/{self.code}/drawings", json=body, headers=headers)

    def post(self, what: str, body: object = None) -> httpx.Response:
        return self.client.post(f"rooms/{self.code}/{what}", json=body, headers=self.headers)

    def own(self) -> httpx.Response:
        return self.client.get(f"rooms/{self.code}/pupils/me", headers=self.headers)


class Room:
    """An open room. `teacher` has the admin token, `anyone` has nothing."""

    def __init__(self, teacher: httpx.Client, anyone: httpx.Client) -> None:
        self.teacher, self.anyone = teacher, anyone
        self.code = str(teacher.post("admin/rooms").raise_for_status().json()["code"])

    @property
    def path(self) -> str:
        """The path of the teacher's calls."""
        return f"admin/rooms/{self.code}"

    def join(self, token: str | None = None) -> Pupil:
        headers = {"Idempotency-Key": token} if token else {}
        joined = self.anyone.post(f"rooms/{self.code}/pupils", headers=headers).raise_for_status()
        return Pupil(self.anyone, self.code, joined.json())

    def change(self, **changes: object) -> None:
        self.teacher.patch(self.path, json=changes).raise_for_status()

    def set_status(self, drawing: int, status: str) -> None:
        self.teacher.patch(f"{self.path}/drawings/{drawing}", json={"status": status}).raise_for_status()

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.anyone.get(f"rooms/{self.code}").raise_for_status().json()
        return state


@contextlib.contextmanager
def open_room(server: Server) -> Iterator[Room]:
    with server.client() as teacher, httpx.Client(base_url=server.url, timeout=30) as anyone:
        yield Room(teacher, anyone)


class Watcher:
    """Follows a room's stream and keeps what it was told: things as they are now, and all that was sent."""

    def __init__(self) -> None:
        self.room: dict[str, Any] = {}
        self.pupils: dict[int, dict[str, Any]] = {}
        self.drawings: dict[int, dict[str, Any]] = {}
        self.runs: list[dict[str, Any]] = []
        # What else there is, such as a game's parts.
        self.parts: dict[str, Any] = {}
        self.history: list[dict[str, Any]] = []
        self.text, self.last_id, self.has_ended = "", "", False

    def follow(self, client: httpx.Client, path: str) -> None:
        """Reads the stream until it breaks or ends."""
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        name = ""
        with client.stream("GET", path, headers=headers) as stream:
            for line in stream.iter_lines():
                self.text += f"{line}\n"
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "id":
                    self.last_id = value
                elif field == "data":
                    self._take(name, json.loads(value))

    def _take(self, name: str, data: dict[str, Any]) -> None:
        if name == "changes":
            self.history.append(data)
            self.parts |= {part: form for part, form in data.items() if part not in ("room", "pupils", "drawings")}
            self.room = data.get("room", self.room)
            self.pupils |= {one["pupil"]: one for one in data["pupils"]}
            self.drawings |= {one["id"]: one for one in data["drawings"]}
        elif name == "run":
            self.runs.append(data)
        self.has_ended = name == "end"


@contextlib.contextmanager
def watching(server: Server, path: str, watcher: Watcher | None = None, *, admin: bool = False) -> Iterator[Watcher]:
    """A watcher of the stream at `path`, until the block ends."""
    watcher = watcher or Watcher()
    client = httpx.Client(base_url=server.url, timeout=30, headers=server.admin if admin else {})

    def follow() -> None:
        # Closing the client in the middle of a stream is how the block ends.
        with contextlib.suppress(httpx.HTTPError, RuntimeError, OSError, ValueError):
            watcher.follow(client, path)

    thread = threading.Thread(target=follow, daemon=True)
    before = len(watcher.text)
    thread.start()
    try:
        wait_until(lambda: len(watcher.text) > before, "the stream to begin")
        yield watcher
    finally:
        client.close()
