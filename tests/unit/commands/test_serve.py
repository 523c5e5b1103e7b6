"""A server that does not start, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import ROOT


def test_importing_the_app_opens_nothing(tmp_path: Path) -> None:
    code = "import app.main; app.main.create_app(); import os; print(os.listdir('.'))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )

    assert ran.stdout == b"[]\n"


@pytest.mark.parametrize("host", ["", " ", "[]"])
def test_an_empty_host_does_not_mean_all_addresses(tmp_path: Path, host: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--host", host],
        cwd=ROOT,
        env={**os.environ, "DESCENT_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 1
    assert "--host is empty" in ran.stderr


def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = subprocess.run(
            [sys.executable, "-m", "app", "serve", "--port", str(taken.getsockname()[1])],
            cwd=ROOT,
            env={**os.environ, "DESCENT_STATE_DIR": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )

    assert ran.returncode == 1
    assert "Choose another with --port" in ran.stderr
