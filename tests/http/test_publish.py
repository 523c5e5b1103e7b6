from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest

from app.network import Network
from tests.support.api import LONG, PNG, SEVEN, SHORT, assert_problem, at_step, ended, run, start
from tests.support.server import RunningServer, running_server, wait_until
from tests.support.trained import add_run


@pytest.fixture
def publisher(publishing_server: RunningServer) -> Iterator[httpx.Client]:
    """Calls a server whose networks are those that came with it, as the next test finds them too."""
    with publishing_server.client() as client:
        yield client
        while client.post("admin/models/classic/rollback").is_success:
            pass


def version_that_answers(client: httpx.Client, model: str = "classic") -> str:
    answer: str = client.post("predict", params={"model": model}, content=SEVEN, headers=PNG).json()["version"]
    return answer


def finished_run(client: httpx.Client, seed: int = 0) -> int:
    run_id = start(client, {**SHORT, "seed": seed})
    assert ended(client, run_id)["status"] == "finished"
    return run_id


def made_run(server: RunningServer, seed: int = 0) -> int:
    """A run that has ended, with a network of its own."""
    return add_run(server.state_dir, Network.random(np.random.default_rng(seed)))


@pytest.mark.slow
def test_a_published_run_answers_the_next_request_and_roll_back_brings_the_one_before(
    publisher: httpx.Client, publishing_server: RunningServer
) -> None:
    shipped = version_that_answers(publisher)
    first, second = finished_run(publisher, 1), made_run(publishing_server)

    published = publisher.post(f"admin/runs/{first}/publish", json={"name": "classic"}).json()
    assert version_that_answers(publisher) == published["version"] != shipped
    assert published["run_id"] == first
    assert published["accuracy"] == run(publisher, first)["test_accuracy"]
    assert run(publisher, first)["published_as"] == ["classic"]
    other = publisher.post(f"admin/runs/{second}/publish").json()
    assert version_that_answers(publisher) == other["version"] != published["version"]

    assert publisher.post("admin/models/classic/rollback").json()["version"] == published["version"]
    assert version_that_answers(publisher) == published["version"]
    assert publisher.post("admin/models/classic/rollback").json()["version"] == shipped
    assert version_that_answers(publisher) == shipped
    assert_problem(publisher.post("admin/models/classic/rollback"), 409, "nothing to roll back")


def test_a_run_published_twice_is_rolled_back_to_the_one_before(
    publisher: httpx.Client, publishing_server: RunningServer
) -> None:
    shipped = version_that_answers(publisher)
    run_id = made_run(publishing_server)
    for _ in range(2):
        assert publisher.post(f"admin/runs/{run_id}/publish").status_code == 200

    assert publisher.post("admin/models/classic/rollback").json()["version"] == shipped


def test_what_is_not_served_can_not_be_rolled_back(client: httpx.Client) -> None:
    assert_problem(client.post("admin/models/no-such/rollback"), 404, "no-such")


def test_a_network_under_a_new_name_is_served_beside_the_others_until_rolled_back(
    publisher: httpx.Client, publishing_server: RunningServer
) -> None:
    run_id = made_run(publishing_server)

    publisher.post(f"admin/runs/{run_id}/publish", json={"name": "mine"})

    assert [model["name"] for model in publisher.get("models").json()] == ["classic", "wide", "mine"]
    assert version_that_answers(publisher, "mine") == publisher.get("models/mine").json()["version"]
    assert publisher.post("admin/models/mine/rollback").status_code == 204
    assert_problem(publisher.get("models/mine"), 404, "classic")


@pytest.mark.slow
def test_what_was_published_is_served_after_a_restart(tmp_path: Path) -> None:
    with running_server(tmp_path / "state") as server, server.client() as client:
        published = client.post(f"admin/runs/{made_run(server)}/publish").json()

    with running_server(tmp_path / "state") as server, server.client() as client:
        assert version_that_answers(client) == published["version"]
        assert client.get("models/classic").json() == published


@pytest.mark.slow
def test_two_server_processes_serve_the_same_network_and_the_same_run(tmp_path: Path) -> None:
    with running_server(tmp_path / "state", "--workers", "2") as server, server.client() as client:
        shipped = version_that_answers(client)
        published = client.post(f"admin/runs/{made_run(server)}/publish").json()["version"]

        def answers() -> set[str]:
            # Each request a connection of its own, so that both processes get some.
            return {httpx.post(f"{server.url}predict", content=SEVEN, headers=PNG).json()["version"] for _ in range(12)}

        wait_until(lambda: answers() == {published}, "both processes to serve what was published", 10)
        assert published != shipped


@pytest.mark.slow
def test_no_request_fails_and_none_mixes_versions_while_networks_are_published(
    publisher: httpx.Client, publishing_server: RunningServer
) -> None:
    runs = [made_run(publishing_server, seed) for seed in (1, 2)]
    probabilities: dict[str, set[tuple[float, ...]]] = {}
    done = threading.Event()

    def ask(_: int) -> int:
        count = 0
        with publishing_server.client() as client:
            while not done.is_set():
                response = client.post("predict", content=SEVEN, headers=PNG)
                assert response.status_code == 200
                answer = response.json()
                probabilities.setdefault(answer["version"], set()).add(tuple(answer["probabilities"]))
                count += 1
        return count

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, number) for number in range(4)]
        for number in range(30):
            assert publisher.post(f"admin/runs/{runs[number % 2]}/publish").status_code == 200
        done.set()
        assert sum(future.result() for future in asking) > 0

    assert all(len(answers) == 1 for answers in probabilities.values())


@pytest.mark.slow
def test_a_stopped_runs_network_can_be_published_and_an_active_ones_can_not(publisher: httpx.Client) -> None:
    run_id = start(publisher, {**LONG, "pace": 1})
    at_step(publisher, run_id, 1)
    assert_problem(publisher.post(f"admin/runs/{run_id}/publish"), 409, "has ended")

    publisher.post(f"admin/runs/{run_id}/stop")
    ended(publisher, run_id)

    assert publisher.post(f"admin/runs/{run_id}/publish").status_code == 200


def test_a_name_that_is_no_plain_word_is_refused(publisher: httpx.Client, publishing_server: RunningServer) -> None:
    run_id = made_run(publishing_server)

    for name in ("", "../classic", "Classic", "a/b", "x" * 33, ".hidden"):
        assert_problem(publisher.post(f"admin/runs/{run_id}/publish", json={"name": name}), 422, "name")


def test_the_weights_are_served_as_the_file_they_are(publisher: httpx.Client) -> None:
    response = publisher.get("models/classic/weights")

    assert response.headers["content-disposition"].startswith("attachment")
    assert response.content == Path("models/classic.safetensors").read_bytes()
    assert_problem(publisher.get("models/no-such/weights"), 404, "no-such")
