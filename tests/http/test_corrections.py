"""Corrections: what users say a drawing is, and what the admin makes of it."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.local_server import local_server
from tests.support.rooms import SEVEN
from tests.support.server import Server, wait_until

NO_INK = [[[0.5, 1.2]]]


@pytest.fixture(scope="module")
def keeping_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with local_server(tmp_path_factory.mktemp("keeping"), keep_drawings=True) as running:
        yield running


@pytest.fixture
def anyone(keeping_server: Server, admin: httpx.Client) -> Iterator[httpx.Client]:
    """Has no token. Nothing is kept yet."""
    admin.delete("admin/corrections").raise_for_status()
    with httpx.Client(base_url=keeping_server.url, timeout=30) as client:
        yield client


@pytest.fixture
def admin(keeping_server: Server) -> Iterator[httpx.Client]:
    with keeping_server.client() as client:
        yield client


def correct(client: httpx.Client, label: object = 1, token: str | None = None, **other: object) -> httpx.Response:
    headers = {"Idempotency-Key": token} if token else {}
    return client.post("corrections", json={"label": label, "strokes": SEVEN, **other}, headers=headers)


def listed(admin: httpx.Client, **query: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("admin/corrections", params=query).raise_for_status().json()
    return found


def test_a_corrected_drawing_is_kept_with_what_it_is_and_the_answer(anyone: httpx.Client, admin: httpx.Client) -> None:
    kept = correct(anyone)

    assert kept.status_code == 201
    assert (kept.json()["id"], kept.json()["digit"]) == (1, 7)
    assert not kept.headers.get("set-cookie")
    (found,) = listed(admin)
    assert {**kept.json(), "label": 1, "status": "ready", "strokes": SEVEN}.items() <= found.items()
    assert set(found) == {"id", "digit", "confidence", "label", "status", "drawn_at", "strokes"}


def test_a_correction_that_is_sent_again_is_kept_once(anyone: httpx.Client, admin: httpx.Client) -> None:
    first = correct(anyone, token="the-same-drawing").json()

    assert correct(anyone, token="the-same-drawing").json() == first
    assert correct(anyone, token="another-drawing").json()["id"] == 2
    assert len(listed(admin)) == 2


def test_the_answer_is_that_of_the_network_that_is_corrected(anyone: httpx.Client) -> None:
    classic, wide = correct(anyone).json(), correct(anyone, model="wide").json()

    assert classic["confidence"] != wide["confidence"]
    assert correct(anyone, model="none").status_code == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"label": None}, "label: Input should be a valid integer"),
        ({"label": 10}, "less than or equal to 9"),
        ({"label": "7"}, "label: Input should be a valid integer"),
        ({"strokes": []}, "at least 1"),
        ({"strokes": [[]]}, "at least 1"),
        ({"strokes": NO_INK}, "less than or equal to 1"),
        ({"strokes": [[[0.5, 0.5]]] * 65}, "at most 64"),
        ({"strokes": [[[0.5, 0.5]] * 4_001]}, "4,000 points"),
        ({"name": "Ada"}, "name: Extra inputs are not permitted"),
    ],
)
def test_what_is_no_correction_is_refused_with_the_reason(
    anyone: httpx.Client, body: dict[str, object], reason: str
) -> None:
    refused = anyone.post("corrections", json={"label": 1, "strokes": SEVEN, **body})

    assert refused.status_code == 422
    assert reason in refused.json()["detail"]


def test_a_flood_is_refused_with_the_time_to_wait(anyone: httpx.Client) -> None:
    statuses = [correct(anyone).status_code for _ in range(21)]
    refused = correct(anyone)

    assert statuses == [201] * 20 + [429]
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert "20 drawings in 10 seconds" in refused.json()["detail"]


def test_a_server_that_keeps_no_drawings_says_so(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        refused = correct(client)

    assert refused.status_code == 404
    assert "DESCENT_KEEP_DRAWINGS=yes" in refused.json()["detail"]
    with server.client() as admin:
        assert admin.get("admin/corrections").json() == []


def test_a_page_of_another_site_can_not_send_one(anyone: httpx.Client, admin: httpx.Client) -> None:
    anyone.headers.update({"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"})

    assert correct(anyone).status_code == 403
    assert listed(admin) == []


def test_the_log_has_no_address_of_who_sends_one(anyone: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "descent.access")
    correct(anyone).raise_for_status()
    anyone.get("models").raise_for_status()

    wait_until(lambda: len(caplog.records) >= 2, "both lines of the log")
    clients = {record.__dict__["path"]: record.__dict__["client"] for record in caplog.records}
    assert clients == {"/corrections": None, "/models": "127.0.0.1"}


def test_a_removed_correction_comes_back_when_it_is_restored(anyone: httpx.Client, admin: httpx.Client) -> None:
    number = correct(anyone).json()["id"]

    for status in ("removed", "removed", "ready"):
        assert admin.patch(f"admin/corrections/{number}", json={"status": status}).status_code == 204
        assert [one["status"] for one in listed(admin)] == [status]
    assert admin.patch(f"admin/corrections/{number + 1}", json={"status": "removed"}).status_code == 404
    assert admin.patch(f"admin/corrections/{number}", json={"status": "shown"}).status_code == 422


def test_corrections_are_listed_from_the_newest_to_the_oldest(anyone: httpx.Client, admin: httpx.Client) -> None:
    for label in (1, 2, 3):
        correct(anyone, label).raise_for_status()

    assert [(one["id"], one["label"]) for one in listed(admin)] == [(3, 3), (2, 2), (1, 1)]
    assert [one["id"] for one in listed(admin, before=3)] == [2, 1]


def test_an_export_has_all_that_was_not_removed(anyone: httpx.Client, admin: httpx.Client) -> None:
    for label in (1, 2):
        correct(anyone, label).raise_for_status()
    admin.patch("admin/corrections/1", json={"status": "removed"}).raise_for_status()

    export = admin.get("admin/corrections/export.zip")
    file = zipfile.ZipFile(io.BytesIO(export.content))
    assert 'filename="corrections.zip"' in export.headers["Content-Disposition"]
    assert [json.loads(line)["label"] for line in file.read("drawings.jsonl").splitlines()] == [2]
    assert file.read("labels-idx1-ubyte") == bytes([0, 0, 8, 1, 0, 0, 0, 1, 2])


def test_all_corrections_are_forgotten_at_once(anyone: httpx.Client, admin: httpx.Client) -> None:
    correct(anyone).raise_for_status()

    assert admin.delete("admin/corrections").status_code == 204
    assert listed(admin) == []
    assert correct(anyone).json()["id"] == 1


def test_the_page_of_corrections_is_for_the_admin(keeping_server: Server, anyone: httpx.Client) -> None:
    sent = anyone.get("corrections")

    assert (sent.status_code, sent.headers["location"]) == (303, "/login?back=corrections")
    anyone.get(keeping_server.login_url)
    assert "Corrections" in anyone.get("corrections").raise_for_status().text


@pytest.mark.parametrize("keeps", [True, False])
def test_the_draw_page_asks_only_where_drawings_are_kept(keeps: bool, tmp_path: Path) -> None:
    with local_server(tmp_path, keep_drawings=keeps) as server:
        text = httpx.get(server.url).text

    assert ("Not right?" in text) == keeps
    assert ("kept on this server, without anything about you" in text) == keeps
