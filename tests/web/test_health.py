from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import httpx

from app.settings import ROOT
from tests.api import PNG, SEVEN, assert_problem
from tests.server import RunningServer, running_server


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
