"""The commands that ask a server, as they are typed."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest
from rich.errors import MarkupError
from typer.testing import CliRunner, Result

from app.commands.cli import cli
from app.settings import ROOT
from tests.support.api import SHORT, ended, start
from tests.support.server import RunningServer


def _typed(server: RunningServer | None, *arguments: str, token: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DESCENT_ADMIN_TOKEN": token, "COLUMNS": "160", "NO_COLOR": "1"}
    if server:
        environment["DESCENT_URL"] = server.url
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
def test_runs_are_started_watched_listed_and_compared_from_a_terminal(fresh_server: RunningServer) -> None:
    started = _typed(
        None, "train", "--preset", "quick", "--epochs", "1", "--watch", fresh_server.url, token=fresh_server.token
    )
    assert started.returncode == 0, started.stderr
    assert f"{fresh_server.url}runs/1" in started.stdout
    assert "run 1: finished, accuracy on the test images 9" in started.stdout
    with fresh_server.client() as client:
        ended(client, start(client, {**SHORT, "seed": 5, "learning_rate": 0.002}))

    listed = _typed(fresh_server, "runs", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["run", "2", "1"]
    assert "784-16-16-10 relu, adam at 0.002" in listed.stdout

    watched = _typed(fresh_server, "runs", "watch", "2")
    assert "run 2: finished" in watched.stdout
    assert _typed(None, "train", "--watch", f"{fresh_server.url}runs/2").returncode == 0

    compared = _typed(fresh_server, "runs", "compare", "1", "2")
    rows = {line.split("  ")[0].strip(): line.split()[-2:] for line in compared.stdout.splitlines()}
    assert rows["learning_rate"] == ["0.004", "0.002"]
    assert rows["seed"] == ["0", "5"]
    assert "activation" not in rows
    assert rows["accuracy, test"][0].startswith("9")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("runs", "watch", "999"), "There is no run 999"),
        (("runs", "compare", "1"), "two to 8"),
        (("runs", "compare", "1", "999"), "There is no run"),
        (("runs", "list", "--url", "http://127.0.0.1:9"), "can't be reached"),
        (("train", "--watch", "{url}"), "DESCENT_ADMIN_TOKEN"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    server: RunningServer, arguments: tuple[str, ...], word: str
) -> None:
    failed = _typed(server, *(argument.format(url=server.url) for argument in arguments))

    assert failed.returncode == 1
    assert word in failed.stderr
    assert "Traceback" not in failed.stderr


HOSTILE = "[/x] [red]:smile:\x1b[2J\x07\u202e end"


@pytest.fixture
def run_cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command against a server on which every text is HOSTILE."""
    settings = {"hidden": [16], "epochs": 1, "activation": HOSTILE, "optimizer": "sgd", "learning_rate": 0.1}
    run = {
        "name": HOSTILE, "status": "failed", "reason": HOSTILE, "settings": settings, "steps": 1, "epoch": 1,
        "cost": None, "accuracy": None, "test_accuracy": None,
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/runs":
            return httpx.Response(200, json=[{"id": 1, **run}])
        if path == "/runs/1/events":
            return httpx.Response(200, text="event: end\ndata: {}\n\n", headers={"Content-Type": "text/event-stream"})
        if path == "/runs/404":
            return httpx.Response(404, json={"detail": HOSTILE})
        return httpx.Response(200, json={"id": int(path[-1]), **run, "settings": {**settings, "note": HOSTILE + path}})

    client = functools.partial(httpx.Client, transport=httpx.MockTransport(answer))
    monkeypatch.setattr("app.commands.remote.httpx.Client", client)
    return lambda *arguments: CliRunner().invoke(cli, ["runs", *arguments], env={"COLUMNS": "300"})


@pytest.mark.parametrize(
    ("arguments", "code"), [(("list",), 0), (("watch", "1"), 1), (("compare", "1", "2"), 0), (("watch", "404"), 1)]
)
def test_names_and_messages_are_printed_as_they_are_but_for_control_characters(
    run_cli: Callable[..., Result], arguments: tuple[str, ...], code: int
) -> None:
    done = run_cli(*arguments)

    assert done.exit_code == code, done.output
    assert not isinstance(done.exception, MarkupError)
    assert "[/x] [red]:smile:[2J end" in done.output
    assert "".join(done.output.splitlines()).isprintable()
