from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import HTTPException

from app.settings import Settings
from app.web.shared.watchers import Watchers
from tests.support.active_run import active_run
from tests.support.api import PNG, SEVEN, assert_problem
from tests.support.local_server import local_server
from tests.support.server import Server, wait_until
from tests.support.trained import add_run, served

LIMIT, PER_ADDRESS = 5, 3


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[Server]:
    with local_server(tmp_path / "state", watchers=LIMIT, watchers_per_address=PER_ADDRESS) as server:
        yield server


def _watch(server: Server, run_id: int, address: str) -> contextlib.AbstractContextManager[httpx.Response]:
    # A proxy on this machine names the client in this header.
    headers = {"X-Forwarded-For": address}
    return httpx.stream("GET", f"{server.url}runs/{run_id}/events", headers=headers, timeout=20)


@pytest.mark.slow
def test_a_stream_above_a_limit_is_refused_and_everything_else_still_answers(small_server: Server) -> None:
    with active_run(small_server.state_dir) as active, contextlib.ExitStack() as open_streams:
        run_id = active.id
        for number in range(PER_ADDRESS):
            assert open_streams.enter_context(_watch(small_server, run_id, "10.0.0.1")).status_code == 200, number
        with _watch(small_server, run_id, "10.0.0.1") as refused:
            assert refused.status_code == 503  # an accepted stream has no end
            refused.read()
        assert_problem(refused, 503, "3 streams are open from your address", "try again in 5 seconds")
        assert refused.headers["retry-after"] == "5"

        last = [open_streams.enter_context(_watch(small_server, run_id, f"10.0.0.{number}")) for number in (2, 3)]
        assert [stream.status_code for stream in last] == [200, 200]
        with _watch(small_server, run_id, "10.0.0.4") as refused:
            assert refused.status_code == 503  # an accepted stream has no end
            refused.read()
        assert_problem(refused, 503, "5 streams are open, which is the limit", "try again in 5 seconds")
        assert refused.headers["retry-after"] == "5"

        assert httpx.get(f"{small_server.url}healthz").status_code == 200
        answer = httpx.post(f"{small_server.url}predict", content=SEVEN, headers=PNG).json()
        assert answer["digit"] == 7

        last[0].close()

        def is_accepted() -> bool:
            with _watch(small_server, run_id, "10.0.0.4") as next_stream:
                return next_stream.status_code == 200

        wait_until(is_accepted, "a place to be free again", 5)


def test_a_refused_or_ended_stream_holds_no_place(small_server: Server) -> None:
    run_id = add_run(small_server.state_dir, served())
    with small_server.client() as client:
        for _ in range(2 * LIMIT):
            assert client.get(f"runs/{run_id}/events").status_code == 200
            assert_problem(client.get("runs/999/events"), 404, "no run 999")
            assert_problem(client.get("runs/latest/events"), 422, "run_id")
            assert_problem(client.get(f"runs/{run_id}/events?after=x"), 422, "after")


def test_each_address_has_its_own_places() -> None:
    watchers = Watchers(100, 1)
    with watchers.place("192.0.2.1"), watchers.place("2001:db8:1:2::/64"):
        assert watchers.count == 2
        with pytest.raises(HTTPException, match="503"), watchers.place("192.0.2.1"):
            pass
    assert watchers.count == 0


def test_an_address_holds_at_most_half_of_what_the_others_left() -> None:
    watchers, held = Watchers(400, 250), []
    with contextlib.ExitStack() as open_streams:
        for address in "abcdef":
            before = watchers.count
            with contextlib.suppress(HTTPException):
                while True:
                    open_streams.enter_context(watchers.place(address))
            held.append(watchers.count - before)

    assert held == [200, 100, 50, 25, 13, 6]


def test_some_open_files_stay_free_for_other_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1000, 1000))

    assert Watchers.allowed(Settings(watchers=2000)).limit == 750
    assert Watchers.allowed(Settings(watchers=700)).limit == 700
