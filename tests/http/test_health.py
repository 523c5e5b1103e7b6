from __future__ import annotations

import contextlib
import sqlite3

import httpx

from app.settings import ROOT
from tests.support.active_run import active_run
from tests.support.api import FEW, PNG, SEVEN, assert_problem
from tests.support.server import Server, wait_until


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("healthz").json() == {"status": "alive"}
    assert client.get("readyz").json() == {"status": "ready"}


def test_metrics_count_requests_by_route_and_not_by_made_up_address(client: httpx.Client) -> None:
    client.post("predict", content=SEVEN, headers=PNG)
    client.get("made-up-address")
    client.get("runs/123456")

    text = client.get("metrics").text

    assert 'descent_requests_total{method="POST",route="/predict",status="200"}' in text
    assert "made-up-address" not in text
    assert "123456" not in text


def test_metrics_have_how_long_each_route_takes_and_which_digits_were_answered(client: httpx.Client) -> None:
    def metrics() -> dict[str, float]:
        lines = [line for line in client.get("metrics").text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    seven = 'descent_predictions_total{digit="7",model="classic"}'
    before = metrics()
    client.post("predict", content=SEVEN, headers=PNG)
    client.post("predict", json={"instances": [[0] * 784, [0] * 784]})
    after = metrics()

    assert after[seven] == before.get(seven, 0) + 1
    answered = [
        sum(value for name, value in now.items() if "descent_predictions_total" in name) for now in (before, after)
    ]
    assert answered[1] == answered[0] + 3
    taken = 'descent_request_seconds_count{route="/predict"}'
    assert after[taken] == before.get(taken, 0) + 2
    assert 0 < after['descent_request_seconds_sum{route="/predict"}'] < 60


def test_metrics_have_the_run_that_is_trained_how_fast_it_learns_and_its_watchers(
    own_client: httpx.Client, own_server: Server
) -> None:
    def is_shown(line: str) -> bool:
        return f"\n{line}" in own_client.get("metrics").text

    assert is_shown('descent_run_state{status="running"} 0.0')
    assert is_shown("descent_store_up 1.0")
    with active_run(own_server.state_dir) as active:
        assert is_shown('descent_run_state{status="running"} 1.0')
        assert is_shown("descent_watchers 0.0")
        with own_client.stream("GET", f"runs/{active.id}/events") as stream:
            lines = stream.iter_lines()
            next(lines)
            assert is_shown("descent_watchers 1.0")
        wait_until(lambda: is_shown("descent_watchers 0.0"), "the watcher's place to be free")
        active.end_epoch(images_per_second=50_000)
        assert is_shown("descent_images_per_second 50000.0")
        assert is_shown("descent_run_attempts 1.0")
        assert is_shown("descent_queue 0.0")
        queued = own_client.post("admin/runs?queue=true", json=FEW).json()
        assert is_shown("descent_queue 1.0")
        own_client.post(f"admin/runs/{queued['id']}/stop")
    assert is_shown('descent_run_state{status="running"} 0.0')


def test_every_answer_has_the_id_of_its_request_which_a_proxy_may_give(client: httpx.Client) -> None:
    own = [client.get(address).headers["x-request-id"] for address in ("healthz", "nowhere", "healthz")]
    assert len(set(own)) == 3

    assert client.get("healthz", headers={"X-Request-ID": "from-nginx.1"}).headers["x-request-id"] == "from-nginx.1"
    for wrong in ("a b", "x" * 65, 'a"b'):
        assert client.get("healthz", headers={"X-Request-ID": wrong}).headers["x-request-id"] != wrong


def test_an_error_nobody_expected_is_a_problem_with_the_security_headers(
    own_server: Server, own_client: httpx.Client
) -> None:
    # Somebody's own hand in the database.
    with contextlib.closing(sqlite3.connect(own_server.state_dir / "descent.sqlite3")) as database, database:
        database.execute("INSERT INTO runs (status, settings, steps, created_at) VALUES ('failed', '{', 1, '')")
    response = own_client.get("runs")

    assert_problem(response, 500, "log")
    assert "content-security-policy" in response.headers
    assert str(ROOT) not in response.text
    # The server closes the connection after an error like this.
    metrics = httpx.get(f"{own_server.url}metrics").text
    assert 'descent_requests_total{method="GET",route="/runs",status="500"} 1.0' in metrics
