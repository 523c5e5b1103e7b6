"""A server gets the signal to stop while it is watched, asked, and training."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.watching import Stalled, Watcher, run_bounded
from tests.support.active_run import active_run
from tests.support.api import ENDLESS, at_step, run, start
from tests.support.local_server import local_server
from tests.support.server import RunningServer, is_alive, running_server, wait_until

STALLED, ASKING = 20, 4
# Large enough to be on its way when the signal comes.
PICTURES = json.dumps({"instances": [[0] * 784] * 256}).encode()


def _descendants(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *_descendants(child))]


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


async def _ask(server: RunningServer) -> int:
    """Sends a prediction whole before it returns a task that waits for the answer."""
    url = httpx.URL(server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(PICTURES)
    )
    writer.write(PICTURES)
    try:
        status = int((await reader.readuntil(b"\r\n")).split(b" ")[1])
        await reader.readuntil(b"\r\n\r\n")
        return status
    finally:
        writer.close()


def _end(state_dir: Path, datasets: Path, signal_number: int, watchers: int, seconds: float, *arguments: str) -> None:
    with active_run(state_dir) as long:
        long.add_costs(10_000)

    async def scenario(closing: contextlib.ExitStack, server: RunningServer, run_id: int, trainers: list[int]) -> None:
        watching = [Watcher(server, run_id) for _ in range(watchers)]
        tasks = [asyncio.create_task(watcher.watch()) for watcher in watching]
        for _ in range(STALLED):
            closing.enter_context(contextlib.closing(Stalled(server, f"runs/{long.id}")))
        while not all(watcher.ids for watcher in watching):
            await asyncio.sleep(0.02)
        asked = [asyncio.create_task(_ask(server)) for _ in range(ASKING)]
        await asyncio.sleep(0.1)

        began = time.monotonic()
        server.process.send_signal(signal_number)
        await asyncio.to_thread(server.process.wait, 20)
        gone = time.monotonic() - began

        assert await asyncio.gather(*asked) == [200] * ASKING
        await asyncio.gather(*tasks)
        assert all(watcher.has_whole_answer for watcher in watching)
        assert gone < seconds
        left = 5 * seconds - gone
        await asyncio.to_thread(wait_until, lambda: not any(map(is_alive, trainers)), "the trainer's end", left)

    environment = {"DESCENT_DATASETS_DIR": str(datasets)}
    with running_server(state_dir, *arguments, environment=environment) as server, server.client() as client:
        run_id = start(client, ENDLESS)
        at_step(client, run_id, 1)
        trainers = [child for child in _descendants(server.process.pid) if "app.runs.worker" in _command(child)]
        assert len(trainers) == 1
        with contextlib.ExitStack() as closing:
            run_bounded(scenario(closing, server, run_id, trainers))

    with local_server(state_dir, datasets_dir=datasets) as restarted, restarted.client() as client:
        assert run(client, run_id)["status"] == "stopped"
        assert client.post(f"admin/runs/{run_id}/resume").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    ("signal_number", "arguments"),
    [(signal.SIGTERM, ()), (signal.SIGINT, ()), (signal.SIGTERM, ("--workers", "2"))],
    ids=["SIGTERM", "SIGINT", "SIGTERM to two processes"],
)
def test_a_server_that_stops_ends_every_stream_and_answers_what_it_was_asked(
    tmp_path: Path, few_digits: Path, signal_number: int, arguments: tuple[str, ...]
) -> None:
    # In the whole suite other tests have the processors, too.
    _end(tmp_path / "state", few_digits, signal_number, 100, 5.0, *arguments)


@pytest.mark.torture
@pytest.mark.parametrize("arguments", [(), ("--workers", "2")], ids=["one process", "two processes"])
def test_a_server_with_five_hundred_watchers_is_gone_within_a_second(
    tmp_path: Path, few_digits: Path, arguments: tuple[str, ...]
) -> None:
    _end(tmp_path / "state", few_digits, signal.SIGTERM, 500, 1.0, *arguments)
