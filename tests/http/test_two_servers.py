"""Two servers over one PostgreSQL: the same runs, events and networks; and a server whose database is away."""

from __future__ import annotations

import contextlib
import functools
import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from pydantic import SecretStr

from app.network import Network
from app.network.weights import pack_weights, unpack_weights
from app.runs.recipe import RunSettings
from app.store.postgres import PostgresRunStore
from tests.support.api import PNG, SEVEN, assert_problem
from tests.support.local_server import local_server
from tests.support.postgres import running_postgres
from tests.support.server import RunningServer, Server, running_server, wait_until

# More than a server has threads.
MANY = 60
WITHOUT_STORE = (
    "", "healthz", "models", "models/classic", "models/wide/weights", "docs", "learn", "learn/network", "learn/descent",
    "learn/gradient", "lessons/parameters", "lessons/dreams", "lessons/mistakes", "lessons/images.png", "datasets",
    "datasets/mnist", "examples/7.png", "v2", "v2/health/ready", "v2/models/classic", "openapi.json",
)  # fmt: skip


@pytest.fixture
def store(database_url: str) -> Iterator[PostgresRunStore]:
    with contextlib.closing(PostgresRunStore(database_url)) as store:
        yield store


@pytest.fixture
def two_servers(tmp_path: Path, database_url: str) -> Iterator[Sequence[RunningServer]]:
    environment = {"DESCENT_DATABASE": database_url}
    with (
        running_server(tmp_path / "one", environment=environment) as one,
        running_server(tmp_path / "other", environment=environment) as other,
    ):
        yield one, other


def _publish(store: PostgresRunStore, seed: int) -> str:
    """Publishes a new network as another server does, and returns its version."""
    content = pack_weights(Network.random(np.random.default_rng(seed)), {"accuracy": "0.5", "trained_at": "2026-01-01"})
    run = store.create_run(RunSettings().model_dump(), 9)
    version = unpack_weights(content, "It").version
    store.publish("classic", version, run.id, content)
    return version


def _answering_version(server: Server) -> str:
    response = httpx.post(f"{server.url}predict", content=SEVEN, headers=PNG, timeout=30)
    return str(response.json()["version"])


def _answers_with(version: str, server: Server) -> bool:
    return _answering_version(server) == version


def _costs(store: PostgresRunStore, run_id: int, count: int) -> None:
    store.append(run_id, [("cost", {"step": 1, "epoch": 1, "cost": 1.0})] * count)


@pytest.mark.slow
def test_a_watcher_goes_on_at_any_server_and_a_publication_answers_at_each_within_a_second(
    two_servers: Sequence[RunningServer], store: PostgresRunStore
) -> None:
    run_id = store.create_run(RunSettings().model_dump(), 9).id
    store.begin(run_id)
    _costs(store, run_id, 3)

    def read(server: Server, last: int, count: int, seen: threading.Event) -> list[int]:
        """The ids of as many events as come after the last one, and then no more."""
        ids: list[int] = []
        headers = {"Last-Event-ID": str(last)}
        with httpx.stream("GET", f"{server.url}runs/{run_id}/events", headers=headers, timeout=20) as stream:
            for line in stream.iter_lines():
                ids += [int(number) for number in re.findall(r"^id: (\d+)$", line)]
                if ids:
                    seen.set()
                if len(ids) == count:
                    return ids
        return ids

    one, other = two_servers
    last = 0
    with ThreadPoolExecutor(1) as pool:
        for server in (one, other, one, other):
            seen = threading.Event()
            reading = pool.submit(read, server, last, 5, seen)
            assert seen.wait(20)
            _costs(store, run_id, 5)
            assert reading.result(20) == list(range(last + 1, last + 6))
            last += 5

    for seed in range(3):
        version = _publish(store, seed)
        for server in two_servers:
            wait_until(functools.partial(_answers_with, version, server), "the new network to answer", 2)


@pytest.mark.slow
def test_a_server_whose_database_is_away_answers_what_it_can_and_says_so(tmp_path: Path) -> None:
    with running_postgres() as postgres:
        url = postgres.new_database()
        with contextlib.closing(PostgresRunStore(url)) as store:
            version = _publish(store, seed=1)
        with local_server(tmp_path / "state", database=SecretStr(url)) as server, server.client() as client:
            assert _answering_version(server) == version
            assert client.get("readyz").json() == {"status": "ready"}
            postgres.stop("immediate")

            with ThreadPoolExecutor(MANY) as pool:
                asked = [pool.submit(_timed, client, "runs") for _ in range(MANY)]
                slowest = 0.0
                while not all(one.done() for one in asked):
                    began = time.perf_counter()
                    assert _answering_version(server) == version
                    slowest = max(slowest, time.perf_counter() - began)
            assert slowest < 2
            for response, seconds in (one.result() for one in asked):
                assert_problem(response, 503, "The database can't be reached now")
                assert seconds < 12

            wait_until(lambda: client.get("readyz").json()["status"] == "degraded", "the server to notice")
            ready = client.get("readyz")
            assert (ready.status_code, ready.json()["reason"]) == (200, "The database can't be reached now. Try again.")
            assert "\ndescent_store_up 0.0\n" in client.get("metrics").text
            for path in WITHOUT_STORE:
                response, seconds = _timed(client, path)
                assert response.status_code == 200, path
                assert seconds < 5, path
            # From now on nobody waits long.
            response, seconds = _timed(client, "runs")
            assert response.status_code == 503
            assert seconds < 2

            postgres.start()
            wait_until(lambda: client.get("readyz").json() == {"status": "ready"}, "the server to notice")
            assert "\ndescent_store_up 1.0\n" in client.get("metrics").text
            assert client.get("runs").status_code == 200


def _timed(client: httpx.Client, path: str) -> tuple[httpx.Response, float]:
    began = time.perf_counter()
    response = client.get(path)
    return response, time.perf_counter() - began
