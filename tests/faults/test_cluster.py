"""A run on a cluster whose parts are killed, stopped or cut off: it ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.leased_runs import RECIPE, Service, disturbed_run, running_service, trainers
from tests.support.api import start
from tests.support.server import running_server, wait_until

pytestmark = pytest.mark.slow

LEASE_SECONDS = 3.0
# Of 300: where steps can be lost, and others are yet to come.
STEP = 200


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service"), LEASE_SECONDS) as running:
        yield running


@pytest.fixture(autouse=True)
def whole_cluster(service: Service) -> None:
    service.cluster.supervise()
    service.cluster.wait()


def _resumed(service: Service, run_id: int) -> list[int]:
    """The steps at which another attempt took over."""
    return [event.data["step"] for event in service.store.events(run_id, name="resume")]


def test_the_process_that_trains_is_killed(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        service.at_step(run_id, STEP)
        (trainer,) = trainers(service.worker_of(run_id), run_id)
        os.kill(trainer, signal.SIGKILL)

    assert len(_resumed(service, run_id)) == 1


def test_the_workers_machine_is_gone(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        service.at_step(run_id, STEP)
        service.worker_of(run_id).kill()

    assert len(_resumed(service, run_id)) == 1


def test_the_scheduler_is_killed(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        service.at_step(run_id, STEP)
        service.cluster.scheduler.kill()
        wait_until(lambda: all(worker.has_ended for worker in service.cluster.workers), "the workers to leave", 15)
        wait_until(lambda: service.run(run_id).status == "queued", "the run to wait for a worker", 10)
        service.cluster.supervise()

    assert len(_resumed(service, run_id)) == 1


def test_the_server_that_started_the_run_is_killed(service: Service, tmp_path: Path) -> None:
    with running_server(tmp_path, environment=service.environment) as server:
        with server.client() as client:
            begun_there = start(client, {**RECIPE, "epochs": 1})
        with disturbed_run(service, tmp_path) as run_id:
            service.at_step(run_id, 20)
            server.process.kill()

    wait_until(lambda: service.run(begun_there).status == "finished", "the end of its run")
    assert _resumed(service, run_id) == []


def test_a_stopped_worker_wakes_up_after_another_has_taken_its_run(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        service.at_step(run_id, STEP)
        worker = service.worker_of(run_id)
        worker.signal(signal.SIGSTOP)
        try:
            wait_until(lambda: _resumed(service, run_id), "the next attempt")
            service.at_step(run_id, service.run(run_id).step + 20)
        finally:
            worker.signal(signal.SIGCONT)
        wait_until(lambda: not trainers(worker, run_id), "the stale one to end")

    assert len(_resumed(service, run_id)) == 1


def test_the_database_crashes(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        for step in (50, 100, 200):
            service.at_step(run_id, step)
            service.postgres.restart("immediate")


def test_the_network_to_the_database_is_cut_for_a_moment(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        for step in (50, 100, 200):
            service.at_step(run_id, step)
            line = service.lines[service.cluster.workers.index(service.worker_of(run_id))]
            line.cut()
            time.sleep(0.5)  # the length of the fault
            line.mend()


def test_the_network_to_the_database_is_cut_until_another_worker_has_the_run(service: Service, tmp_path: Path) -> None:
    with disturbed_run(service, tmp_path) as run_id:
        service.at_step(run_id, STEP)
        worker = service.worker_of(run_id)
        line = service.lines[service.cluster.workers.index(worker)]
        line.cut()
        wait_until(lambda: _resumed(service, run_id), "the next attempt")
        service.at_step(run_id, service.run(run_id).step + 20)
        line.mend()
        wait_until(lambda: not trainers(worker, run_id), "the stale one to end")

    assert len(_resumed(service, run_id)) == 1
