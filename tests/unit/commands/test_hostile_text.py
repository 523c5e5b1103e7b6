"""Names and messages of a server, printed at a terminal."""

from __future__ import annotations

import functools

import httpx
import pytest
from rich.errors import MarkupError

from tests.support.command import run_command

HOSTILE = "[/x] [red]:smile:\x1b[2J\x07\u202e end"


@pytest.fixture(autouse=True)
def _hostile_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text of the server is HOSTILE."""
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


@pytest.mark.parametrize(
    ("arguments", "code"), [(("list",), 0), (("watch", "1"), 1), (("compare", "1", "2"), 0), (("watch", "404"), 1)]
)
def test_names_and_messages_are_printed_as_they_are_but_for_control_characters(
    arguments: tuple[str, ...], code: int
) -> None:
    done = run_command("runs", *arguments, COLUMNS="300")

    assert done.exit_code == code, done.output
    assert not isinstance(done.exception, MarkupError)
    assert "[/x] [red]:smile:[2J end" in done.output
    assert "".join(done.output.splitlines()).isprintable()
