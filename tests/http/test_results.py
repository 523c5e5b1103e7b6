from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.data import mnist
from app.images.normalise import normalise
from app.network.weights import Weights, read_weights
from app.runs.recipe import RunSettings
from app.runs.trainer import REPORTS_PER_EPOCH
from tests.support.api import LONG, SHORT, assert_problem, at_step, ended, events, run, start
from tests.support.server import RunningServer, wait_until
from tests.support.trained import add_run, served


@pytest.fixture(scope="module")
def finished(server: RunningServer) -> int:
    """A run of the shared server that was really trained."""
    with server.client() as client:
        run_id = start(client, SHORT)
        assert ended(client, run_id)["status"] == "finished"
        return run_id


def weights_of(client: httpx.Client, run_id: int, folder: Path) -> Weights:
    response = client.get(f"runs/{run_id}/weights")
    assert response.status_code == 200
    path = folder / f"{run_id}.safetensors"
    path.write_bytes(response.content)
    return read_weights(path)


def told_costs(client: httpx.Client, run_id: int) -> dict[int, float]:
    return {event["data"]["step"]: event["data"]["cost"] for event in events(client, run_id) if event["name"] == "cost"}


def test_the_events_are_given_as_json_lines_and_as_a_table_just_as_they_were_told(
    client: httpx.Client, finished: int
) -> None:
    told = list(events(client, finished))

    lines = client.get(f"runs/{finished}/events.jsonl")
    table = client.get(f"runs/{finished}/events.csv")

    assert f'filename="descent-run-{finished}-events.jsonl"' in lines.headers["content-disposition"]
    assert [json.loads(line) for line in lines.text.splitlines()] == [
        {"id": event["id"], "event": event["name"], "data": event["data"]} for event in told
    ]
    assert f'filename="descent-run-{finished}-events.csv"' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [(int(row["id"]), row["event"]) for row in rows] == [(event["id"], event["name"]) for event in told]
    for row, event in zip(rows, told, strict=True):
        for name in ("step", "epoch", "cost", "accuracy", "gradient_norm", "images_per_second"):
            assert (float(row[name]) if row[name] else None) == event["data"].get(name)
        by_class = event["data"].get("by_class", [None] * 10)
        assert [row[f"accuracy_{number}"] for number in range(10)] == [str(s) if s else "" for s in by_class]
    assert rows[-1]["status"] == "finished"


def test_whoever_has_some_events_gets_the_rest_and_who_has_all_is_told_so(client: httpx.Client, finished: int) -> None:
    whole = client.get(f"runs/{finished}/events.jsonl")

    rest = client.get(f"runs/{finished}/events.jsonl", params={"after": 10})
    again = client.get(f"runs/{finished}/events.jsonl", headers={"If-None-Match": whole.headers["etag"]})

    assert rest.text.splitlines() == whole.text.splitlines()[10:]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_the_results_are_those_of_the_network_on_the_test_images(
    client: httpx.Client, finished: int, tmp_path: Path, test_images: mnist.Images
) -> None:
    weights = weights_of(client, finished, tmp_path)
    probabilities = weights.network.probabilities(normalise(test_images.images))
    answers = probabilities.argmax(axis=1)

    found = client.get(f"runs/{finished}/results").json()

    assert found["version"] == weights.version
    assert found["classes"] == list("0123456789")
    assert found["accuracy"] == run(client, finished)["test_accuracy"]
    assert (found["images"], found["wrong"]) == (10_000, (answers != test_images.labels).sum())
    confusion = np.array(found["confusion"])
    assert np.trace(confusion) == found["images"] - found["wrong"]
    assert found["by_class"] == pytest.approx(np.diag(confusion) / confusion.sum(axis=1))
    assert sum(one["images"] for one in found["calibration"]["bins"]) == 10_000
    assert 0 < found["calibration"]["error"] < 0.1
    assert len(found["mistakes"]) == 50
    for mistake in found["mistakes"]:
        assert mistake["label"] == test_images.labels[mistake["number"]] != mistake["digit"]
        assert mistake["pixels"] == test_images.images[mistake["number"]].ravel().tolist()
        assert mistake["probabilities"] == pytest.approx(probabilities[mistake["number"]], abs=1e-5)


def test_behind_each_cell_are_its_images_surest_first(client: httpx.Client, finished: int) -> None:
    confusion = np.array(client.get(f"runs/{finished}/results").json()["confusion"])
    np.fill_diagonal(confusion, 0)
    label, answer = (int(index) for index in np.unravel_index(confusion.argmax(), confusion.shape))

    found = client.get(f"runs/{finished}/results/images", params={"label": label, "answer": answer, "limit": 5}).json()

    assert found["count"] == confusion[label, answer]
    assert len(found["images"]) == 5
    assert all((one["label"], one["digit"]) == (label, answer) for one in found["images"])
    confidences = [one["confidence"] for one in found["images"]]
    assert confidences == sorted(confidences, reverse=True)
    assert_problem(client.get(f"runs/{finished}/results/images", params={"label": 10, "answer": 0}), 422, "label")


@pytest.mark.slow
def test_a_run_that_is_under_way_says_what_to_wait_for_and_one_without_a_network_what_to_do(
    fresh_client: httpx.Client, fresh_server: RunningServer
) -> None:
    run_id = start(fresh_client, LONG)
    for path in ("results", "results/images?label=1&answer=2", "weights"):
        assert_problem(fresh_client.get(f"runs/{run_id}/{path}"), 409, "Wait for its end")
    at_step(fresh_client, run_id, 1)
    fresh_client.post(f"admin/runs/{run_id}/stop")
    assert ended(fresh_client, run_id)["status"] == "stopped"
    assert fresh_client.get(f"runs/{run_id}/results").status_code == 200

    (fresh_server.state_dir / "runs" / str(run_id) / "network.safetensors").unlink()

    assert_problem(fresh_client.get(f"runs/{run_id}/results"), 409, "no network that can be read")
    assert (
        fresh_client.get(f"runs/{run_id}/recipe").json()["settings"]["last_step"] == run(fresh_client, run_id)["step"]
    )


@pytest.mark.slow
def test_the_recipe_of_a_run_changed_on_the_way_and_stopped_within_an_epoch_repeats_it_bit_for_bit(
    fresh_client: httpx.Client, tmp_path: Path
) -> None:
    settings = {
        "hidden": [12],
        "optimizer": "adam",
        "learning_rate": 0.01,
        "rates": [[150, 0.004], [90_000, 1.0]],
        "batch_size": 64,
        "epochs": 9,
        "decay": True,
        "temperature": 1.3,
        "seed": 7,
        "pace": 1.5,
    }
    first = start(fresh_client, settings)
    at_step(fresh_client, first, 250)
    fresh_client.post(f"admin/runs/{first}/rate", json={"learning_rate": 0.02})
    at_step(fresh_client, first, _changed_at(fresh_client, first) + 100)
    fresh_client.post(f"admin/runs/{first}/stop")
    stopped = ended(fresh_client, first)
    steps_per_epoch = stopped["steps"] // 9
    assert stopped["step"] % steps_per_epoch != 0

    recipe = fresh_client.get(f"runs/{first}/recipe").json()
    second = start(fresh_client, recipe["settings"])

    assert recipe["settings"]["rates"] == [[150, 0.004], [_changed_at(fresh_client, first), 0.02]]
    assert recipe["settings"]["last_step"] == stopped["step"]
    assert "preset" not in recipe["settings"]
    assert recipe["numpy"] == np.__version__
    repeated = ended(fresh_client, second)
    assert (repeated["status"], repeated["step"]) == ("finished", stopped["step"])
    one, other = (weights_of(fresh_client, run_id, tmp_path).network for run_id in (first, second))
    assert one.parameters.tobytes() == other.parameters.tobytes()
    told, told_again = told_costs(fresh_client, first), told_costs(fresh_client, second)
    both = sorted(told.keys() & told_again.keys())
    # What is told besides depends on the clock.
    assert len(both) >= stopped["step"] * REPORTS_PER_EPOCH // steps_per_epoch
    assert [told[step] for step in both] == [told_again[step] for step in both]
    again = fresh_client.get(f"runs/{second}/recipe").json()
    assert again["settings"] == recipe["settings"]


def _changed_at(client: httpx.Client, run_id: int) -> int:
    def look() -> dict[str, Any] | None:
        lines = client.get(f"runs/{run_id}/events.jsonl").text.splitlines()
        return next((event for event in map(json.loads, lines) if event["event"] == "rate"), None)

    return int((wait_until(look, "the other learning rate") or {})["data"]["step"])


def test_the_recipe_of_a_run_with_a_teacher_says_which_version_taught(
    client: httpx.Client, server: RunningServer
) -> None:
    run_id = add_run(server.state_dir, served(), settings=RunSettings(preset="classic"))

    recipe = client.get(f"runs/{run_id}/recipe").json()

    assert recipe["teacher"] == {"name": "wide", "version": client.get("models/wide").json()["version"]}
    assert recipe["settings"]["last_step"] is None
    assert len(recipe["settings"]["data_sha256"]) == 64
