"""What is left of a room and its pupils: after its days, and in the log."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.rooms.rooms import PREFIX
from app.rooms.state import RoomState
from app.store import collection_table
from app.store.sqlite import SqliteRunStore
from tests.support.api import JSON
from tests.support.local_server import local_server
from tests.support.rooms import open_room
from tests.support.server import RunningServer, running_server, wait_until

PUPIL = {"X-Forwarded-For": "203.0.113.9"}
# The server, with a defect that whoever comes back to a room meets.
_DEFECT = """
from app.commands.cli import cli
from app.rooms.rooms import Rooms
def defect(*arguments):
    raise RuntimeError
Rooms.rejoin = defect
cli()
"""


def test_a_room_is_forgotten_once_it_is_older_than_its_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteRunStore(tmp_path / "descent.sqlite3")
    for code, opened in (("BRAND2", "2026-01-31T10:00:00.000+00:00"), ("PRESNT", "9999-01-31T10:00:00.000+00:00")):
        monkeypatch.setattr(collection_table, "now", lambda opened=opened: opened)
        store.create_collection(PREFIX + code, RoomState().model_dump())
    monkeypatch.undo()
    store.close()

    with local_server(tmp_path, room_days=7) as server, httpx.Client(base_url=server.url) as client:
        wait_until(lambda: client.get("rooms/BRAND2").status_code == 404, "the old room to be forgotten")
        assert client.get("rooms/PRESNT").status_code == 200


@pytest.mark.slow
def test_no_line_of_the_log_has_the_address_of_a_pupil(tmp_path: Path) -> None:
    with running_server(tmp_path, program=(sys.executable, "-c", _DEFECT)) as server, open_room(server) as room:
        here = f"rooms/{room.code}"
        room.anyone.headers.update(PUPIL)
        pupil = room.join()
        as_pupil = {**pupil.headers, **JSON}
        compressed = {**as_pupil, "Content-Encoding": "gzip"}
        statuses = {
            room.anyone.get(here).status_code,
            room.anyone.get("rooms/NOROOM").status_code,
            room.anyone.get(f"{here}/no/such/page").status_code,
            room.anyone.delete(here).status_code,
            room.anyone.get(f"{here}/pupils/me").status_code,
            room.anyone.get("static/page/base.css").status_code,
            pupil.draw().status_code,
            pupil.draw(strokes=[]).status_code,
            room.anyone.post(f"{here}/drawings", content=bytes(300_000), headers=as_pupil).status_code,
            room.anyone.post(f"{here}/no/such/page", content=bytes(300_000), headers=as_pupil).status_code,
            room.anyone.post(f"{here}/drawings", content=b"", headers=compressed).status_code,
            room.anyone.post(f"{here}/pupils", json={"rejoin": "CODE"}).status_code,
        }
        assert statuses == {200, 201, 401, 404, 405, 413, 415, 422, 500}
        _send(server, b"GET /rooms/\x00 HTTP/1.1\r\n\r\n")
        _send(server, f"POST /{here}/pupils HTTP/1.1\r\nHost: a\r\nX: {'x' * 70_000}".encode())
        # The same client is in the line of another request.
        room.anyone.get("healthz?last=1")
        wait_until(lambda: any("203.0.113.9" in line for line in server.output), "the last line")

    # After the two addresses that are printed.
    lines: list[dict[str, Any]] = [json.loads(line) for line in server.output[2:]]
    asked = [line for line in lines if line.get("path", "").startswith(("/rooms/", "/static/"))]
    assert len(asked) == 13
    assert {line["client"] for line in asked} == {None}
    assert [line["path"] for line in lines if PUPIL["X-Forwarded-For"] in str(line)] == ["/healthz"]
    others = [line["message"] for line in lines if "client" not in line and "Uvicorn running" not in line["message"]]
    assert "Invalid HTTP request received." in others
    assert [message for message in others if message.startswith("Refused a request with 431")]
    assert not [message for message in others if "127.0.0.1" in message]


def _send(server: RunningServer, request: bytes) -> None:
    """Sends what no client of HTTP would, and waits for the answer."""
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port), 10) as connection:
        connection.sendall(request)
        connection.recv(100)
