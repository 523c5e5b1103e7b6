"""Wrong tokens are slowed, for each address and over all, and that holds across the processes of a server."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.store.attempts import FREE, MOST_OVER_ALL
from tests.support.api import assert_problem
from tests.support.server import RunningServer, running_server, wait_until

STOP = "admin/runs/999999999/stop"
HTML = {"Accept": "text/html"}
WRONG = {"Authorization": "Bearer wrong"}


@pytest.fixture
def two_servers(tmp_path: Path) -> Iterator[tuple[RunningServer, RunningServer]]:
    """Of one state folder; the first answers by two processes."""
    with (
        running_server(tmp_path / "state", "--workers", "2", until="healthz") as one,
        running_server(tmp_path / "state", until="healthz") as another,
    ):
        yield one, another


def caller(server: RunningServer, address: str = "203.0.113.1", **options: object) -> httpx.Client:
    """Comes from that address, with a connection, and so perhaps a process, of its own for each request."""
    limits = httpx.Limits(max_keepalive_connections=0)
    headers = {"X-Forwarded-For": address}
    return httpx.Client(base_url=server.url, headers=headers, timeout=30, limits=limits, **options)  # type: ignore[arg-type]


def set_back(server: RunningServer, wrong: int, seconds_ago: float) -> None:
    """As if the caller had sent so many wrong tokens, the last so long ago."""
    with contextlib.closing(sqlite3.connect(server.state_dir / "attempts.sqlite3", timeout=10)) as db, db:
        changed = db.execute(
            "UPDATE wrong SET count = ?, at = ? WHERE address = '203.0.113.1'", (wrong, time.time() - seconds_ago)
        )
        assert changed.rowcount == 1


def assert_slowed(response: httpx.Response) -> None:
    assert_problem(response, 429, "Too many wrong tokens", "Wait")
    assert 1 <= int(response.headers["retry-after"]) <= 60


def test_who_guesses_waits_in_every_process_and_whoever_is_signed_in_or_elsewhere_goes_on(
    two_servers: tuple[RunningServer, RunningServer],
) -> None:
    one, another = two_servers
    with (
        caller(one) as pupil,
        caller(another) as same_pupil,
        caller(one) as teacher,
        caller(one, "2001:db8::1") as far,
    ):
        teacher.get(one.login_url)
        for malformed in ({}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}):
            for _ in range(FREE):
                assert pupil.post(STOP, headers=malformed).status_code == 401

        guesses = [
            pupil.post(STOP, headers=WRONG),
            same_pupil.post(STOP, headers=WRONG),
            pupil.get("login?token=wrong"),
            same_pupil.post("login", data={"token": "wrong"}),
            *(pupil.post(STOP, headers=WRONG) for _ in range(FREE + 2)),
        ]

        assert [guess.status_code for guess in guesses[:FREE]] == [401] * FREE
        assert 429 in [guess.status_code for guess in guesses[FREE:]]
        # The right token neither: else a guesser would go on, and look for the answer that differs.
        set_back(one, wrong=FREE + 5, seconds_ago=0)
        for slowed in (
            pupil.post(STOP, headers=one.admin),
            same_pupil.post(STOP, headers=one.admin),
            pupil.get(one.login_url),
            same_pupil.post("login", data={"token": one.token}),
        ):
            assert_slowed(slowed)
        page = pupil.post("login", data={"token": one.token}, headers=HTML)
        assert page.status_code == 429
        assert 1 <= int(page.headers["retry-after"]) <= 60
        assert "Too many wrong tokens" in page.text
        assert teacher.post(STOP).status_code == 404
        assert far.post(STOP, headers=one.admin).status_code == 404

        # When the time is over the right token is taken, and nothing is held against the address any more.
        set_back(one, wrong=FREE + 5, seconds_ago=31)
        wait_until(lambda: pupil.post(STOP, headers=one.admin).status_code == 404, "the end of the wait")
        assert [pupil.post(STOP, headers=WRONG).status_code for _ in range(FREE)] == [401] * FREE


def test_guesses_from_many_addresses_are_slowed_for_all_who_send_a_token(fresh_server: RunningServer) -> None:
    with caller(fresh_server, "192.0.2.250") as teacher:
        teacher.get(fresh_server.login_url)
        with httpx.Client(base_url=fresh_server.url) as network:
            for number in range(MOST_OVER_ALL * 20):
                address = f"198.51.{number // 256}.{number % 256}"
                response = network.post(STOP, headers={**WRONG, "X-Forwarded-For": address})
                if response.status_code != 401:
                    break

        assert number >= MOST_OVER_ALL
        assert_slowed(response)
        assert teacher.post(STOP).status_code == 404


def test_a_forged_address_helps_nobody_who_is_no_trusted_proxy(fresh_server: RunningServer) -> None:
    # All of 127.0.0.0/8 is this machine, but only its first address is a proxy to uvicorn.
    transport = httpx.HTTPTransport(local_address="127.0.0.5")
    with httpx.Client(base_url=fresh_server.url, transport=transport) as guesser:
        answers = [
            guesser.post(STOP, headers={**WRONG, "X-Forwarded-For": f"192.0.2.{number}"}) for number in range(FREE + 3)
        ]

    assert 429 in [answer.status_code for answer in answers]
