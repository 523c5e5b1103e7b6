"""What publishing a network would change, and the versions that a name has had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest

from app.network import Network
from app.network.weights import read_weights
from app.settings import ROOT
from tests.support.api import assert_problem
from tests.support.server import Server
from tests.support.trained import add_run, blind_to, served

SHIPPED, SHIPPED_WIDE = (read_weights(ROOT / "models" / f"{name}.safetensors").version for name in ("classic", "wide"))


@pytest.fixture
def publisher(publishing_server: Server) -> Iterator[httpx.Client]:
    """Each test that publishes here does so under a name of its own."""
    with publishing_server.client() as client:
        yield client


def _versions(client: httpx.Client, name: str = "classic") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"models/{name}/versions").json()
    return found


def _random_run(server: Server, seed: int) -> int:
    return add_run(server.state_dir, Network.random(np.random.default_rng(seed)), accuracy=0.1)


def test_anyone_can_see_what_a_worse_network_would_change(server: Server) -> None:
    run_id = add_run(server.state_dir, blind_to(7))

    found = httpx.get(f"{server.url}runs/{run_id}/changes?name=wide", timeout=60).raise_for_status().json()

    assert found["replaces"]["name"] == found["compared_with"]["name"] == "wide"
    assert found["warnings"][0].endswith("more of the 10,000 test images wrong.")
    assert any(warning.startswith("It reads 7 clearly worse") for warning in found["warnings"])
    assert (found["test"]["images"], found["drawings"]["images"]) == (10_000, 300)
    assert (found["test"]["after"]["by_digit"][7], found["drawings"]["after"]["by_digit"][7]) == (0, 0)
    assert found["test"]["before"]["accuracy"] > 0.99
    turned = next(one for one in found["to_wrong"] if one["label"] == 7)
    assert turned["before"]["digit"] == 7 != turned["after"]["digit"]
    assert len(turned["pixels"]) == 784


def test_under_a_new_name_it_is_compared_with_classic_and_a_better_one_has_no_warnings(server: Server) -> None:
    run_id = add_run(server.state_dir, served("wide"))

    found = httpx.get(f"{server.url}runs/{run_id}/changes?name=brand-new", timeout=60).json()

    assert (found["replaces"], found["compared_with"]["name"], found["warnings"]) == (None, "classic", [])


def test_what_learned_nothing_changes_nothing(client: httpx.Client, server: Server) -> None:
    run_id = add_run(server.state_dir, served(), status="failed")

    assert_problem(client.get(f"runs/{run_id}/changes"), 409, "failed")
    assert_problem(client.get("runs/999999/changes"), 404, "999999")
    assert_problem(client.get(f"runs/{run_id}/changes?name=../x"), 422, "name")


def test_who_published_and_why_is_kept_and_shown(publisher: httpx.Client, publishing_server: Server) -> None:
    run_id = _random_run(publishing_server, 1)
    words = {"name": "wide", "who": " Ada ", "why": "It reads my fours"}

    publisher.post(f"admin/runs/{run_id}/publish", json=words).raise_for_status()

    shown = publisher.get("models/wide").json()
    assert (shown["who"], shown["why"], shown["run_id"]) == ("Ada", "It reads my fours", run_id)
    newest, shipped = _versions(publisher, "wide")
    assert (newest["who"], newest["why"], newest["serves"], newest["accuracy"]) == ("Ada", words["why"], True, 0.1)
    assert newest["accuracy_on_drawings"] < 0.5 < shipped["accuracy_on_drawings"]
    assert (shipped["version"], shipped["serves"], shipped["published_at"]) == (SHIPPED_WIDE, False, None)
    too_long = publisher.post(f"admin/runs/{run_id}/publish", json={"why": "x" * 501})
    assert_problem(too_long, 422, "why", "500")


def test_any_version_is_served_again_also_one_that_was_taken_back(
    publisher: httpx.Client, publishing_server: Server
) -> None:
    def roll_back_to(version: str) -> httpx.Response:
        return publisher.post("admin/models/classic/rollback", json={"version": version})

    first, second, third = (
        publisher.post(f"admin/runs/{_random_run(publishing_server, seed)}/publish", json={"who": f"Nr {seed}"}).json()
        for seed in (1, 2, 3)
    )
    assert roll_back_to(first["version"]).json()["version"] == first["version"]
    taken_back = [version["rolled_back_at"] is not None for version in _versions(publisher)]
    assert taken_back == [True, True, False, False]
    # Behind first nothing stands any more, so that the one before is what came with the app.
    assert roll_back_to(third["version"]).json()["who"] == "Nr 3"
    assert roll_back_to(SHIPPED).json()["version"] == SHIPPED
    assert [version["serves"] for version in _versions(publisher)] == [False] * 4 + [True]
    assert roll_back_to(second["version"]).json()["run_id"] == second["run_id"]

    assert_problem(roll_back_to(second["version"]), 409, "already")
    assert_problem(roll_back_to("0" * 12), 404, "versions")
    files = (publishing_server.state_dir / "models" / "classic").iterdir()
    next(file for file in files if read_weights(file).version == third["version"]).unlink()
    assert_problem(roll_back_to(third["version"]), 409, "can't be read")
    assert publisher.get("models/classic").json()["version"] == second["version"]


def test_a_name_that_is_served_no_more_still_has_its_versions(
    publisher: httpx.Client, publishing_server: Server
) -> None:
    published = publisher.post(f"admin/runs/{_random_run(publishing_server, 1)}/publish", json={"name": "mine"}).json()
    assert publisher.post("admin/models/mine/rollback").status_code == 204

    assert [version["serves"] for version in _versions(publisher, "mine")] == [False]
    again = publisher.post("admin/models/mine/rollback", json={"version": published["version"]}).json()

    assert again["version"] == published["version"]
    assert_problem(publisher.get("models/nobody/versions"), 404, "nobody")
