"""Two servers that share a database, and a cluster of two workers that train what either of them starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.data import mnist
from app.store.records import ACTIVE
from tests.http.test_sweeps import at_rest, start_sweep, statuses
from tests.support.api import ENDLESS, FEW, PNG, SEVEN, assert_problem, at_step, ended, events, run, start
from tests.support.cluster import Cluster, running_cluster
from tests.support.idx_files import write_digits
from tests.support.postgres import Postgres
from tests.support.server import Server, running_server, wait_until

pytestmark = pytest.mark.slow

SEEDS = {"seed": {"values": [1, 2, 3]}}


@pytest.fixture(scope="module")
def environment(postgres: Postgres, few_digits: Path) -> dict[str, str]:
    return {"DESCENT_DATABASE": postgres.new_database(), "DESCENT_DATASETS_DIR": str(few_digits)}


@pytest.fixture(scope="module")
def cluster(environment: dict[str, str]) -> Iterator[Cluster]:
    with running_cluster(environment, environment) as running:
        yield running


@pytest.fixture(scope="module")
def for_servers(cluster: Cluster, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a server that uses the cluster."""
    return {**environment, "DESCENT_SCHEDULER": cluster.address}


@pytest.fixture(scope="module")
def servers(for_servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    state = tmp_path_factory.mktemp("unused")
    with (
        running_server(state, environment=for_servers) as first,
        running_server(state, environment=for_servers) as other,
    ):
        yield first, other


@pytest.fixture
def here(servers: tuple[Server, Server]) -> Iterator[httpx.Client]:
    """Calls the first server. Afterwards, no run is active or queued."""
    with servers[0].client() as client:
        yield client
        for found in client.get("runs").json():
            if found["ended_at"] is None:
                client.post(f"admin/runs/{found['id']}/stop")
        wait_until(lambda: not [found for found in client.get("runs").json() if found["status"] in ACTIVE], "all ends")


@pytest.fixture
def there(servers: tuple[Server, Server]) -> Iterator[httpx.Client]:
    """Calls the other server."""
    with servers[1].client() as client:
        yield client


def _queue(client: httpx.Client, settings: dict[str, Any]) -> httpx.Response:
    return client.post("admin/runs", params={"queue": True}, json=settings)


def test_a_run_that_one_server_starts_is_watched_and_published_at_another(
    here: httpx.Client, there: httpx.Client, servers: tuple[Server, Server]
) -> None:
    run_id = start(here, FEW)

    seen = list(events(there, run_id))

    assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
    assert seen[-1]["data"] == {"status": "finished", "reason": None}
    assert there.post(f"admin/runs/{run_id}/publish").status_code == 200
    wait_until(lambda: here.get("models/classic").json()["run_id"] == run_id, "the other server to serve it", 5)
    assert here.post("predict", content=SEVEN, headers=PNG).status_code == 200
    assert list(servers[0].state_dir.iterdir()) == []


def test_as_many_runs_are_active_as_the_workers_have_threads_and_others_wait(
    here: httpx.Client, there: httpx.Client, cluster: Cluster
) -> None:
    active = [start(here, ENDLESS), start(there, ENDLESS)]
    for run_id in active:
        at_step(here, run_id, 1)
    assert [len(worker.trainers()) for worker in cluster.workers] == [1, 1]

    assert_problem(here.post("admin/runs", json=FEW), 409, "2 runs are being trained", "?queue=true")
    waiting = _queue(there, FEW)
    assert (waiting.status_code, waiting.json()["place"]) == (202, 1)
    assert here.get("runs/capacity").json() == {"at_once": 2, "active": 2, "queued": 1}

    there.post(f"admin/runs/{active[0]}/stop")
    assert ended(here, waiting.json()["id"])["status"] == "finished"
    assert run(here, active[1])["status"] == "running"


def test_a_run_is_paused_resumed_stopped_and_given_another_rate_at_any_server(
    here: httpx.Client, there: httpx.Client
) -> None:
    run_id = start(here, ENDLESS)
    at_step(here, run_id, 1)

    there.post(f"admin/runs/{run_id}/pause")
    wait_until(lambda: _names(here, run_id)[-1] == "pause", "the pause")
    there.post(f"admin/runs/{run_id}/rate", json={"learning_rate": 0.5})
    here.post(f"admin/runs/{run_id}/resume")
    wait_until(lambda: _names(here, run_id)[-1] == "cost", "a step after the pause")
    there.post(f"admin/runs/{run_id}/stop")
    stopped = ended(here, run_id)

    assert (stopped["status"], stopped["learning_rate"]) == ("stopped", 0.5)
    assert [name for name in _names(here, run_id) if name in ("pause", "rate", "resume")] == ["pause", "rate", "resume"]
    assert there.post(f"admin/runs/{run_id}/resume").status_code == 200
    at_step(here, run_id, stopped["step"] + 1)


def _names(client: httpx.Client, run_id: int) -> list[str]:
    lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
    return [httpx.Response(200, text=line).json()["event"] for line in lines]


def test_a_sweep_spreads_over_the_workers_and_can_be_stopped_and_resumed(
    here: httpx.Client, there: httpx.Client, cluster: Cluster
) -> None:
    sweep_id = start_sweep(here, base=ENDLESS, vary=SEEDS)
    wait_until(lambda: [len(worker.trainers()) for worker in cluster.workers] == [1, 1], "both workers to train")
    wait_until(lambda: statuses(here, sweep_id).count("running") == 2, "two runs")

    there.post(f"admin/sweeps/{sweep_id}/stop")
    assert at_rest(here, sweep_id)["status"] == "stopped"
    assert sorted(statuses(here, sweep_id)) == ["queued", "stopped", "stopped"]

    assert there.post(f"admin/sweeps/{sweep_id}/resume").json()["status"] == "running"
    wait_until(lambda: statuses(here, sweep_id).count("running") == 2, "two runs again")
    here.post(f"admin/sweeps/{sweep_id}/stop")
    at_rest(there, sweep_id)


def test_a_sweep_finishes_with_its_last_run(here: httpx.Client) -> None:
    sweep_id = start_sweep(here, base=FEW, vary=SEEDS)
    assert here.get(f"sweeps/{sweep_id}").json()["plan"]["parallel"] == 2

    assert at_rest(here, sweep_id)["status"] == "finished"
    assert statuses(here, sweep_id) == ["finished"] * 3


def test_a_run_fails_if_the_workers_images_are_not_those_of_the_server(
    here: httpx.Client, for_servers: dict[str, str], tmp_path: Path, test_images: mnist.Images
) -> None:
    write_digits(tmp_path / "few", test_images, training=600)
    write_digits(tmp_path / "own", test_images, training=600)
    other_files = {**for_servers, "DESCENT_DATASETS_DIR": str(tmp_path)}
    with running_server(tmp_path, environment=other_files) as server, server.client() as client:
        different, missing = start(client, FEW), start(client, {**FEW, "dataset": "own"})

    failed = ended(here, different)
    assert failed["status"] == "failed"
    assert failed["reason"].startswith("data_sha256: the images of 'few' here are not those of this recipe.")
    failed = ended(here, missing)
    assert failed["status"] == "failed"
    assert "'own'" in failed["reason"]


def test_a_server_that_stops_does_not_disturb_its_run(
    here: httpx.Client, for_servers: dict[str, str], cluster: Cluster, tmp_path: Path
) -> None:
    with running_server(tmp_path, environment=for_servers) as server, server.client() as client:
        run_id = start(client, ENDLESS)
        at_step(client, run_id, 1)
        trainers = cluster.trainers()

    at_step(here, run_id, run(here, run_id)["step"] + 10)
    assert cluster.trainers() == trainers
    assert "resume" not in _names(here, run_id)


def test_without_a_scheduler_a_start_is_refused_and_the_queue_waits_until_it_is_back(
    here: httpx.Client, there: httpx.Client, cluster: Cluster
) -> None:
    cluster.kill()
    try:
        wait_until(lambda: here.post("admin/runs", json=FEW).status_code == 503, "the server to miss its cluster")
        assert_problem(here.post("admin/runs", json=FEW), 503, "No worker can be reached", "queue")
        queued = _queue(there, FEW)
        assert (queued.status_code, queued.json()["place"]) == (202, 1)
        assert there.get("runs/capacity").json() == {"at_once": 0, "active": 0, "queued": 1}
        assert here.post("predict", content=SEVEN, headers=PNG).status_code == 200
    finally:
        cluster.supervise()
        cluster.wait()

    assert ended(here, queued.json()["id"])["status"] == "finished"
