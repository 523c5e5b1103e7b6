"""Anything that is sent to any call that is described, valid or not: an answer as described, soon, and never a 5xx."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.openapi import media_type
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.web.shared.request_bodies import PICTURES
from tests.faults.torture import SECONDS, SEED, until
from tests.support.api import SEVEN
from tests.support.local_server import local_server
from tests.support.server import Server
from tests.support.trained import add_run, served

# A request takes no longer. In the whole suite other tests have the processors, too.
_MAX_SECONDS, _MAX_SECONDS_BESIDE_OTHERS = 2.0, 10.0
_A_ROUND = 2
_CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
_STREAM = "/runs/{run_id}/events"
_ROOM_STREAM = "/rooms/{code}/events"

media_type("application/x-npy", st.binary(max_size=200))
for name in PICTURES:
    media_type(name, st.sampled_from([SEVEN, SEVEN[:-9], b"", b"GIF89a"]) | st.binary(max_size=200))


class _Session(requests.Session):
    """Knows when the last request was about to be sent: to write down 800,000 numbers takes this process longer than
    the server to answer them."""

    began = 0.0

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        prepared = super().prepare_request(request)
        self.began = time.monotonic()
        return prepared


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Server]:
    """A server with one run that has ended and is published, so that there is something to find."""
    with local_server(tmp_path / "state") as server, server.client() as client:
        run_id = add_run(server.state_dir, served())
        assert client.post(f"admin/runs/{run_id}/publish", json={"name": "classic"}).is_success
        yield server


@pytest.mark.slow
def test_two_hundred_requests(asked: Server) -> None:
    assert _ask(asked, 200, until(60), _MAX_SECONDS_BESIDE_OTHERS) > 50


@pytest.mark.torture
def test_twenty_thousand_requests(asked: Server) -> None:
    assert _ask(asked, 20_000, until(SECONDS), _MAX_SECONDS) > 1000


def _ask(server: Server, count: int, has_time: Callable[[], bool], max_seconds: float) -> int:
    """Sends about so many requests, half of them invalid, to all calls alike, and returns how many there was time for.

    The admin's calls are sent with the token: without it nothing but its lack would be tried.
    """
    api = schemathesis.openapi.from_dict(httpx.get(f"{server.url}openapi.json").json())
    api.config.update(base_url=server.url.rstrip("/"))
    operations = [found.ok() for found in api.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 40
    assert any(operation.path == _ROOM_STREAM for operation in operations)
    asked = 0
    with _Session() as session, server.client() as client:
        session.headers.update(server.admin)
        room = _Room(client)

        def ask(case: Case[Any]) -> None:
            nonlocal asked
            if has_time():
                asked += 1
                if asked % 2:
                    room.enter(case)
                _ask_one(case, session, client, max_seconds)

        # In rounds, so that no call is left out when there is no time for all of them.
        for seed in itertools.count(SEED):
            for operation, mode in itertools.product(operations, GenerationMode):
                if asked >= count or not has_time():
                    break
                _tried(operation.as_strategy(generation_mode=mode), seed, ask)
            else:
                continue
            break
    return asked


class _Room:
    """A room with a pupil, for the calls that would find none by chance."""

    def __init__(self, client: httpx.Client) -> None:
        self._client, self._code, self._key = client, "", ""

    def enter(self, case: Case[Any]) -> None:
        """Asks the same of the room, as its pupil. Its stream would not end."""
        path = case.operation.path
        if "{code}" not in path or path.endswith("/events"):
            return
        self._open()
        case.path_parameters = {**(case.path_parameters or {}), "code": self._code}
        if path.startswith("/rooms/"):
            case.headers["Authorization"] = f"Bearer {self._key}"

    def _open(self) -> None:
        """Another one, if this one was forgotten, or locked, or the pupil was removed."""
        pupil = {"Authorization": f"Bearer {self._key}"}
        if self._key and self._client.get(f"rooms/{self._code}/pupils/me", headers=pupil).is_success:
            return
        self._code = self._client.post("admin/rooms").json()["code"]
        self._key = self._client.post(f"rooms/{self._code}/pupils").json()["key"]


def _tried(cases: st.SearchStrategy[Case[Any]], seed: int, ask: Callable[[Case[Any]], None]) -> None:
    settings = hypothesis.settings(
        max_examples=_A_ROUND, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    # Of a call that takes nothing there is nothing that is invalid.
    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        hypothesis.seed(seed)(settings(hypothesis.given(cases)(ask)))()


def _ask_one(case: Case[Any], session: _Session, client: httpx.Client, max_seconds: float) -> None:
    is_stream = case.operation.path == _STREAM
    response = case.call(session=session, timeout=30)
    seconds = time.monotonic() - session.began
    assert response.status_code < 500, (response.status_code, response.text)
    if response.status_code >= 400 and case.method != "HEAD":
        form = "application/json" if case.operation.path.startswith("/v2") else "application/problem+json"
        assert response.headers["content-type"] == [form], response.headers
        assert len(response.content) <= 2048
    case.validate_response(response, checks=_CHECKS)
    assert is_stream or seconds < max_seconds, f"{seconds:.1f} s"
    if case.operation.path.startswith("/admin/") and response.status_code < 300:
        _stop_all(client)


def _stop_all(client: httpx.Client) -> None:
    """Lets nothing train for longer than it takes to stop it."""
    for kind in ("sweeps", "runs"):
        listed: list[dict[str, Any]] = client.get(kind).json()
        for one in listed:
            if one["ended_at"] is None:
                client.post(f"admin/{kind}/{one['id']}/stop")
