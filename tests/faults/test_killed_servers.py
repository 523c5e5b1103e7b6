"""Servers and training processes killed at random moments: of training, saving, publishing and rolling back.

After each kill of a server another one starts on what is left. Whatever the moment: what it serves is whole, and was
published; what a watcher saw is still there; no process is left over, and no run is under way that nobody trains.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.network import Network
from app.network.weights import read_weights, version_of
from app.settings import ROOT
from tests.faults.torture import SEED, until
from tests.support.api import PNG, SEVEN, events, run
from tests.support.idx_files import write_set
from tests.support.server import RunningServer, is_alive, running_server, wait_until
from tests.support.trained import add_run

SHORT, LONG = 8, 500
# No process of a server that was killed lives longer.
ORPHAN_SECONDS = 5.0
# Small enough to be trained in a moment, wide enough that its checkpoints take a moment to be written.
RECIPE = {"dataset": "small", "hidden": [256], "epochs": 40, "pace": 0.1}
# So many training processes of each server are killed before it is itself.
TRAINERS_OF_A_SERVER = 3


@dataclass
class Seen:
    """What watchers received, of which runs, and what answers were given, by all servers together."""

    run_id: int = 0
    events: dict[int, dict[int, tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    answers: dict[str, set[tuple[float, ...]]] = field(default_factory=dict)
    asked: int = 0

    def watch(self, server: RunningServer, done: threading.Event) -> None:
        """Watches whatever run is under way, until the server is gone."""
        with contextlib.suppress(httpx.TransportError), server.client() as client:
            while not done.wait(0.05):
                received = self.events.setdefault(self.run_id, {})
                for event in events(client, self.run_id, max(received, default=None)):
                    # The end of a run becomes its resumption, when it goes on.
                    if event["name"] != "end":
                        received[event["id"]] = (event["name"], event["data"])

    def ask(self, server: RunningServer, done: threading.Event) -> None:
        """Asks what the digit is, over and over, until the server is gone. No answer is an error."""
        with contextlib.suppress(httpx.TransportError), server.client() as client:
            while not done.is_set():
                self.answered(client)

    def answered(self, client: httpx.Client) -> str:
        """The version that answers."""
        response = client.post("predict", content=SEVEN, headers=PNG)
        assert response.status_code == 200, response.text
        answer = response.json()
        self.answers.setdefault(answer["version"], set()).add(tuple(answer["probabilities"]))
        self.asked += 1
        return str(answer["version"])


@contextlib.contextmanager
def _in_threads(*works: Callable[[], None]) -> Iterator[None]:
    """Does the works beside the block, and raises what one of them raised."""
    failed: list[BaseException] = []

    def do(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(30)
    for error in failed:
        raise error


def _children(server: RunningServer) -> list[int]:
    found = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def _publish_and_roll_back(server: RunningServer, runs: list[int], moments: random.Random) -> None:
    """Until the server is killed, which may be in the middle of either."""
    with contextlib.suppress(httpx.TransportError), server.client() as client:
        while True:
            run_id = moments.choice(runs)
            assert client.post(f"admin/runs/{run_id}/publish").status_code == 200
            if moments.random() < 0.5:
                assert client.post("admin/models/classic/rollback").status_code == 200


def _train_on(client: httpx.Client, run_id: int) -> int:
    """A run that is under way: the one before where it can go on, or another."""

    def started() -> int | None:
        if run_id and client.post(f"admin/runs/{run_id}/resume").status_code == 200:
            return run_id
        response = client.post("admin/runs", json=RECIPE)
        # 409 only as long as the last trainer is about to end.
        assert response.status_code in (201, 409), response.text
        return int(response.json()["id"]) if response.status_code == 201 else None

    return wait_until(started, "a run to start", ORPHAN_SECONDS) or 0


def _let_it_be(client: httpx.Client, run_id: int, moments: random.Random) -> None:
    """Waits for a random moment: often of the run's start, more often of its training."""
    if moments.random() < 0.7:
        before = run(client, run_id)["step"]
        wait_until(lambda: (now := run(client, run_id))["step"] > before or now["ended_at"], "the run's steps")
    time.sleep(moments.uniform(0.0, 0.5))


def _assert_all_is_well(client: httpx.Client, seen: Seen, versions: set[str]) -> None:
    """What must hold of a server that was just started."""
    assert seen.answered(client) in versions
    assert all(len(answers) == 1 for answers in seen.answers.values())
    wait_until(
        lambda: all(one["ended_at"] is not None for one in client.get("runs").json()),
        "no run to be under way",
        ORPHAN_SECONDS,
    )
    kept = {event["id"]: (event["name"], event["data"]) for event in events(client, seen.run_id)} if seen.run_id else {}
    assert list(kept) == list(range(1, len(kept) + 1))
    for number, received in seen.events.get(seen.run_id, {}).items():
        assert kept[number] == received


def _kill_at_random_moments(folder: Path, kills: int, is_time: Callable[[], bool]) -> tuple[int, Seen]:
    """How many were killed, and what was seen of the servers meanwhile."""
    moments, state, seen, killed = random.Random(SEED), folder / "state", Seen(), 0
    write_set(folder / "datasets" / "small", training=1200, test=50)
    networks = [Network.random(np.random.default_rng(seed)) for seed in range(6)]
    runs = [add_run(state, network) for network in networks]
    versions = {version_of(network) for network in networks}
    versions.add(read_weights(ROOT / "models" / "classic.safetensors").version)
    environment = {"DESCENT_DATASETS_DIR": str(folder / "datasets")}
    while killed < kills and is_time():
        with running_server(state, environment=environment) as server, server.client() as client:
            _assert_all_is_well(client, seen, versions)
            seen.run_id = _train_on(client, seen.run_id)
            killed += _kill_trainers_and_then(server, client, seen, runs, moments)
    with running_server(state, environment=environment) as server, server.client() as client:
        _assert_all_is_well(client, seen, versions)
    return killed, seen


def _kill_trainers_and_then(
    server: RunningServer, client: httpx.Client, seen: Seen, runs: list[int], moments: random.Random
) -> int:
    """Kills some training processes, then the server itself, while it is asked for all it can do. Returns how many."""
    killed, done = 0, threading.Event()
    with _in_threads(
        lambda: seen.ask(server, done),
        lambda: seen.watch(server, done),
        lambda: _publish_and_roll_back(server, runs, moments),
    ):
        try:
            for _ in range(TRAINERS_OF_A_SERVER):
                _let_it_be(client, seen.run_id, moments)
                for child in _children(server):
                    os.kill(child, signal.SIGKILL)
                    killed += 1
                    _wait_for_the_end_of(child)
                seen.run_id = _train_on(client, seen.run_id)
            _let_it_be(client, seen.run_id, moments)
            orphans = _children(server)
        finally:
            done.set()
            server.process.kill()
            server.process.wait()
    for orphan in orphans:
        _wait_for_the_end_of(orphan)
    return killed + 1


def _wait_for_the_end_of(process_id: int) -> None:
    wait_until(lambda: not is_alive(process_id), "the trainer's end", ORPHAN_SECONDS)


@pytest.mark.slow
def test_whatever_is_killed_at_whatever_moment_nothing_is_lost_mixed_or_left_over(tmp_path: Path) -> None:
    killed, seen = _kill_at_random_moments(tmp_path, SHORT, lambda: True)

    assert killed >= SHORT
    assert seen.asked > SHORT
    assert sum(map(len, seen.events.values())) > SHORT


@pytest.mark.torture
def test_five_hundred_kills_lose_mix_and_leave_nothing(tmp_path: Path) -> None:
    killed, seen = _kill_at_random_moments(tmp_path, LONG, until())

    received = sum(map(len, seen.events.values()))
    print(f"{killed} kills with seed {SEED}: {seen.asked} answers, {received} events seen")  # noqa: T201 - asked for
    assert killed > SHORT
