"""Every record is one line, as JSON or as text for a terminal, whatever went into it, and no secret is in any."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.server.logs import LineFormatter, Once
from app.settings import ROOT
from tests.support.api import JSON, LONG, PNG, SEVEN, start
from tests.support.server import running_server, wait_until

_CANARY = "canary0"
_SECRET = "s3cr3t-ü"
_STRANGE = [
    "a\nb",
    "a\r\nb",
    "\u2028\u2029\x85",
    "\ud800",
    "\x00\x1b[31m",
    "é🐍",
    '"}\n{"',
    "%s %d %(x)s",
    "x" * 100_000,
]


def _logged(message: object, *arguments: object, **extra: object) -> dict[str, Any]:
    record = logging.makeLogRecord({"msg": message, "args": arguments, "name": "n", "levelname": "INFO", **extra})
    line = LineFormatter(secret=_SECRET).format(record)
    assert line.isascii()
    text = LineFormatter("text", _SECRET).format(record)
    assert text.isprintable()
    for each in (line, text):
        assert each.splitlines() == [each]
        assert len(each) < 30_000
        assert not [secret for secret in (_SECRET, "wrong0", _CANARY) if secret in each]
    found: dict[str, Any] = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found.keys() >= {"time", "level", "logger", "message"}
    assert found["time"].endswith("+00:00")
    return found


@pytest.mark.parametrize("text", _STRANGE, ids=range(len(_STRANGE)))
def test_a_text_stays_on_its_line(text: str) -> None:
    assert _logged("%s", text)["message"] == text.strip()[:1000]
    assert _logged(text, path=text)["path"] == text[:1000]
    assert _logged("%d", text)["message"] == "%d"  # arguments that don't fit are no reason to say nothing


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), b"\xff", {1: {2}}, object(), [float("nan")], {"a": "\udfff"}]
)
def test_a_value_that_json_lacks_is_logged_as_text(value: object) -> None:
    assert _logged("m", value=value, seconds=0.5)["seconds"] == 0.5


def test_a_value_that_contains_itself_or_has_a_broken_repr_is_logged() -> None:
    class Mute:
        def __repr__(self) -> str:
            raise ValueError

    around: list[object] = []
    around.append(around)

    assert _logged("%s", Mute(), around=around, mute=Mute())["mute"].startswith("<Mute ")


@pytest.mark.parametrize(
    "text",
    ["s3cr3t-ü", "/login?token=wrong0", "login%3Ftoken%3Dwrong0", "TOKEN%253Dwrong0&x", "Authorization: Bearer wrong0"],
)
def test_a_token_is_hidden_wherever_it_stands(text: str) -> None:
    for found in (_logged(text), _logged("m", path=f"a {text} b"), _logged("m", deep={"referer": [text]})):
        assert "[hidden]" in str(found)
        assert "wrong0" not in str(found)
        assert "s3cr3t" not in str(found)


def _raise(error: Exception) -> None:
    raise error


def test_an_exception_is_logged_with_where_it_was_raised_and_without_what_it_quotes() -> None:
    try:
        try:
            _raise(ValueError(_CANARY))
        except ValueError as error:
            raise ExceptionGroup(_CANARY, [KeyError(_CANARY), OSError(28, "No space left on device")]) from error
    except ExceptionGroup as error:
        logged = _logged("m", exc_info=(type(error), error, error.__traceback__))["exception"]

    assert _CANARY not in logged
    for word in ("in _raise", "raise error", "\nValueError\n", "KeyError", "No space left on device"):
        assert word in logged


def test_an_exception_is_logged_once() -> None:
    error = ValueError()
    record = logging.makeLogRecord({"exc_info": (ValueError, error, None)})

    assert [Once().filter(record), Once().filter(record)] == [True, False]
    assert Once().filter(logging.makeLogRecord({}))


_EVERY_WAY = """
import asyncio, gc, logging, sys, threading, warnings
from app.server import logs
logs.configure()
class Bad:
    def __del__(self): raise ValueError("canary0")
async def fail(): raise ValueError("canary0")
async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
asyncio.run(main())
warnings.warn("old\\nthing")
thread = threading.Thread(target=lambda: int("canary0"))
thread.start(); thread.join()
del Bad
logging.getLogger("uvicorn.error").info("said")
int("canary0")
"""


def test_uncaught_exceptions_and_warnings_are_log_lines() -> None:
    code = _EVERY_WAY.replace("del Bad\n", "bad = Bad(); del bad\n")
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [line["logger"] for line in lines] == [
        "asyncio",
        "py.warnings",
        "python",
        "python",
        "uvicorn.error",
        "python",
    ]
    assert _CANARY not in ran.stderr
    assert ran.returncode == 1


# The server, with a defect that raises what it was sent: as text, as pydantic and as json say it.
_DEFECT = """
import json, sys
from app.commands.cli import cli
from app.server import serving
from app.web.draw import predict_routes
def defect(body):
    try:
        int(body)
    except ValueError as error:
        raise RuntimeError(body.decode("latin-1")) from error
predict_routes._READERS["application/json"] = defect
cli()
"""


def test_no_secret_and_nothing_that_was_sent_is_ever_in_the_log(tmp_path: Path) -> None:
    canaries = {
        name: f"{_CANARY}{name}-and-long-enough-not-to-be-warned-of"
        for name in ("token", "wrong", "file", "body", "query", "cookie", "field")
    }
    wrong = canaries["wrong"]
    with running_server(tmp_path / "state", environment={"DESCENT_ADMIN_TOKEN": canaries["token"]}) as server:
        server.token = canaries["token"]
        with server.client() as client, httpx.Client(base_url=server.url) as stranger:
            for address in (
                "login?token={}",
                "login%3Ftoken%3D{}",
                "login%253Ftoken%253D{}",
                "runs?token={}",
                "x?a={}",
            ):
                for token in (wrong, server.token, urllib.parse.quote(server.token)):
                    stranger.get(address.format(token), headers={"Referer": server.url + address.format(token)})
            for headers in (
                {"Authorization": f"Bearer {wrong}"},
                {"Authorization": f"Basic {wrong}"},
                {"Cookie": f"descent_admin={canaries['cookie']}"},
                {"X-Request-ID": f"{canaries['query']}/"},
            ):
                stranger.post("admin/runs/1/stop", headers=headers)
            stranger.post("login", data={"token": wrong})
            for content in (SEVEN, b"GIF89a" + canaries["body"].encode()):
                for path in ("predict", "lessons/mind"):
                    client.post(path, files={"image": (canaries["file"], content, "image/png")})
                    client.post(path, content=content, headers=PNG)
            for body in (
                f'{{"{canaries["field"]}": "{canaries["body"]}"}}',
                canaries["body"],
                f'"{canaries["body"]}\ud800',
            ):
                for path in ("predict", "admin/runs", "admin/sweeps", "lessons/forward"):
                    client.post(path, content=body.encode("utf-8", "surrogatepass"), headers=JSON)
            run_id = start(client, LONG)
            client.patch(f"admin/runs/{run_id}", json={"name": canaries["body"], "note": canaries["body"]})
            client.post(f"admin/runs/{run_id}/stop")
            client.get("healthz?last=1")
        wait_until(lambda: any('"path": "/healthz"' in line for line in server.output), "the last line")
    _assert_lines_without(canaries, server.output)


@pytest.mark.slow
def test_not_even_when_the_server_fails_at_it(tmp_path: Path) -> None:
    canaries = {
        "body": f"{_CANARY}body",
        "token": f"{_CANARY}token-and-long-enough-not-to-be-warned-of",
        "file": f"{_CANARY}file",
    }
    process_environment = {"DESCENT_ADMIN_TOKEN": canaries["token"], "DESCENT_STATE_DIR": str(tmp_path / "state")}
    with running_server(
        tmp_path / "state", environment=process_environment, program=[sys.executable, "-c", _DEFECT]
    ) as server:
        response = httpx.post(
            f"{server.url}predict?model={canaries['token']}",
            content=canaries["body"],
            headers={**JSON, "Authorization": f"Bearer {canaries['token']}"},
        )
        assert response.status_code == 500
        assert _CANARY not in response.text
        wait_until(lambda: any("RuntimeError" in line for line in server.output), "its traceback")
    _assert_lines_without(canaries, server.output)
    logged = [line for line in map(json.loads, server.output[2:]) if "exception" in line]
    assert len(logged) == 1
    assert "in defect" in logged[0]["exception"]
    assert logged[0]["exception"].endswith("RuntimeError")


def _assert_lines_without(canaries: dict[str, str], output: list[str]) -> None:
    assert [line[:15] for line in output[:2]] == ["Descent is at  ", "Admin signs in "]
    for line in output[2:]:
        assert json.loads(line).keys() >= {"time", "level", "logger", "message"}
    for name, canary in canaries.items():
        assert not [line for line in output if canary in line], name
