"""A real server in a process of its own, for tests and screenshots."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from app.settings import ROOT

TOKEN = "a-token-for-tests-long-enough-to-be-trusted"
_PATIENCE_SECONDS = 60
T = TypeVar("T")


@dataclass
class Server:
    """A server that runs. `url` ends with a slash; `pid` is the process that starts the training processes."""

    url: str
    state_dir: Path
    pid: int
    token: str = TOKEN

    @property
    def login_url(self) -> str:
        return f"{self.url}login?token={self.token}"

    @property
    def admin(self) -> dict[str, str]:
        """Headers that may change things."""
        return {"Authorization": f"Bearer {self.token}"}

    def trainers(self) -> list[int]:
        """The ids of the processes that train."""
        found = subprocess.run(["pgrep", "-P", str(self.pid), "-f", "app.runs.worker"], stdout=subprocess.PIPE)
        return [int(line) for line in found.stdout.split()]

    def trainer(self) -> int:
        """The id of the process that trains."""
        (found,) = self.trainers()
        return found

    def client(self, **options: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, headers=self.admin, **options)  # type: ignore[arg-type]


@dataclass
class RunningServer(Server):
    """A server in a process of its own. `output` is what it printed so far, both streams."""

    process: subprocess.Popen[str] = field(kw_only=True)
    output: list[str] = field(default_factory=list)


@contextlib.contextmanager
def running_server(
    state_dir: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    until: str = "readyz",
    program: Sequence[str] = (sys.executable, "-m", "app"),
) -> Iterator[RunningServer]:
    """Serves on a free port until the block ends, which begins when `until` answers.

    `arguments` go to `python -m app serve`, or to the `program` in its place, `environment` over its variables.
    """
    command = [*program, "serve", "--port", "0", *arguments]
    own = {"DESCENT_STATE_DIR": str(state_dir), "DESCENT_ADMIN_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **own, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = RunningServer("", state_dir, process.pid, process=process)
    reader = threading.Thread(target=_read_output, args=(server,), daemon=True)
    reader.start()
    try:
        wait_until(lambda: _address(server) or process.poll() is not None, "the server's address")
        server.url = _address(server)
        with server.client() as client:
            wait_until(lambda: _answers(client, until), "the server to be ready")
        yield server
    finally:
        end(process)
        # A trainer that outlived its server still holds the pipe, and closing it would wait for the reader.
        reader.join(5)
        if process.stdout and not reader.is_alive():
            process.stdout.close()


def end(process: subprocess.Popen[Any]) -> None:
    """Asks the process to end, and kills it if it does not."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(look: Callable[[], T], what: str, seconds: float = _PATIENCE_SECONDS) -> T:
    """Looks until there is something true to see, and returns it. Raises TimeoutError.

    The longer it has waited, the seldomer it looks: each look takes time from what it waits for.
    """
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if seen := look():
            return seen
        time.sleep(min(max(0.02, waited / 10), 0.25))
    raise TimeoutError(f"waited {seconds} s for {what}")


def is_alive(process_id: int) -> bool:
    """Whether the process runs: one that only waits to be reaped does not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], stdout=subprocess.PIPE, text=True)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def _read_output(server: RunningServer) -> None:
    assert server.process.stdout is not None
    for line in server.process.stdout:
        server.output.append(line)


def _address(server: RunningServer) -> str:
    found = re.search(r"Descent is at\s+(\S+)", "".join(server.output))
    if found is None and server.process.poll() is not None:
        raise RuntimeError(f"the server did not start: {''.join(server.output)}")
    return found.group(1) if found else ""


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path, timeout=5).is_success
    except httpx.TransportError:
        return False
