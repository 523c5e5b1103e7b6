"""Whatever is sent, a refusal is a small problem document that is valid JSON and doesn't send back what came."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest

from app.main import create_app
from app.settings import ROOT, Settings
from tests.support.api import JSON, assert_problem
from tests.support.server import Server

_CANARY = "canary-" + "c" * 60
# No body of any route.
NO_BODIES: dict[str, bytes] = {
    "not a number": b"NaN",
    "beyond all numbers": b"1e999",
    "true": b"true",
    "a list": b"[]",
    "half a surrogate pair": rb'"\ud800"',
    "half a pair as a name": rb'{"\udfff": 1}',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "a mark before it": b"\xef\xbb\xbf[]",
    "two": b"{} {}",
    "never closed": b"[" * 10**5,
    "100,000 deep": b"[" * 10**5 + b"]" * 10**5,
    "deep objects": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "too long a number": b'{"a": ' + b"9" * 5_000 + b"}",
    "an unknown name": json.dumps({_CANARY: [_CANARY] * 1000}).encode(),
    "a name with control characters": json.dumps({"\x01" * 1000: 1}).encode(),
    "a name of emoji": json.dumps({"\N{SNAKE}" * 1000: 1}).encode(),
}
# No value of any setting but for those that say otherwise, below.
NO_VALUES = ["NaN", "1e999", "-1e999", r'"\ud800"', "[[1], [1, 2]]", "9" * 4_000, "[" * 2_000 + "]" * 2_000]
# Everything that a text may be, which no number is.
NO_NUMBERS = ["true", '"0.5"', '"1"', '"NaN"']


@pytest.fixture(scope="module")
def api(server: Server) -> dict[str, Any]:
    """The description of all calls but those of the Open Inference Protocol, which has errors of its own form."""
    described: dict[str, Any] = httpx.get(f"{server.url}openapi.json", timeout=30).json()
    described["paths"] = {path: calls for path, calls in described["paths"].items() if not path.startswith("/v2")}
    return described


def _routes(api: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each call that takes JSON: its method, an address of it, and the schema of each setting in its body."""
    found = 0
    for path, calls in api["paths"].items():
        for method, call in calls.items():
            if content := call.get("requestBody", {}).get("content", {}).get("application/json"):
                found += 1
                yield method, _address(path), _resolved(api, content["schema"]).get("properties", {})
    assert found > 15


def _address(path: str) -> str:
    return re.sub(r"\{.*?\}", "1", path.lstrip("/"))


def _resolved(api: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while True:
        schema = schema.get("anyOf", [schema])[0]
        if "$ref" not in schema:
            return schema
        schema = api["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def _assert_refused(response: httpx.Response, what: str) -> None:
    assert 400 <= response.status_code < 500, (what, response.status_code, response.text[:300])
    assert response.headers["content-type"] == "application/problem+json", what
    assert len(response.content) <= 2048, (what, response.text)
    assert json.loads(response.content, parse_constant=_no_json).keys() == {"type", "title", "status", "detail"}
    assert _CANARY * 2 not in response.text, what


def _no_json(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.slow
def test_what_is_no_body_of_any_route_is_refused_by_every_one(client: httpx.Client, api: dict[str, Any]) -> None:
    for method, path, _ in _routes(api):
        for what, body in NO_BODIES.items():
            response = client.request(method, path, content=body, headers=JSON)

            _assert_refused(response, f"{method} {path}: {what}")
            assert response.status_code in (404, 422), (path, what)


@pytest.mark.slow
def test_what_is_no_value_of_a_setting_is_refused_wherever_it_stands(client: httpx.Client, api: dict[str, Any]) -> None:
    for method, path, settings in _routes(api):
        for name, schema in settings.items():
            is_number = schema.get("type") in ("number", "integer")
            for value in [*NO_VALUES, *(NO_NUMBERS if is_number else [])]:
                response = client.request(method, path, content=f'{{"{name}": {value}}}', headers=JSON)

                _assert_refused(response, f"{method} {path}: {name} = {value[:40]}")


@pytest.mark.parametrize(
    "name", ["%ED%A0%80", "%FF%FE", "%00", "%01" * 500, "%F0%9F%90%8D" * 500, "%22%5C" * 400, "%E2%80%A8", "%0D%0AX: y"]
)
@pytest.mark.parametrize(
    "path", ["{}", "models/{}", "models/{}/weights", "runs/{}", "runs/{}/events", "static/{}", "examples/{}"]
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_name_of_strange_characters_is_not_found(client: httpx.Client, path: str, name: str, accept: str) -> None:
    response = client.get(path.format(name), headers={"Accept": accept})

    assert response.status_code in (404, 422)
    if accept == "*/*":
        _assert_refused(response, path)
    assert "x: y" not in {f"{name}: {value}" for name, value in response.headers.items()}


def test_a_question_of_strange_characters_is_refused(client: httpx.Client) -> None:
    for query in ("model=%ED%A0%80", "model=" + "%01" * 3000, "explain=%FF", "explain=" + "%F0%9F%90%8D" * 2000):
        _assert_refused(client.post(f"predict?{query}", json={"instances": [[9] * 784]}), query[:40])


def test_invalid_json_is_refused_with_its_first_wrong_character(client: httpx.Client) -> None:
    assert_problem(client.post("admin/sweeps", content=b'{"a": ?}', headers=JSON), 422, "Invalid JSON at character 7")
    assert_problem(client.post("admin/sweeps", content=b"[" * 10**5, headers=JSON), 422, "nested too deeply")


def test_other_methods_kinds_and_sizes_are_refused_alike(client: httpx.Client, api: dict[str, Any]) -> None:
    for path in api["paths"]:
        response = client.request("TRACE", _address(path))

        assert_problem(response, 405, "/docs")
    assert_problem(client.post("predict", content=b"x", headers={"Content-Type": "text/plain"}), 415, "image/*")
    for method, path, _ in _routes(api):
        response = client.request(method, path, content=b" " * 9_000_000, headers=JSON)

        _assert_refused(response, path)
        assert response.status_code == 413, path


def test_another_method_is_refused_with_those_that_are_taken(client: httpx.Client) -> None:
    for method, path, taken in (
        ("GET", "predict", "POST"),
        ("POST", "healthz", "GET, HEAD"),
        ("POST", "static/page/base.css", "GET, HEAD"),
    ):
        response = client.request(method, path)

        assert_problem(response, 405, f"This address accepts only {taken}", "/docs")
        assert response.headers["allow"] == taken


@pytest.mark.parametrize("folder", ["static", "swagger"])
def test_an_error_within_a_folder_of_files_is_as_any_other(folder: str) -> None:
    app = create_app(Settings(root_path="/digits"))

    async def get(path: str, accept: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/digits/") as client:
            return await client.get(path, headers={"Accept": accept})

    for path in (f"{folder}/nothing", f"{folder}/v2/nothing"):
        assert_problem(asyncio.run(get(path, "*/*")), 404, "described at /digits/docs.")
        assert '<base href="/digits/">' in asyncio.run(get(path, "text/html")).text


# Run in a process of its own, since an audit hook can't be taken out again.
_AUDITED = """
import os, sys
from pathlib import Path
from fastapi.testclient import TestClient
from app.main import create_app
from app.settings import Settings
from tests.support.api import SEVEN

state, seen = Path(sys.argv[1]).resolve(), []
token = "a" * 22
app = create_app(Settings(state_dir=state, admin_token=token))
client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
with client:
    client.get("/readyz")
    def look(event, arguments):
        if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir", "tempfile.mkstemp"):
            seen.append((event, str(arguments[-1])))
        elif event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            if not str(arguments[0]).startswith(str(state)) and str(arguments[0]) != os.devnull:
                seen.append((event, str(arguments[0])))
    sys.addaudithook(look)
    large = SEVEN + bytes(1_100_000)  # more than a form keeps in memory
    for name in ("../../canary.png", "/tmp/canary.png", "http://127.0.0.1:9/canary.png", "c" * 5000):
        for content in (SEVEN, large):
            for path in ("/predict", "/lessons/preparation", "/lessons/mind", "/login"):
                files = {"image": (name, content, "image/png")}
                answer = client.post(path, files=files, data={"url": "http://127.0.0.1:9/canary.png"})
                assert answer.status_code < 500 and "canary" not in answer.text, (path, answer.text)
                if path == "/predict" and content is SEVEN and len(name) < 100:
                    assert answer.json().get("digit") == 7, (name[:40], answer.text)
    for value in ("http://127.0.0.1:9/canary.png", "file:///etc/passwd", "/etc/passwd"):
        for path in ("/predict", "/lessons/forward", "/admin/runs"):
            for field in ("instances", "input", "image", "url", "dataset", "model"):
                assert client.post(path, json={field: value}).status_code == 422
        client.post("/predict", params={"model": value}, content=SEVEN, headers={"Content-Type": "image/png"})
    print(seen)
"""


@pytest.mark.slow
def test_nothing_that_is_sent_is_put_on_the_disk_fetched_or_called_by_its_name(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _AUDITED, str(tmp_path / "state")], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert ran.stdout == "[]\n", ran.stdout + ran.stderr[-2000:]
