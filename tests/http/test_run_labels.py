from __future__ import annotations

import httpx
import pytest

from tests.support.api import ENDLESS, assert_problem, run, start
from tests.support.server import Server
from tests.support.trained import add_run, served


@pytest.fixture
def ended_run(server: Server) -> int:
    """A run of the shared server that has ended."""
    return add_run(server.state_dir, served())


def test_a_name_and_a_note_are_kept_for_all_to_see(client: httpx.Client, server: Server, ended_run: int) -> None:
    response = client.patch(f"admin/runs/{ended_run}", json={"name": "  Größer, 2×  ", "note": "One.\n\nTwo <b>."})

    assert response.status_code == 200
    seen = httpx.get(f"{server.url}runs/{ended_run}").json()
    assert (seen["name"], seen["note"]) == ("Größer, 2×", "One.\n\nTwo <b>.")
    assert response.json() == seen
    page = httpx.get(f"{server.url}runs/{ended_run}", headers={"Accept": "text/html"}).text
    assert "Größer, 2×" in page
    assert "Two &lt;b&gt;." in page


def test_what_is_not_given_stays_and_null_or_nothing_takes_it_away(client: httpx.Client, ended_run: int) -> None:
    client.patch(f"admin/runs/{ended_run}", json={"name": "a", "note": "b"})

    client.patch(f"admin/runs/{ended_run}", json={"note": "c"})
    assert (run(client, ended_run)["name"], run(client, ended_run)["note"]) == ("a", "c")
    client.patch(f"admin/runs/{ended_run}", json={"name": None})
    client.patch(f"admin/runs/{ended_run}", json={"note": "  "})

    assert (run(client, ended_run)["name"], run(client, ended_run)["note"]) == (None, None)


@pytest.mark.parametrize(("field", "most"), [("name", 80), ("note", 2000)])
def test_labels_have_a_length(client: httpx.Client, ended_run: int, field: str, most: int) -> None:
    assert client.patch(f"admin/runs/{ended_run}", json={field: "é" * most}).status_code == 200

    assert_problem(client.patch(f"admin/runs/{ended_run}", json={field: "é" * (most + 1)}), 422, field, str(most))


def test_a_deleted_run_is_gone_for_all_and_comes_back_whole(client: httpx.Client, ended_run: int) -> None:
    before, recorded = run(client, ended_run), client.get(f"runs/{ended_run}/events.jsonl").text

    assert client.delete(f"admin/runs/{ended_run}").status_code == 204

    for gone in (client.get(f"runs/{ended_run}"), client.delete(f"admin/runs/{ended_run}")):
        assert_problem(gone, 404, "was deleted", "undo")
    assert ended_run not in [known["id"] for known in client.get("runs").json()]
    last = client.get("admin/deleted-runs").json()[0]
    assert last == {**before, "deleted_at": last["deleted_at"]}
    assert client.post(f"admin/runs/{ended_run}/restore").json() == before
    assert client.get(f"runs/{ended_run}/events.jsonl").text == recorded
    assert ended_run in [known["id"] for known in client.get("runs").json()]


def test_a_run_that_is_being_trained_is_not_deleted(own_client: httpx.Client) -> None:
    active = start(own_client, ENDLESS)

    assert_problem(own_client.delete(f"admin/runs/{active}"), 409, f"Run {active} is being trained", "Stop it first")

    assert run(own_client, active)["id"] == active
    own_client.post(f"admin/runs/{active}/stop")


def test_what_was_never_there_is_neither_named_nor_deleted_nor_restored(client: httpx.Client) -> None:
    for response in (
        client.patch("admin/runs/99999", json={"name": "a"}),
        client.delete("admin/runs/99999"),
        client.post("admin/runs/99999/restore"),
    ):
        assert_problem(response, 404, "There is no run 99999")


@pytest.mark.parametrize("run_id", ["999", "0", "-1", f"{10**23}"])
def test_a_run_that_never_was_can_not_be_brought_back(client: httpx.Client, run_id: str) -> None:
    assert_problem(client.post(f"admin/runs/{run_id}/restore"), 404, "There is no run")
