from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from onnxruntime import InferenceSession

from app.data.datasets import Datasets
from app.images.normalise import normalise
from app.network.weights import Weights, read_weights
from app.runs.recipe import RunSettings
from app.runs.trainer import REPORTS_PER_EPOCH
from tests.conftest import MNIST
from tests.support.api import ENDLESS, assert_problem, at_step, ended, events, run, start
from tests.support.server import Server, wait_until
from tests.support.trained import add_run, served


def weights_of(client: httpx.Client, run_id: int, folder: Path) -> Weights:
    response = client.get(f"runs/{run_id}/weights")
    assert response.status_code == 200
    path = folder / f"{run_id}.safetensors"
    path.write_bytes(response.content)
    return read_weights(path)


def costs_of(client: httpx.Client, run_id: int) -> dict[int, float]:
    return {event["data"]["step"]: event["data"]["cost"] for event in events(client, run_id) if event["name"] == "cost"}


def test_the_events_come_as_json_lines_and_as_a_table_just_as_they_were_streamed(
    client: httpx.Client, trained: int
) -> None:
    seen = list(events(client, trained))

    lines = client.get(f"runs/{trained}/events.jsonl")
    table = client.get(f"runs/{trained}/events.csv")

    assert f'filename="descent-run-{trained}-events.jsonl"' in lines.headers["content-disposition"]
    assert [json.loads(line) for line in lines.text.splitlines()] == [
        {"id": event["id"], "event": event["name"], "data": event["data"]} for event in seen
    ]
    assert f'filename="descent-run-{trained}-events.csv"' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [(int(row["id"]), row["event"]) for row in rows] == [(event["id"], event["name"]) for event in seen]
    for row, event in zip(rows, seen, strict=True):
        for name in ("step", "epoch", "cost", "accuracy", "gradient_norm", "images_per_second"):
            assert (float(row[name]) if row[name] else None) == event["data"].get(name)
        by_class = event["data"].get("by_class", [None] * 10)
        assert [row[f"accuracy_{number}"] for number in range(10)] == [
            "" if share is None else str(share) for share in by_class
        ]
    assert rows[-1]["status"] == "finished"


def test_a_client_with_some_events_gets_the_rest_and_one_with_all_gets_304(client: httpx.Client, trained: int) -> None:
    whole = client.get(f"runs/{trained}/events.jsonl")

    rest = client.get(f"runs/{trained}/events.jsonl", params={"after": 10})
    again = client.get(f"runs/{trained}/events.jsonl", headers={"If-None-Match": whole.headers["etag"]})

    assert rest.text.splitlines() == whole.text.splitlines()[10:]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_the_network_of_a_run_is_served_as_onnx_too(client: httpx.Client, trained: int, tmp_path: Path) -> None:
    weights = weights_of(client, trained, tmp_path)
    inputs = np.random.default_rng(0).random((5, 784), dtype=np.float32)

    response = client.get(f"runs/{trained}/weights", params={"format": "onnx"})

    name = f"descent-run-{trained}-{weights.version}.onnx"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    (probabilities,) = InferenceSession(response.content).run(None, {"inputs": inputs})
    np.testing.assert_allclose(probabilities, weights.network.probabilities(inputs), rtol=0, atol=1e-5)


def test_the_results_are_those_of_the_network_on_the_test_images(
    client: httpx.Client, trained: int, tmp_path: Path, few_digits: Path
) -> None:
    weights = weights_of(client, trained, tmp_path)
    test_images = Datasets(MNIST, few_digits).get("few").read_test()
    probabilities = weights.network.probabilities(normalise(test_images.images))
    answers = probabilities.argmax(axis=1)

    found = client.get(f"runs/{trained}/results").json()

    assert found["version"] == weights.version
    assert found["classes"] == list("0123456789")
    assert found["accuracy"] == run(client, trained)["test_accuracy"]
    assert (found["images"], found["wrong"]) == (300, (answers != test_images.labels).sum())
    confusion = np.array(found["confusion"])
    assert np.trace(confusion) == found["images"] - found["wrong"]
    assert found["by_class"] == pytest.approx(np.diag(confusion) / confusion.sum(axis=1))
    assert sum(one["images"] for one in found["calibration"]["bins"]) == 300
    assert 0 < found["calibration"]["error"] < 0.2
    assert len(found["mistakes"]) == min(50, found["wrong"])
    for mistake in found["mistakes"]:
        assert mistake["label"] == test_images.labels[mistake["number"]] != mistake["digit"]
        assert mistake["pixels"] == test_images.images[mistake["number"]].ravel().tolist()
        assert mistake["probabilities"] == pytest.approx(probabilities[mistake["number"]], abs=1e-5)


def test_behind_each_cell_are_its_images_surest_first(client: httpx.Client, trained: int) -> None:
    confusion = np.array(client.get(f"runs/{trained}/results").json()["confusion"])
    np.fill_diagonal(confusion, 0)
    label, answer = (int(index) for index in np.unravel_index(confusion.argmax(), confusion.shape))

    found = client.get(f"runs/{trained}/results/images", params={"label": label, "answer": answer, "limit": 2}).json()

    assert found["count"] == confusion[label, answer]
    assert len(found["images"]) == 2
    assert all((one["label"], one["digit"]) == (label, answer) for one in found["images"])
    confidences = [one["confidence"] for one in found["images"]]
    assert confidences == sorted(confidences, reverse=True)
    assert_problem(client.get(f"runs/{trained}/results/images", params={"label": 10, "answer": 0}), 422, "label")


def test_a_run_that_is_under_way_says_what_to_wait_for_and_one_without_a_network_what_to_do(
    own_client: httpx.Client, own_server: Server
) -> None:
    run_id = start(own_client, ENDLESS)
    for path in ("results", "results/images?label=1&answer=2", "weights"):
        assert_problem(own_client.get(f"runs/{run_id}/{path}"), 409, "Wait for its end")
    at_step(own_client, run_id, 1)
    own_client.post(f"admin/runs/{run_id}/stop")
    assert ended(own_client, run_id)["status"] == "stopped"
    assert own_client.get(f"runs/{run_id}/results").status_code == 200

    (own_server.state_dir / "runs" / str(run_id) / "network.safetensors").unlink()

    assert_problem(own_client.get(f"runs/{run_id}/results"), 409, f"The network of run {run_id} can't be read")
    assert own_client.get(f"runs/{run_id}/recipe").json()["settings"]["last_step"] == run(own_client, run_id)["step"]


@pytest.mark.slow
def test_the_recipe_of_a_run_changed_on_the_way_and_stopped_within_an_epoch_repeats_it_bit_for_bit(
    own_client: httpx.Client, tmp_path: Path
) -> None:
    settings = {
        "hidden": [12],
        "optimizer": "adam",
        "learning_rate": 0.01,
        "rates": [[15, 0.004], [90_000, 1.0]],
        "batch_size": 2,
        "epochs": 9,
        "decay": True,
        "temperature": 1.3,
        "seed": 7,
        # So slow that it is stopped long before its first epoch ends.
        "pace": 8,
        "dataset": "few",
    }
    first = start(own_client, settings)
    at_step(own_client, first, 25)
    own_client.post(f"admin/runs/{first}/rate", json={"learning_rate": 0.02})
    at_step(own_client, first, _changed_at(own_client, first) + 10)
    own_client.post(f"admin/runs/{first}/stop")
    stopped = ended(own_client, first)
    steps_per_epoch = stopped["steps"] // 9
    assert stopped["step"] < steps_per_epoch

    recipe = own_client.get(f"runs/{first}/recipe").json()
    second = start(own_client, recipe["settings"])

    assert recipe["settings"]["rates"] == [[15, 0.004], [_changed_at(own_client, first), 0.02]]
    assert recipe["settings"]["last_step"] == stopped["step"]
    assert "preset" not in recipe["settings"]
    assert recipe["numpy"] == np.__version__
    repeated = ended(own_client, second)
    assert (repeated["status"], repeated["step"]) == ("finished", stopped["step"])
    one, other = (weights_of(own_client, run_id, tmp_path).network for run_id in (first, second))
    assert one.parameters.tobytes() == other.parameters.tobytes()
    costs, costs_again = costs_of(own_client, first), costs_of(own_client, second)
    # The clock decides which other steps are reported.
    both = sorted(costs.keys() & costs_again.keys())
    assert len(both) >= stopped["step"] * REPORTS_PER_EPOCH // steps_per_epoch
    assert [costs[step] for step in both] == [costs_again[step] for step in both]
    again = own_client.get(f"runs/{second}/recipe").json()
    assert again["settings"] == recipe["settings"]


def _changed_at(client: httpx.Client, run_id: int) -> int:
    def look() -> dict[str, Any] | None:
        lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
        return next((event for event in map(json.loads, lines) if event["event"] == "rate"), None)

    return int((wait_until(look, "the other learning rate") or {})["data"]["step"])


def test_the_recipe_of_a_run_with_a_teacher_says_which_version_taught(client: httpx.Client, server: Server) -> None:
    run_id = add_run(server.state_dir, served(), settings=RunSettings(preset="classic"))

    recipe = client.get(f"runs/{run_id}/recipe").json()

    assert recipe["teacher"] == {"name": "wide", "version": client.get("models/wide").json()["version"]}
    assert recipe["settings"]["last_step"] is None
    assert len(recipe["settings"]["data_sha256"]) == 64


def test_a_network_whose_numbers_are_too_large_to_compute_with_has_no_results(
    own_client: httpx.Client, own_server: Server
) -> None:
    network = served()
    network.parameters *= np.float32(1e20)
    run_id = add_run(own_server.state_dir, network, status="diverged")
    for path in ("results", "results/images?label=3&answer=3"):
        assert_problem(own_client.get(f"runs/{run_id}/{path}"), 409, "too large to compute with")
