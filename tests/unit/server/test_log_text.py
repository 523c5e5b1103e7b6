"""The log as text, which people read on a terminal."""

from __future__ import annotations

import logging
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.server.logs import LineFormatter
from app.settings import ROOT
from tests.support.server import running_server, wait_until


def _as_text(message: str, **extra: object) -> str:
    return LineFormatter("text").format(logging.makeLogRecord({"msg": message, "levelname": "INFO", **extra}))


def test_a_line_of_text_has_the_time_the_level_and_the_message_or_the_request() -> None:
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    asked = {"method": "GET", "path": "/é", "status": 200, "seconds": 0.0123, "request_id": "1", "client": "::1"}

    assert re.fullmatch(rf"{time} INFO     A network is published", _as_text("A network is published"))
    assert re.fullmatch(rf"{time} INFO     GET /é 200 0\.012 s", _as_text("request", **asked))
    assert _as_text("m", path="/x").endswith(" m")


def test_a_line_of_text_has_the_exception_behind_the_message() -> None:
    try:
        raise ValueError
    except ValueError as error:
        line = _as_text("failed", exc_info=(ValueError, error, error.__traceback__))

    assert re.search(r" failed \| File .*, in test_\S+ \| raise ValueError \| ValueError$", line)


_ONE_LINE = """
import logging, os
from app.server import logs
logs.configure(os.environ.get("DESCENT_LOG"))
logging.getLogger("n").info("said")
"""


@pytest.mark.parametrize(
    ("is_terminal", "form", "is_json"),
    [(False, None, True), (False, "text", False), (True, None, False), (True, "json", True)],
)
def test_a_terminal_gets_text_all_else_json_and_a_setting_says_otherwise(
    is_terminal: bool, form: str | None, is_json: bool
) -> None:
    near, far = pty.openpty() if is_terminal else os.pipe()
    environment = {**os.environ, **({"DESCENT_LOG": form} if form else {})}
    subprocess.run([sys.executable, "-c", _ONE_LINE], cwd=ROOT, env=environment, stderr=far, check=True)
    line = os.read(near, 1000).decode()
    os.close(near)
    os.close(far)

    assert line.startswith("{") == is_json
    assert "said" in line


@pytest.mark.slow
def test_a_server_that_is_asked_for_text_writes_it_and_no_token(tmp_path: Path) -> None:
    with running_server(tmp_path / "state", environment={"DESCENT_LOG": "text"}) as server:
        httpx.get(server.login_url)
        httpx.get(f"{server.url}x/{server.token}")
        wait_until(lambda: "[hidden] 404" in "".join(server.output), "the last line")

    assert re.search(r"^\d{4}-\S+ \S+ INFO     GET /login 303 \d\.\d{3} s$", "".join(server.output), re.MULTILINE)
    assert not [line for line in server.output if line.startswith("{") or server.token in line]
