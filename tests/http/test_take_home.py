"""A network as one file, over HTTP."""

from __future__ import annotations

import httpx
import numpy as np

from app.network import Network
from tests.support.active_run import active_run
from tests.support.api import assert_problem
from tests.support.server import Server
from tests.support.trained import add_run


def test_a_served_network_is_a_download_of_at_most_150_000_bytes(client: httpx.Client) -> None:
    version = client.get("models/classic").json()["version"]

    response = client.get("models/classic/take-home.html")

    assert response.status_code == 200
    assert response.headers["content-disposition"] == f'attachment; filename="classic-{version}.html"'
    assert len(response.content) <= 150_000
    assert f"version {version}" in response.text


def test_a_network_that_is_too_large_is_refused_with_what_to_do(client: httpx.Client) -> None:
    assert_problem(client.get("models/wide/take-home.html"), 422, "“wide” has 569,290", "20,000", "Choose a smaller")
    assert_problem(client.get("models/no-such/take-home.html"), 404, "no-such")


def test_a_run_gives_its_final_network(own_client: httpx.Client, own_server: Server) -> None:
    small = add_run(own_server.state_dir, Network.random(np.random.default_rng(0)))
    large = add_run(own_server.state_dir, Network.random(np.random.default_rng(0), (784, 30, 10)))

    response = own_client.get(f"runs/{small}/take-home.html")

    assert f'filename="descent-run-{small}-' in response.headers["content-disposition"]
    assert f"It holds the network of run {small}" in response.text
    assert_problem(own_client.get(f"runs/{large}/take-home.html"), 422, f"The network of run {large} has 23,860")
    with active_run(own_server.state_dir) as active:
        assert_problem(own_client.get(f"runs/{active.id}/take-home.html"), 409, "Wait for its end")
