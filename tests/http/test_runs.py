from __future__ import annotations

import httpx
import pytest

from tests.support.api import ENDLESS, FEW, assert_problem, at_step, ended, events, run, start


def test_a_started_run_answers_201_with_its_address_and_its_settings(own_client: httpx.Client) -> None:
    response = own_client.post("admin/runs", json={**FEW, "seed": 5})

    assert response.status_code == 201
    body = response.json()
    assert response.headers["location"] == f"/runs/{body['id']}"
    assert body["status"] == "starting"
    assert body["settings"]["seed"] == 5
    assert body["settings"]["optimizer"] == "adam"
    assert body["parameters"] == 13_002
    assert ended(own_client, body["id"])["status"] == "finished"


def test_a_finished_run_knows_what_it_reached(client: httpx.Client, trained: int) -> None:
    found = run(client, trained)

    assert found["step"] == found["steps"] == 160
    assert found["accuracy"] > 0.7
    assert found["test_accuracy"] > 0.7
    assert found["created_at"] <= found["started_at"] <= found["ended_at"]
    assert found["id"] in [known["id"] for known in client.get("runs").json()]


def test_the_stream_has_a_run_from_its_start_to_its_end(client: httpx.Client, trained: int) -> None:
    seen = list(events(client, trained))

    assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
    costs = [event["data"] for event in seen if event["name"] == "cost"]
    assert len(costs) >= 10
    assert all(cost.keys() == {"step", "epoch", "cost"} for cost in costs)
    assert [cost["step"] for cost in costs] == sorted({cost["step"] for cost in costs})
    epochs = [event["data"] for event in seen if event["name"] == "epoch"]
    assert [epoch["epoch"] for epoch in epochs] == list(range(1, 11))
    figures = {"epoch", "cost", "accuracy", "gradient_norm", "seconds", "images_per_second", "by_class"}
    assert all(epoch.keys() == figures for epoch in epochs)
    assert seen[-1]["name"] == "end"
    assert seen[-1]["data"] == {"status": "finished", "reason": None}


@pytest.mark.parametrize("last", [1, 7, 25])
def test_last_event_id_resumes_with_no_gap_and_no_repeat(client: httpx.Client, trained: int, last: int) -> None:
    seen = list(events(client, trained))

    assert list(events(client, trained, last)) == seen[last:]


def test_a_watcher_that_has_the_end_already_gets_204(client: httpx.Client, trained: int) -> None:
    last = list(events(client, trained))[-1]["id"]

    response = client.get(f"runs/{trained}/events", headers={"Last-Event-ID": str(last)})

    assert response.status_code == 204


def test_stop_keeps_what_was_learned_and_resume_continues_from_it(own_client: httpx.Client) -> None:
    run_id = start(own_client, ENDLESS)
    at_step(own_client, run_id, 10)
    assert own_client.post(f"admin/runs/{run_id}/stop").json()["status"] in ("stopping", "stopped")
    stopped = ended(own_client, run_id)
    assert stopped["status"] == "stopped"
    assert stopped["test_accuracy"] is not None
    before = list(events(own_client, run_id))

    resumed = own_client.post(f"admin/runs/{run_id}/resume")

    assert resumed.status_code == 200
    at_step(own_client, run_id, stopped["step"] + 5)
    own_client.post(f"admin/runs/{run_id}/stop")
    ended(own_client, run_id)
    seen = list(events(own_client, run_id))
    assert seen[: len(before) - 1] == before[:-1]
    assert seen[len(before) - 1]["name"] == "resume"
    assert [event["id"] for event in seen] == list(range(1, len(seen) + 1))
    steps = [event["data"]["step"] for event in seen if event["name"] == "cost"]
    assert steps == sorted(set(steps))


def test_a_finished_run_is_not_resumed(client: httpx.Client, trained: int) -> None:
    assert_problem(client.post(f"admin/runs/{trained}/resume"), 409, "Start a new one")


@pytest.mark.parametrize("run_id", ["999", "999/events", "0", "-1", "-1/events", f"{10**23}", f"{10**23}/events"])
def test_a_run_that_is_not_there_is_not_found(client: httpx.Client, run_id: str) -> None:
    assert_problem(client.get(f"runs/{run_id}", headers={"Last-Event-ID": "3"}), 404, "There is no run")


@pytest.mark.parametrize("query", [{"before": 10**20}, {"before": 0}, {"limit": 0}, {"limit": "x"}])
def test_a_page_of_runs_that_makes_no_sense_is_refused_by_name(client: httpx.Client, query: dict[str, object]) -> None:
    assert_problem(client.get("runs", params=query), 422, *query)  # type: ignore[arg-type]


def test_a_run_is_known_by_a_number(client: httpx.Client) -> None:
    assert_problem(client.get("runs/latest"), 422, "run_id")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"learning_rate": "fast"}, "learning_rate"),
        ({"speed": 3}, "speed"),
        ([1], "JSON object"),
    ],
)
def test_settings_that_make_no_run_are_refused_by_name(client: httpx.Client, settings: object, word: str) -> None:
    assert_problem(client.post("admin/runs", json=settings), 422, word)
