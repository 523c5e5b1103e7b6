"""Firefox and WebKitGTK as Debian has them, driven by the protocols that they speak themselves.

Playwright drives only builds of its own, and no library drives both of these: Debian has no driver for Firefox, which
speaks WebDriver BiDi itself, and WebKitGTK's driver speaks WebDriver alone. A walk needs three commands of either.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.support.server import wait_until

_WIDTH, _HEIGHT = 1280, 800
_PATIENCE_SECONDS = 60
# Firefox would ask Mozilla's servers, which a test must not.
_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Engine(Protocol):
    def goto(self, url: str) -> None:
        """Opens a page and waits for its load event."""

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON can hold it."""

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        """Drags the mouse through points of the window."""


class _Firefox:
    """https://w3c.github.io/webdriver-bidi/"""

    def __init__(self, connection: ClientConnection) -> None:
        self._socket = connection
        self._ids = itertools.count(1)
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]
        viewport = {"width": _WIDTH, "height": _HEIGHT}
        self._send("browsingContext.setViewport", context=self._context, viewport=viewport)

    def _send(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        answer: dict[str, Any] = {}
        while answer.get("id") != number:
            answer = json.loads(self._socket.recv(_PATIENCE_SECONDS))
        assert answer["type"] == "success", answer
        return answer["result"]

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        code, target = f"JSON.stringify({expression})", {"context": self._context}
        answer = self._send("script.evaluate", expression=code, target=target, awaitPromise=False)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        self._send("input.performActions", context=self._context, actions=[_dragging(points)])


class _WebKit:
    """https://w3c.github.io/webdriver/"""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        session = self._send("session", capabilities={})["sessionId"]
        client.base_url = client.base_url.join(f"session/{session}")
        self._send("window/rect", width=_WIDTH, height=_HEIGHT)

    def _send(self, command: str, **body: Any) -> Any:
        answer = self._client.post(command, json=body)
        assert answer.is_success, answer.text
        return answer.json()["value"]

    def goto(self, url: str) -> None:
        self._send("url", url=url)

    def evaluate(self, expression: str) -> Any:
        return self._send("execute/sync", script=f"return {expression}", args=[])

    def drag(self, points: Sequence[tuple[float, float]]) -> None:
        self._send("actions", actions=[_dragging(points)])


def _dragging(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The mouse's actions, which both protocols write alike."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 50} for x, y in points]
    press, release = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
    return {"type": "pointer", "id": "mouse", "actions": [moves[0], press, *moves[1:], release]}


@contextlib.contextmanager
def _firefox(folder: Path) -> Iterator[Engine]:
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _PREFERENCES.items()]
    (folder / "user.js").write_text("".join(lines))
    command = ["firefox-esr", "--headless", "--profile", str(folder), "--remote-debugging-port", "0"]
    with _running(command, folder / "log") as log:
        address = _waited(lambda: _after("WebDriver BiDi listening on ", log), log)
        with connect(f"{address}/session", max_size=None) as connection:
            yield _Firefox(connection)


@contextlib.contextmanager
def _webkit(folder: Path) -> Iterator[Engine]:
    with contextlib.ExitStack() as stack:
        screen = ["-screen", "0", f"{_WIDTH}x{_HEIGHT}x24"]
        log = stack.enter_context(_running(["Xvfb", "-displayfd", "1", *screen], folder / "display"))
        display = _waited(lambda: log.read_text().partition("\n")[0], log)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = ["env", f"DISPLAY=:{display}", "WebKitWebDriver", f"--port={port}"]
        log = stack.enter_context(_running(command, folder / "log"))
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=_PATIENCE_SECONDS))
        _waited(lambda: _answers(client, "status"), log)
        yield _WebKit(client)


# Each with the programs that it takes.
ENGINES: dict[str, tuple[Callable[[Path], AbstractContextManager[Engine]], list[str]]] = {
    "Firefox": (_firefox, ["firefox-esr"]),
    "WebKitGTK": (_webkit, ["WebKitWebDriver", "Xvfb"]),
}


def missing(programs: Sequence[str]) -> list[str]:
    return [program for program in programs if shutil.which(program) is None]


@contextlib.contextmanager
def _running(command: list[str], log: Path) -> Iterator[Path]:
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield log
    finally:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)


def _waited(look: Callable[[], Any], log: Path) -> Any:
    try:
        return wait_until(look, "the browser to listen", _PATIENCE_SECONDS)
    except TimeoutError as error:
        error.add_note(log.read_text())
        raise


def _after(words: str, log: Path) -> str:
    return log.read_text().partition(words)[2].partition("\n")[0]


def _answers(client: httpx.Client, path: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get(path).is_success
    return False
