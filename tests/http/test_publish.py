from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from onnxruntime import InferenceSession

from app.network import Network
from tests.support.active_run import active_run
from tests.support.api import PNG, SEVEN, assert_problem, run
from tests.support.local_server import local_server
from tests.support.server import Server
from tests.support.trained import add_run


@pytest.fixture
def publisher(publishing_server: Server) -> Iterator[httpx.Client]:
    """Calls a server whose networks are those that came with it, as the next test finds them too."""
    with publishing_server.client() as client:
        yield client
        while client.post("admin/models/classic/rollback").is_success:
            pass


def version_that_answers(client: httpx.Client, model: str = "classic") -> str:
    answer: str = client.post("predict", params={"model": model}, content=SEVEN, headers=PNG).json()["version"]
    return answer


def made_run(server: Server, seed: int = 0) -> int:
    """A run that has ended, with a network of its own."""
    return add_run(server.state_dir, Network.random(np.random.default_rng(seed)))


def test_a_published_run_answers_the_next_request_and_roll_back_brings_the_one_before(
    publisher: httpx.Client, publishing_server: Server
) -> None:
    shipped = version_that_answers(publisher)
    first, second = made_run(publishing_server, 1), made_run(publishing_server, 2)

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
    publisher: httpx.Client, publishing_server: Server
) -> None:
    shipped = version_that_answers(publisher)
    run_id = made_run(publishing_server)
    for _ in range(2):
        assert publisher.post(f"admin/runs/{run_id}/publish").status_code == 200

    assert publisher.post("admin/models/classic/rollback").json()["version"] == shipped


def test_what_is_not_served_can_not_be_rolled_back(client: httpx.Client) -> None:
    assert_problem(client.post("admin/models/no-such/rollback"), 404, "no-such")


def test_a_network_under_a_new_name_is_served_beside_the_others_until_rolled_back(
    publisher: httpx.Client, publishing_server: Server
) -> None:
    run_id = made_run(publishing_server)

    publisher.post(f"admin/runs/{run_id}/publish", json={"name": "mine"})

    assert [model["name"] for model in publisher.get("models").json()] == ["classic", "wide", "mine"]
    assert version_that_answers(publisher, "mine") == publisher.get("models/mine").json()["version"]
    assert publisher.post("admin/models/mine/rollback").status_code == 204
    assert_problem(publisher.get("models/mine"), 404, "classic")


def test_what_was_published_is_served_after_a_restart(tmp_path: Path) -> None:
    with local_server(tmp_path / "state") as server, server.client() as client:
        published = client.post(f"admin/runs/{made_run(server)}/publish").json()

    with local_server(tmp_path / "state") as server, server.client() as client:
        assert version_that_answers(client) == published["version"]
        assert client.get("models/classic").json() == published


def test_a_stopped_runs_network_can_be_published_and_an_active_ones_can_not(
    publisher: httpx.Client, publishing_server: Server
) -> None:
    with active_run(publishing_server.state_dir) as active:
        assert_problem(publisher.post(f"admin/runs/{active.id}/publish"), 409, "has ended")
    stopped = add_run(publishing_server.state_dir, Network.random(np.random.default_rng(0)), status="stopped")

    assert publisher.post(f"admin/runs/{stopped}/publish").status_code == 200


def test_a_name_that_is_no_plain_word_is_refused(publisher: httpx.Client, publishing_server: Server) -> None:
    run_id = made_run(publishing_server)

    for name in ("", "../classic", "Classic", "a/b", "x" * 33, ".hidden"):
        assert_problem(publisher.post(f"admin/runs/{run_id}/publish", json={"name": name}), 422, "name")


def test_the_weights_are_served_as_the_file_they_are(publisher: httpx.Client) -> None:
    response = publisher.get("models/classic/weights")

    assert response.headers["content-disposition"].startswith("attachment")
    assert response.content == Path("models/classic.safetensors").read_bytes()
    assert_problem(publisher.get("models/no-such/weights"), 404, "no-such")


def test_the_network_is_served_as_onnx_too_and_other_formats_are_refused(publisher: httpx.Client) -> None:
    version = publisher.get("models/wide").json()["version"]

    response = publisher.get("models/wide/weights", params={"format": "onnx"})

    assert response.headers["content-disposition"] == f'attachment; filename="wide-{version}.onnx"'
    (inputs,) = InferenceSession(response.content).get_inputs()
    assert (inputs.name, inputs.shape, inputs.type) == ("inputs", ["n", 784], "tensor(float)")
    assert_problem(publisher.get("models/wide/weights", params={"format": "h5"}), 422, "format", "'onnx'")
