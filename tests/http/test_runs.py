from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.support.api import SHORT, assert_problem, at_step, ended, events, run, start
from tests.support.server import RunningServer


@pytest.fixture
def finished(client: httpx.Client) -> int:
    """A finished run of the shared server."""
    for known in client.get("runs").json():
        if known["status"] == "finished":
            found: int = known["id"]
            return found
    run_id = start(client, SHORT)
    assert ended(client, run_id)["status"] == "finished"
    return run_id


@pytest.mark.slow
def test_a_started_run_answers_201_with_its_address_and_its_settings(fresh_client: httpx.Client) -> None:
    response = fresh_client.post("admin/runs", json={**SHORT, "seed": 5})

    assert response.status_code == 201
    body = response.json()
    assert response.headers["location"] == f"/runs/{body['id']}"
    assert body["status"] == "starting"
    assert body["settings"]["seed"] == 5
    assert body["settings"]["optimizer"] == "adam"
    assert body["parameters"] == 13_002
    assert ended(fresh_client, body["id"])["status"] == "finished"


@pytest.mark.slow
def test_a_run_needs_no_settings_at_all(fresh_client: httpx.Client) -> None:
    response = fresh_client.post("admin/runs")

    assert response.status_code == 201
    assert response.json()["settings"]["hidden"] == [16, 16]
    fresh_client.post(f"admin/runs/{response.json()['id']}/stop")
    assert ended(fresh_client, response.json()["id"])["status"] == "stopped"


def test_a_finished_run_knows_what_it_reached(client: httpx.Client, finished: int) -> None:
    found = run(client, finished)

    assert found["step"] == found["steps"] == 782
    assert found["accuracy"] > 0.9
    assert found["test_accuracy"] > 0.9
    assert found["created_at"] <= found["started_at"] <= found["ended_at"]
    assert found["id"] in [known["id"] for known in client.get("runs").json()]


def test_the_stream_tells_a_run_from_its_start_to_its_end(client: httpx.Client, finished: int) -> None:
    told = list(events(client, finished))

    assert [event["id"] for event in told] == list(range(1, len(told) + 1))
    costs = [event["data"] for event in told if event["name"] == "cost"]
    assert len(costs) >= 10
    assert all(cost.keys() == {"step", "epoch", "cost"} for cost in costs)
    assert [cost["step"] for cost in costs] == sorted({cost["step"] for cost in costs})
    epochs = [event["data"] for event in told if event["name"] == "epoch"]
    assert [epoch.keys() for epoch in epochs] == [
        {"epoch", "cost", "accuracy", "gradient_norm", "seconds", "images_per_second", "by_class"}
    ]
    assert told[-1]["name"] == "end"
    assert told[-1]["data"] == {"status": "finished", "reason": None}


@pytest.mark.parametrize("last", [1, 7, 25])
def test_last_event_id_resumes_with_no_gap_and_no_repeat(client: httpx.Client, finished: int, last: int) -> None:
    told = list(events(client, finished))

    assert list(events(client, finished, last)) == told[last:]


@pytest.mark.parametrize("foreign", [10**6, 10**30, -1, 0])
def test_a_last_event_id_that_is_none_of_the_runs_starts_it_over(
    client: httpx.Client, finished: int, foreign: int
) -> None:
    assert next(events(client, finished, foreign))["id"] == 1


def test_whoever_has_the_end_already_is_told_not_to_come_again(client: httpx.Client, finished: int) -> None:
    last = list(events(client, finished))[-1]["id"]

    response = client.get(f"runs/{finished}/events", headers={"Last-Event-ID": str(last)})

    assert response.status_code == 204


@pytest.mark.slow
def test_a_stream_that_is_dropped_again_and_again_loses_and_doubles_nothing(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, {**SHORT, "epochs": 2, "pace": 1})
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["name"] != "end":
        stream = events(fresh_client, run_id, seen[-1]["id"] if seen else None)
        for event in stream:
            seen.append(event)
            if len(seen) % 5 == 0:
                break
        stream.close()

    assert seen == list(events(fresh_client, run_id))


@pytest.mark.slow
def test_any_number_watch_one_run_early_and_late_and_see_the_same(fresh_server: RunningServer) -> None:
    with fresh_server.client() as client:
        run_id = start(client, {**SHORT, "epochs": 2, "pace": 1})

        def watch(step: int) -> list[dict[str, Any]]:
            with fresh_server.client() as watcher:
                at_step(watcher, run_id, step)
                return list(events(watcher, run_id))

        with ThreadPoolExecutor(20) as pool:
            told = list(pool.map(watch, [0] * 10 + [400] * 5 + [800] * 5))

    assert all(one == told[0] for one in told)
    assert told[0][-1]["name"] == "end"


@pytest.mark.slow
def test_stop_keeps_what_was_learned_and_resume_goes_on_from_it(fresh_client: httpx.Client) -> None:
    run_id = start(fresh_client, {"preset": "quick", "epochs": 4, "pace": 0.7})
    at_step(fresh_client, run_id, 800)
    assert fresh_client.post(f"admin/runs/{run_id}/stop").json()["status"] in ("stopping", "stopped")
    stopped = ended(fresh_client, run_id)
    assert stopped["status"] == "stopped"
    assert stopped["test_accuracy"] > 0.8
    before = list(events(fresh_client, run_id))

    resumed = fresh_client.post(f"admin/runs/{run_id}/resume")

    assert resumed.status_code == 200
    assert ended(fresh_client, run_id)["status"] == "finished"
    told = list(events(fresh_client, run_id))
    assert told[: len(before) - 1] == before[:-1]
    assert told[len(before) - 1]["name"] == "resume"
    assert [event["id"] for event in told] == list(range(1, len(told) + 1))
    steps = [event["data"]["step"] for event in told if event["name"] == "cost"]
    assert steps == sorted(set(steps))
    assert run(fresh_client, run_id)["step"] == run(fresh_client, run_id)["steps"]


def test_a_finished_run_is_not_resumed(client: httpx.Client, finished: int) -> None:
    assert_problem(client.post(f"admin/runs/{finished}/resume"), 409, "Start a new one")


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
        ({"epochs": 0}, "epochs"),
        ({"learning_rate": "fast"}, "learning_rate"),
        ({"hidden": [10_000]}, "hidden"),
        ({"preset": "slow"}, "preset"),
        ({"speed": 3}, "speed"),
        ([1], "JSON object"),
    ],
)
def test_settings_that_make_no_run_are_refused_by_name(client: httpx.Client, settings: object, word: str) -> None:
    assert_problem(client.post("admin/runs", json=settings), 422, word)
