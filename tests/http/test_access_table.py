"""Every route, asked without the token, with a wrong one, with half of one, from another site, and rightly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.settings import Settings
from tests.support.api import JSON
from tests.support.server import Server

NO_RUN, NO_SWEEP = 999_999_999, 999_999_999
FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
TEXT = {"Content-Type": "text/plain"}


class Row(NamedTuple):
    """A route, and the statuses of its answers; `type` is that to the right caller's body of another type."""

    method: str
    path: str
    none: int
    wrong: int
    malformed: int
    foreign: int
    right: int
    type: int | None = None
    address: str = ""

    @property
    def url(self) -> str:
        """The address that is asked, where the route's own has places to fill."""
        ids = {
            "run_id": NO_RUN,
            "sweep_id": NO_SWEEP,
            "step": 0,
            "code": "NOROOM",
            "pupil": 1,
            "drawing": 1,
            "neuron": "1-0",
            "digit": 7,
            "number": 0,
            "version": "none",
        }
        return self.address or self.path.lstrip("/").format(name="none", **ids)


def reading(path: str, status: int, address: str = "", method: str = "GET") -> Row:
    """Open to all: the token makes no difference."""
    return Row(method, path, status, status, status, status, status, address=address)


def asking(path: str, status: int = 422) -> Row:
    """A body is sent, and nothing changes."""
    return reading(path, status, method="POST")


def changing(method: str, path: str, right: int) -> Row:
    return Row(method, path, 401, 401, 401, 403, right, 415)


LESSONS = ["forward", "costs", "descent", "slice", "walk", "surface", "gradient", "evidence", "learning"]
TABLE = [
    #    method  path       none wrong malformed foreign right type
    Row("GET", "/login", 200, 401, 200, 303, 303),
    Row("POST", "/login", 401, 401, 401, 403, 303, 415),
    Row("POST", "/logout", 303, 303, 303, 403, 303, 415),
    changing("POST", "/admin/runs", 422),
    changing("GET", "/admin/deleted-runs", 200),
    changing("PATCH", "/admin/runs/{run_id}", 404),
    changing("DELETE", "/admin/runs/{run_id}", 404),
    *(
        changing("POST", f"/admin/runs/{{run_id}}/{what}", 404)
        for what in ("restore", "pause", "rate", "stop", "resume", "publish")
    ),
    changing("POST", "/admin/models/{name}/rollback", 422),
    changing("POST", "/admin/sweeps", 422),
    changing("POST", "/admin/sweeps/expected", 422),
    changing("POST", "/admin/sweeps/{sweep_id}/stop", 404),
    changing("POST", "/admin/sweeps/{sweep_id}/resume", 404),
    Row("POST", "/admin/rooms", 401, 401, 401, 403, 201, 415),
    changing("GET", "/admin/rooms", 200),
    changing("PATCH", "/admin/rooms/{code}", 422),
    changing("DELETE", "/admin/rooms/{code}", 404),
    *(changing("GET", f"/admin/rooms/{{code}}/{what}", 404) for what in ("events", "export.zip")),
    *(changing("POST", f"/admin/rooms/{{code}}/{what}", 404) for what in ("reveal", "accept")),
    changing("POST", "/admin/rooms/{code}/simulated", 422),
    changing("PATCH", "/admin/rooms/{code}/drawings/{drawing}", 422),
    *(changing(method, "/admin/rooms/{code}/game", 422) for method in ("POST", "PATCH")),
    changing("DELETE", "/admin/rooms/{code}/game", 404),
    changing("POST", "/admin/rooms/{code}/game/next", 422),
    *(changing("POST", f"/admin/rooms/{{code}}/vote{what}", 422) for what in ("", "/close")),
    changing("DELETE", "/admin/rooms/{code}/vote", 404),
    changing("POST", "/admin/rooms/{code}/game/deal", 404),
    changing("GET", "/admin/rooms/{code}/game/parameters", 404),
    changing("PATCH", "/admin/rooms/{code}/pupils/{pupil}", 422),
    changing("POST", "/admin/rooms/{code}/pupils/{pupil}/rejoin", 404),
    # Open to all with the code, and some to all with a pupil's key; "malformed" is no key.
    Row("POST", "/rooms/{code}/pupils", 422, 422, 422, 403, 422),
    *(
        Row("POST", f"/rooms/{{code}}/{what}", 401, 404, 401, 403, 404)
        for what in ("drawings", "vote", "game/numbers", "game/awake", "game/neurons/{neuron}")
    ),
    Row("GET", "/rooms/{code}/game/neurons", 401, 404, 401, 404, 404),
    reading("/rooms/{code}/game/inputs", 422),
    *(Row("GET", f"/rooms/{{code}}/pupils/me{what}", 401, 404, 401, 404, 404) for what in ("", "/answers")),
    *(reading(f"/rooms/{{code}}{what}", 404) for what in ("", "/events", "/projector", "/control", "/qr.svg")),
    *(reading(path, 200) for path in ("/rooms", "/rooms/privacy", "/teach")),
    reading("/teach/{plan}", 200, "teach/draw"),
    # The server keeps no drawings.
    Row("POST", "/corrections", 404, 404, 404, 403, 404),
    reading("/corrections", 303),
    changing("GET", "/admin/corrections", 200),
    changing("DELETE", "/admin/corrections", 204),
    changing("GET", "/admin/corrections/export.zip", 200),
    Row("PATCH", "/admin/corrections/{number:int}", 401, 401, 401, 403, 422, 415, "admin/corrections/1"),
    asking("/predict"),
    asking("/speed"),
    asking("/v2/models/{name}/infer", 404),
    asking("/v2/models/{name}/versions/{version}/infer", 404),
    asking("/runs/{run_id}/checkpoints/{step}/answers", 404),
    *(asking(f"/lessons/{name}") for name in LESSONS),
    asking("/lessons/preparation", 415),
    asking("/lessons/mind", 415),
    reading("/openapi.json", 200, method="HEAD"),
    *(reading(path, 200) for path in ("/", "/healthz", "/readyz", "/openapi.json", "/metrics", "/docs", "/speed")),
    reading("/examples/{digit}.png", 200),
    reading("/learn", 200),
    reading("/learn/words", 200),
    reading("/learn/{name}", 200, "learn/network"),
    *(reading(f"/lessons/{name}", 200) for name in ("parameters", "images.png", "dreams", "mistakes")),
    *(reading(path, 200) for path in ("/v2", "/v2/health/live", "/v2/health/ready")),
    *(reading(f"/v2/models/{{name}}{what}", 200, f"v2/models/classic{what}") for what in ("", "/ready")),
    *(reading(f"/v2/models/{{name}}/versions/{{version}}{what}", 404) for what in ("", "/ready")),
    reading("/models", 200),
    reading("/models/{name}", 200, "models/classic"),
    reading("/models/{name}/weights", 200, "models/classic/weights"),
    reading("/models/{name}/take-home.html", 200, "models/classic/take-home.html"),
    reading("/models/{name}/versions", 200, "models/classic/versions"),
    reading("/datasets", 200),
    reading("/datasets/{name}", 200, "datasets/mnist"),
    reading("/datasets/{name}/images/{number}.png", 200, "datasets/mnist/images/3.png"),
    reading("/datasets/{name}/examples/{number}.png", 200, "datasets/mnist/examples/3.png"),
    reading("/runs", 200),
    reading("/runs/capacity", 200),
    reading("/runs/compare", 422),
    reading("/sweeps", 200),
    reading("/sweeps/{sweep_id}", 404),
    reading("/runs/{run_id}", 404),
    *(
        reading(f"/runs/{{run_id}}/{what}", 404)
        for what in (
            "events", "events.jsonl", "events.csv", "checkpoints", "checkpoints/{step}/parameters", "weights",
            "take-home.html", "recipe", "results", "results/images", "changes",
        )
    ),
    *(
        reading(path, 200, f"{path.lstrip('/')}/{file}", method)
        for path, file in (("/static", "page/base.css"), ("/swagger", "swagger-ui.css"))
        for method in ("GET", "HEAD")
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def callers(server: Server) -> Iterator[httpx.Client]:
    """Has no token of its own."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def ask(client: httpx.Client, row: Row, caller: str, token: str) -> httpx.Response:
    """As one of the callers in the table's head."""
    given = {"none": None, "wrong": "wrong", "malformed": ""}.get(caller, token)
    headers = dict(FOREIGN) if caller == "foreign" else {}
    body: dict[str, Any] = {}
    if row.path == "/login":
        body = {} if given is None else {"data" if row.method == "POST" else "params": {"token": given}}
    elif given is not None:
        headers["Authorization"] = f"Bearer {given}".strip()
    if row.method in ("POST", "PATCH", "DELETE") and row.path not in ("/login", "/logout"):
        headers |= JSON
        body = {"content": b'{"unknown": 1}'}
    if caller == "type":
        headers |= TEXT
        body = {"content": b"{}"}
    response = client.request(row.method, row.url, headers=headers, **body)
    client.cookies.clear()
    return response


def assert_secure(response: httpx.Response) -> None:
    headers = response.headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "http", "*"))
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["same-origin"]
    assert headers.get_list("cross-origin-opener-policy") == ["same-origin"]
    assert headers.get_list("cross-origin-resource-policy") == ["same-origin"]
    assert "camera=()" in headers["permissions-policy"]
    assert "access-control-allow-origin" not in headers


def test_every_route_is_in_the_table_once() -> None:
    routes = [
        (method, route.path)
        for route in iter_route_contexts(create_app(Settings()).routes)
        for method in (route.methods or ("GET", "HEAD"))
    ]

    assert sorted((row.method, row.path) for row in TABLE) == sorted(set(routes))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_each_caller_gets_the_answer_of_the_table_with_all_security_headers(
    callers: httpx.Client, server: Server, row: Row
) -> None:
    answers = {name: ask(callers, row, name, server.token) for name in Row._fields[2:7]}
    if row.type is not None:
        answers["type"] = ask(callers, row, "type", server.token)

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: getattr(row, name) for name in answers
    }
    for answer in answers.values():
        assert_secure(answer)
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer"


def test_no_route_takes_a_method_that_the_table_does_not_name(callers: httpx.Client, server: Server) -> None:
    named = {(row.method, row.url) for row in TABLE}
    named |= {("HEAD", url) for method, url in named if method == "GET"}
    others = [
        (method, url)
        for url in sorted({row.url for row in TABLE})
        for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
        if (method, url) not in named
    ]

    for method, url in others:
        response = callers.request(method, url, headers=server.admin)
        assert response.status_code == 405, (method, url)
        assert_secure(response)


@pytest.mark.parametrize("row", [row for row in TABLE if row.method == "GET"], ids=lambda row: row.path)
def test_head_is_answered_as_get_without_the_body(callers: httpx.Client, row: Row) -> None:
    head, get = (callers.request(method, row.url, headers={"Accept-Encoding": ""}) for method in ("HEAD", "GET"))

    assert head.status_code == get.status_code
    assert not head.content
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == get.headers.get(name) or row.path == "/metrics"
    assert_secure(head)


def test_errors_redirects_and_what_is_not_modified_have_the_headers_too(callers: httpx.Client) -> None:
    style = callers.get("static/page/base.css")
    html = {"Accept": "text/html"}

    for status, response in {
        404: callers.get("no-such-page", headers=html),
        307: callers.get("sweeps", headers=html),
        413: callers.post("lessons/forward", content=b" " * 300_000, headers=JSON),
        304: callers.get("static/page/base.css", headers={"If-None-Match": style.headers["etag"]}),
    }.items():
        assert response.status_code == status
        assert_secure(response)


def test_an_unexpected_error_has_the_headers_too() -> None:
    async def ask_unready_app() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Settings()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/runs")

    response = asyncio.run(ask_unready_app())

    assert response.status_code == 500
    assert_secure(response)
