"""The response times of the lessons' calls, over HTTP from a server in another process."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import table
from tests.support.server import running_server

TURNS = 30
# Milliseconds. A slower answer makes a slider feel slow.
LIMIT = 100


def answers() -> str:
    """A table of milliseconds from request to response: the median and the slowest of TURNS."""
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, server.client() as client:
        picture = client.get("examples/7.png").content
        posted = {"content": picture, "headers": {"Content-Type": "image/png"}}
        seen = client.post("predict?explain=true", **posted).json()["input"]  # type: ignore[arg-type]
        rows = []
        for name, method, path, question in _questions(seen, posted):
            client.request(method, path, **_with_seed(question, 0))
            seconds = []
            for turn in range(1, TURNS + 1):
                started = time.perf_counter()
                client.request(method, path, **_with_seed(question, turn)).raise_for_status()
                seconds.append(time.perf_counter() - started)
            slowest = max(seconds) * 1000
            rows.append([name, f"{statistics.median(seconds) * 1000:.1f}", f"{slowest:.1f}", f"{slowest / LIMIT:.2f}"])
    return table(["request", "median, ms", "slowest, ms", f"slowest / {LIMIT} ms"], rows)


def _with_seed(question: dict[str, Any], seed: int) -> dict[str, Any]:
    """A new seed for each request, so that no answer comes from a cache."""
    if "json" not in question:
        return question
    body = dict(question["json"])
    if "plane" in body:
        body["plane"] = {**body["plane"], "seed": seed}
    if "until" in body:
        body["seed"] = seed
    return {"json": body}


def _questions(seen: list[float], posted: dict[str, Any]) -> list[tuple[str, str, str, dict[str, Any]]]:
    weight = {"kind": "parameter", "layer": 1, "neuron": 3, "input": 400}
    drawing = {"input": seen, "digit": 3}

    def post(name: str, path: str, body: dict[str, Any]) -> tuple[str, str, str, dict[str, Any]]:
        return name, "POST", f"lessons/{path}", {"json": body}

    return [
        ("all 13,002 parameters", "GET", "lessons/parameters", {}),
        post("one drawing, forward", "forward", {"input": seen}),
        post("costs of one drawing and of 1,000", "costs", drawing),
        post("a slice: 61 values over 1,000 images", "slice", {"direction": weight, "low": -2, "high": 2}),
        post("a walk of 60 steps over 1,000 images", "walk",
             {"direction": weight, "start": 2, "learning_rate": 1, "steps": 60}),
        post("a random surface, 27 x 27", "surface", {"plane": {"kind": "random"}}),
        post("the surface of a path of 200 steps", "surface", {"plane": {"kind": "path"}}),
        post("the same, 25 steps of full batch", "surface",
             {"plane": {"kind": "path", "batch_size": None, "steps": 25}}),
        post("the surface of two paths, 200 and 25 steps", "surface",
             {"plane": {"kind": "path", "rival": {"batch_size": None, "steps": 25}}}),
        post("the gradient over 1,000 images", "gradient", {}),
        post("ten steps of learning from a drawing", "learning", {**drawing, "learning_rate": 0.001, "steps": 10}),
        post("25 steps of a descent, batch 32", "descent", {"until": 25}),
        post("25 steps of a descent, full batch", "descent", {"until": 25, "batch_size": None}),
        post("the evidence for a digit", "evidence", drawing),
        ("the preparation of a picture", "POST", "lessons/preparation", posted),
        ("what would change its mind", "POST", "lessons/mind", posted),
        ("the same, `wide`", "POST", "lessons/mind?model=wide", posted),
        ("ten dreams", "GET", "lessons/dreams", {}),
        ("ten dreams, `wide`", "GET", "lessons/dreams?model=wide", {}),
        ("20 mistakes", "GET", "lessons/mistakes", {}),
    ]  # fmt: skip


if __name__ == "__main__":
    print(answers())
