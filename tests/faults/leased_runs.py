"""Runs on a cluster while its parts fail, and what must hold of them afterwards."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from app.network.weights import read_weights
from app.store.postgres import PostgresRunStore
from app.store.records import Run, StoreBusyError
from tests.support.api import PNG, SEVEN, events, start
from tests.support.cluster import Cluster, Program, running_cluster
from tests.support.idx_files import write_set
from tests.support.line import Line
from tests.support.postgres import Postgres, running_postgres
from tests.support.server import RunningServer, is_alive, running_server, wait_until

# Small enough that an attempt starts in a moment; paced so that there is time to fail in, and to keep a checkpoint.
RECIPE = {"dataset": "small", "epochs": 6, "batch_size": 20, "optimizer": "adam", "learning_rate": 0.01, "pace": 0.5}
MAX_SECONDS_WITHOUT_WORKER = 30.0


@dataclass
class Service:
    """A database, a cluster of two workers that reach it over lines, and a server of which nothing may be noticed."""

    postgres: Postgres
    database_url: str
    lines: Sequence[Line]
    cluster: Cluster
    server: RunningServer
    environment: dict[str, str]
    store: PostgresRunStore
    recipe: dict[str, Any]
    undisturbed: bytes = b""

    def run(self, run_id: int) -> Run:
        """The run, as soon as the database can be reached."""

        def seen() -> Run | None:
            with contextlib.suppress(StoreBusyError):
                return self.store.run(run_id)
            return None

        found = wait_until(seen, "the database")
        assert found
        return found

    def parameters(self, run_id: int, file: Path) -> bytes:
        """Those of the run's final network."""
        file.write_bytes(self.store.files_of(self.run(run_id)).read("network.safetensors"))
        return read_weights(file).network.parameters.tobytes()

    def worker_of(self, run_id: int) -> Program:
        """The worker that trains the run."""
        found = wait_until(lambda: [one for one in self.cluster.workers if trainers(one, run_id)], "a worker", 40)
        return found[0]

    def at_step(self, run_id: int, step: int) -> None:
        wait_until(lambda: self.run(run_id).step >= step, f"step {step} of run {run_id}")


def trainers(worker: Program, run_id: int) -> list[int]:
    """The processes of the worker that train the run, or would if they were not stopped."""
    return worker.processes(f"app.runs.worker {run_id} ")


@contextlib.contextmanager
def running_service(folder: Path, lease_seconds: float, recipe: dict[str, Any] = RECIPE) -> Iterator[Service]:
    """A service that has trained the recipe once without being disturbed."""
    write_set(folder / "datasets" / "small", training=1200, test=50)
    own = {"DESCENT_DATASETS_DIR": str(folder / "datasets"), "DESCENT_LEASE_SECONDS": str(lease_seconds)}
    with running_postgres(tcp=True) as postgres:
        url = postgres.new_database()
        store = PostgresRunStore(url)
        with Line(url) as first, Line(url) as second:
            workers = [{**own, "DESCENT_DATABASE": line.url} for line in (first, second)]
            with running_cluster(*workers) as cluster:
                environment = {**own, "DESCENT_DATABASE": url, "DESCENT_SCHEDULER": cluster.address}
                with running_server(folder / "state", environment=environment) as server:
                    service = Service(postgres, url, (first, second), cluster, server, environment, store, recipe)
                    service.undisturbed = _train_undisturbed(service, folder / "undisturbed.safetensors")
                    yield service
        store.close()


@contextlib.contextmanager
def disturbed_run(service: Service, folder: Path) -> Iterator[int]:
    """A run that may be disturbed in the block, after which it comes to its end all the same. Asserts that all is well:
    of the run, of its events as a watcher got them, and of the answers that were given meanwhile."""
    with service.server.client() as client:
        run_id = start(client, service.recipe)
    watch = _Watch(service, run_id)
    with watch.begun():
        yield run_id
        wait_until(lambda: service.run(run_id).ended_at, f"the end of run {run_id}", 180)
        wait_until(lambda: watch.has_end, "the end to be watched", 10)
    _assert_whole(service, run_id, watch, folder)


def _assert_whole(service: Service, run_id: int, watch: _Watch, folder: Path) -> None:
    run, events_of_run = service.run(run_id), service.store.events(run_id)
    assert (run.status, run.reason, run.step) == ("finished", None, run.steps)
    assert [event.id for event in events_of_run] == list(range(1, len(events_of_run) + 1))
    names = [event.name for event in events_of_run]
    assert names.count("end") == 1
    assert names[-1] == "end"
    for name in ("cost", "epoch", "checkpoint"):
        places = [event.data["epoch" if name == "epoch" else "step"] for event in events_of_run if event.name == name]
        assert places == sorted(set(places)), name
    assert names.count("epoch") == run.settings["epochs"]
    assert watch.events == {event.id: (event.name, event.data) for event in events_of_run}
    assert watch.longest_without_worker < MAX_SECONDS_WITHOUT_WORKER
    assert watch.answers > 0
    assert watch.wrong_answers == []
    assert service.parameters(run_id, folder / "network.safetensors") == service.undisturbed


def _train_undisturbed(service: Service, file: Path) -> bytes:
    with service.server.client() as client:
        run_id = start(client, {**service.recipe, "pace": 0.0})
    wait_until(lambda: service.run(run_id).ended_at, "the undisturbed run's end")
    return service.parameters(run_id, file)


class _Watch:
    """Watches a run's events at the server, asks it for answers, and looks whether anybody trains the run."""

    def __init__(self, service: Service, run_id: int) -> None:
        self._service, self._run_id = service, run_id
        self.events: dict[int, tuple[str, dict[str, Any]]] = {}
        self.answers = 0
        self.wrong_answers: list[str] = []
        self.longest_without_worker = 0.0
        self._done = threading.Event()

    @property
    def has_end(self) -> bool:
        return any(name == "end" for name, _ in list(self.events.values()))

    @contextlib.contextmanager
    def begun(self) -> Iterator[None]:
        works = (self._watch, self._ask, self._look_for_worker)
        # The stream of a run that never ends, since the test fails, keeps its thread waiting.
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join(10)

    def _watch(self) -> None:
        with self._service.server.client() as client:
            while not self._done.is_set() and not self.has_end:
                # The server may not read the database now: then a watcher comes back with the last event it has.
                with contextlib.suppress(httpx.TransportError, AssertionError):
                    for event in events(client, self._run_id, max(self.events, default=None)):
                        self.events[event["id"]] = (event["name"], event["data"])
                self._done.wait(0.2)

    def _ask(self) -> None:
        with self._service.server.client() as client:
            while not self._done.wait(0.1):
                response = client.post("predict", content=SEVEN, headers=PNG, timeout=5)
                self.answers += 1
                if response.status_code != 200:
                    self.wrong_answers.append(response.text)

    def _look_for_worker(self) -> None:
        since = None
        while not self._done.wait(0.5):
            with contextlib.suppress(StoreBusyError):
                run = self._service.store.run(self._run_id)
                is_trained = any(map(is_running, self._trainers()))
                if run is None or run.status != "running" or is_trained:
                    since = None
                else:
                    since = since or time.monotonic()
                    self.longest_without_worker = max(self.longest_without_worker, time.monotonic() - since)

    def _trainers(self) -> list[int]:
        return [process for worker in self._service.cluster.workers for process in trainers(worker, self._run_id)]


def is_running(process_id: int) -> bool:
    """Whether the process is alive and not stopped."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], stdout=subprocess.PIPE, text=True)
    return is_alive(process_id) and not found.stdout.startswith("T")
