"""A class in lesson 5: many descents at once, each with its own settings, and light questions beside them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from app.lessons.descents import MAX_STEPS
from benchmarks.measure import cpu_seconds, table
from tests.support.server import running_server

CLIENTS = 60
# Seconds until the last client has its last step, and milliseconds of the slowest light answer.
MAX_SECONDS, MAX_LIGHT = 60, 300
_PAUSE, _GIVE_UP = 0.2, 2 * MAX_SECONDS


async def _descend(client: httpx.AsyncClient, seed: int) -> int:
    """The step that a client reaches before it gives up."""
    step, end = 0, time.monotonic() + _GIVE_UP
    while step < MAX_STEPS and time.monotonic() < end:
        question = {"seed": seed, "batch_size": 32, "since": step, "until": MAX_STEPS}
        response = await client.post("lessons/descent", json=question)
        step = response.raise_for_status().json()["step"]
    return step


async def _descend_together(url: str) -> list[int]:
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=url, timeout=_GIVE_UP, limits=limits) as client:
        return await asyncio.gather(*(_descend(client, seed) for seed in range(CLIENTS)))


def _run_class(url: str, steps: multiprocessing.SimpleQueue[list[int]]) -> None:
    steps.put(asyncio.run(_descend_together(url)))


def measured() -> str:
    """A table: how long the whole class takes, and what a light question waits meanwhile."""
    with tempfile.TemporaryDirectory() as state, running_server(Path(state)) as server, server.client() as client:
        light = {"input": [0.5] * 784}
        # The first question about a descent reads the images.
        for path, question in (("forward", light), ("descent", {"until": 1})):
            client.post(f"lessons/{path}", json=question).raise_for_status()
        steps: multiprocessing.SimpleQueue[list[int]] = multiprocessing.SimpleQueue()
        pupils = multiprocessing.Process(target=_run_class, args=(server.url, steps))
        began, used, waits = time.perf_counter(), cpu_seconds(server.process.pid), []
        pupils.start()
        while pupils.is_alive():
            asked = time.perf_counter()
            client.post("lessons/forward", json=light).raise_for_status()
            waits.append((time.perf_counter() - asked) * 1000)
            time.sleep(_PAUSE)
        seconds, reached = time.perf_counter() - began, steps.get()
        used = cpu_seconds(server.process.pid) - used
    done = sum(step == MAX_STEPS for step in reached)
    figures = [
        (f"all descents at step {MAX_STEPS:,}, s", seconds, MAX_SECONDS),
        ("a light answer, median, ms", statistics.median(waits), MAX_LIGHT),
        ("a light answer, slowest, ms", max(waits), MAX_LIGHT),
    ]
    rows = [[name, f"{figure:.0f}", f"{figure / limit:.2f}"] for name, figure, limit in figures]
    rows.append(["processor time of the server, s", f"{used:.0f}", ""])
    rows.append([f"descents complete within {_GIVE_UP} s, and the shortest", f"{done}, {min(reached):,} steps", ""])
    return table([f"{CLIENTS} clients", "", "of the limit"], rows)


if __name__ == "__main__":
    print(f"""
## A class in lesson 5

`python -m benchmarks.lessons_load`: {CLIENTS} clients at once compute {MAX_STEPS:,} steps each with batches of 32, all
with different seeds, on a server that shares the {os.cpu_count()} cores with them. Meanwhile another client sends one
drawing to `/lessons/forward` every {_PAUSE} s.

{measured()}""")
