from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import httpx
import pytest

from app.settings import ROOT
from tests.support.api import LONG, PNG, SEVEN, assert_problem, at_step, ended, start
from tests.support.server import RunningServer, running_server, wait_until


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("healthz").json() == {"status": "alive"}
    assert client.get("readyz").json() == {"status": "ready"}


def test_without_a_network_it_is_alive_but_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    environment = {"DESCENT_MODELS_DIR": str(models)}
    with (
        running_server(tmp_path / "state", environment=environment, until="healthz") as server,
        server.client() as client,
    ):
        assert_problem(client.get("readyz"), 503, "python -m app train")
        assert_problem(client.post("predict", content=SEVEN, headers=PNG), 404, "none yet")


def test_metrics_count_requests_by_route_and_not_by_made_up_address(client: httpx.Client) -> None:
    client.post("predict", content=SEVEN, headers=PNG)
    client.get("made-up-address")
    client.get("runs/123456")

    text = client.get("metrics").text

    assert 'descent_requests_total{method="POST",route="/predict",status="200"}' in text
    assert "made-up-address" not in text
    assert "123456" not in text


def test_metrics_tell_how_long_each_route_takes_and_which_digits_were_answered(client: httpx.Client) -> None:
    def told() -> dict[str, float]:
        lines = [line for line in client.get("metrics").text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    seven = 'descent_predictions_total{digit="7",model="classic"}'
    before = told()
    client.post("predict", content=SEVEN, headers=PNG)
    client.post("predict", json={"instances": [[0] * 784, [0] * 784]})
    after = told()

    assert after[seven] == before.get(seven, 0) + 1
    answered = [
        sum(value for name, value in now.items() if "descent_predictions_total" in name) for now in (before, after)
    ]
    assert answered[1] == answered[0] + 3
    taken = 'descent_request_seconds_count{route="/predict"}'
    assert after[taken] == before.get(taken, 0) + 2
    assert 0 < after['descent_request_seconds_sum{route="/predict"}'] < 60


@pytest.mark.slow
def test_metrics_tell_of_the_run_that_is_trained_and_how_fast_it_learns(
    fresh_client: httpx.Client,
) -> None:
    assert 'descent_run_state{status="running"} 0.0' in fresh_client.get("metrics").text
    run_id = start(fresh_client, LONG)
    at_step(fresh_client, run_id, 1)

    assert "\ndescent_watchers 0.0" in fresh_client.get("metrics").text
    with fresh_client.stream("GET", f"runs/{run_id}/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        assert "\ndescent_watchers 1.0" in fresh_client.get("metrics").text
    wait_until(lambda: "\ndescent_watchers 0.0" in fresh_client.get("metrics").text, "the watcher's place to be free")

    def speed() -> float:
        text = fresh_client.get("metrics").text
        assert 'descent_run_state{status="running"} 1.0' in text
        return float(text.split("\ndescent_images_per_second ")[1].split()[0])

    wait_until(lambda: speed() > 1000, "the first epoch's speed")
    fresh_client.post(f"admin/runs/{run_id}/stop")
    ended(fresh_client, run_id)
    assert 'descent_run_state{status="running"} 0.0' in fresh_client.get("metrics").text


def test_every_answer_has_the_id_of_its_request_which_a_proxy_may_give(client: httpx.Client) -> None:
    own = [client.get(address).headers["x-request-id"] for address in ("healthz", "nowhere", "healthz")]
    assert len(set(own)) == 3

    assert client.get("healthz", headers={"X-Request-ID": "from-nginx.1"}).headers["x-request-id"] == "from-nginx.1"
    for wrong in ("a b", "x" * 65, 'a"b'):
        assert client.get("healthz", headers={"X-Request-ID": wrong}).headers["x-request-id"] != wrong


def test_an_error_nobody_expected_is_a_problem_with_the_security_headers(
    fresh_server: RunningServer, fresh_client: httpx.Client
) -> None:
    # Somebody's own hand in the database.
    with contextlib.closing(sqlite3.connect(fresh_server.state_dir / "descent.sqlite3")) as database, database:
        database.execute("INSERT INTO runs (status, settings, steps, created_at) VALUES ('failed', '{', 1, '')")
    response = fresh_client.get("runs")

    assert_problem(response, 500, "log")
    assert "content-security-policy" in response.headers
    assert str(ROOT) not in response.text
    # The server closes the connection after an error like this.
    metrics = httpx.get(f"{fresh_server.url}metrics").text
    assert 'descent_requests_total{method="GET",route="/runs",status="500"} 1.0' in metrics
