"""Programs beside the servers, such as a proxy, a scheduler and workers: started for a test, and ended after it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from app.settings import ROOT
from tests.support.server import end, wait_until


@contextlib.contextmanager
def running_dask(command: str, health_port: int, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`dask scheduler` or `dask worker`, once it is healthy. It finds the code as in the image, by PYTHONPATH."""
    program, *arguments = command.split()
    found = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with running_process([str(Path(sys.executable).with_name(program)), *arguments], found) as process:
        wait_until(lambda: answers(f"http://127.0.0.1:{health_port}/health"), command)
        yield process


@contextlib.contextmanager
def running_process(
    command: list[str], environment: Mapping[str, str], standard_input: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """Runs until the block ends, and is killed if it does not end by itself then."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    process.stdin.write(standard_input)
    process.stdin.close()
    try:
        yield process
    finally:
        end(process)


def answers(url: str) -> bool:
    """Whether the address answers with success."""
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, timeout=5).is_success
    return False
