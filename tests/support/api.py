"""What tests ask of a server, and how they read its answers."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from typing import Any

import httpx
from PIL import Image, ImageDraw

from tests.support.server import wait_until


def _seven() -> bytes:
    image = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(image).line([(75, 65), (200, 65), (130, 220)], fill=0, width=20, joint="curve")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


SEVEN = _seven()
PNG = {"Content-Type": "image/png"}
JSON = {"Content-Type": "application/json"}


def assert_problem(response: httpx.Response, status: int, *words: str) -> None:
    """A problem document that is valid JSON, small, and says what to change."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.content) <= 2048
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    for word in words:
        assert word in problem["detail"]


SHORT = {"preset": "quick", "epochs": 1}
# Slow enough to be met while it runs, however slow the machine; every test that starts one stops it.
LONG = {"epochs": 1000, "pace": 2}
# The same with few digits, where it is enough to have trained: such a run starts and ends in a moment.
FEW = {"preset": "quick", "epochs": 10, "dataset": "few"}
ENDLESS = {**LONG, "dataset": "few"}


def start(client: httpx.Client, settings: dict[str, Any]) -> int:
    response = client.post("admin/runs", json=settings)
    assert response.status_code == 201, response.text
    run_id: int = response.json()["id"]
    return run_id


def run(client: httpx.Client, run_id: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"runs/{run_id}").json()
    return found


def ended(client: httpx.Client, run_id: int) -> dict[str, Any]:
    """The run, once it has ended."""
    return (
        wait_until(lambda: (seen := run(client, run_id))["ended_at"] is not None and seen, f"the end of run {run_id}")
        or {}
    )


def at_step(client: httpx.Client, run_id: int, step: int) -> None:
    wait_until(lambda: run(client, run_id)["step"] >= step, f"step {step} of run {run_id}")


def events(client: httpx.Client, run_id: int, last_event_id: int | None = None) -> Generator[dict[str, Any]]:
    """The stream's events as id, name and data, until the server closes it."""
    headers = {} if last_event_id is None else {"Last-Event-ID": str(last_event_id)}
    with client.stream("GET", f"runs/{run_id}/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "id" in fields:
                yield {"id": int(fields["id"]), "name": fields["event"], "data": json.loads(fields["data"])}
                fields = {}
